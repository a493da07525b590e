#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace qipan {

/// A moment in microseconds since 1970-01-01T00:00:00Z; a plain integer so that facts and tables hold it as
/// it is.
using Instant = std::int64_t;

inline constexpr std::int64_t microseconds_per_second = 1'000'000;
inline constexpr std::int64_t microseconds_per_day = 86'400 * microseconds_per_second;

/// 1900-01-01T00:00:00Z: what is said to have happened before was told by a clock that was never set.
inline constexpr Instant instant_told_min = -2'208'988'800LL * microseconds_per_second;

/// Instants that text can show: years 1 to 9999.
inline constexpr Instant instant_min = -62'135'596'800LL * microseconds_per_second;
inline constexpr Instant instant_max = 253'402'300'799LL * microseconds_per_second + 999'999;

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
using Day = std::int32_t;

struct CivilDate {
  int year = 1970;
  int month = 1;
  int day = 1;
  bool operator==(const CivilDate&) const = default;
};

[[nodiscard]] Day day_of(CivilDate date);
[[nodiscard]] CivilDate date_of(Day day);
[[nodiscard]] bool exists(CivilDate date);

/// Civil time in all of China: UTC+8, the whole year.
inline constexpr std::int64_t china_offset = 8 * 3600 * microseconds_per_second;
[[nodiscard]] Day china_day_of(Instant instant);
/// The instant at which it begins there.
[[nodiscard]] constexpr Instant china_midnight(Day day) {
  return day * microseconds_per_day - china_offset;
}

/// RFC 3339, always UTC: 2026-11-24T02:07:05Z, with microseconds only where there are some.
[[nodiscard]] std::string format_instant(Instant instant);

/// RFC 3339 with an offset or Z; anything else is refused, as a time without a zone says nothing.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);

/// YYYY-MM-DD.
[[nodiscard]] Result<Day> parse_day(std::string_view text);
[[nodiscard]] std::string format_day(Day day);

}  // namespace qipan
