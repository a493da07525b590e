#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qipan::expr {

__extension__ using Wide = __int128;

inline constexpr std::int64_t year_max = 999'999'999;
inline constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
inline constexpr std::int64_t seconds_per_day = 86'400;
inline constexpr std::int64_t nanoseconds_per_day = seconds_per_day * nanoseconds_per_second;

/// A date of the proleptic Gregorian calendar, years to ±999,999,999 (DMN 1.5, 10.3.2.3.5).
struct Civil {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
};
[[nodiscard]] std::int64_t days_of(const Civil& civil);
[[nodiscard]] Civil civil_of(std::int64_t days);
[[nodiscard]] bool exists(const Civil& civil);
/// Monday is 1, as in ISO 8601.
[[nodiscard]] int weekday_of(std::int64_t days);
[[nodiscard]] int days_in(std::int64_t year, int month);

/// None, an offset from UTC in seconds, or a zone of the IANA database.
class Zone {
 public:
  Zone() = default;
  [[nodiscard]] static std::optional<Zone> of_offset(std::int64_t seconds);
  /// Nothing where the database knows no such zone.
  [[nodiscard]] static std::optional<Zone> of_name(std::string_view name);

  [[nodiscard]] bool is_none() const { return code_ == none; }
  [[nodiscard]] bool is_named() const { return code_ >= first_named; }
  /// Seconds east of UTC at that local time; 0 for none.
  /// Where clocks go back a local time comes twice: `later` asks for the second.
  [[nodiscard]] std::int64_t offset_at(std::int64_t days, std::int64_t nanoseconds, bool later = false) const;
  /// Seconds east of UTC at that instant (seconds since 1970).
  [[nodiscard]] std::int64_t offset_at_instant(std::int64_t seconds) const;
  [[nodiscard]] std::string name() const;
  /// As it stands behind a time: nothing, Z, +08:00, @Asia/Shanghai.
  [[nodiscard]] std::string suffix() const;
  bool operator==(const Zone&) const = default;

 private:
  static constexpr std::int32_t none = -1'000'000;
  static constexpr std::int32_t first_named = 1'000'000;
  std::int32_t code_ = none;
};

struct Date {
  std::int64_t days = 0;  // since 1970-01-01
  auto operator<=>(const Date&) const = default;
};

struct Time {
  std::int64_t nanoseconds = 0;  // since midnight
  Zone zone;
};

struct DateTime {
  std::int64_t days = 0;
  std::int64_t nanoseconds = 0;
  Zone zone;
  bool later = false;  // the second of two equal local times, where clocks go back; no text says it
};

struct YearsMonths {
  std::int64_t months = 0;
  auto operator<=>(const YearsMonths&) const = default;
};

/// A days and time duration; spans of years to ±999,999,999 fit.
struct DaysTime {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;  // 0 to 999,999,999, whatever the sign of the seconds
  auto operator<=>(const DaysTime&) const = default;
  [[nodiscard]] Wide total() const { return Wide{seconds} * nanoseconds_per_second + nanoseconds; }
  /// Nothing outside of what the seconds hold.
  [[nodiscard]] static std::optional<DaysTime> of(Wide nanoseconds);
};

/// The instant in nanoseconds since 1970, taking `missing` (seconds east of UTC) where there is no zone.
[[nodiscard]] Wide instant_of(const DateTime& value, std::int64_t missing = 0);
[[nodiscard]] std::int64_t offset_of(const DateTime& value);
[[nodiscard]] std::int64_t offset_of(const Time& value);

/// A value without an offset takes that of the other (DMN 1.5, table 54).
[[nodiscard]] std::strong_ordering compare(const DateTime& left, const DateTime& right);
[[nodiscard]] std::strong_ordering compare(const Time& left, const Time& right);

[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::optional<Time> parse_time(std::string_view text);
[[nodiscard]] std::optional<DateTime> parse_date_time(std::string_view text);
[[nodiscard]] std::optional<YearsMonths> parse_years_months(std::string_view text);
[[nodiscard]] std::optional<DaysTime> parse_days_time(std::string_view text);

[[nodiscard]] std::string text_of(const Date& value);
[[nodiscard]] std::string text_of(const Time& value);
[[nodiscard]] std::string text_of(const DateTime& value);
[[nodiscard]] std::string text_of(const YearsMonths& value);
[[nodiscard]] std::string text_of(const DaysTime& value);

/// The day is cut to the length of the month that is reached. Nothing beyond the years that exist.
[[nodiscard]] std::optional<Date> plus(const Date& date, const YearsMonths& months);
[[nodiscard]] std::optional<DateTime> plus(const DateTime& value, const YearsMonths& months);
/// By instant where the zone is named, so that (x + d) - x = d across a change of clocks
/// (DMN 1.5, 10.3.2.3.6).
[[nodiscard]] std::optional<DateTime> plus(const DateTime& value, const DaysTime& duration);
/// Wraps at midnight.
[[nodiscard]] Time plus(const Time& value, const DaysTime& duration);
/// Whole months from one date to the other, cut towards zero; the time of day does not count.
[[nodiscard]] YearsMonths months_between(const DateTime& from, const DateTime& to);
[[nodiscard]] inline DateTime midnight_of(const Date& date, Zone zone = {}) {
  return {date.days, 0, zone};
}

}  // namespace qipan::expr
