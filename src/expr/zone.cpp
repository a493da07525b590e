#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

#include "expr/temporal.hpp"

namespace qipan::expr {

namespace {

constexpr std::int64_t offset_max = 18 * 3600;
// Before the first rule of a zone stands local mean time.
constexpr std::int64_t far_past = -50'000;  // days: the year 1833

const std::vector<date::time_zone>& zones() {
  return date::get_tzdb().zones;
}

/// Files of the system's database list transitions to 2037, and the last rules hold for all that come: a
/// later day is looked up in the year of the same calendar among the 28 before.
std::int64_t known_day(std::int64_t days) {
  constexpr std::int64_t year_last = 2037;
  constexpr std::int64_t cycle = 28;
  const std::int64_t year = civil_of(days).year;
  if (year <= year_last) return days;
  const std::int64_t first = days_of({year, 1, 1});
  const auto length = [](std::int64_t of) { return days_of({of + 1, 1, 1}) - days_of({of, 1, 1}); };
  for (std::int64_t same = year_last - cycle + 1; same <= year_last; ++same) {
    const std::int64_t first_of_same = days_of({same, 1, 1});
    if (weekday_of(first_of_same) == weekday_of(first) && length(same) == length(year))
      return first_of_same + (days - first);
  }
  return days;
}

}  // namespace

std::optional<Zone> Zone::of_offset(std::int64_t seconds) {
  if (seconds > offset_max || seconds < -offset_max) return std::nullopt;
  Zone zone;
  zone.code_ = static_cast<std::int32_t>(seconds);
  return zone;
}

std::optional<Zone> Zone::of_name(std::string_view name) {
  constexpr std::size_t name_bytes_max = 64;
  if (name.empty() || name.size() > name_bytes_max) return std::nullopt;
  const auto& all = zones();
  const auto found =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const date::time_zone& a, std::string_view b) { return a.name() < b; });
  if (found == all.end() || found->name() != name) return std::nullopt;
  Zone zone;
  zone.code_ = first_named + static_cast<std::int32_t>(found - all.begin());
  return zone;
}

std::int64_t Zone::offset_at(std::int64_t days, std::int64_t nanoseconds, bool later) const {
  if (is_none()) return 0;
  if (!is_named()) return code_;
  days = std::max(known_day(days), far_past);
  const date::local_seconds local{
      std::chrono::seconds(days * seconds_per_day + nanoseconds / nanoseconds_per_second)};
  const auto& zone = zones()[static_cast<std::size_t>(code_ - first_named)];
  const date::local_info info = zone.get_info(local);
  return (later && info.result == date::local_info::ambiguous ? info.second : info.first).offset.count();
}

std::int64_t Zone::offset_at_instant(std::int64_t seconds) const {
  if (is_none()) return 0;
  if (!is_named()) return code_;
  const std::int64_t day = seconds / seconds_per_day - (seconds % seconds_per_day < 0 ? 1 : 0);
  const std::int64_t same = std::max(known_day(day), far_past);
  const date::sys_seconds instant{std::chrono::seconds(seconds + (same - day) * seconds_per_day)};
  return zones()[static_cast<std::size_t>(code_ - first_named)].get_info(instant).offset.count();
}

std::string Zone::name() const {
  return is_named() ? zones()[static_cast<std::size_t>(code_ - first_named)].name() : std::string();
}

std::string Zone::suffix() const {
  if (is_none()) return "";
  if (is_named()) return "@" + name();
  if (code_ == 0) return "Z";
  const std::int32_t size = code_ < 0 ? -code_ : code_;
  std::string text = fmt::format("{}{:02}:{:02}", code_ < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  if (size % 60 != 0) text += fmt::format(":{:02}", size % 60);
  return text;
}

}  // namespace qipan::expr
