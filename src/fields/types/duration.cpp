#include "expr/temporal.hpp"
#include "fields/types/all.hpp"

namespace qipan::fields::types {

namespace {

/// ISO 8601, either of years and months or of days and less (as FEEL has them: the two are not comparable),
/// not negative. Kept as FEEL writes it: PT36H is P1DT12H.
class Duration final : public Type {
 public:
  Duration() : Type("duration") {}
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (value.is_text() && is_short(value.text())) {
      const auto months = expr::parse_years_months(value.text());
      const auto days = months ? std::nullopt : expr::parse_days_time(value.text());
      const std::string kept = months ? expr::text_of(*months) : days ? expr::text_of(*days) : "";
      if (is_short(kept)) return Json(kept);
    }
    return unfit(field, value, path,
                 "时长，写作 P1Y6M 或 P3DT12H / a duration as P1Y6M or P3DT12H (ISO 8601)");
  }
  void describe(const Field&, Json& schema) const override {
    schema.set("type", "string")
        .set("maxLength", std::int64_t{bytes_max})
        .set("pattern",
             "^P(?=[0-9T])([0-9]{1,9}Y)?([0-9]{1,9}M)?$|"
             "^P(?=[0-9T])([0-9]{1,9}D)?(T(?=[0-9])([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}(\\.[0-9]{1,9})?S)?"
             ")?$");
  }
  [[nodiscard]] expr::TypePtr expression_type(const Field&) const override {
    return expr::type_of(expr::Type::Kind::any);
  }
  [[nodiscard]] expr::Value expression_value(const Field&, const Json& value) const override {
    if (const auto months = expr::parse_years_months(value.text())) return *months;
    return expr::parse_days_time(value.text());
  }
  /// Those of years and months first.
  [[nodiscard]] std::strong_ordering compare(const Field&, const Json& left,
                                             const Json& right) const override {
    const auto months = expr::parse_years_months(left.text());
    const auto other_months = expr::parse_years_months(right.text());
    if (months && other_months) return *months <=> *other_months;
    if (months || other_months) return months ? std::strong_ordering::less : std::strong_ordering::greater;
    return expr::parse_days_time(left.text()).value_or(expr::DaysTime{}) <=>
           expr::parse_days_time(right.text()).value_or(expr::DaysTime{});
  }

 private:
  static constexpr std::size_t bytes_max = 60;
  /// Numbers of nine digits at most, behind the point too: nothing is rounded, and what is kept is no longer.
  static bool is_short(std::string_view text) {
    constexpr std::size_t digits_most = 9;
    std::size_t run = 0;
    for (const char c : text) {
      run = c >= '0' && c <= '9' ? run + 1 : 0;
      if (run > digits_most) return false;
    }
    return text.starts_with('P') && text.size() <= bytes_max;
  }
};

}  // namespace

const Type* duration() {
  static const Duration type;
  return &type;
}

}  // namespace qipan::fields::types
