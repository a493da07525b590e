#include "fields/column.hpp"

namespace qipan::fields {

bool has_integer_column(const Field& field) {
  return !field.personal() && field.type->integer_column();
}

void bind_column(const Field& field, Statement& statement, const Json& value) {
  field.personal() ? static_cast<void>(statement.bind(value.dump()))
                   : field.type->bind(field, statement, value);
}

Json column_value(const Field& field, const Statement& statement, int column) {
  if (statement.is_null(column)) return {};
  return field.personal() ? parse_json(statement.text(column)).value_or(Json())
                          : field.type->stored(field, statement, column);
}

}  // namespace qipan::fields
