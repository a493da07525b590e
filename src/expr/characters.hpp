#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qipan::expr {

/// Strings of FEEL are sequences of Unicode code points, kept as UTF-8.
[[nodiscard]] std::int64_t code_points(std::string_view text);
/// The byte at which the code point of that number (from 0) begins; the end for one beyond it.
[[nodiscard]] std::size_t byte_of(std::string_view text, std::int64_t code_point);
/// By Unicode's rules without a language.
[[nodiscard]] std::string upper_cased(std::string_view text);
[[nodiscard]] std::string lower_cased(std::string_view text);

}  // namespace qipan::expr
