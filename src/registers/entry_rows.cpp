#include "registers/entry_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "base/instant.hpp"
#include "base/text.hpp"
#include "fields/type.hpp"
#include "geo/polygons.hpp"

namespace qipan::registers {

namespace {

/// A name as people write it in the first row of a sheet.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const std::string_view rest = name.substr(at);
    if (rest.starts_with("（") || rest.starts_with("(")) break;
    if (rest.starts_with("\u3000") || rest.starts_with("\xEF\xBB\xBF") || rest.starts_with("＊")) {
      at += 2;
      continue;
    }
    if (name[at] != ' ' && name[at] != '\t' && name[at] != '*' && name[at] != '\n') plain += name[at];
  }
  return lower_case(plain);
}

/// Columns that are no fields, by what they are called in exports and by others.
struct Called {
  const char* target;
  std::array<const char*, 6> names;
};
constexpr Called places[] = {{"entry", {"entry", "记录号", "", "", "", ""}},
                             {"version", {"version", "entryversion", "记录版本", "", "", ""}},
                             {"x", {"x", "经度", "longitude", "lon", "lng", ""}},
                             {"y", {"y", "纬度", "latitude", "lat", "", ""}},
                             {"unit", {"unit", "管理单位", "所属单位", "", "", ""}}};
constexpr std::array<const char*, 9> by_themselves = {"id",      "number",   "编号",    "retired", "已注销",
                                                      "created", "登记时间", "changed", "变更时间"};

template <std::size_t count>
bool is_one_of(std::string_view name, const std::array<const char*, count>& names) {
  return !name.empty() && std::find(names.begin(), names.end(), name) != names.end();
}

bool is_target(const Register& declared, std::string_view target) {
  const Field* field = declared.field(target);
  if (field != nullptr) return field->is_said() && !field->type->attributes().contents;
  return target == "unit" || target == "x" || target == "y" || target == "entry" || target == "version";
}

/// Empty where nothing is called so.
std::string target_of(const Register& declared, const std::string& column) {
  if (is_target(declared, column)) return column;
  const std::string name = plain_name(column);
  for (const Field& field : declared.fields) {
    const bool called = plain_name(field.name) == name || plain_name(field.title.zh) == name ||
                        plain_name(field.title.en) == name;
    if (called && is_target(declared, field.name)) return field.name;
  }
  for (const Called& place : places)
    if (is_one_of(name, place.names)) return place.target;
  return "";
}

tl::unexpected<Problem> unfit_match(const std::string& column, const std::string& target, std::string rule) {
  return invalid("match-unfit", column, target, std::move(rule), "match it otherwise, or to nothing");
}

}  // namespace

Result<Matching> match_columns(const Register& declared, const std::vector<std::string>& header,
                               const std::map<std::string, std::string>& said) {
  for (const auto& [column, target] : said) {
    if (std::find(header.begin(), header.end(), column) == header.end())
      return unfit_match(column, target, "a column of the file");
    if (!target.empty() && !is_target(declared, target))
      return unfit_match(column, target, "a field of " + declared.name + " that can be said, or x, y, unit");
  }
  Matching matching;
  std::map<std::string, std::string> taken;
  for (const std::string& column : header) {
    const auto own = said.find(column);
    const std::string target = own != said.end() ? own->second : target_of(declared, column);
    if (!target.empty()) {
      const auto [first, fresh] = taken.emplace(target, column);
      if (!fresh) return unfit_match(column, target, "a place to which " + first->second + " does not go");
    } else if (own == said.end() && !is_one_of(plain_name(column), by_themselves)) {
      matching.unknown.push_back(column);
    }
    matching.targets.push_back(target);
  }
  if (taken.contains("x") != taken.contains("y"))
    return unfit_match(taken.contains("x") ? taken["x"] : taken["y"], "", "longitude and latitude, both");
  return matching;
}

namespace {

/// "2026/3/1", "2026.3.1" and "2026年3月1日" as 2026-03-01, with what stands behind it.
std::string date_as_iso(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (rest.starts_with("年") || rest.starts_with("月")) {
      plain += '-';
      at += 2;
    } else if (rest.starts_with("日")) {
      at += 2;
    } else {
      plain += text[at] == '/' || text[at] == '.' ? '-' : text[at];
    }
  }
  std::array<int, 3> parts{};
  const char* at = plain.data();
  const char* const end = at + plain.size();
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const auto read = std::from_chars(at, end, parts[part]);
    const bool last = part + 1 == parts.size();
    if (read.ec != std::errc() || (!last && (read.ptr == end || *read.ptr != '-'))) return text;
    at = last ? read.ptr : read.ptr + 1;
  }
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(parts[0]) + "-" + two(parts[1]) + "-" + two(parts[2]) + std::string(at, end);
}

