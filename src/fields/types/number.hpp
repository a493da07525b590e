#pragma once

#include "base/decimal.hpp"
#include "fields/type.hpp"

namespace qipan::fields::types {

/// Numbers of a fixed count of digits behind the point: exact, and in columns whole numbers of the last
/// digit, so that they sort and sum as numbers (never a binary fraction).
class Number final : public Type {
 public:
  Number(std::string_view name, Attributes attributes) : Type(name), attributes_(std::move(attributes)) {}
  [[nodiscard]] Attributes attributes() const override { return attributes_; }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override;
  void describe(const Field& field, Json& schema) const override;
  [[nodiscard]] bool integer_column() const override { return true; }
  void bind(const Field& field, Statement& statement, const Json& value) const override;
  [[nodiscard]] Json stored(const Field& field, const Statement& statement, int column) const override;
  [[nodiscard]] Result<Json> from_cell(const Field& field, std::string_view text,
                                       const std::string& path) const override;
  [[nodiscard]] expr::TypePtr expression_type(const Field& field) const override;
  [[nodiscard]] expr::Value expression_value(const Field& field, const Json& value) const override;
  [[nodiscard]] std::strong_ordering compare(const Field& field, const Json& left,
                                             const Json& right) const override;

 private:
  Attributes attributes_;
};

inline constexpr std::int64_t digits_max = 9;
/// The greatest amount with so many digits behind the point: fifteen digits in all, which every reader of
/// JSON keeps exactly, also those to whom numbers are doubles.
[[nodiscard]] std::int64_t widest(std::int64_t digits);
/// A million million either way, unless others are declared.
[[nodiscard]] Attributes::Bounds amount_bounds();

}  // namespace qipan::fields::types
