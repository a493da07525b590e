#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/shapes.hpp"
#include "units/queries.hpp"

namespace qipan::face {

namespace {

constexpr std::int64_t stations_page_max = 500;

Json code_of(const Reading& at, UnitId id) {
  const board::Unit* unit = at.snapshot.directory.unit(id);
  return unit == nullptr ? Json() : Json(unit->code);
}

/// Whom one keeps the accounts of, gives posts to, or looks after.
Result<board::Scope> people_in_reach(Reading& at) {
  const auto& directory = at.snapshot.directory;
  board::Scope reach;
  for (const auto& [action, resource] : {std::pair("manage", "post"), std::pair("read", "audit")})
    reach = reach.with(directory.scope(at.caller.actor, action, resource));
  const board::Scope managed = directory.scope(at.caller.actor, "manage", "person");
  if (reach.empty() && managed.empty()) return scope_for(at, "manage", "person");
  return reach.with(managed);
}

Response people(Reading& at) {
  const auto scope = people_in_reach(at);
  if (!scope) return problem_response(scope.error());
  const auto limit = limit_parameter(at, 100, stations_page_max);
  const auto after = number_parameter(at, "after", 0, INT64_MAX);
  for (const auto* parameter : {&limit, &after})
    if (!*parameter) return problem_response(parameter->error());
  auto rows =
      units::list_people(at.reader, {std::string(at.request.parameter("q")), *after, *limit + 1}, *scope);
  const bool more = static_cast<std::int64_t>(rows.size()) > *limit;
  if (more) rows.pop_back();
  Json items = Json::array();
  for (const auto& row : rows) {
    Json json = Json::object();
    json.set("id", row.id)
        .set("login", row.login)
        .set("title_zh", row.title_zh)
        .set("title_en", row.title_en);
    json.set("unit", code_of(at, row.unit)).set("active", row.active);
    json.set("has_name", row.has_name)
        .set("has_telephone", row.has_telephone)
        .set("has_email", row.has_email)
        .set("second_factor", row.second_factor);
    Json posts = Json::array();
    for (const auto& post : units::list_posts(at.reader, row.id))
      posts.push(Json::object()
                     .set("role", post.role)
                     .set("unit", code_of(at, post.unit))
                     .set("deputy", post.deputy.empty() ? Json() : Json(post.deputy)));
    items.push(json.set("posts", std::move(posts)));
  }
  return json_response(
      Json::object()
          .set("items", std::move(items))
          .set("next", more && !rows.empty() ? Json(std::to_string(rows.back().id)) : Json()));
}

Response roles(Reading& at) {
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  Json items = Json::array();
  for (const auto& role : units::list_roles(at.reader)) {
    Json grants = Json::array();
    for (const auto& [resource, action] : role.grants)
      grants.push(Json::object().set("resource", resource).set("action", action));
    items.push(Json::object()
                   .set("name", role.name)
                   .set("title_zh", role.title_zh)
                   .set("title_en", role.title_en)
                   .set("grants", std::move(grants)));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

/// Who is away, now or later: oneself, and whom one manages or gives posts to.
Response absences(Reading& at) {
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  const auto& directory = at.snapshot.directory;
  const auto scope = directory.scope(at.caller.actor, "manage", "person")
                         .with(directory.scope(at.caller.actor, "manage", "post"));
  Json items = Json::array();
  for (const auto& row : units::list_absences(at.reader, scope, directory.person_of(at.caller.actor),
                                              at.app.district().clock().now())) {
    items.push(Json::object()
                   .set("absence", row.id)
                   .set("login", row.login)
                   .set("title_zh", row.title_zh)
                   .set("title_en", row.title_en)
                   .set("from", format_instant(row.from))
                   .set("until", format_instant(row.until)));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

/// What administrators did and who saw what is protected, newest first.
Response audit(Reading& at) {
  const auto scope = scope_for(at, "read", "audit");
  if (!scope) return problem_response(scope.error());
  if (!scope->all)
    return problem_response({Problem::Kind::forbidden, "not-permitted", "", "read audit",
                             "an auditor of the whole district",
                             "ask the district's security administrator"});
  const auto limit = limit_parameter(at, 50, stations_page_max);
  const auto before = number_parameter(at, "before", INT64_MAX, INT64_MAX);
  for (const auto* parameter : {&limit, &before})
    if (!*parameter) return problem_response(parameter->error());
  const auto rows =
      units::list_audit(at.reader, {std::string(at.request.parameter("login")),
                                    std::string(at.request.parameter("kind")), *before, *limit + 1});
  Json items = Json::array();
  Json next;
  for (const Position position : rows) {
    if (static_cast<std::int64_t>(items.items().size()) == *limit) {
      next = std::to_string(items.items().back()["position"].integer());
      break;
    }
    const auto found = log::Log::find(at.reader, position);
    if (!found) continue;
    Json body = masked(fact_body(at, found->fact, log::Audience::internal).value_or(Json::object()), {});
    items.push(fact_json(at.reader, *found, std::move(body)).set("subject", found->fact.subject));
  }
  return json_response(Json::object().set("items", std::move(items)).set("next", std::move(next)));
}

Response tokens(Reading& at) {
  const auto scope = scope_for(at, "manage", "token");
  if (!scope) return problem_response(scope.error());
  Json items = Json::array();
  for (const auto& row : units::list_tokens(at.reader, *scope)) {
    items.push(Json::object()
                   .set("id", row.id)
                   .set("login", row.login)
                   .set("title_zh", row.title_zh)
                   .set("title_en", row.title_en)
                   .set("purpose", row.purpose)
                   .set("revoked", row.revoked));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

}  // namespace

void add_administration_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/people", "people that I manage, with their posts", people)
      .answers(shape::page(shape::titled(
          {{"id", shape::integer()},
           {"login", shape::text()},
           {"unit", shape::nullable(shape::text())},
           {"active", shape::boolean()},
           {"has_name", shape::boolean()},
           {"has_telephone", shape::boolean()},
           {"has_email", shape::boolean()},
           {"second_factor", shape::boolean()},
           {"posts", shape::list(shape::object({{"role", shape::text()},
                                                {"unit", shape::nullable(shape::text())},
                                                {"deputy", shape::nullable(shape::text())}}))}})))
      .parameters(
          {Make("q", types::text()), Make("after", types::integer()), Make("limit", types::integer())});
  table.read("/api/v1/roles", "roles of the installed packs and what they grant", roles)
      .answers(shape::items(shape::titled(
          {{"name", shape::text()},
           {"grants",
            shape::list(shape::object({{"resource", shape::text()}, {"action", shape::text()}}))}})));
  table.read("/api/v1/absences", "who is away, now or later, of myself and of people that I manage", absences)
      .answers(shape::items(shape::titled({{"absence", shape::integer()},
                                           {"login", shape::text()},
                                           {"from", shape::instant()},
                                           {"until", shape::instant()}})));
  table.read("/api/v1/audit", "what administrators did, and who saw what is protected; newest first", audit)
      .answers(shape::page(shape::with(shape::fact(shape::any()), {{"subject", shape::text()}})))
      .parameters({Make("login", types::text()).means("who did it"),
                   Make("kind", types::text()).means("a kind of fact, or what it begins with up to a dot"),
                   Make("before", types::integer()), Make("limit", types::integer())});
  table.read("/api/v1/tokens", "API tokens of people that I manage; never the tokens themselves", tokens)
      .answers(shape::items(shape::titled({{"id", shape::integer()},
                                           {"login", shape::text()},
                                           {"purpose", shape::text()},
                                           {"revoked", shape::boolean()}})));
}

}  // namespace qipan::face
