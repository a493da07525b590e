#include "expr/temporal.hpp"

#include <algorithm>
#include <array>

namespace qipan::expr {

namespace {

constexpr std::int64_t days_per_era = 146'097;  // 400 years
constexpr std::int64_t era_shift = 719'468;     // 0000-03-01 to 1970-01-01

template <class Whole>
Whole floor_divided(Whole value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool in_years(std::int64_t days) {
  static const std::int64_t first = days_of({-year_max, 1, 1});
  static const std::int64_t last = days_of({year_max, 12, 31});
  return days >= first && days <= last;
}

/// Nanoseconds of local time since 1970; nothing beyond the years that exist.
std::optional<DateTime> local_of(Wide total, const Zone& zone) {
  const Wide days = floor_divided(total, nanoseconds_per_day);
  if (!in_years(static_cast<std::int64_t>(days))) return std::nullopt;
  return DateTime{static_cast<std::int64_t>(days),
                  static_cast<std::int64_t>(total - days * nanoseconds_per_day), zone};
}

}  // namespace

// Years begin in March, so that the leap day is the last of the year.
std::int64_t days_of(const Civil& civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divided(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * ((civil.month + 9) % 12) + 2) / 5 + civil.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * days_per_era + day_of_era - era_shift;
}

Civil civil_of(std::int64_t days) {
  const std::int64_t shifted = days + era_shift;
  const std::int64_t era = floor_divided(shifted, days_per_era);
  const std::int64_t day_of_era = shifted - era * days_per_era;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
  Civil civil;
  civil.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  civil.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

int days_in(std::int64_t year, int month) {
  constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : lengths[static_cast<std::size_t>(month - 1)];
}

bool exists(const Civil& civil) {
  return civil.year >= -year_max && civil.year <= year_max && civil.month >= 1 && civil.month <= 12 &&
         civil.day >= 1 && civil.day <= days_in(civil.year, civil.month);
}

int weekday_of(std::int64_t days) {
  constexpr std::int64_t thursday = 3;  // 1970-01-01, counted from Monday as 0
  const std::int64_t shifted = days + thursday;
  return static_cast<int>(shifted - floor_divided(shifted, 7) * 7) + 1;
}

std::optional<DaysTime> DaysTime::of(Wide nanoseconds) {
  constexpr Wide seconds_max = Wide{4} * year_max * 366 * seconds_per_day;
  Wide seconds = nanoseconds / nanoseconds_per_second;
  Wide rest = nanoseconds % nanoseconds_per_second;
  if (rest < 0) {
    --seconds;
    rest += nanoseconds_per_second;
  }
  if (seconds > seconds_max || seconds < -seconds_max) return std::nullopt;
  return DaysTime{static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest)};
}

std::int64_t offset_of(const DateTime& value) {
  return value.zone.offset_at(value.days, value.nanoseconds, value.later);
}

// A zone's offset hangs on the date; a time alone takes that of the epoch, so that it never changes.
std::int64_t offset_of(const Time& value) {
  return value.zone.offset_at(0, value.nanoseconds);
}

Wide instant_of(const DateTime& value, std::int64_t missing) {
  const std::int64_t offset = value.zone.is_none() ? missing : offset_of(value);
  return Wide{value.days} * nanoseconds_per_day + value.nanoseconds - Wide{offset} * nanoseconds_per_second;
}

std::strong_ordering compare(const DateTime& left, const DateTime& right) {
  const Wide a = instant_of(left, right.zone.is_none() ? 0 : offset_of(right));
  const Wide b = instant_of(right, left.zone.is_none() ? 0 : offset_of(left));
  return a < b ? std::strong_ordering::less
               : (a > b ? std::strong_ordering::greater : std::strong_ordering::equal);
}

std::strong_ordering compare(const Time& left, const Time& right) {
  const std::int64_t a = left.zone.is_none() ? offset_of(right) : offset_of(left);
  const std::int64_t b = right.zone.is_none() ? offset_of(left) : offset_of(right);
  return left.nanoseconds - a * nanoseconds_per_second <=> right.nanoseconds - b * nanoseconds_per_second;
}

std::optional<Date> plus(const Date& date, const YearsMonths& months) {
  const Civil from = civil_of(date.days);
  constexpr std::int64_t months_max = 12 * (2 * year_max + 2);
  if (months.months > months_max || months.months < -months_max) return std::nullopt;
  const std::int64_t total = from.year * 12 + from.month - 1 + months.months;
  Civil to;
  to.year = floor_divided(total, 12);
  to.month = static_cast<int>(total - to.year * 12) + 1;
  to.day = std::min(from.day, days_in(to.year, to.month));
  if (!exists(to)) return std::nullopt;
  return Date{days_of(to)};
}

std::optional<DateTime> plus(const DateTime& value, const YearsMonths& months) {
  const auto date = plus(Date{value.days}, months);
  if (!date) return std::nullopt;
  return DateTime{date->days, value.nanoseconds, value.zone};
}

std::optional<DateTime> plus(const DateTime& value, const DaysTime& duration) {
  if (!value.zone.is_named())
    return local_of(Wide{value.days} * nanoseconds_per_day + value.nanoseconds + duration.total(),
                    value.zone);
  const Wide instant = instant_of(value) + duration.total();
  const Wide seconds = floor_divided(instant, nanoseconds_per_second);
  if (!in_years(static_cast<std::int64_t>(seconds / seconds_per_day))) return std::nullopt;
  const std::int64_t offset = value.zone.offset_at_instant(static_cast<std::int64_t>(seconds));
  auto moved = local_of(instant + Wide{offset} * nanoseconds_per_second, value.zone);
  if (moved) moved->later = offset_of(*moved) != offset;
  return moved;
}

Time plus(const Time& value, const DaysTime& duration) {
  Wide total = (Wide{value.nanoseconds} + duration.total()) % nanoseconds_per_day;
  if (total < 0) total += nanoseconds_per_day;
  return {static_cast<std::int64_t>(total), value.zone};
}

YearsMonths months_between(const DateTime& from, const DateTime& to) {
  const Civil a = civil_of(from.days);
  const Civil b = civil_of(to.days);
  std::int64_t months = (b.year - a.year) * 12 + b.month - a.month;
  if (months > 0 && b.day < a.day) --months;
  if (months < 0 && b.day > a.day) ++months;
  return {months};
}

}  // namespace qipan::expr
