#include "base/crypto.hpp"
#include "cases/queries.hpp"
#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/shapes.hpp"
#include "notices/queries.hpp"
#include "units/queries.hpp"

namespace qipan::face {

namespace {

constexpr std::int64_t notices_page_max = 500;
constexpr std::int64_t of_a_case_max = 200;

/// Whom it is for: the person's or unit's title, never an address.
Json target_json(const Reading& at, const std::string& target) {
  Json json = Json::object().set("kind", target.substr(0, target.find(':')));
  const auto id = number_of(target.substr(std::min(target.size(), target.find(':') + 1))).value_or(0);
  std::optional<Title> title;
  if (target.starts_with("person:")) title = units::title_of_person(at.reader, {id});
  if (const board::Unit* unit = at.snapshot.directory.unit({id});
      unit != nullptr && target.starts_with("unit:"))
    title = Title{unit->title_zh, unit->title_en};
  if (target.starts_with("webhook:")) {
    if (const auto name = notices::name_of_webhook(at.reader, id)) title = Title{*name, *name};
  }
  if (title) json.set("title_zh", title->zh).set("title_en", title->en);
  return json;
}

Json notice_json(const Reading& at, const notices::NoticeRow& row) {
  Json json = Json::object();
  json.set("id", row.id).set("case", row.case_id > 0 ? Json(row.case_id) : Json());
  json.set("name", row.name).set("channel", row.channel).set("target", target_json(at, row.target));
  json.set("subject", row.subject).set("state", row.state).set("attempts", row.attempts);
  json.set("queued", format_instant(row.queued_at)).set("finished", instant_json(row.finished_at));
  const bool waits = row.state == "queued" && row.attempts > 0;
  return json.set("next", waits ? Json(format_instant(row.next_at)) : Json()).set("told", row.told);
}

Response outbox_page(Reading& at) {
  if (const auto may = at.snapshot.directory.permit(at.caller.actor, "read", "notice", {}); !may)
    return problem_response(may.error());
  const std::string_view state = at.request.parameter("state");
  if (!state.empty() && state != "queued" && state != "sent" && state != "given_up" && state != "unaddressed")
    return problem_response({Problem::Kind::invalid, "parameter-unreadable", "state", shortened(state),
                             "queued, sent, given_up or unaddressed", "mend or leave out"});
  const auto limit = limit_parameter(at, 100, notices_page_max);
  const auto before = number_parameter(at, "after", 0, INT64_MAX);
  for (const auto* parameter : {&limit, &before})
    if (!*parameter) return problem_response(parameter->error());
  auto rows = notices::list_notices(at.reader, {std::string(state), 0, *before, *limit + 1});
  const bool more = static_cast<std::int64_t>(rows.size()) > *limit;
  if (more) rows.pop_back();
  Json items = Json::array();
  for (const auto& row : rows) items.push(notice_json(at, row));
  return json_response(
      Json::object()
          .set("items", std::move(items))
          .set("next", more && !rows.empty() ? Json(std::to_string(rows.back().id)) : Json()));
}

Response of_case(Reading& at) {
  const auto reach = reach_for(at, "read", "case");
  if (!reach) return problem_response(reach.error());
  const auto row = cases::find_case(at.reader, {number_of(at.parts[0]).value_or(0)});
  if (!row || !cases::is_visible(*row, *reach))
    return problem_response({Problem::Kind::not_found, "case-unknown", "id", shortened(at.parts[0]),
                             "the number of a case that you may see", "look it up in the list"});
  Json items = Json::array();
  for (const auto& notice : notices::list_notices(at.reader, {"", row->id.value, 0, of_a_case_max}))
    items.push(notice_json(at, notice));
  return json_response(Json::object().set("items", std::move(items)));
}

Response channels(Reading& at) {
  if (const auto may = at.snapshot.directory.permit(at.caller.actor, "manage", "notice", {}); !may)
    return problem_response(may.error());
  Json json = Json::object();
  const auto server = notices::mail_server(at.reader);
  json.set("mail", server ? Json::object()
                                .set("host", server->host)
                                .set("port", server->port)
                                .set("security", server->security)
                                .set("from", server->from)
                                .set("login", server->login)
                                .set("has_password", server->password.is_object())
                                .set("site", server->site)
                          : Json());
  Json hooks = Json::array();
  for (const auto& one : notices::webhooks(at.reader)) {
    const board::Unit* unit = at.snapshot.directory.unit({one.unit});
    hooks.push(Json::object()
                   .set("id", one.id)
                   .set("name", one.name)
                   .set("url", one.url)
                   .set("unit", unit == nullptr ? Json() : Json(unit->code)));
  }
  return json_response(json.set("webhooks", std::move(hooks)));
}

/// Its secret is new each time, so it cannot be the same request twice.
void add_webhook(Commanding& at) {
  auto wanted = requested(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  wanted->command.key.clear();
  const std::string secret = "qws_" + to_base32(random_bytes(32));
  wanted->command.personal.push_back({"secret", secret});
  at.app.submit(std::move(wanted->command), at.respond, [secret](const board::Accepted& accepted) {
    // Told once, for the subscriber to check signatures with.
    return json_response(accepted_json(accepted).set("secret", secret), 201);
  });
}

Json notice_shape() {
  return shape::object(
      {{"id", shape::integer()},
       {"case", shape::nullable(shape::integer())},
       {"name", shape::text()},
       {"channel", shape::text()},
       {"target",
        shape::object({{"kind", shape::text()}, {"title_zh?", shape::text()}, {"title_en?", shape::text()}})},
       {"subject", shape::text()},
       {"state", shape::text()},
       {"attempts", shape::integer()},
       {"queued", shape::instant()},
       {"finished", shape::nullable(shape::instant())},
       {"next", shape::nullable(shape::instant())},
       {"told", shape::text()}});
}

}  // namespace

void add_notice_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/notices", "the outbox, newest first", outbox_page)
      .answers(shape::page(notice_shape()))
      .parameters({Make("state", types::choice()).options({"queued", "sent", "given_up", "unaddressed"}),
                   Make("after", types::integer()), Make("limit", types::integer())});
  table.read("/api/v1/cases/{id}/notices", "who was told about a case, and how it went", of_case)
      .answers(shape::items(notice_shape()));
  table.read("/api/v1/notice-channels", "the mail server and the webhooks", channels)
      .answers(shape::object(
          {{"mail", shape::nullable(shape::object({{"host", shape::text()},
                                                   {"port", shape::integer()},
                                                   {"security", shape::text()},
                                                   {"from", shape::text()},
                                                   {"login", shape::text()},
                                                   {"has_password", shape::boolean()},
                                                   {"site", shape::text()}}))},
           {"webhooks", shape::list(shape::object({{"id", shape::integer()},
                                                   {"name", shape::text()},
                                                   {"url", shape::text()},
                                                   {"unit", shape::nullable(shape::text())}}))}}));
  for (const std::string& kind : table.commands_of("notice")) {
    const bool hook = kind == "notice.add_webhook";
    Route& route = table.sends("POST", "/api/v1/notices/" + kind.substr(kind.find('.') + 1), kind,
                               hook ? add_webhook : send);
    route.creating();
    if (hook) route.answers_also({{"secret", shape::text()}});
  }
}

}  // namespace qipan::face