/// "2026-03-01 08:00:00" in the district's time.
std::string instant_as_iso(const std::string& text) {
  constexpr std::size_t day = 10;
  constexpr std::size_t to_the_minute = 16;
  std::string iso = date_as_iso(text);
  if (iso.size() == day) iso += " 00:00:00";
  if (iso.size() == to_the_minute) iso += ":00";
  if (iso.size() != day + 9 || iso[day] != ' ') return text;
  iso[day] = 'T';
  return iso + "+08:00";
}

/// The value of a choice by its title; what is a value already stays.
std::string option_called(const Field& field, std::string_view title) {
  const bool is_value = std::any_of(field.options.begin(), field.options.end(),
                                    [&](const fields::Option& option) { return option.value == title; });
  if (is_value) return std::string(title);
  for (const fields::Option& option : field.options)
    if (option.title.zh == title || option.title.en == title) return option.value;
  return std::string(title);
}

/// A cell as people write it, as the type reads it.
std::string as_written(const Field& field, const std::string& cell) {
  const std::string_view type = field.type->name();
  if (type == "date") return date_as_iso(cell);
  if (type == "instant") return instant_as_iso(cell);
  if (type == "choice") return option_called(field, cell);
  if (type == "boolean")
    return cell == "yes" || cell == "YES" ? "true" : cell == "no" || cell == "NO" ? "false" : cell;
  if (type != "choices" || cell.starts_with('[')) return cell;
  std::string all;
  for (std::size_t from = 0; from <= cell.size();) {
    const std::size_t wide = cell.find("；", from);
    const std::size_t end = std::min({cell.find(';', from), wide, cell.size()});
    std::string one = cell.substr(from, end - from);
    while (!one.empty() && one.front() == ' ') one.erase(0, 1);
    all += (all.empty() ? "" : ";") + option_called(field, one);
    from = end + (end == wide && end < cell.size() ? 3 : 1);
  }
  return all;
}

/// What an export hides says nothing of what stands there.
bool is_hidden(const std::string& cell) {
  static const std::set<std::string, std::less<>> hidden = {"[masked]", "［无权查看］", "[hidden]",
                                                            "[personal]", "［个人信息］"};
  return hidden.contains(cell);
}

void note(pack::Problems& problems, const std::string& column, Problem problem) {
  problem.field = column;
  problems.push_back(std::move(problem));
}

}  // namespace

void EntryReader::read_value(const Field& field, const std::string& cell, board::Command& command,
                             Json& values, pack::Problems& problems) const {
  const std::string path = "values/" + field.name;
  if (is_hidden(cell)) {
    problems.push_back({Problem::Kind::invalid, "cell-hidden", path, cell,
                        "a value that was not hidden when the file was made", "empty the cell"});
    return;
  }
  auto value = field.type->from_cell(field, as_written(field, cell), path);
  auto read = value ? field.type->read(field, *value, path) : std::move(value);
  if (!read) {
    if (field.personal()) read.error().value.clear();
    return note(problems, path, read.error());
  }
  if (field.personal()) {
    command.personal.push_back({path, read->is_text() ? read->text() : read->dump()});
  } else {
    values.set(field.name, std::move(*read));
  }
}

Result<std::pair<std::int64_t, std::int64_t>> EntryReader::place(std::string_view longitude,
                                                                 std::string_view latitude) const {
  QIPAN_TRY(x, geo::parse_degrees(longitude, 180));
  QIPAN_TRY(y, geo::parse_degrees(latitude, 90));
  if (system_ == geo::CoordinateSystem::wgs84 || system_ == geo::CoordinateSystem::cgcs2000)
    return std::pair(x, y);
  // Numbers they are by now; more digits than are kept move the place where it came from.
  constexpr double parts = 1e7;
  const auto degrees = [](std::string_view text) { return std::strtod(std::string(text).c_str(), nullptr); };
  const geo::Degrees moved = geo::to_wgs84({degrees(longitude), degrees(latitude)}, system_);
  return std::pair<std::int64_t, std::int64_t>(std::llround(moved.longitude * parts),
                                               std::llround(moved.latitude * parts));
}

void EntryReader::read_point(const std::string& longitude, const std::string& latitude,
                             board::Command& command, pack::Problems& problems) const {
  const auto read = place(longitude, latitude);
  if (!read) return note(problems, "x, y", read.error());
  command.body.set("x", read->first).set("y", read->second);
}

