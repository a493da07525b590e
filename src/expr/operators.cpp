#include "expr/operators.hpp"

#include "expr/type.hpp"

namespace qipan::expr {

namespace {

Value unfit(Machine& machine, std::string_view operation, const Value& left, const Value& right) {
  return machine.fail("feel-operands", std::string(kind_name(left)) + " " + std::string(operation) + " " +
                                           std::string(kind_name(right)));
}

template <class T>
Value or_overflow(Machine& machine, const std::optional<T>& value) {
  return value ? Value(*value) : machine.fail("feel-temporal", "beyond the years -999999999 to 999999999");
}

std::optional<YearsMonths> months_of(Wide months) {
  constexpr Wide months_max = Wide{48} * year_max;
  if (months > months_max || months < -months_max) return std::nullopt;
  return YearsMonths{static_cast<std::int64_t>(months)};
}

DaysTime negated(const DaysTime& value) {
  return *DaysTime::of(-value.total());
}

/// Dates count as midnight UTC beside date-times.
std::optional<DateTime> moment_of(const Value& value) {
  if (value.date_time() != nullptr) return *value.date_time();
  if (value.date() != nullptr) return midnight_of(*value.date(), *Zone::of_offset(0));
  return std::nullopt;
}

Value shifted(Machine& machine, const Value& point, const Value& duration, bool back) {
  if (duration.years_months() != nullptr) {
    const YearsMonths months{back ? -duration.years_months()->months : duration.years_months()->months};
    if (point.date() != nullptr) return or_overflow(machine, plus(*point.date(), months));
    if (point.date_time() != nullptr) return or_overflow(machine, plus(*point.date_time(), months));
  }
  if (duration.days_time() != nullptr) {
    const DaysTime by = back ? negated(*duration.days_time()) : *duration.days_time();
    if (point.time() != nullptr) return plus(*point.time(), by);
    if (point.date_time() != nullptr) return or_overflow(machine, plus(*point.date_time(), by));
    if (point.date() != nullptr) {
      const auto moved = plus(midnight_of(*point.date()), by);
      return moved ? Value(Date{moved->days}) : or_overflow(machine, moved);
    }
  }
  return unfit(machine, back ? "-" : "+", point, duration);
}

bool is_point(const Value& value) {
  return value.date() != nullptr || value.time() != nullptr || value.date_time() != nullptr;
}

/// A duration times a number; the result is cut towards zero to whole months or nanoseconds.
Value scaled(Machine& machine, const Value& duration, const Decimal& factor, bool dividing) {
  const auto apply = [&](const Decimal& amount) {
    return dividing ? amount.over(factor) : amount.times(factor);
  };
  if (duration.years_months() != nullptr) {
    const auto months = apply(Decimal(duration.years_months()->months));
    const auto whole = months ? months->rounded(0, Decimal::Rounding::down) : std::nullopt;
    const auto count = whole ? whole->integer() : std::nullopt;
    return or_overflow(machine, count ? months_of(*count) : std::nullopt);
  }
  const DaysTime& span = *duration.days_time();
  const auto total =
      Decimal(span.seconds).times(Decimal(nanoseconds_per_second))->plus(Decimal(span.nanoseconds));
  const auto product = apply(*total);
  const auto whole = product ? product->rounded(0, Decimal::Rounding::down) : std::nullopt;
  if (!whole) return or_overflow<DaysTime>(machine, std::nullopt);
  const auto seconds = whole->over(Decimal(nanoseconds_per_second))->rounded(0, Decimal::Rounding::floor);
  const auto count = seconds ? seconds->integer() : std::nullopt;
  if (!count) return or_overflow<DaysTime>(machine, std::nullopt);
  const auto rest = whole->minus(*seconds->times(Decimal(nanoseconds_per_second)))->integer();
  return or_overflow(machine, DaysTime::of(Wide{*count} * nanoseconds_per_second + rest.value_or(0)));
}

Value ordered(Machine& machine, std::string_view operation, const Value& left, const Value& right,
              bool (*holds)(std::strong_ordering)) {
  const auto order = compare(left, right);
  return order ? Value(holds(*order)) : unfit(machine, operation, left, right);
}

}  // namespace

Value number_or_fail(Machine& machine, const std::optional<Decimal>& number) {
  return number ? Value(*number) : machine.fail("feel-number", "no number of 34 digits is the result");
}

Value add(Machine& machine, const Value& left, const Value& right) {
  if (left.number() != nullptr && right.number() != nullptr)
    return number_or_fail(machine, left.number()->plus(*right.number()));
  if (left.text() != nullptr && right.text() != nullptr) {
    if (!machine.charge(1, static_cast<std::int64_t>(left.text()->size() + right.text()->size()))) return {};
    return *left.text() + *right.text();
  }
  if (left.years_months() != nullptr && right.years_months() != nullptr)
    return or_overflow(machine, months_of(Wide{left.years_months()->months} + right.years_months()->months));
  if (left.days_time() != nullptr && right.days_time() != nullptr)
    return or_overflow(machine, DaysTime::of(left.days_time()->total() + right.days_time()->total()));
  if (is_point(left)) return shifted(machine, left, right, false);
  if (is_point(right)) return shifted(machine, right, left, false);
  return unfit(machine, "+", left, right);
}

Value subtract(Machine& machine, const Value& left, const Value& right) {
  if (left.number() != nullptr && right.number() != nullptr)
    return number_or_fail(machine, left.number()->minus(*right.number()));
  if (left.years_months() != nullptr && right.years_months() != nullptr)
    return or_overflow(machine, months_of(Wide{left.years_months()->months} - right.years_months()->months));
  if (left.days_time() != nullptr && right.days_time() != nullptr)
    return or_overflow(machine, DaysTime::of(left.days_time()->total() - right.days_time()->total()));
  if (left.time() != nullptr && right.time() != nullptr) {
    const auto offset = [](const Time& time) { return Wide{offset_of(time)} * nanoseconds_per_second; };
    return DaysTime::of(Wide{left.time()->nanoseconds} - offset(*left.time()) -
                        (Wide{right.time()->nanoseconds} - offset(*right.time())));
  }
  const auto from = moment_of(left);
  const auto to = moment_of(right);
  if (from && to) {
    // One with and one without an offset have no distance.
    if (from->zone.is_none() != to->zone.is_none()) return unfit(machine, "-", left, right);
    return or_overflow(machine, DaysTime::of(instant_of(*from) - instant_of(*to)));
  }
  if (is_point(left)) return shifted(machine, left, right, true);
  return unfit(machine, "-", left, right);
}

Value multiply(Machine& machine, const Value& left, const Value& right) {
  if (left.number() != nullptr && right.number() != nullptr)
    return number_or_fail(machine, left.number()->times(*right.number()));
  const auto is_duration = [](const Value& value) {
    return value.years_months() != nullptr || value.days_time() != nullptr;
  };
  if (is_duration(left) && right.number() != nullptr) return scaled(machine, left, *right.number(), false);
  if (left.number() != nullptr && is_duration(right)) return scaled(machine, right, *left.number(), false);
  return unfit(machine, "*", left, right);
}

Value divide(Machine& machine, const Value& left, const Value& right) {
  if (left.number() != nullptr && right.number() != nullptr)
    return number_or_fail(machine, left.number()->over(*right.number()));
  if (left.years_months() != nullptr && right.years_months() != nullptr)
    return number_or_fail(machine,
                          Decimal(left.years_months()->months).over(Decimal(right.years_months()->months)));
  if (left.days_time() != nullptr && right.days_time() != nullptr) {
    const auto total = [](const DaysTime& span) {
      return *Decimal(span.seconds).times(Decimal(nanoseconds_per_second))->plus(Decimal(span.nanoseconds));
    };
    return number_or_fail(machine, total(*left.days_time()).over(total(*right.days_time())));
  }
  if (right.number() != nullptr && (left.years_months() != nullptr || left.days_time() != nullptr))
    return scaled(machine, left, *right.number(), true);
  return unfit(machine, "/", left, right);
}

Value power(Machine& machine, const Value& left, const Value& right) {
  if (left.number() == nullptr || right.number() == nullptr) return unfit(machine, "**", left, right);
  return number_or_fail(machine, left.number()->power(*right.number()));
}

Value negate(Machine& machine, const Value& value) {
  if (value.number() != nullptr) return value.number()->negated();
  if (value.years_months() != nullptr) return YearsMonths{-value.years_months()->months};
  if (value.days_time() != nullptr) return negated(*value.days_time());
  return machine.fail("feel-operands", "- " + std::string(kind_name(value)));
}

Value equal(Machine& machine, const Value& left, const Value& right) {
  const auto same = equals(left, right);
  return same ? Value(*same) : unfit(machine, "=", left, right);
}

Value differ(Machine& machine, const Value& left, const Value& right) {
  const auto same = equals(left, right);
  return same ? Value(!*same) : unfit(machine, "!=", left, right);
}

Value less(Machine& machine, const Value& left, const Value& right) {
  return ordered(machine, "<", left, right, [](std::strong_ordering order) { return order < 0; });
}
Value less_equal(Machine& machine, const Value& left, const Value& right) {
  return ordered(machine, "<=", left, right, [](std::strong_ordering order) { return order <= 0; });
}
Value greater(Machine& machine, const Value& left, const Value& right) {
  return ordered(machine, ">", left, right, [](std::strong_ordering order) { return order > 0; });
}
Value greater_equal(Machine& machine, const Value& left, const Value& right) {
  return ordered(machine, ">=", left, right, [](std::strong_ordering order) { return order >= 0; });
}

Value conjunction(const Value& left, const Value& right) {
  for (const Value* side : {&left, &right}) {
    if (side->boolean() != nullptr && !*side->boolean()) return false;
  }
  return left.boolean() != nullptr && right.boolean() != nullptr ? Value(true) : Value();
}

Value disjunction(const Value& left, const Value& right) {
  if (left.is_true() || right.is_true()) return true;
  return left.boolean() != nullptr && right.boolean() != nullptr ? Value(false) : Value();
}

Value between(Machine& machine, const Value& value, const Value& low, const Value& high) {
  return conjunction(greater_equal(machine, value, low), less_equal(machine, value, high));
}

Value within(Machine& machine, const Value& value, const Value& test) {
  if (const Range* range = test.range(); range != nullptr && value.range() == nullptr) {
    const auto inside = includes(*range, value);
    return inside ? Value(*inside) : unfit(machine, "in", value, test);
  }
  if (const List* list = test.list(); list != nullptr) {
    bool unknown = false;
    for (const Value& item : *list) {
      if (item.range() != nullptr && value.range() == nullptr) {
        const auto inside = includes(*item.range(), value);
        if (inside && *inside) return true;
        unknown = unknown || !inside;
      } else if (equals(value, item).value_or(false)) {
        return true;
      }
    }
    if (value.list() != nullptr && equals(value, test).value_or(false)) return true;
    return unknown ? unfit(machine, "in", value, test) : Value(false);
  }
  return equal(machine, value, test);
}

}  // namespace qipan::expr
