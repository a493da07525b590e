#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"

namespace qipan {

/// Codes of six digits that change every half minute (TOTP, RFC 6238 with SHA-1, as every authenticator has
/// it), by liboath. `secret` is raw bytes.

/// Which half minute a code is of, if it is of this one or of one beside it: clocks go wrong. A code may be
/// taken once, so whoever takes it remembers the number.
[[nodiscard]] std::optional<std::uint64_t> step_of_code(std::string_view secret, const std::string& code,
                                                        Instant now);

/// The code of a moment; for tests and tools.
[[nodiscard]] std::string code_at(std::string_view secret, Instant now);

/// As authenticators take it: RFC 4648, without padding.
[[nodiscard]] std::string secret_text(std::string_view secret);

}  // namespace qipan
