#pragma once

#include "expr/machine.hpp"

namespace qipan::expr {

/// FEEL's operators on values (DMN 1.5, 10.3.2.5 to 10.3.2.8): null with a diagnostic where the operands do
/// not go together.
[[nodiscard]] Value add(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value subtract(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value multiply(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value divide(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value power(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value negate(Machine& machine, const Value& value);

[[nodiscard]] Value equal(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value differ(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value less(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value less_equal(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value greater(Machine& machine, const Value& left, const Value& right);
[[nodiscard]] Value greater_equal(Machine& machine, const Value& left, const Value& right);

/// The number, or null with a diagnostic where 34 digits hold no result.
[[nodiscard]] Value number_or_fail(Machine& machine, const std::optional<Decimal>& number);

/// `value in test`: equal, in the list, in the range, or in a range or list of the list.
[[nodiscard]] Value within(Machine& machine, const Value& value, const Value& test);
[[nodiscard]] Value between(Machine& machine, const Value& value, const Value& low, const Value& high);
/// Three-valued: false decides, then what is no boolean makes null.
[[nodiscard]] Value conjunction(const Value& left, const Value& right);
[[nodiscard]] Value disjunction(const Value& left, const Value& right);

/// A named part of a value: an entry, a property of a temporal value or range; of a list, that of each item.
[[nodiscard]] Value member(Machine& machine, const Value& value, std::string_view name);

}  // namespace qipan::expr
