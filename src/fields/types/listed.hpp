#pragma once

#include <functional>

#include "fields/type.hpp"

namespace qipan::fields::types {

/// Between the items of a list in one cell.
inline constexpr char between_items = ';';

/// Where an option stands among those declared; their number, if it is none.
[[nodiscard]] std::size_t place_among(const std::vector<Option>& options, std::string_view value);
[[nodiscard]] std::string listed(const std::vector<Option>& options);
/// `enum` into the schema of a value, the options' titles into that of the field.
void describe_options(const std::vector<Option>& options, Json& of_value, Json& of_field);

/// Types whose value is a list of texts or objects: a column of JSON text, compared as such.
class ListType : public Type {
 public:
  using Type::Type;
  void bind(const Field& field, Statement& statement, const Json& value) const override;
  [[nodiscard]] Json stored(const Field& field, const Statement& statement, int column) const override;
  [[nodiscard]] std::string cell(const Field& field, const Json& value) const override;
  [[nodiscard]] Result<Json> from_cell(const Field& field, std::string_view text,
                                       const std::string& path) const override;
  [[nodiscard]] expr::TypePtr expression_type(const Field& field) const override;
  [[nodiscard]] expr::Value expression_value(const Field& field, const Json& value) const override;
  [[nodiscard]] std::strong_ordering compare(const Field& field, const Json& left,
                                             const Json& right) const override;

 protected:
  /// An array with as many items as the field may have, each read by `one`; `rule` says what was expected.
  [[nodiscard]] static Result<Json> read_items(const Field& field, const Json& value, const std::string& path,
                                               const std::string& rule,
                                               const std::function<Result<Json>(const Json&)>& one);
  static void describe_count(const Field& field, Json& schema);
};

}  // namespace qipan::fields::types
