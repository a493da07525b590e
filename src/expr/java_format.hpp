#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "expr/value.hpp"

namespace qipan::expr {

/// java.util.Formatter with the conversions s, d, f, b, c, n and %, argument indexes, the flags `-+ 0,` and
/// bounded width and precision; nothing where the format is not one of these, where Java would throw, or
/// where `pay` says that the budget is spent: it is asked for the bytes of each argument that is written out.
[[nodiscard]] std::optional<std::string> java_format(std::string_view format, std::span<const Value> given,
                                                     const std::function<bool(std::size_t bytes)>& pay);

/// As java.lang.Double and Float write a number: the shortest digits, with a point, scientific outside of
/// 0.001 to 10,000,000.
[[nodiscard]] std::string java_text(double value);
[[nodiscard]] std::string java_text(float value);

}  // namespace qipan::expr