Result<Json> EntryReader::ring(const Json& positions) const {
  Json flat = Json::array();
  if (!positions.is_array()) return invalid("geometry-unreadable", "geometry", "", "rings of positions");
  for (const Json& position : positions.items()) {
    const bool fits = position.is_array() && position.items().size() >= 2 &&
                      position.items()[0].is_number() && position.items()[1].is_number();
    if (!fits) return invalid("geometry-unreadable", "geometry", position.dump(), "positions of two numbers");
    QIPAN_TRY(read, place(position.items()[0].number_text(), position.items()[1].number_text()));
    flat.push(read.first);
    flat.push(read.second);
  }
  const auto& numbers = flat.items();
  // RFC 7946 §3.1.6: the first and the last position are the same.
  if (numbers.size() < 8 || numbers[0] != numbers[numbers.size() - 2] || numbers[1] != numbers.back())
    return invalid("geometry-not-closed", "geometry",
                   positions.items().empty() ? "" : positions.items().back().dump(),
                   "a ring of four or more positions whose last is its first", "close the ring");
  return flat;
}

void EntryReader::read_geometry(const Json& geometry, board::Command& command,
                                pack::Problems& problems) const {
  if (geometry.is_null()) return;
  const std::string type = geometry.text_or("type", "");
  const Json& coordinates = geometry["coordinates"];
  if (type == "Point") {
    const bool fits = coordinates.is_array() && coordinates.items().size() >= 2 &&
                      coordinates.items()[0].is_number() && coordinates.items()[1].is_number();
    if (fits)
      return read_point(coordinates.items()[0].number_text(), coordinates.items()[1].number_text(), command,
                        problems);
    problems.push_back({Problem::Kind::invalid, "geometry-unreadable", "geometry", coordinates.dump(),
                        "a position of two numbers", ""});
    return;
  }
  if (type != "Polygon" || !coordinates.is_array()) {
    problems.push_back({Problem::Kind::invalid, "geometry-type", "geometry", type, "Point or Polygon", ""});
    return;
  }
  Json rings = Json::array();
  for (const Json& one : coordinates.items()) {
    auto flat = ring(one);
    if (!flat) return note(problems, "geometry", flat.error());
    rings.push(std::move(*flat));
  }
  if (const auto polygon = geo::polygon_from_json(rings); !polygon)
    return note(problems, "geometry", polygon.error());
  command.body.set("geometry", std::move(rings));
}

bool Matching::edits() const {
  const auto has = [&](std::string_view target) {
    return std::find(targets.begin(), targets.end(), target) != targets.end();
  };
  return has("entry") && has("version");
}

bool EntryReader::read_entry(const tables::Row& row, board::Command& command,
                             pack::Problems& problems) const {
  const auto cell_of = [&](std::string_view target) -> std::string {
    const auto at = static_cast<std::size_t>(
        std::find(matching_.targets.begin(), matching_.targets.end(), target) - matching_.targets.begin());
    return at < row.cells.size() ? row.cells[at] : "";
  };
  const std::string number = cell_of("entry");
  if (!matching_.edits() || number.empty()) return false;
  std::int64_t id = 0;
  const auto end = std::from_chars(number.data(), number.data() + number.size(), id).ptr;
  const bool is_number = end == number.data() + number.size() && id > 0;
  const auto changed = parse_instant(cell_of("version"));
  if (!is_number)
    note(problems, "entry",
         {Problem::Kind::invalid, "entry-unreadable", "", shortened(number), "the number of an entry",
          "leave the column as it was; empty it to add an entry"});
  if (!changed)
    note(problems, "version",
         {Problem::Kind::invalid, "version-unreadable", "", shortened(cell_of("version")),
          "the version as the file had it", "leave the column as it was"});
  if (is_number && changed) command.body.set("id", id).set("version", *changed);
  return true;
}

board::Command EntryReader::read(const tables::Row& row, pack::Problems& problems) const {
  board::Command command;
  command.kind = "register.add";
  command.actor = actor_;
  command.body.set("register", declared_.name);
  if (row.fault) problems.push_back(*row.fault);
  const bool edits = read_entry(row, command, problems);
  Json values = Json::object();
  std::string longitude;
  std::string latitude;
  for (std::size_t at = 0; at < matching_.targets.size() && at < row.cells.size(); ++at) {
    const std::string& target = matching_.targets[at];
    const std::string& cell = row.cells[at];
    const Field* field = declared_.field(target);
    if (edits && field != nullptr && (is_hidden(cell) || (cell.empty() && field->personal()))) continue;
    if (edits && field != nullptr && cell.empty()) values.set(field->name, Json());
    if (target.empty() || cell.empty()) continue;
    if (field != nullptr) read_value(*field, cell, command, values, problems);
    if (field != nullptr) continue;
    if (target == "x") longitude = cell;
    if (target == "y") latitude = cell;
    if (target == "unit") command.body.set("unit", cell);
  }
  command.body.set("values", std::move(values));
  if (!longitude.empty() || !latitude.empty()) read_point(longitude, latitude, command, problems);
  read_geometry(row.geometry, command, problems);
  return command;
}

}  // namespace qipan::registers
