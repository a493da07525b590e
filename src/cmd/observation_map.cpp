#include "cmd/observation_map.hpp"

#include <set>

namespace qipan::cmd {

namespace {

ObservationMap::Measure read_measure(const pack::Node& node, const std::string& path,
                                     pack::Problems& problems) {
  pack::Fields fields(node, path, problems);
  ObservationMap::Measure measure;
  measure.column = fields.text("column");
  measure.quality_column = fields.text("quality", false);
  measure.property = fields.name("property");
  measure.title = fields.title("title");
  measure.kind = fields.choice("kind", {"measurement", "count", "truth", "category"}, "measurement");
  measure.decimals = static_cast<int>(fields.integer("decimals", 0, 0, 6));
  measure.unit_symbol = fields.text("unit", false);
  if (const std::string factor = fields.amount("factor"); !factor.empty()) {
    const auto number = sensing::parse_number(factor);
    // A power of ten only shifts the point, so that every digit stays as it was measured.
    if (!number || number->mantissa != 1) {
      fields.fault("factor", factor, "a power of ten, such as 0.001");
    } else {
      measure.factor = *number;
    }
  }
  return measure;
}

}  // namespace

std::optional<sensing::Quality> ObservationMap::quality_of(std::string_view mark) const {
  const auto found = marks.find(mark);
  if (found != marks.end()) return found->second;
  return mark.empty() ? sensing::good : sensing::quality_of(mark);
}

Result<ObservationMap> ObservationMap::parse(const std::string& path, std::string_view bytes,
                                             pack::Problems& problems) {
  QIPAN_TRY(document, pack::parse_toml(path, bytes));
  pack::Fields fields(document, path, problems);
  ObservationMap map;
  map.station_column = fields.text("station", false);
  map.station_name = fields.text("station_name", false);
  if (map.station_column.empty() == map.station_name.empty())
    fields.fault("station", map.station_column, "either station (a column) or station_name (of all rows)");
  map.header = fields.texts("header");
  map.time_columns = fields.texts("time", true);
  map.times = LocalTimes::read(fields);
  map.missing = fields.texts("missing");
  for (const pack::Node* node : fields.tables("marks")) {
    pack::Fields inner(*node, path, problems);
    const std::string name = inner.text("quality");
    const auto quality = sensing::quality_of(name);
    if (!quality) problems.push_back(sensing::quality_unknown(inner.place(*node), name));
    for (const std::string& mark : inner.texts("is", true)) map.marks[mark] = quality.value_or(sensing::good);
  }
  std::set<std::string> columns;
  for (const pack::Node* node : fields.tables("measures")) {
    map.measures.push_back(read_measure(*node, path, problems));
    if (!columns.insert(map.measures.back().column).second)
      fields.fault(*node, "column", map.measures.back().column, "each column once");
  }
  if (map.measures.empty()) fields.fault("measures", "", "at least one measure");
  return map;
}

}  // namespace qipan::cmd
