#include "fields/types/all.hpp"

namespace qipan::fields::types {

namespace {

class Boolean final : public Type {
 public:
  Boolean() : Type("boolean") {}
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (value.is_bool()) return value;
    return unfit(field, value, path, "是或否 / true or false");
  }
  void describe(const Field&, Json& schema) const override { schema.set("type", "boolean"); }
  [[nodiscard]] bool integer_column() const override { return true; }
  void bind(const Field&, Statement& statement, const Json& value) const override {
    statement.bind(value.boolean() ? 1 : 0);
  }
  [[nodiscard]] Json stored(const Field&, const Statement& statement, int column) const override {
    return statement.integer(column) != 0;
  }
  [[nodiscard]] Result<Json> from_cell(const Field& field, std::string_view text,
                                       const std::string& path) const override {
    if (text == "true" || text == "1" || text == "是") return Json(true);
    if (text == "false" || text == "0" || text == "否") return Json(false);
    return unfit(field, text, path, "是或否 / true or false");
  }
  [[nodiscard]] expr::TypePtr expression_type(const Field&) const override {
    return expr::type_of(expr::Type::Kind::boolean);
  }
  [[nodiscard]] expr::Value expression_value(const Field&, const Json& value) const override {
    return value.boolean();
  }
  [[nodiscard]] std::strong_ordering compare(const Field&, const Json& left,
                                             const Json& right) const override {
    return left.boolean() <=> right.boolean();
  }
};

}  // namespace

const Type* boolean() {
  static const Boolean type;
  return &type;
}

}  // namespace qipan::fields::types
