#include "expr/operators.hpp"
#include "expr/type.hpp"

namespace qipan::expr {

namespace {

std::optional<Value> of_clock(std::int64_t nanoseconds, const Zone& zone, std::int64_t offset,
                              std::string_view name) {
  const std::int64_t seconds = nanoseconds / nanoseconds_per_second;
  if (name == "hour") return Value(seconds / 3600);
  if (name == "minute") return Value(seconds / 60 % 60);
  if (name == "second") {
    const std::int64_t fraction = nanoseconds % nanoseconds_per_second;
    if (fraction == 0) return Value(seconds % 60);
    return Value(Decimal(seconds % 60).plus(*Decimal(fraction).over(Decimal(nanoseconds_per_second))));
  }
  if (name == "time offset") return zone.is_none() ? Value() : Value(DaysTime{offset, 0});
  if (name == "timezone") return zone.is_named() ? Value(zone.name()) : Value();
  return std::nullopt;
}

std::optional<Value> of_date(std::int64_t days, std::string_view name) {
  const Civil civil = civil_of(days);
  if (name == "year") return Value(civil.year);
  if (name == "month") return Value(civil.month);
  if (name == "day") return Value(civil.day);
  if (name == "weekday") return Value(weekday_of(days));
  return std::nullopt;
}

std::optional<Value> of_days_time(const DaysTime& value, std::string_view name) {
  const Wide total = value.total();
  const auto seconds = static_cast<std::int64_t>(total / nanoseconds_per_second);
  const auto fraction = static_cast<std::int64_t>(total % nanoseconds_per_second);
  if (name == "days") return Value(seconds / seconds_per_day);
  if (name == "hours") return Value(seconds % seconds_per_day / 3600);
  if (name == "minutes") return Value(seconds % 3600 / 60);
  if (name == "seconds")
    return Value(Decimal(seconds % 60).plus(*Decimal(fraction).over(Decimal(nanoseconds_per_second))));
  return std::nullopt;
}

std::optional<Value> of_range(const Range& range, std::string_view name) {
  if (name == "start") return range.low;
  if (name == "end") return range.high;
  if (name == "start included") return Value(range.low_included);
  if (name == "end included") return Value(range.high_included);
  return std::nullopt;
}

std::optional<Value> part(const Value& value, std::string_view name) {
  if (const Context* context = value.context(); context != nullptr) {
    const Value* found = context->find(name);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  if (value.date() != nullptr) return of_date(value.date()->days, name);
  if (const DateTime* moment = value.date_time(); moment != nullptr) {
    const auto date = of_date(moment->days, name);
    return date ? date : of_clock(moment->nanoseconds, moment->zone, offset_of(*moment), name);
  }
  if (const Time* time = value.time(); time != nullptr)
    return of_clock(time->nanoseconds, time->zone, offset_of(*time), name);
  if (value.days_time() != nullptr) return of_days_time(*value.days_time(), name);
  if (value.range() != nullptr) return of_range(*value.range(), name);
  if (value.years_months() != nullptr) {
    if (name == "years") return Value(value.years_months()->months / 12);
    if (name == "months") return Value(value.years_months()->months % 12);
  }
  return std::nullopt;
}

}  // namespace

Value member(Machine& machine, const Value& value, std::string_view name) {
  if (const List* list = value.list(); list != nullptr) {
    List items;
    items.reserve(list->size());
    for (const Value& item : *list) {
      if (!machine.charge(1, sizeof(Value))) return {};
      items.push_back(member(machine, item, name));
    }
    return items;
  }
  if (value.is_null()) return {};
  auto found = part(value, name);
  if (found) return std::move(*found);
  return machine.fail("feel-member", std::string(kind_name(value)) + " has no " + std::string(name));
}

}  // namespace qipan::expr
