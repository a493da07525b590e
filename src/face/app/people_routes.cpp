#include <utility>

#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "base/password.hpp"
#include "base/text.hpp"
#include "face/app/presence.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"
#include "query/column.hpp"
#include "units/queries.hpp"

namespace qipan::face {

namespace {

/// What is kept of a new password. Salted anew, the same request sent again would look like another one:
/// where its key is known and its password is the one that stands, it is what stands. With a key both are
/// always computed, so that the time it takes tells nobody whether they guessed right.
std::string hash_to_set(const Commanding& at, const board::Command& command, const std::string& login,
                        const std::string& password) {
  if (command.key.empty()) return password_hash(password);
  auto loan = at.app.district().readers().borrow();
  std::string fresh = password_hash(password);
  const KnownLogin known = known_login(at.app, *loan, login);
  const bool stands = password_matches(known.hash.empty() ? fresh : known.hash, password);
  const bool again = board::key_is_known(*loan, command.actor, command.key);
  return again && stands && !known.hash.empty() ? known.hash : fresh;
}

/// The secret of a new key: random, or, where the request has a key of its own, made of that by the
/// district's secret, so that the same request sent again after a broken connection hears the same.
std::string new_secret(const Commanding& at, const board::Command& command) {
  if (command.key.empty()) return "qpt_" + to_base32(random_bytes(32));
  const Hash made = hmac_sha256(at.app.district().token_key(),
                                "key:" + command.actor + "\n" + command.key + "\n" + command.body.dump());
  return "qpt_" + to_base32(view_of(made));
}

/// Everybody may know the units; outlines come as GeoJSON.
Response units(Reading& at) {
  const std::string_view kind = at.request.parameter("kind");
  Json list = Json::array();
  for (const auto& [id, unit] : at.snapshot.directory.units()) {
    if ((!kind.empty() && unit.kind != kind) || unit.retired) continue;
    const board::Unit* parent = at.snapshot.directory.unit(unit.parent);
    list.push(Json::object()
                  .set("id", id.value)
                  .set("code", unit.code)
                  .set("kind", unit.kind)
                  .set("title_zh", unit.title_zh)
                  .set("title_en", unit.title_en)
                  .set("parent", parent == nullptr ? Json() : Json(parent->code)));
  }
  return json_response(Json::object().set("items", std::move(list)));
}

Response outlines(Reading& at) {
  const std::string_view kind = at.request.parameter("kind");
  std::string out = R"({"type":"FeatureCollection","features":[)";
  bool first = true;
  units::each_outline(at.reader, kind.empty() ? "community" : kind, [&](const units::Outline& outline) {
    out += std::exchange(first, false) ? "" : ",";
    Json properties = Json::object().set("code", outline.code);
    properties.set("title_zh", outline.title.zh).set("title_en", outline.title.en);
    Json::object()
        .set("type", "Feature")
        .set("properties", std::move(properties))
        .set("geometry", query::geojson_of(query::Stored::rings, outline.rings))
        .dump_to(out);
  });
  Response response = Response::text(200, out + "]}", "application/geo+json");
  response.headers.emplace_back("Cache-Control", "max-age=300");
  return response;
}

/// Whoever must change a password that another person knows changes it.
Result<void> check_other_password(const Commanding& at, const std::string& login,
                                  const std::string& password) {
  if (at.caller.limited != "password-to-change") return {};
  auto loan = at.app.district().readers().borrow();
  if (!opens(known_login(at.app, *loan, login), password)) return {};
  return refuse({Problem::Kind::conflict, "password-same", "password", "", "another password than before",
                 "choose one that only you know"});
}

/// What the vault keeps of a password is its hash, which only a password that fits has.
Result<void> hash_password(const Commanding& at, board::Command& command) {
  for (board::PersonalValue& one : command.personal) {
    if (one.field != "password") continue;
    const std::string login = command.body.text_or("login", "");
    QIPAN_CHECK(check_password(one.value, {login}));
    QIPAN_CHECK(check_other_password(at, login, one.value));
    one.value = hash_to_set(at, command, login, one.value);
  }
  return {};
}

Result<Requested> requested_of_units(Commanding& at) {
  if (at.caller.actor != "anonymous")
    QIPAN_CHECK(at.app.limiter().take("manage:" + at.caller.actor, {60, 120}));
  QIPAN_TRY(wanted, requested(at));
  if (!at.route.body.empty()) QIPAN_CHECK(check_present(at, wanted.besides));
  // Behind the rights: hashing a password costs 64 MB and a tenth of a second.
  QIPAN_CHECK(hash_password(at, wanted.command));
  return wanted;
}

/// Units, people and posts: what is allowed may be another afterwards.
void manage(Commanding& at) {
  auto wanted = requested_of_units(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  App& app = at.app;
  app.submit(std::move(wanted->command), at.respond, [&app](const board::Accepted& accepted) {
    app.forget_snapshot();
    return json_response(accepted_json(accepted));
  });
}

/// The secret that was offered to this session, once a code shows that an authenticator has it.
void set_second_factor(Commanding& at) {
  auto wanted = requested_of_units(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  const std::string secret = offered_secret(at.app, at.caller.session);
  PersonId person;
  {
    auto loan = at.app.district().readers().borrow();
    person = at.app.snapshot(*loan)->directory.person_of(at.caller.actor);
  }
  if (auto right = take_code(at.app, {person, "", true, secret}, wanted->besides.text_or("code", ""));
      !right) {
    // Who is logged in stays so.
    right.error().kind = Problem::Kind::forbidden;
    return at.respond(problem_response(right.error()));
  }
  wanted->command.personal.push_back({"secret", to_base32(secret)});
  App& app = at.app;
  app.submit(std::move(wanted->command), at.respond, [&app](const board::Accepted& accepted) {
    app.forget_snapshot();
    return json_response(accepted_json(accepted));
  });
}

void issue_token(Commanding& at) {
  auto wanted = requested_of_units(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  const std::string secret = new_secret(at, wanted->command);
  wanted->command.body.set("hash", to_hex(view_of(sha256(secret))));
  App& app = at.app;
  app.submit(std::move(wanted->command), at.respond, [&app, secret](const board::Accepted& accepted) {
    app.forget_snapshot();
    // Told once, or again to the same request; only its hash is kept.
    return json_response(accepted_json(accepted).set("secret", secret));
  });
}

/// One by one, and not a whole district's telephones in a minute.
void reveal_person(Commanding& at) {
  if (const auto taken = at.app.limiter().take("manage:" + at.caller.actor, {60, 120}); !taken)
    return at.respond(problem_response(taken.error()));
  reveal(at);
}

std::function<void(Commanding&)> handler_of(const std::string& kind) {
  if (kind == "unit.issue_token") return issue_token;
  if (kind == "unit.reveal_person") return reveal_person;
  if (kind == "unit.set_second_factor") return set_second_factor;
  return manage;
}

}  // namespace

void add_people_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/units", "units", units)
      .answers(shape::items(shape::titled({{"id", shape::integer()},
                                           {"code", shape::text()},
                                           {"kind", shape::text()},
                                           {"parent", shape::nullable(shape::text())}})))
      .parameters({Make("kind", types::text())});
  table.read("/api/v1/units.geojson", "outlines of units", outlines)
      .parameters({Make("kind", types::text())})
      .gives_type("application/geo+json");
  for (const std::string& kind : table.commands_of("unit")) {
    Route& route =
        table.sends("POST", "/api/v1/units/" + kind.substr(kind.find('.') + 1), kind, handler_of(kind));
    route.slowly();
    if (kind == "unit.issue_token") route.answers_also({{"secret", shape::text()}});
    if (kind == "unit.reveal_person")
      route.answers(shape::object({{"value", shape::text()}, {"position", shape::integer()}}));
    const auto present =
        fields::Make("present_password", types::text())
            .required()
            .means("of whoever sends this: not by a key, and not at a desk that somebody left");
    if (kind == "unit.set_password" || kind == "unit.set_contact" || kind == "unit.clear_second_factor")
      route.asks({present});
    if (kind == "unit.set_second_factor")
      route.asks({present, fields::Make("code", types::text()).required().means("that it shows now")});
    if (kind == "unit.set_password") route.opens_to("password-to-change");
    if (kind == "unit.set_second_factor") route.opens_to("second-factor-missing");
  }
}

}  // namespace qipan::face
