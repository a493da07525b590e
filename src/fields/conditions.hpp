#pragma once

#include "base/instant.hpp"
#include "expr/expression.hpp"
#include "fields/form.hpp"

// What fields say of themselves and of each other in FEEL: whether one is asked for, whether it must be
// there, what stands there without a word, and what must hold.

namespace qipan::fields {

/// What such expressions may name: `today`, then the fields beside them that are not personal.
[[nodiscard]] std::vector<expr::Name> condition_names(const std::vector<Field>& fields);

/// A condition that cannot be read, or a default that is no value of its field.
struct ConditionFault {
  std::string field;
  std::string_view attribute;  // "visible", "required", "default", "checks"
  std::string text;
  std::string rule;
};
/// Makes what the fields say ready to be asked. One that cannot be read stays so: then the field is shown,
/// must be there, and its check lets nothing pass.
std::vector<ConditionFault> compile_conditions(std::vector<Field>& fields);

/// Values of a form as read_values() gave them, held against what their fields say. `before`: what stood
/// there; `all`: the declaration that the form was made from, compiled. Gives the values with defaults where
/// nothing was said (not in a change). Refused: a value of a field that is not asked for (`field-hidden`),
/// one that is not there (`field-required`), and what does not hold (`field-check`, in the words of the
/// pack). A check that comes to null, as where what it names is not there, holds.
[[nodiscard]] Result<Json> hold_conditions(const std::vector<Field>& all, const Form& form,
                                           const Json& before, Json values, const std::string& path,
                                           Absent absent, Instant at);

}  // namespace qipan::fields
