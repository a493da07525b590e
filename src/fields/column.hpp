#pragma once

#include "fields/type.hpp"

// The column that a field has in a table of its own: its type's, or text that holds the reference into the
// vault where values are personal.

namespace qipan::fields {

[[nodiscard]] bool has_integer_column(const Field& field);
/// `value` as read_values() gave it, and not null.
void bind_column(const Field& field, Statement& statement, const Json& value);
/// Null for a null.
[[nodiscard]] Json column_value(const Field& field, const Statement& statement, int column);

}  // namespace qipan::fields
