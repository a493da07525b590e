#include <algorithm>

#include "base/crypto.hpp"
#include "face/app/login_provider.hpp"
#include "face/app/presence.hpp"
#include "units/queries.hpp"

// Logging in by the house's login service: there and back.

namespace qipan::face {

namespace {

constexpr std::int64_t way_seconds = 600;

/// What this browser asked, sealed: the way back is another site's, so the cookie comes along from there.
std::string way_cookie(const App& app) {
  return std::string(app.session_cookie()) + "_way";
}

std::string way_cookie_text(const App& app, const std::string& value, std::int64_t seconds) {
  return way_cookie(app) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds) +
         (app.options().secure_cookies ? "; Secure" : "");
}

std::string way_key(App& app) {
  return std::string(view_of(hmac_sha256(app.district().token_key(), "way to the login service")));
}

/// A page of this site and nothing else.
std::string safe_page(std::string_view wanted) {
  // What browsers leave out (tabs) or take for a slash would make another site of it.
  const bool plain =
      std::all_of(wanted.begin(), wanted.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
  const bool own = wanted.starts_with("/") && !wanted.starts_with("//") && plain && wanted.size() <= 500;
  return own ? std::string(wanted) : "/";
}

Response redirect(const std::string& address) {
  Response response;
  response.status = 303;
  response.headers.emplace_back("Location", address);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

/// The page says it in words.
Response back_to_login(const App& app, const Problem& problem) {
  Response response = redirect("/login?problem=" + percent_encoded(problem.code));
  response.code = problem.code;
  response.headers.emplace_back("Set-Cookie", way_cookie_text(app, "", 0));
  return response;
}

Problem no_provider() {
  return {Problem::Kind::not_found, "provider-unset", "", "", "a login service that the operator named",
          "log in with a password"};
}

void go(Commanding& at) {
  LoginProvider* provider = at.app.provider();
  if (provider == nullptr) return at.respond(problem_response(no_provider()));
  if (const auto taken = at.app.limiter().take("provider:" + at.caller.address, at.app.options().login);
      !taken)
    return at.respond(problem_response(taken.error()));
  const LoginProvider::Asked asked = LoginProvider::ask();
  const auto address = provider->address(asked);
  if (!address) return at.respond(back_to_login(at.app, address.error()));
  Json way = Json::object();
  way.set("state", asked.state)
      .set("nonce", asked.nonce)
      .set("verifier", asked.verifier)
      .set("then", safe_page(at.request.parameter("then")))
      .set("until", at.app.district().clock().now() + way_seconds * microseconds_per_second);
  Response response = redirect(*address);
  response.headers.emplace_back(
      "Set-Cookie",
      way_cookie_text(at.app, to_base32(seal(way_key(at.app), way.dump(), way_cookie(at.app))), way_seconds));
  at.respond(std::move(response));
}

std::optional<Json> way_of(Commanding& at) {
  const auto bytes = from_base32(at.request.cookie(way_cookie(at.app)));
  const auto text = bytes ? unseal(way_key(at.app), *bytes, way_cookie(at.app)) : std::nullopt;
  auto way = text ? parse_json(*text) : Result<Json>(Json());
  if (!way || !way->is_object() || way->integer_or("until", 0) < at.app.district().clock().now())
    return std::nullopt;
  return std::move(*way);
}

/// The session of whom the service named; nobody gets an account by it.
Result<std::string> open_session(Commanding& at, const LoginProvider::Known& known) {
  auto loan = at.app.district().readers().borrow();
  const auto snapshot = at.app.snapshot(*loan);
  const auto named = units::find_login(*loan, known.login);
  const PersonId person = named ? named->person : PersonId{};
  const board::Account* account = snapshot->directory.account(person);
  if (account == nullptr)
    return refuse({Problem::Kind::unauthenticated, "provider-login-unknown", "", "",
                   "a person whom the login service names by their login here",
                   "ask an administrator to add you"});
  if (at.app.asks_second_factor(snapshot->directory, person) && !known.several_factors)
    return refuse({Problem::Kind::unauthenticated, "provider-factor", "amr", "",
                   "a login service that asked for more than a password",
                   "log in with password and authenticator"});
  at.app.sessions().close(at.caller.session);
  return at.app.sessions().open({person, account->sessions_since, true});
}

void back(Commanding& at) {
  LoginProvider* provider = at.app.provider();
  if (provider == nullptr) return at.respond(problem_response(no_provider()));
  const auto way = way_of(at);
  const auto refuse_back = [&](const Problem& problem) { at.respond(back_to_login(at.app, problem)); };
  if (!way || !equal_in_constant_time(way->text_or("state", "-"), at.request.parameter("state")))
    return refuse_back({Problem::Kind::unauthenticated, "provider-answer", "state", "", "", ""});
  if (!at.request.parameter("error").empty() || at.request.parameter("code").empty())
    return refuse_back({Problem::Kind::unauthenticated, "provider-refused", "", "", "", ""});
  const LoginProvider::Asked asked{way->text_or("state", ""), way->text_or("nonce", ""),
                                   way->text_or("verifier", "")};
  const auto known =
      provider->known_by(std::string(at.request.parameter("code")), asked, at.app.district().clock().now());
  if (!known) return refuse_back(known.error());
  const auto cookie = open_session(at, *known);
  if (!cookie) return refuse_back(cookie.error());
  Response response = redirect(way->text_or("then", "/"));
  response.whom = known->login;
  response.headers.emplace_back("Set-Cookie", way_cookie_text(at.app, "", 0));
  response.headers.emplace_back("Set-Cookie",
                                session_cookie_text(at.app, *cookie, Sessions::lifetime_seconds));
  at.respond(std::move(response));
}

}  // namespace

void add_provider_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.act("GET", "/api/v1/session/provider", "to the house's login service", go)
      .parameters({Make("then", types::text()).means("page of this site to go to afterwards")})
      .gives_type("text/html")
      .slowly()
      .opens_always();
  table.act("GET", "/api/v1/session/provider/back", "back from the house's login service", back)
      .parameters({Make("state", types::text()), Make("code", types::text()), Make("error", types::text()),
                   Make("error_description", types::text()), Make("error_uri", types::text()),
                   Make("iss", types::text()), Make("session_state", types::text())})
      .gives_type("text/html")
      .slowly()
      .opens_always();
}

}  // namespace qipan::face
