#include "base/instant.hpp"
#include "expr/temporal.hpp"
#include "fields/types/all.hpp"

namespace qipan::fields::types {

namespace {

class Date final : public Type {
 public:
  Date() : Type("date") {}
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (value.is_text() && parse_day(value.text())) return value;
    return unfit(field, value, path, "确有的日期，写作 YYYY-MM-DD / a date that exists, as YYYY-MM-DD");
  }
  void describe(const Field&, Json& schema) const override {
    schema.set("type", "string").set("format", "date");
  }
  [[nodiscard]] expr::TypePtr expression_type(const Field&) const override {
    return expr::type_of(expr::Type::Kind::date);
  }
  [[nodiscard]] expr::Value expression_value(const Field&, const Json& value) const override {
    return expr::parse_date(value.text());
  }
};

}  // namespace

const Type* date() {
  static const Date type;
  return &type;
}

}  // namespace qipan::fields::types
