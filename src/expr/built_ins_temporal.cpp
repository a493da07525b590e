#include <array>

#include "expr/built_ins.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

Value no(Machine& machine, std::string_view what, const Value& given) {
  return machine.fail("feel-argument", std::string(what) + ": not from " + text_of(given));
}

Value date_from(Machine& machine, std::span<const Value> given) {
  const Value& from = given[0];
  if (from.date() != nullptr) return from;
  if (from.date_time() != nullptr) return Date{from.date_time()->days};
  const auto parsed = from.text() == nullptr ? std::nullopt : parse_date(*from.text());
  return parsed ? Value(*parsed) : no(machine, "date", from);
}

/// Each as a whole number, within a range; nothing otherwise.
std::optional<std::int64_t> whole(const Value& value, std::int64_t low, std::int64_t high) {
  const auto number = value.number() == nullptr ? std::nullopt : value.number()->integer();
  return number && *number >= low && *number <= high ? number : std::nullopt;
}

Value date_of_parts(Machine& machine, std::span<const Value> given) {
  const auto year = whole(given[0], -year_max, year_max);
  const auto month = whole(given[1], 1, 12);
  const auto day = whole(given[2], 1, 31);
  if (!year || !month || !day) return machine.fail("feel-argument", "date: year, month and day that exist");
  const Civil civil{*year, static_cast<int>(*month), static_cast<int>(*day)};
  return exists(civil) ? Value(Date{days_of(civil)})
                       : machine.fail("feel-argument", "date: year, month and day that exist");
}

Value time_from(Machine& machine, std::span<const Value> given) {
  const Value& from = given[0];
  if (from.time() != nullptr) return from;
  if (from.date() != nullptr) return Time{0, *Zone::of_offset(0)};
  if (from.date_time() != nullptr) return Time{from.date_time()->nanoseconds, from.date_time()->zone};
  const auto parsed = from.text() == nullptr ? std::nullopt : parse_time(*from.text());
  return parsed ? Value(*parsed) : no(machine, "time", from);
}

Value time_of_parts(Machine& machine, std::span<const Value> given) {
  const auto hour = whole(given[0], 0, 23);
  const auto minute = whole(given[1], 0, 59);
  const auto nanoseconds = given[2].number()->times(Decimal(nanoseconds_per_second));
  const auto cut = nanoseconds ? nanoseconds->rounded(0, Decimal::Rounding::down) : std::nullopt;
  const auto second = cut ? whole(*cut, 0, 60 * nanoseconds_per_second - 1) : std::nullopt;
  Zone zone;
  if (given.size() > 3 && given[3].days_time() != nullptr) {
    const auto made = Zone::of_offset(given[3].days_time()->seconds);
    if (!made) return machine.fail("feel-argument", "time: an offset of at most 18 hours");
    zone = *made;
  }
  if (!hour || !minute || !second)
    return machine.fail("feel-argument", "time: hour, minute and second that exist");
  return Time{(*hour * 3600 + *minute * 60) * nanoseconds_per_second + *second, zone};
}

Value date_time_from(Machine& machine, std::span<const Value> given) {
  const Value& from = given[0];
  if (from.date_time() != nullptr) return from;
  if (from.date() != nullptr) return midnight_of(*from.date(), *Zone::of_offset(0));
  const auto parsed = from.text() == nullptr ? std::nullopt : parse_date_time(*from.text());
  return parsed ? Value(*parsed) : no(machine, "date and time", from);
}

Value date_time_of_both(Machine&, std::span<const Value> given) {
  const std::int64_t days = given[0].date() != nullptr ? given[0].date()->days : given[0].date_time()->days;
  return DateTime{days, given[1].time()->nanoseconds, given[1].time()->zone};
}

Value duration_from(Machine& machine, std::span<const Value> given) {
  const Value& from = given[0];
  if (from.years_months() != nullptr || from.days_time() != nullptr) return from;
  if (from.text() == nullptr) return no(machine, "duration", from);
  if (const auto months = parse_years_months(*from.text())) return *months;
  const auto parsed = parse_days_time(*from.text());
  return parsed ? Value(*parsed) : no(machine, "duration", from);
}

DateTime point_of(const Value& value) {
  return value.date() != nullptr ? midnight_of(*value.date()) : *value.date_time();
}

Value years_and_months(Machine&, std::span<const Value> given) {
  return months_between(point_of(given[0]), point_of(given[1]));
}

std::int64_t days_of_value(const Value& value) {
  return value.date() != nullptr ? value.date()->days : value.date_time()->days;
}

Value day_of_year(Machine&, std::span<const Value> given) {
  const std::int64_t days = days_of_value(given[0]);
  return days - days_of({civil_of(days).year, 1, 1}) + 1;
}

Value day_of_week(Machine&, std::span<const Value> given) {
  constexpr std::array<std::string_view, 7> names = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                     "Friday", "Saturday", "Sunday"};
  return names[static_cast<std::size_t>(weekday_of(days_of_value(given[0])) - 1)];
}

Value month_of_year(Machine&, std::span<const Value> given) {
  constexpr std::array<std::string_view, 12> names = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
  return names[static_cast<std::size_t>(civil_of(days_of_value(given[0])).month - 1)];
}

/// ISO 8601: the week that holds the year's first Thursday is the first.
Value week_of_year(Machine&, std::span<const Value> given) {
  const std::int64_t days = days_of_value(given[0]);
  const std::int64_t thursday = days - weekday_of(days) + 4;
  return (thursday - days_of({civil_of(thursday).year, 1, 1})) / 7 + 1;
}

Value now(Machine& machine, std::span<const Value>) {
  return machine.now() ? Value(*machine.now()) : machine.fail("feel-now", "no moment was given");
}

Value today(Machine& machine, std::span<const Value>) {
  return machine.now() ? Value(Date{machine.now()->days}) : machine.fail("feel-now", "no moment was given");
}

}  // namespace

const std::vector<BuiltIn>& temporal_built_ins() {
  static const Formal from{"from", Accept::any};
  static const Formal date{"date", Accept::date_or_date_time};
  static const auto number = [](std::string_view name) { return Formal{name, Accept::number}; };
  static const std::vector<BuiltIn> all = {
      {"date",
       Kind::date,
       {{{from}, date_from}, {{number("year"), number("month"), number("day")}, date_of_parts}}},
      {"time",
       Kind::time,
       {{{from}, time_from},
        {{number("hour"), number("minute"), number("second"), {"offset", Accept::days_time, true, true}},
         time_of_parts}}},
      {"date and time",
       Kind::date_time,
       {{{from}, date_time_from}, {{date, {"time", Accept::time}}, date_time_of_both}}},
      {"duration", Kind::any, {{{from}, duration_from}}},
      {"years and months duration",
       Kind::years_months,
       {{{{"from", Accept::date_or_date_time}, {"to", Accept::date_or_date_time}}, years_and_months}}},
      {"day of year", Kind::number, {{{date}, day_of_year}}},
      {"day of week", Kind::text, {{{date}, day_of_week}}},
      {"month of year", Kind::text, {{{date}, month_of_year}}},
      {"week of year", Kind::number, {{{date}, week_of_year}}},
      {"now", Kind::date_time, {{{}, now}}},
      {"today", Kind::date, {{{}, today}}},
  };
  return all;
}

}  // namespace qipan::expr
