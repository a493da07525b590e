#include "base/instant.hpp"
#include "expr/temporal.hpp"
#include "fields/types/all.hpp"

namespace qipan::fields::types {

namespace {

/// Kept in UTC, to the microsecond, whatever zone it was told in; in columns as a number, so that it sorts.
class InstantType final : public Type {
 public:
  InstantType() : Type("instant") {}
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (value.is_text() && is_exact(value.text())) {
      if (const auto instant = parse_instant(value.text())) return Json(format_instant(*instant));
    }
    return unfit(field, value, path,
                 "带时区的时间，例如 2026-11-24T10:07:05+08:00 / a time with its zone, as "
                 "2026-11-24T10:07:05+08:00 (RFC 3339)");
  }
  void describe(const Field&, Json& schema) const override {
    schema.set("type", "string")
        .set("format", "date-time")
        .set("pattern", R"(^[^.]*(\.[0-9]{1,6}[^0-9.][^.]*)?$)");
  }
  [[nodiscard]] bool integer_column() const override { return true; }
  void bind(const Field&, Statement& statement, const Json& value) const override {
    statement.bind(parse_instant(value.text()).value_or(0));
  }
  [[nodiscard]] Json stored(const Field&, const Statement& statement, int column) const override {
    return format_instant(statement.integer(column));
  }
  [[nodiscard]] expr::TypePtr expression_type(const Field&) const override {
    return expr::type_of(expr::Type::Kind::date_time);
  }
  [[nodiscard]] expr::Value expression_value(const Field&, const Json& value) const override {
    return expr::parse_date_time(value.text());
  }
  [[nodiscard]] std::strong_ordering compare(const Field&, const Json& left,
                                             const Json& right) const override {
    return parse_instant(left.text()).value_or(0) <=> parse_instant(right.text()).value_or(0);
  }

 private:
  /// A seventh digit of a second would be rounded.
  static bool is_exact(std::string_view text) {
    constexpr std::size_t digits_most = 6;
    const auto point = text.find('.');
    if (point == std::string_view::npos) return true;
    const auto end = text.find_first_not_of("0123456789", point + 1);
    return end != std::string_view::npos && end - point - 1 <= digits_most;
  }
};

}  // namespace

const Type* instant() {
  static const InstantType type;
  return &type;
}

}  // namespace qipan::fields::types
