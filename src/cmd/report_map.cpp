#include "cmd/report_map.hpp"

// The library's own month and AM/PM names: those of libstdc++ 12 lose the PM.
#define ONLY_C_LOCALE 1
#include <date/tz.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace qipan::cmd {

namespace {
constexpr std::string_view column_names[] = {"id",       "class",  "created",     "due",
                                             "closed",   "status", "status_time", "longitude",
                                             "latitude", "place",  "agency",      "method"};
}

Result<ReportMap> ReportMap::parse(const std::string& path, std::string_view bytes,
                                   pack::Problems& problems) {
  QIPAN_TRY(document, pack::parse_toml(path, bytes));
  pack::Fields fields(document, path, problems);
  ReportMap map;
  map.source = fields.text("source");
  map.type = fields.text("type", false, "archived_report");
  map.time_format = fields.text("time_format");
  map.gap_shifts = fields.choice("gap", {"shift", "refuse"}, "shift") == "shift";
  map.overlap_first = fields.choice("overlap", {"first", "second"}, "first") == "first";
  map.as_of = fields.text("as_of", false);
  const std::string zone = fields.text("zone");
  try {
    map.zone = date::locate_zone(zone);
  } catch (const std::runtime_error&) {
    fields.fault("zone", zone, "a zone of the IANA database, such as America/New_York");
  }
  if (const pack::Node* node = fields.table("columns", true)) {
    pack::Fields columns(*node, path, problems);
    for (const std::string_view name : column_names) {
      const bool required = name == "id" || name == "class" || name == "created";
      if (const std::string column = columns.text(name, required); !column.empty())
        map.columns.emplace(name, column);
    }
  }
  if (const pack::Node* node = fields.table("status")) {
    pack::Fields status(*node, path, problems);
    map.duplicates = status.texts("duplicate");
    map.voids = status.texts("void");
  }
  for (const pack::Node* node : fields.tables("no_place")) {
    pack::Fields place(*node, path, problems);
    const std::string longitude = place.text("longitude", false, "*");
    map.no_places.emplace_back(longitude, place.text("latitude", false, "*"));
  }
  return map;
}

std::optional<Instant> ReportMap::instant_of(std::string_view text) const {
  if (text.empty() || text.size() > 40) return std::nullopt;
  std::istringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  date::local_time<std::chrono::microseconds> local;
  stream >> date::parse(time_format, local);
  if (stream.fail() || (stream >> std::ws && !stream.eof())) return std::nullopt;
  const date::local_info info = zone->get_info(date::floor<std::chrono::seconds>(local));
  std::chrono::seconds offset = info.first.offset;
  if (info.result == date::local_info::nonexistent && !gap_shifts) return std::nullopt;
  // In the gap the first offset is the one before the clock went forward: 02:30 reads as 03:30.
  if (info.result == date::local_info::ambiguous && !overlap_first) offset = info.second.offset;
  const Instant instant = (local.time_since_epoch() - offset).count();
  return instant < instant_min || instant > instant_max ? std::nullopt : std::optional(instant);
}

}  // namespace qipan::cmd
