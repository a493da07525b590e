#include "face/app/presence.hpp"

#include "base/crypto.hpp"
#include "base/one_time_code.hpp"
#include "base/password.hpp"
#include "base/text.hpp"
#include "units/queries.hpp"

namespace qipan::face {

namespace {

/// What a reference of the vault stands for; empty where it is none.
std::string revealed(board::Vault& vault, const std::string& reference) {
  const auto json = parse_json(reference);
  auto value = json && json->has("vault") ? vault.reveal(*json) : Result<std::string>(refuse({}));
  return value ? std::move(*value) : "";
}

}  // namespace

KnownLogin known_login(App& app, Database& reader, const std::string& login) {
  KnownLogin known;
  const auto row = units::find_login(reader, login);
  if (!row) return known;
  known.person = row->person;
  known.has_factor = !row->second_factor.empty();
  // The vault belongs to the writing thread.
  app.writer().between_groups([&](board::Board&) {
    known.hash = revealed(app.district().vault(), row->password);
    known.secret = from_base32(revealed(app.district().vault(), row->second_factor)).value_or("");
  });
  return known;
}

bool opens(const KnownLogin& known, const std::string& password) {
  static const std::string nobody = password_hash("nobody's password");
  if (password.size() > password_bytes_max) return false;
  const bool right = password_matches(known.hash.empty() ? nobody : known.hash, password);
  return right && !known.hash.empty();
}

Result<void> take_code(App& app, const KnownLogin& known, const std::string& code) {
  if (!known.has_factor) return {};
  if (code.empty())
    return refuse({Problem::Kind::unauthenticated, "second-factor-needed", "code", "",
                   "the code that the authenticator shows", "send it as code beside the password"});
  const auto step = step_of_code(known.secret, code, app.district().clock().now());
  if (step && app.taken_codes().take(known.person, *step)) return {};
  return refuse({Problem::Kind::unauthenticated, "second-factor-wrong", "code", "",
                 "six digits that the authenticator shows now, and that were not used yet",
                 "wait for the next ones; look at the clock of the telephone"});
}

Result<void> check_present(Commanding& at, const Json& body) {
  if (at.caller.session.empty())
    return refuse({Problem::Kind::forbidden, "session-needed", "",
                   at.route.sends != nullptr ? at.route.sends->kind : shortened(at.request.path),
                   "a person who is logged in, not a key", "log in at the page"});
  QIPAN_CHECK(at.app.limiter().take("present:" + at.caller.actor, at.app.options().login));
  auto loan = at.app.district().readers().borrow();
  const std::string login =
      units::login_of(*loan, at.app.snapshot(*loan)->directory.person_of(at.caller.actor)).value_or("");
  const std::string password = body.text_or("present_password", "");
  if (!login.empty() && !password.empty() && opens(known_login(at.app, *loan, login), password)) return {};
  return refuse({Problem::Kind::forbidden, "password-wrong", "present_password", "",
                 "the caller's own present password", "send it as present_password"});
}

std::string offered_secret(App& app, std::string_view session) {
  const Hash made = hmac_sha256(app.district().token_key(), "second-factor:" + std::string(session));
  // 160 bits (RFC 4226, 4).
  return std::string(view_of(made).substr(0, 20));
}

Json provider_json(App& app) {
  if (app.provider() == nullptr) return {};
  const auto& title = app.provider()->title();
  return Json::object().set("zh", title.zh).set("en", title.en);
}

std::string session_cookie_text(const App& app, const std::string& value, std::int64_t seconds) {
  return std::string(app.session_cookie()) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) +
         (app.options().secure_cookies ? "; Secure" : "");
}

}  // namespace qipan::face
