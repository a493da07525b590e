#pragma once

#include <string>

#include "face/app/routes.hpp"

namespace qipan::face {

// Whether somebody is who they say, before a session or beside one.

struct KnownLogin {
  PersonId person;
  std::string hash;  // of the password; empty where there is none
  bool has_factor = false;
  std::string secret;  // of the second factor, raw bytes; empty where there is none, or it cannot be read
};

/// Where nobody active has it, everything is empty.
[[nodiscard]] KnownLogin known_login(App& app, Database& reader, const std::string& login);

/// Whether the password is the one of this login; the time it takes does not tell whether there is one.
[[nodiscard]] bool opens(const KnownLogin& known, const std::string& password);

/// Whether the code is one of these half minutes and was not taken before (`second-factor-needed`,
/// `second-factor-wrong`); a login without a second factor needs none.
[[nodiscard]] Result<void> take_code(App& app, const KnownLogin& known, const std::string& code);

/// Refused but for a person at the page who still knows their own password, `present_password` of the body:
/// not for a key, and not at a desk that somebody left.
[[nodiscard]] Result<void> check_present(Commanding& at, const Json& body);

/// What a second factor of this session would be made of: the same as long as it lasts, and no other's.
[[nodiscard]] std::string offered_secret(App& app, std::string_view session);

/// What the house's login service is called; null where there is none.
[[nodiscard]] Json provider_json(App& app);

/// Set-Cookie.
[[nodiscard]] std::string session_cookie_text(const App& app, const std::string& value, std::int64_t seconds);

}  // namespace qipan::face
