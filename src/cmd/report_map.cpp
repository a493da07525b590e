#include "cmd/report_map.hpp"

#include <algorithm>

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
  map.times = LocalTimes::read(fields);
  map.as_of = fields.text("as_of", false);
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
    map.closed = status.texts("closed");
  }
  if (map.closed.empty()) map.closed = {"Closed", "closed", "CLOSED"};
  for (const pack::Node* node : fields.tables("no_place")) {
    pack::Fields place(*node, path, problems);
    const std::string longitude = place.text("longitude", false, "*");
    map.no_places.emplace_back(longitude, place.text("latitude", false, "*"));
  }
  return map;
}

}  // namespace qipan::cmd
