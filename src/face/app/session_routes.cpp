#include <set>

#include "base/one_time_code.hpp"
#include "base/text.hpp"
#include "face/app/case_json.hpp"
#include "face/app/presence.hpp"
#include "face/app/shapes.hpp"
#include "units/queries.hpp"

// Logging in, being locked, logging out.

namespace qipan::face {

namespace {

Json person_json(Database& reader, const board::Directory& directory, std::string_view actor) {
  const PersonId person = directory.person_of(actor);
  Json json = Json::object();
  const auto title = units::title_of_person(reader, person);
  if (!title) return json;
  json.set("id", person.value)
      .set("login", units::login_of(reader, person).value_or(""))
      .set("title_zh", title->zh)
      .set("title_en", title->en);
  Json posts = Json::array();
  for (const auto& post : directory.posts_of(actor)) {
    const board::Unit* unit = directory.unit(post.unit);
    Json held = Json::object();
    held.set("role", post.role).set("unit", unit == nullptr ? "" : unit->code);
    if (post.held_for)
      held.set("held_for", actor_json(reader, board::subject_of("person", post.held_for.value)));
    posts.push(std::move(held));
  }
  Json rights = Json::array();
  for (const std::string& right : directory.rights_of(actor)) rights.push(right);
  json.set("posts", std::move(posts)).set("rights", std::move(rights));
  return json.set("mandates", own_mandates_json(reader, directory, person));
}

/// Who is at the page, and what is open to them.
Json session_json(App& app, Database& reader, const board::Directory& directory, const Caller& caller) {
  const PersonId person = directory.person_of(caller.actor);
  const board::Account* account = directory.account(person);
  const bool locks = app.sessions().idle_seconds() > 0 && !directory.only_shows(person);
  Json json = Json::object();
  json.set("person", person_json(reader, directory, caller.actor));
  if (!caller.session.empty()) json.set("csrf", app.sessions().csrf_of(caller.session));
  return json.set("limited", caller.limited.empty() ? Json() : Json(caller.limited))
      .set("idle_seconds", locks ? app.sessions().idle_seconds() : 0)
      .set("second_factor", account != nullptr && account->second_factor);
}

/// Who may be tried out, one of each role, and their password; null where it is no demonstration.
Json demonstration_json(const Reading& at) {
  const std::string& password = at.app.options().demonstration_password;
  if (password.empty()) return {};
  constexpr std::int64_t people_max = 100;
  std::set<std::string> roles;
  Json people = Json::array();
  for (const units::PersonRow& person : units::list_people(at.reader, {.limit = people_max}, {.all = true})) {
    const std::string actor = board::subject_of("person", person.id);
    const auto posts = at.snapshot.directory.posts_of(actor);
    // Without a post it is somebody of an organisation.
    const std::string role = posts.empty() ? "" : posts.front().role;
    if (!person.active || !roles.insert(role).second) continue;
    if (posts.empty() && at.snapshot.directory.mandates_of(PersonId{person.id}).empty()) continue;
    people.push(Json::object()
                    .set("login", person.login)
                    .set("title_zh", person.title_zh)
                    .set("title_en", person.title_en));
  }
  return Json::object().set("password", password).set("people", std::move(people));
}

Response session(Reading& at) {
  if (at.caller.actor == "anonymous")
    return json_response(Json::object()
                             .set("person", Json())
                             .set("provider", provider_json(at.app))
                             .set("demonstration", demonstration_json(at)));
  return json_response(session_json(at.app, at.reader, at.snapshot.directory, at.caller)
                           .set("provider", provider_json(at.app))
                           .set("demonstration", demonstration_json(at)));
}

/// More than any login has, in bytes.
constexpr std::size_t login_bytes_max = 240;

Problem wrong_login() {
  return {Problem::Kind::unauthenticated,        "login-wrong", "", "", "a login and its password",
          "try again, or ask your administrator"};
}

/// Six digits are soon guessed by who knows the password: five at once, and six an hour.
Result<void> check_code(App& app, const KnownLogin& known, const std::string& code) {
  if (known.has_factor && !code.empty())
    QIPAN_CHECK(app.limiter().take("code:" + std::to_string(known.person.value), app.options().codes));
  return take_code(app, known, code);
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
  if (const auto code = check_code(at.app, known, body->text_or("code", "")); !code)
    return refuse_login(code.error());
  limiter.remember(place);
  // Whoever logs in anew at this page ends what was before.
  at.app.sessions().close(at.caller.session);
  const auto snapshot = at.app.snapshot(*loan);
  const board::Account* account = snapshot->directory.account(known.person);
  if (account == nullptr) return refuse_login(wrong_login());
  const Sessions::Session session{known.person, account->sessions_since, false,
                                  at.app.district().clock().now()};
  const std::string cookie = at.app.sessions().open(session);
  Response response = json_response(session_json(at.app, *loan, snapshot->directory,
                                                 {board::subject_of("person", known.person.value), "", cookie,
                                                  at.app.limit_of(cookie, session, snapshot->directory)}));
  response.whom = whom;
  response.headers.emplace_back("Set-Cookie",
                                session_cookie_text(at.app, cookie, Sessions::lifetime_seconds));
  at.respond(std::move(response));
}

void logout(Commanding& at) {
  at.app.sessions().close(at.caller.session);
  Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", session_cookie_text(at.app, "", 0));
  response.headers.emplace_back("Clear-Site-Data", "\"cache\"");
  at.respond(std::move(response));
}

/// Locked by hand: whoever comes next must know the password.
void lock(Commanding& at) {
  if (!at.caller.session.empty()) at.app.sessions().lock(at.caller.session);
  Response response;
  response.status = 204;
  at.respond(std::move(response));
}

void unlock(Commanding& at) {
  const auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  if (const auto present = check_present(at, *body); !present)
    return at.respond(problem_response(present.error()));
  at.app.sessions().unlock(at.caller.session);
  auto loan = at.app.district().readers().borrow();
  Caller open = at.caller;
  const auto snapshot = at.app.snapshot(*loan);
  const auto session = at.app.sessions().check(at.caller.session);
  open.limited = session ? at.app.limit_of(at.caller.session, *session, snapshot->directory) : "";
  at.respond(json_response(session_json(at.app, *loan, snapshot->directory, open)));
}

/// What an authenticator needs to know; nothing is set by asking.
Response second_factor(Reading& at) {
  if (at.caller.session.empty())
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person who is logged in, not a key", "log in at the page"});
  const std::string secret = secret_text(offered_secret(at.app, at.caller.session));
  const std::string login =
      units::login_of(at.reader, at.snapshot.directory.person_of(at.caller.actor)).value_or("");
  const std::string label = percent_encoded("Qipan:" + login);
  Json json = Json::object();
  json.set("secret", secret)
      .set("uri", "otpauth://totp/" + label + "?secret=" + secret + "&issuer=Qipan&digits=6&period=30");
  Response response = json_response(json);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Json person_shape() {
  return shape::titled(
      {{"id", shape::integer()},
       {"login", shape::text()},
       {"posts", shape::list(shape::object(
                     {{"role", shape::text()}, {"unit", shape::text()}, {"held_for?", shape::actor()}}))},
       {"rights", shape::list(shape::text())},
       {"mandates", shape::list(shape::object({{"id", shape::integer()},
                                               {"party", shape::party()},
                                               {"kinds", shape::nullable(shape::list(shape::text()))},
                                               {"until", shape::nullable(shape::instant())}}))}});
}

Json session_shape() {
  return shape::object({{"person", person_shape()},
                        {"csrf?", shape::text()},
                        {"limited", shape::nullable(shape::text())},
                        {"idle_seconds", shape::integer()},
                        {"second_factor", shape::boolean()}});
}

Json demonstration_shape() {
  return shape::object(
      {{"password", shape::text()}, {"people", shape::list(shape::titled({{"login", shape::text()}}))}});
}

}  // namespace

void add_session_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/session", "who I am, my posts, and the CSRF token", session)
      .answers(shape::object({{"person", shape::nullable(person_shape())},
                              {"csrf?", shape::text()},
                              {"limited?", shape::nullable(shape::text())},
                              {"idle_seconds?", shape::integer()},
                              {"second_factor?", shape::boolean()},
                              {"provider", shape::nullable(shape::title())},
                              {"demonstration?", shape::nullable(demonstration_shape())}}))
      .opens_always();
  table.act("POST", "/api/v1/session", "log in", login)
      .answers(session_shape())
      .asks({Make("login", types::text()).required(), Make("password", types::text()).required(),
             Make("code", types::text()).means("of the authenticator, where the login has a second factor")})
      .slowly()
      .opens_always();
  table.act("DELETE", "/api/v1/session", "log out", logout).gives_type("").opens_always();
  table.act("POST", "/api/v1/session/lock", "lock the session until its password is said again", lock)
      .takes_type("")
      .gives_type("")
      .opens_always();
  table.act("POST", "/api/v1/session/unlock", "go on with a session that was locked", unlock)
      .answers(session_shape())
      .asks({Make("present_password", types::text()).required()})
      .slowly()
      .opens_always();
  table
      .read("/api/v1/session/second-factor", "what an authenticator needs to make codes for me",
            second_factor)
      .answers(shape::object({{"secret", shape::text()}, {"uri", shape::text()}}))
      .opens_to("second-factor-missing");
}

}  // namespace qipan::face
