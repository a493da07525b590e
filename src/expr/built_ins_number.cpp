#include <algorithm>

#include "expr/built_ins.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;
using Rounding = Decimal::Rounding;

std::optional<int> scale_of(const Value& value) {
  constexpr std::int64_t scale_max = 6176;
  const auto truncated = value.number()->rounded(0, Rounding::down);
  const auto scale = truncated ? truncated->integer() : std::nullopt;
  if (!scale || *scale > scale_max || *scale < -scale_max) return std::nullopt;
  return static_cast<int>(*scale);
}

template <Rounding rounding>
Value rounded(Machine& machine, std::span<const Value> given) {
  int scale = 0;
  if (given.size() > 1 && !given[1].is_null()) {
    const auto wanted = scale_of(given[1]);
    if (!wanted) return machine.fail("feel-number", "a scale from -6111 to 6176");
    scale = *wanted;
  }
  return number_or_fail(machine, given[0].number()->rounded(scale, rounding));
}

/// The remainder has the sign of the divisor: x - y * floor(x / y).
Value modulo(Machine& machine, std::span<const Value> given) {
  const Decimal& dividend = *given[0].number();
  const Decimal& divisor = *given[1].number();
  const auto quotient = dividend.over(divisor);
  const auto whole = quotient ? quotient->rounded(0, Rounding::floor) : std::nullopt;
  const auto product = whole ? whole->times(divisor) : std::nullopt;
  return number_or_fail(machine, product ? dividend.minus(*product) : std::nullopt);
}

Value absolute(Machine& machine, std::span<const Value> given) {
  const Value& value = given[0];
  if (value.number() != nullptr) return value.number()->absolute();
  const bool negative = value.years_months() != nullptr
                            ? value.years_months()->months < 0
                            : (value.days_time() != nullptr && value.days_time()->total() < 0);
  if (value.years_months() == nullptr && value.days_time() == nullptr)
    return machine.fail("feel-argument", "abs: a number or a duration");
  return negative ? negate(machine, value) : value;
}

Value square_root(Machine& machine, std::span<const Value> given) {
  return number_or_fail(machine, given[0].number()->square_root());
}
Value exponential(Machine& machine, std::span<const Value> given) {
  return number_or_fail(machine, given[0].number()->exponential());
}
Value logarithm(Machine& machine, std::span<const Value> given) {
  return number_or_fail(machine, given[0].number()->logarithm());
}

template <bool wanted>
Value parity(Machine& machine, std::span<const Value> given) {
  const Decimal& number = *given[0].number();
  if (!number.is_whole()) return machine.fail("feel-argument", "odd and even ask about whole numbers");
  const Value rest = modulo(machine, std::vector<Value>{number, Decimal(2)});
  return rest.number() == nullptr ? Value() : Value(rest.number()->is_zero() == wanted);
}

std::vector<Formal> rounding_formals() {
  return {{"n", Accept::number}, {"scale", Accept::number}};
}

template <Rounding rounding>
BuiltIn rounding_function(std::string_view name) {
  return {name, Kind::number, {{rounding_formals(), rounded<rounding>}}};
}

}  // namespace

const std::vector<BuiltIn>& number_built_ins() {
  static const std::vector<BuiltIn> all = {
      rounding_function<Rounding::half_even>("decimal"),
      rounding_function<Rounding::up>("round up"),
      rounding_function<Rounding::down>("round down"),
      rounding_function<Rounding::half_up>("round half up"),
      rounding_function<Rounding::half_down>("round half down"),
      {"floor",
       Kind::number,
       {{{{"n", Accept::number}}, rounded<Rounding::floor>}, {rounding_formals(), rounded<Rounding::floor>}}},
      {"ceiling",
       Kind::number,
       {{{{"n", Accept::number}}, rounded<Rounding::ceiling>},
        {rounding_formals(), rounded<Rounding::ceiling>}}},
      {"abs", Kind::any, {{{{"n", Accept::any}}, absolute}}},
      {"modulo", Kind::number, {{{{"dividend", Accept::number}, {"divisor", Accept::number}}, modulo}}},
      {"sqrt", Kind::number, {{{{"number", Accept::number}}, square_root}}},
      {"log", Kind::number, {{{{"number", Accept::number}}, logarithm}}},
      {"exp", Kind::number, {{{{"number", Accept::number}}, exponential}}},
      {"odd", Kind::boolean, {{{{"number", Accept::number}}, parity<false>}}},
      {"even", Kind::boolean, {{{{"number", Accept::number}}, parity<true>}}},
  };
  return all;
}

}  // namespace qipan::expr
