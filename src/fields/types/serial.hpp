#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qipan::fields::types {

inline constexpr std::int64_t serial_characters_max = 60;

/// What is wrong with a pattern such as "QS{year}{number:4}"; nothing where it can be used.
[[nodiscard]] std::optional<std::string> serial_pattern_fault(std::string_view pattern);

/// The stretch of time in which numbers count on, of a day as "2026-11-27": "2026" where the pattern names
/// the year; empty where it names nothing.
[[nodiscard]] std::string serial_period(std::string_view pattern, std::string_view day);

/// "QS20260007". More numbers than digits take more digits.
[[nodiscard]] std::string serial_text(std::string_view pattern, std::string_view day, std::int64_t number);

}  // namespace qipan::fields::types
