#pragma once

#include "base/instant.hpp"
#include "fields/following.hpp"
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
/// What they name through references.
[[nodiscard]] std::vector<Followed> followed_by_conditions(const std::vector<Field>& fields);

/// What values are said for: a case or entry that begins, where defaults stand in; a step, whose form asks
/// for some fields; a change of an entry, which may also take values away.
enum class Moment { beginning, step, change };

/// Values of a form as read_values() gave them, held against what their fields say. `before`: what stood
/// there; `all`: the declaration that the form was made from, compiled. Checks are held of all fields, the
/// other conditions of those that the form asks for. Gives the values, with defaults where something begins.
/// Refused: a value of a field that is not asked for, or left over in a change that hides it
/// (`field-hidden`), one that is not there (`field-required`), and what does not hold (`field-check`, in the
/// words of the pack). Without `follow` what is named through references is null. A check that comes to null,
/// as where what it names is not there, holds.
[[nodiscard]] Result<Json> hold_conditions(const std::vector<Field>& all, const Form& form,
                                           const Json& before, Json values, const std::string& path,
                                           Moment moment, Instant at, const Follow& follow = {});

/// The values with what computed fields are of them; null where that is no value of the field.
[[nodiscard]] Json computed_from(const std::vector<Field>& all, Json values);

}  // namespace qipan::fields
