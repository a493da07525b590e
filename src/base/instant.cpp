#include "base/instant.hpp"

#include <date/date.h>
#include <fmt/format.h>

namespace qipan {

namespace {

/// Exactly `count` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

tl::unexpected<Problem> not_an_instant(std::string_view text) {
  return invalid("time-unreadable", "", text,
                 "an RFC 3339 time with a zone, such as 2026-03-01T08:00:00+08:00");
}

/// Offset in seconds at `at` to the end of text: Z or +hh:mm.
std::optional<int> parse_offset(std::string_view text, std::size_t at) {
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return 0;
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':')
    return std::nullopt;
  const int hours = digits(text, at + 1, 2);
  const int minutes = digits(text, at + 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const int seconds = hours * 3600 + minutes * 60;
  return text[at] == '-' ? -seconds : seconds;
}

/// Fraction of a second in microseconds, moving `at` behind it. RFC 3339, 5.6 allows any number of digits:
/// what is finer is rounded half up, so that it may come to a whole second.
std::optional<std::int64_t> parse_fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  ++at;
  std::int64_t fraction = 0;
  int count = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    if (count < 6) fraction = fraction * 10 + (text[at] - '0');
    if (count == 6 && text[at] >= '5') ++fraction;
    ++at;
    ++count;
  }
  if (count == 0) return std::nullopt;
  for (; count < 6; ++count) fraction *= 10;
  return fraction;
}

}  // namespace

Day day_of(CivilDate civil) {
  return static_cast<Day>(
      date::sys_days{date::year{civil.year} / civil.month / civil.day}.time_since_epoch().count());
}

CivilDate date_of(Day day) {
  const date::year_month_day ymd{date::sys_days{date::days{day}}};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

bool exists(CivilDate civil) {
  return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.day >= 1 &&
         (date::year{civil.year} / civil.month / civil.day).ok();
}

Day china_day_of(Instant instant) {
  const Instant local = instant + china_offset;
  return static_cast<Day>(local / microseconds_per_day - (local % microseconds_per_day < 0 ? 1 : 0));
}

std::string format_instant(Instant instant) {
  std::int64_t day = instant / microseconds_per_day;
  std::int64_t rest = instant % microseconds_per_day;
  if (rest < 0) {
    rest += microseconds_per_day;
    --day;
  }
  const CivilDate civil = date_of(static_cast<Day>(day));
  const std::int64_t seconds = rest / microseconds_per_second;
  const std::int64_t fraction = rest % microseconds_per_second;
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", civil.year, civil.month, civil.day,
                                 seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (fraction != 0) text += fmt::format(".{:06}", fraction);
  return text + "Z";
}

Result<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || text.size() > 64 || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return not_an_instant(text);
  }
  const CivilDate civil{digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)};
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (!exists(civil) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return not_an_instant(text);
  }
  // A leap second stands only at the end of a UTC minute (5.7); it is the first moment of the next one.
  std::size_t at = 19;
  const auto fraction = parse_fraction(text, at);
  if (!fraction) return not_an_instant(text);
  const auto offset = parse_offset(text, at);
  if (!offset) return not_an_instant(text);
  const std::int64_t seconds = hour * 3600 + minute * 60 + second - *offset;
  const Instant instant =
      day_of(civil) * microseconds_per_day + seconds * microseconds_per_second + *fraction;
  if (instant < instant_min || instant > instant_max) return not_an_instant(text);
  return instant;
}

Result<Day> parse_day(std::string_view text) {
  const CivilDate civil{digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !exists(civil)) {
    return invalid("date-unreadable", "", text, "a date that exists, as YYYY-MM-DD");
  }
  return day_of(civil);
}

std::string format_day(Day day) {
  const CivilDate civil = date_of(day);
  return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

}  // namespace qipan
