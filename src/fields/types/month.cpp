#include "base/instant.hpp"
#include "expr/temporal.hpp"
#include "fields/types/all.hpp"

namespace qipan::fields::types {

namespace {

/// A month of a year; in FEEL the date on which it begins.
class Month final : public Type {
 public:
  Month() : Type("month") {}
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (value.is_text() && parse_day(value.text() + "-01")) return value;
    return unfit(field, value, path, "月份，写作 YYYY-MM / a month as YYYY-MM");
  }
  void describe(const Field&, Json& schema) const override {
    schema.set("type", "string").set("pattern", "^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])$");
  }
  [[nodiscard]] expr::TypePtr expression_type(const Field&) const override {
    return expr::type_of(expr::Type::Kind::date);
  }
  [[nodiscard]] expr::Value expression_value(const Field&, const Json& value) const override {
    return expr::parse_date(value.text() + "-01");
  }
};

}  // namespace

const Type* month() {
  static const Month type;
  return &type;
}

}  // namespace qipan::fields::types
