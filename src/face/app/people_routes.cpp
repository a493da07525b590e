#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "base/password.hpp"
#include "base/text.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"

namespace qipan::face {

namespace {

Json person_json(Database& reader, const board::Directory& directory, std::string_view actor) {
  const PersonId person = directory.person_of(actor);
  Json json = Json::object();
  auto statement = reader.prepare("SELECT login, title_zh, title_en FROM unit_people WHERE id=?");
  statement.bind(person.value);
  if (!statement.step()) return json;
  json.set("id", person.value)
      .set("login", statement.text(0))
      .set("title_zh", statement.text(1))
      .set("title_en", statement.text(2));
  Json posts = Json::array();
  for (const auto& post : directory.posts_of(actor)) {
    const board::Unit* unit = directory.unit(post.unit);
    posts.push(Json::object().set("role", post.role).set("unit", unit == nullptr ? "" : unit->code));
  }
  Json rights = Json::array();
  for (const std::string& right : directory.rights_of(actor)) rights.push(right);
  return json.set("posts", std::move(posts)).set("rights", std::move(rights));
}

Response session(Reading& at) {
  Json json = Json::object();
  if (at.caller.actor == "anonymous") return json_response(json.set("person", Json()));
  json.set("person", person_json(at.reader, at.snapshot.directory, at.caller.actor));
  if (!at.caller.session.empty()) json.set("csrf", at.app.sessions().csrf_of(at.caller.session));
  return json_response(json);
}

std::string cookie_text(const App& app, const std::string& value, std::int64_t seconds) {
  return std::string(app.session_cookie()) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) +
         (app.options().secure_cookies ? "; Secure" : "");
}

struct KnownLogin {
  PersonId person;
  std::string hash;  // of the password; empty where there is none
};

KnownLogin known_login(App& app, Database& reader, const std::string& login) {
  KnownLogin known;
  std::string reference;
  {
    auto statement = reader.prepare("SELECT id, password FROM unit_people WHERE login=? AND active=1");
    statement.bind(login);
    if (statement.step()) {
      known.person = {statement.integer(0)};
      reference = statement.text(1);
    }
  }
  if (!reference.empty()) {
    // The vault belongs to the writing thread.
    app.writer().between_groups([&](board::Board&) {
      const auto json = parse_json(reference);
      if (const auto revealed = json ? app.district().vault().reveal(*json) : Result<std::string>(refuse({})))
        known.hash = *revealed;
    });
  }
  return known;
}

/// Whether the password is the one of this login; the time it takes does not tell whether there is one.
bool opens(const KnownLogin& known, const std::string& password) {
  static const std::string nobody = password_hash("nobody's password");
  if (password.size() > password_bytes_max) return false;
  const bool right = password_matches(known.hash.empty() ? nobody : known.hash, password);
  return right && !known.hash.empty();
}

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

/// More than any login has, in bytes.
constexpr std::size_t login_bytes_max = 240;

Problem wrong_login() {
  return {Problem::Kind::unauthenticated,        "login-wrong", "", "", "a login and its password",
          "try again, or ask your administrator"};
}

void login(Commanding& at) {
  const auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  const std::string name = body->text_or("login", "");
  const std::string password = body->text_or("password", "");
  // Told in the log of requests. What is no login may be a password in the wrong box, and is told nowhere.
  std::string whom = "unknown";
  const auto refuse_login = [&](const Problem& problem) {
    Response response = problem_response(problem);
    response.whom = whom;
    at.respond(std::move(response));
  };
  if (name.size() > login_bytes_max) return refuse_login(wrong_login());
  // By client, and by login from all clients together, unless the login is known there: ten wrong tries from
  // somewhere must not lock the right owner out from elsewhere.
  RateLimiter& limiter = at.app.limiter();
  const std::string place = name + "@" + at.caller.address;
  if (const auto taken = limiter.take("login-address:" + at.caller.address, at.app.options().login); !taken)
    return refuse_login(taken.error());
  if (!limiter.remembers(place)) {
    const RateLimiter::Rule everywhere = {at.app.options().login.burst * 6,
                                          at.app.options().login.a_minute * 6};
    if (const auto taken = limiter.take("login-name:" + name, everywhere); !taken)
      return refuse_login(taken.error());
  }
  auto loan = at.app.district().readers().borrow();
  const KnownLogin known = known_login(at.app, *loan, name);
  if (known.person.value != 0) whom = name;
  if (!opens(known, password)) return refuse_login(wrong_login());
  limiter.remember(place);
  // Whoever logs in anew at this page ends what was before.
  at.app.sessions().close(at.caller.session);
  const auto snapshot = at.app.snapshot(*loan);
  const std::string cookie =
      at.app.sessions().open({known.person, snapshot->directory.sessions_since(known.person).value_or(0)});
  Json json = Json::object();
  json.set("person", person_json(*loan, snapshot->directory, "person:" + std::to_string(known.person.value)));
  json.set("csrf", at.app.sessions().csrf_of(cookie));
  Response response = json_response(json);
  response.whom = whom;
  response.headers.emplace_back("Set-Cookie", cookie_text(at.app, cookie, Sessions::lifetime_seconds));
  at.respond(std::move(response));
}

void logout(Commanding& at) {
  at.app.sessions().close(at.caller.session);
  Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", cookie_text(at.app, "", 0));
  response.headers.emplace_back("Clear-Site-Data", "\"cache\"");
  at.respond(std::move(response));
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

void append_degrees(std::string& out, std::int64_t value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  if (digits.size() < 8) digits.insert(0, 8 - digits.size(), '0');
  digits.insert(digits.size() - 7, ".");
  out += (value < 0 ? "-" : "") + digits;
}

Response outlines(Reading& at) {
  auto statement = at.reader.prepare(
      "SELECT u.code, u.title_zh, u.title_en, g.rings FROM unit_geometries g JOIN unit_units u ON "
      "u.id=g.unit WHERE u.kind=? AND u.retired=0 ORDER BY u.id");
  statement.bind(at.request.parameter("kind").empty() ? "community" : at.request.parameter("kind"));
  std::string out = R"({"type":"FeatureCollection","features":[)";
  for (bool first = true; statement.step(); first = false) {
    const auto rings = parse_json(statement.text(3));
    out += first ? "" : ",";
    Json properties = Json::object();
    properties.set("code", statement.text(0))
        .set("title_zh", statement.text(1))
        .set("title_en", statement.text(2));
    out += R"({"type":"Feature","properties":)" + properties.dump() +
           R"(,"geometry":{"type":"Polygon","coordinates":[)";
    for (std::size_t r = 0; rings && r < rings->items().size(); ++r) {
      const auto& flat = rings->items()[r].items();
      out += r > 0 ? ",[" : "[";
      for (std::size_t i = 0; i <= flat.size(); i += 2) {
        out += i > 0 ? ",[" : "[";
        append_degrees(out, flat[i % flat.size()].integer());
        out += ",";
        append_degrees(out, flat[(i + 1) % flat.size()].integer());
        out += "]";
      }
      out += "]";
    }
    out += "]}}";
  }
  Response response = Response::text(200, out + "]}", "application/geo+json");
  response.headers.emplace_back("Cache-Control", "max-age=300");
  return response;
}

/// Passwords and ways to reach somebody are set by a person at the page who still knows their own password:
/// not by a key, and not at a desk that somebody left.
Result<void> check_present(Commanding& at, const Json& body) {
  if (at.caller.session.empty())
    return refuse({Problem::Kind::forbidden, "session-needed", "", at.route.sends->kind,
                   "a person who is logged in, not a key", "log in at the page"});
  QIPAN_CHECK(at.app.limiter().take("present:" + at.caller.actor, at.app.options().login));
  auto loan = at.app.district().readers().borrow();
  auto statement = loan->prepare("SELECT login FROM unit_people WHERE id=?");
  statement.bind(at.app.snapshot(*loan)->directory.person_of(at.caller.actor).value);
  const std::string login = statement.step() ? std::string(statement.text(0)) : "";
  const std::string password = body.text_or("present_password", "");
  if (!login.empty() && !password.empty() && opens(known_login(at.app, *loan, login), password)) return {};
  return refuse({Problem::Kind::forbidden, "password-wrong", "present_password", "",
                 "the caller's own present password", "send it as present_password"});
}

/// What the vault keeps of a password is its hash, which only a password that fits has.
Result<void> hash_password(const Commanding& at, board::Command& command) {
  for (board::PersonalValue& one : command.personal) {
    if (one.field != "password") continue;
    const std::string login = command.body.text_or("login", "");
    QIPAN_CHECK(check_password(one.value, {login}));
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
  return manage;
}

Json person_shape() {
  return shape::titled(
      {{"id", shape::integer()},
       {"login", shape::text()},
       {"posts", shape::list(shape::object({{"role", shape::text()}, {"unit", shape::text()}}))},
       {"rights", shape::list(shape::text())}});
}

}  // namespace

void add_people_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/session", "who I am, my posts, and the CSRF token", session)
      .answers(shape::object({{"person", shape::nullable(person_shape())}, {"csrf?", shape::text()}}));
  table.act("POST", "/api/v1/session", "log in", login)
      .answers(shape::object({{"person", person_shape()}, {"csrf", shape::text()}}))
      .asks({fields::Make("login", types::text()).required(),
             fields::Make("password", types::text()).required()})
      .slowly();
  table.act("DELETE", "/api/v1/session", "log out", logout);
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
    if (kind == "unit.set_password" || kind == "unit.set_contact")
      route.asks({fields::Make("present_password", types::text())
                      .required()
                      .means("of whoever sends this: not by a key, and not at a desk that somebody left")});
  }
}

}  // namespace qipan::face
