#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "expr/machine.hpp"

namespace qipan::expr {

/// XPath's regular expressions (XPath and XQuery Functions 3.1, 5.6, on which FEEL builds) by ICU: class
/// subtraction, name classes, block names and the flags s m i x q are written anew for it, what XPath forbids
/// is refused. Time and stack of a match are bounded.
inline constexpr std::size_t pattern_bytes_max = 1'000;
inline constexpr std::size_t subject_bytes_max = 100'000;

[[nodiscard]] Result<bool> matches(Machine& machine, std::string_view input, std::string_view pattern,
                                   std::string_view flags);
[[nodiscard]] Result<std::string> replaced(Machine& machine, std::string_view input, std::string_view pattern,
                                           std::string_view replacement, std::string_view flags);
[[nodiscard]] Result<std::vector<std::string>> split(Machine& machine, std::string_view input,
                                                     std::string_view pattern);

/// Which of the flags change what a pattern says.
struct PatternModes {
  bool spaced = false;      // x: white space is none of the pattern's
  bool multi_line = false;  // m: ^ and $ stand at lines too
  bool dot_all = false;     // s: . is any character
};
/// The pattern as ICU takes it.
[[nodiscard]] Result<std::string> translated_pattern(std::string_view pattern, const PatternModes& modes);

}  // namespace qipan::expr
