#include "fields/types/number.hpp"

#include <algorithm>

namespace qipan::fields::types {

namespace {

Decimal power_of_ten(std::int64_t digits) {
  std::int64_t power = 1;
  for (; digits > 0; --digits) power *= 10;
  return Decimal(power);
}

Json json_of_number(const Decimal& number) {
  if (const auto whole = number.integer()) return *whole;
  return Json::Decimal{number.text()};
}

Decimal number_of(const Json& value) {
  return value.is_integer() ? Decimal(value.integer())
                            : Decimal::parse(value.number_text()).value_or(Decimal());
}

}  // namespace

std::int64_t widest(std::int64_t digits) {
  std::int64_t most = 999'999'999'999'999;
  for (; digits > 0; --digits) most /= 10;
  return most;
}

namespace {

/// More digits than a decimal holds would be rounded before anybody sees them.
bool is_exact(std::string_view number) {
  constexpr std::ptrdiff_t digits_held = 34;
  const auto mantissa = number.substr(0, number.find_first_of("eE"));
  return std::count_if(mantissa.begin(), mantissa.end(), [](char c) { return c >= '0' && c <= '9'; }) <=
         digits_held;
}

}  // namespace

Attributes::Bounds amount_bounds() {
  constexpr std::int64_t usual = 1'000'000'000'000;
  return {-usual, usual, -widest(0), widest(0)};
}

Result<Json> Number::read(const Field& field, const Json& value, const std::string& path) const {
  const auto number =
      value.is_number() && is_exact(value.number_text()) ? Decimal::parse(value.number_text()) : std::nullopt;
  const bool in_range = number && *number >= Decimal(field.low) && *number <= Decimal(field.high);
  const auto rounded =
      in_range ? number->rounded(static_cast<int>(field.digits), Decimal::Rounding::half_up) : std::nullopt;
  if (rounded && *rounded == *number) return json_of_number(*number);
  const std::string low = std::to_string(field.low);
  const std::string high = std::to_string(field.high);
  if (field.digits == 0)
    return unfit(field, value, path,
                 low + " 至 " + high + " 的整数 / a whole number from " + low + " to " + high);
  const std::string digits = std::to_string(field.digits);
  return unfit(field, value, path,
               low + " 至 " + high + " 的数，最多 " + digits + " 位小数 / a number from " + low + " to " +
                   high + " with at most " + digits + " digits behind the point");
}

void Number::describe(const Field& field, Json& schema) const {
  schema.set("type", field.digits == 0 ? "integer" : "number")
      .set("minimum", field.low)
      .set("maximum", field.high);
  if (field.digits > 0)
    schema.set("multipleOf",
               Json::Decimal{"0." + std::string(static_cast<std::size_t>(field.digits - 1), '0') + "1"});
}

void Number::bind(const Field& field, Statement& statement, const Json& value) const {
  if (field.digits == 0) {
    statement.bind(value.integer());
    return;
  }
  const auto scaled = number_of(value).times(power_of_ten(field.digits));
  statement.bind(scaled.value_or(Decimal()).integer().value_or(0));
}

Json Number::stored(const Field& field, const Statement& statement, int column) const {
  const std::int64_t held = statement.integer(column);
  if (field.digits == 0) return held;
  return json_of_number(Decimal(held).over(power_of_ten(field.digits)).value_or(Decimal()));
}

Result<Json> Number::from_cell(const Field& field, std::string_view text, const std::string& path) const {
  const auto number = Decimal::parse(text);
  if (!number) return unfit(field, text, path, "数 / a number");
  return json_of_number(*number);
}

expr::TypePtr Number::expression_type(const Field&) const {
  return expr::type_of(expr::Type::Kind::number);
}

expr::Value Number::expression_value(const Field&, const Json& value) const {
  return number_of(value);
}

std::strong_ordering Number::compare(const Field&, const Json& left, const Json& right) const {
  return number_of(left) <=> number_of(right);
}

}  // namespace qipan::fields::types
