#pragma once

#include <optional>
#include <vector>

#include "rules/table.hpp"

namespace qipan::rules {

/// Values of one column of which each stands for all that the column's tests cannot tell from it: the
/// constants in the tests and those that are `known` besides, values between, below and above them, and
/// something that is none of them. Nothing where there would be too many.
[[nodiscard]] std::optional<std::vector<expr::Value>> witnesses_of(const Table& table, std::size_t column,
                                                                   const std::vector<expr::Value>& known);
/// Whether the column's tests look at nothing but its own value.
[[nodiscard]] bool stands_alone(const Table& table, std::size_t column);

/// How a witness is told to people: a number between 10 and 20 as "10..20".
[[nodiscard]] std::string described(const std::vector<expr::Value>& witnesses, std::size_t index);

}  // namespace qipan::rules
