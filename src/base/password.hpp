#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace qipan {

/// Longer ones are no passwords: nobody hashes what a stranger sends without end.
inline constexpr std::size_t password_bytes_max = 800;

/// Whether a new password is one that nobody guesses soon (OWASP ASVS 5.0, 6.2): 8 to 200 characters of any
/// kind, not among the commonest and not made of them, of rows of keys, dates, repetitions or `words`, such
/// as the login. Refusals never hold the password.
[[nodiscard]] Result<void> check_password(std::string_view password, const std::vector<std::string>& words);

}  // namespace qipan
