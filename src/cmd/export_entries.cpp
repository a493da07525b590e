#include <fmt/format.h>

#include <cmath>
#include <fstream>

#include "base/text.hpp"
#include "board/collections.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/verbs.hpp"
#include "fields/type.hpp"
#include "geo/coordinates.hpp"
#include "pack/csv.hpp"
#include "query/question.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::cmd {

namespace {

/// In shifted systems with two digits more, so that the place comes back as it was.
std::string degrees_text(double degrees, geo::CoordinateSystem system) {
  const bool shifted = system == geo::CoordinateSystem::gcj02 || system == geo::CoordinateSystem::bd09;
  std::string text = fmt::format("{:.{}f}", degrees, shifted ? 9 : 7);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

/// Positions of GeoJSON in the system that was asked for; numbers as they are printed.
Json moved(const Json& coordinates, geo::CoordinateSystem system) {
  const auto number = [](const Json& json) { return std::strtod(json.number_text().c_str(), nullptr); };
  if (!coordinates.items().empty() && coordinates.items()[0].is_number()) {
    const geo::Degrees place =
        geo::from_wgs84({number(coordinates.items()[0]), number(coordinates.items()[1])}, system);
    return Json(Json::Array{Json(Json::Decimal{degrees_text(place.longitude, system)}),
                            Json(Json::Decimal{degrees_text(place.latitude, system)})});
  }
  Json list = Json::array();
  for (const Json& one : coordinates.items()) list.push(moved(one, system));
  return list;
}

/// One file of a register's entries, written row by row.
class Export {
 public:
  Export(const ExportOptions& options, const query::Question& question, const board::UnitCodes& units,
         geo::CoordinateSystem system)
      : question_(question),
        units_(units),
        system_(system),
        geojson_(lower_case(options.file).ends_with("json")),
        file_(options.file, std::ios::binary) {}

  void begin(bool located) {
    located_ = located;
    if (geojson_) return write("{\"type\":\"FeatureCollection\",\"features\":[");
    std::string header = "\xEF\xBB\xBF";
    for (const query::Property* property : question_.properties())
      header += (header.size() == 3 ? "" : ",") + pack::csv_cell(property->field.name);
    write(header + (located_ ? ",x,y\r\n" : "\r\n"));
  }
  void add(const query::Row& row) {
    Json geometry = row.geometry;
    if (!geometry.is_null()) geometry.set("coordinates", moved(row.geometry["coordinates"], system_));
    geojson_ ? add_feature(row, std::move(geometry)) : add_line(row, geometry);
    ++rows_;
  }
  bool end() {
    if (geojson_) write("\n]}\n");
    return static_cast<bool>(file_.flush());
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  void write(const std::string& text) { file_.write(text.data(), static_cast<std::streamsize>(text.size())); }
  [[nodiscard]] Json value(const query::Row& row, std::size_t at) const {
    const Json& value = row.values[at];
    return question_.properties()[at]->of_unit && value.is_integer() ? Json(units_.code_of(value.integer()))
                                                                     : value;
  }
  void add_line(const query::Row& row, const Json& geometry) {
    std::string line;
    for (std::size_t at = 0; at < row.values.size(); ++at) {
      const Json cell = value(row, at);
      line += at == 0 ? "" : ",";
      if (!cell.is_null())
        line += pack::csv_cell(
            question_.properties()[at]->of_unit
                ? cell.text()
                : question_.properties()[at]->field.type->cell(question_.properties()[at]->field, cell));
    }
    if (located_ && geometry.is_null()) line += ",,";
    if (located_ && !geometry.is_null())
      line += "," + geometry["coordinates"].items()[0].number_text() + "," +
              geometry["coordinates"].items()[1].number_text();
    write(line + "\r\n");
  }
  void add_feature(const query::Row& row, Json geometry) {
    Json properties = Json::object();
    for (std::size_t at = 0; at < row.values.size(); ++at) {
      Json one = value(row, at);
      if (!one.is_null()) properties.set(question_.properties()[at]->field.name, std::move(one));
    }
    write((rows_ == 0 ? "\n" : ",\n") + Json::object()
                                            .set("type", "Feature")
                                            .set("geometry", std::move(geometry))
                                            .set("properties", std::move(properties))
                                            .dump());
  }

  const query::Question& question_;
  const board::UnitCodes& units_;
  geo::CoordinateSystem system_;
  bool geojson_;
  bool located_ = false;
  std::ofstream file_;
  std::int64_t rows_ = 0;
};

/// Columns that go in again: what somebody says, but for what lies in the vault or the content store.
std::string columns_of(const query::Collection& collection) {
  std::string names;
  for (const query::Property& property : collection.properties) {
    const fields::Field& field = property.field;
    const bool own = field.name == "retired" || field.name == "created" || field.name == "changed";
    if (own || field.personal() || !field.is_said() || field.type->attributes().contents) continue;
    names += (names.empty() ? "" : ",") + field.name;
  }
  return names;
}

}  // namespace

int run_export(const ExportOptions& options) {
  Output output(options.json);
  const auto system = geo::coordinate_system_called(options.crs);
  if (!system)
    return output.problem(
        {Problem::Kind::invalid, "crs-unknown", "--crs", options.crs, "wgs84, cgcs2000, gcj02 or bd09", ""});
  auto district = board::District::open(options.data, make_engines, {.writes = false});
  if (!district) return output.problem(district.error());
  Database& reader = (*district)->board().database();
  const auto declared = registers::find_register(reader, options.collection);
  if (!declared)
    return output.problem({Problem::Kind::not_found, "register-unknown", "register", options.collection,
                           "a register of an installed pack", ""});
  board::Directory directory;
  directory.load(reader, (*district)->clock().now());
  const board::UnitCodes units(directory);
  const query::Collection collection = registers::collection_of(*declared);
  const auto collections = board::collections_of((*district)->board().engines(), reader);
  const board::AllSeen everything(collections, units);
  const std::string filter = options.filter.empty() ? "retired = false" : options.filter;
  const auto question = query::Question::ask(collection, everything.sight(),
                                             {.filter = filter, .properties = columns_of(collection)});
  if (!question) return output.problem(question.error());
  Export made(options, *question, units, *system);
  made.begin(collection.place == query::Collection::Place::point);
  const ReadTransaction one_moment(reader);
  question->each(reader, std::nullopt, INT64_MAX, [&](const query::Row& row, const query::Cursor&) {
    made.add(row);
    if (made.rows() % 1'000 == 0) output.progress(std::to_string(made.rows()) + " entries");
    return true;
  });
  if (!made.end())
    return output.problem({Problem::Kind::unavailable, "file-unwritable", options.file, "",
                           "a file that can be written, with room", "free space and try again"});
  output.result(Json::object().set("register", options.collection).set("entries", made.rows()),
                std::to_string(made.rows()) + " entries of " + options.collection + " in " + options.file);
  return exit_done;
}

}  // namespace qipan::cmd
