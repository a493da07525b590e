#include "cmd/local_times.hpp"

// The library's own month and AM/PM names: those of libstdc++ 12 lose the PM.
#define ONLY_C_LOCALE 1
#include <date/tz.h>

#include <sstream>
#include <stdexcept>

namespace qipan::cmd {

LocalTimes LocalTimes::read(pack::Fields& fields) {
  LocalTimes times;
  times.format = fields.text("time_format");
  times.gap_shifts = fields.choice("gap", {"shift", "refuse"}, "shift") == "shift";
  times.overlap_first = fields.choice("overlap", {"first", "second"}, "first") == "first";
  const std::string zone = fields.text("zone");
  try {
    times.zone = date::locate_zone(zone);
  } catch (const std::runtime_error&) {
    fields.fault("zone", zone, "a zone of the IANA database, such as America/New_York");
  }
  return times;
}

std::optional<Instant> LocalTimes::instant_of(std::string_view text) const {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty() || text.size() > 40) return std::nullopt;
  // A time with its own offset is an instant, whatever the map's zone.
  if (format == "iso") {
    if (const auto instant = parse_instant(text)) return *instant;
    return std::nullopt;
  }
  std::string own(text);
  const bool has_offset = format.find("%z") != std::string::npos;
  const bool colon = has_offset && own.size() > 6 && own[own.size() - 3] == ':' &&
                     (own[own.size() - 6] == '+' || own[own.size() - 6] == '-');
  if (colon) own.erase(own.size() - 3, 1);
  if (has_offset && (own.ends_with('Z') || own.ends_with('z'))) own.replace(own.size() - 1, 1, "+0000");
  std::istringstream stream{own};
  stream.imbue(std::locale::classic());
  date::local_time<std::chrono::microseconds> local;
  std::chrono::minutes offset_of_text{0};
  std::string abbreviation;
  stream >> date::parse(format, local, abbreviation, offset_of_text);
  if (stream.fail() || (stream >> std::ws && !stream.eof())) return std::nullopt;
  if (has_offset) {
    const Instant instant = (local.time_since_epoch() - offset_of_text).count();
    return instant < instant_min || instant > instant_max ? std::nullopt : std::optional(instant);
  }
  const date::local_info info = zone->get_info(date::floor<std::chrono::seconds>(local));
  std::chrono::seconds offset = info.first.offset;
  if (info.result == date::local_info::nonexistent && !gap_shifts) return std::nullopt;
  // In the gap the first offset is the one before the clock went forward: 02:30 reads as 03:30.
  if (info.result == date::local_info::ambiguous && !overlap_first) offset = info.second.offset;
  const Instant instant = (local.time_since_epoch() - offset).count();
  return instant < instant_min || instant > instant_max ? std::nullopt : std::optional(instant);
}

}  // namespace qipan::cmd
