#pragma once

#include "fields/type.hpp"

namespace qipan::fields {

/// What a step, an entry or a row asks for, in this order.
struct Asked {
  const Field* field;   // of the declaration that made the form, which outlives it
  bool required;        // whatever else is said
  bool needed = false;  // where its conditions have it asked for and nothing stands there without a word
};
using Form = std::vector<Asked>;

/// All fields that somebody says, as they are declared.
[[nodiscard]] Form whole_form(const std::vector<Field>& fields);
/// Fields by name, each of which is there; required where the list says so or the field itself.
[[nodiscard]] Form form_of(const std::vector<Field>& fields, const std::vector<std::string>& asked,
                           const std::vector<std::string>& required);

/// What is not there: refused where it is required, or (in a change) as it was. An empty text, list or null
/// is no value, which a change keeps as null; `literal` takes it for itself, as in rows, which are sent
/// whole.
enum class Absent { refused, unchanged, literal };

/// Values by name as the form asks for them: unknown ones are refused (`field-unknown`), required ones must
/// be there (`field-required`), each must fit its type (`field-unfit`); problems name `path`/name. Returns
/// them in the order of the form. A personal value is its reference into the vault here: the value was
/// checked before it was sealed.
[[nodiscard]] Result<Json> read_values(const Form& form, const Json& values, const std::string& path,
                                       Absent absent);

/// JSON Schema 2020-12 of what read_values() takes; titles in both languages under x-title, the type's name
/// under x-type.
[[nodiscard]] Json form_schema(const Form& form);
[[nodiscard]] Json field_schema(const Field& field);
/// Of all, by name, as for who shows values of them.
[[nodiscard]] Json field_schemas(const std::vector<Field>& fields);

/// As guards and rules see it: null for null, for personal values, and for what stands where a value was
/// redacted.
[[nodiscard]] expr::Value expression_value_of(const Field& field, const Json& value);

}  // namespace qipan::fields
