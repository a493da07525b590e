#pragma once

#include <string_view>

namespace qipan {

inline constexpr std::size_t mail_address_bytes_max = 120;

/// Whether mail could be sent there: one @ with something on both sides, a domain of letters, digits, dots
/// and hyphens, nothing that could end a line or begin another address. Narrower than RFC 5321 on purpose: no
/// quotes, no comments. Whether somebody reads it only sending tells.
[[nodiscard]] bool is_mail_address(std::string_view text);

}  // namespace qipan
