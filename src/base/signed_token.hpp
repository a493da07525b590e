#pragma once

#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan {

/// What a signed token (RFC 7515, compact form) says, if one of the keys (RFC 7517, {"keys": […]}) signed it
/// by RS256, PS256 or ES256, by libcjose. Refused as `token-unreadable`, `token-key-unknown` where no key has
/// the name that it gives, and `token-forged`. What it claims (who for, until when) is the caller's to check.
[[nodiscard]] Result<Json> claims_of(std::string_view token, const Json& keys);

}  // namespace qipan
