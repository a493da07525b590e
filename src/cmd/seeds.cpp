#include "cmd/seeds.hpp"

#include "board/subject.hpp"
#include "geo/polygons.hpp"
#include "pack/csv.hpp"

namespace qipan::cmd {

using board::Command;

namespace {

constexpr std::size_t bad_rows_max = 1'000;

Command operator_command(std::string kind) {
  Command command;
  command.kind = std::move(kind);
  command.actor = "operator";
  return command;
}

void note(pack::Problems& problems, const std::string& place, Problem problem) {
  if (problems.size() >= bad_rows_max) return;
  problem.field = place + (problem.field.empty() ? "" : " " + problem.field);
  problems.push_back(std::move(problem));
}

/// Runs `row` for each whole row of a CSV file; rows of another length are noted.
template <class Row>
void each_row(const std::string& path, std::string_view bytes, const std::vector<std::string>& needed,
              pack::Problems& problems, Row row,
              const std::function<bool(const std::string&)>& may_have = {}) {
  const auto csv = pack::Csv::parse(path, bytes);
  if (!csv) return void(problems.push_back(csv.error()));
  // All that is wrong with the header at once, each column by its name.
  const std::size_t before = problems.size();
  for (const auto& column : needed) {
    if (!csv->has(column))
      note(problems, path + ":1",
           {Problem::Kind::invalid, "csv-column", column, "", "this column", "add it to the header"});
  }
  for (const auto& column : csv->header()) {
    if (may_have && !may_have(column) && std::find(needed.begin(), needed.end(), column) == needed.end())
      note(problems, path + ":1",
           {Problem::Kind::invalid, "csv-column", "", column, "a column that is known here",
            "mend its name, or remove it"});
  }
  if (problems.size() > before) return;
  for (const auto& one : csv->rows()) {
    const std::string place = path + ":" + std::to_string(one.line);
    if (!csv->is_whole(one)) {
      note(problems, place,
           {Problem::Kind::invalid, "csv-cells", "", std::to_string(one.cells.size()) + " cells",
            std::to_string(csv->header().size()) + " cells as in the header", "mend quotes and commas"});
      continue;
    }
    row(*csv, one, place);
  }
}

void unit_commands(const std::string& path, std::string_view bytes, std::vector<Command>& commands,
                   pack::Problems& problems) {
  each_row(
      path, bytes, {"code", "parent", "kind", "title_zh", "title_en"}, problems,
      [&](const pack::Csv& csv, const pack::CsvRow& row, const std::string& place) {
        Command command = operator_command("unit.create");
        for (const std::string_view column : {"code", "parent", "kind", "title_zh", "title_en", "calendar"}) {
          if (const auto cell = csv.cell(row, column); !cell.empty()) command.body.set(column, cell);
        }
        command.body.set("below_root", true);
        if (const auto cell = csv.cell(row, "geometry"); !cell.empty()) {
          auto rings = parse_json(cell);
          if (!rings) return note(problems, place, rings.error());
          command.body.set("geometry", std::move(*rings));
        }
        commands.push_back(std::move(command));
      });
}

void people_commands(const std::string& path, std::string_view bytes, const std::string& password_hash,
                     std::vector<Command>& commands, pack::Problems& problems) {
  each_row(path, bytes, {"login", "unit", "role", "title_zh", "title_en"}, problems,
           [&](const pack::Csv& csv, const pack::CsvRow& row, const std::string&) {
             Command person = operator_command("unit.add_person");
             for (const std::string_view column : {"login", "unit", "title_zh", "title_en"})
               person.body.set(column, csv.cell(row, column));
             if (!password_hash.empty()) person.personal.push_back({"password", password_hash});
             commands.push_back(std::move(person));
             if (csv.cell(row, "role").empty()) return;
             Command post = operator_command("unit.give_post");
             for (const std::string_view column : {"login", "unit", "role"})
               post.body.set(column, csv.cell(row, column));
             commands.push_back(std::move(post));
           });
}

void class_commands(const std::string& path, std::string_view bytes, std::vector<Command>& commands,
                    pack::Problems& problems) {
  each_row(
      path, bytes, {"type", "code", "parent", "title_zh", "title_en", "origin"}, problems,
      [&](const pack::Csv& csv, const pack::CsvRow& row, const std::string&) {
        Command command = operator_command("case.define_class");
        for (const std::string_view column : {"type", "code", "parent", "title_zh", "title_en", "origin"})
          command.body.set(column, csv.cell(row, column));
        commands.push_back(std::move(command));
      });
}

/// Longitude and latitude in degrees as x and y of a command.
Result<void> set_point(Command& command, std::string_view longitude, std::string_view latitude) {
  QIPAN_TRY(x, geo::parse_degrees(longitude, 180));
  QIPAN_TRY(y, geo::parse_degrees(latitude, 90));
  command.body.set("x", x).set("y", y);
  return {};
}

Result<void> set_values(Command& command, const registers::Register& declared, Json values) {
  QIPAN_TRY(checked, fields::read_values(fields::whole_form(declared.fields), values, "values",
                                         fields::Absent::refused));
  Json plain = Json::object();
  for (auto& [name, value] : checked.take_members()) {
    const fields::Field& field = *declared.field(name);
    if (field.type->attributes().contents)
      return invalid("content-not-here", "values/" + name, "",
                     "no photos or files: a file of entries has none", "upload them, and change the entry");
    const bool personal = field.personal();
    if (personal && !value.is_text())
      return invalid("personal-not-sealed", "values/" + name, "", "the value itself, as text", "");
    personal ? command.personal.push_back({"values/" + name, value.text()})
             : static_cast<void>(plain.add(name, std::move(value)));
  }
  command.body.set("register", declared.name).set("values", std::move(plain));
  return {};
}

Result<Json> ring_of(const Json& ring) {
  Json flat = Json::array();
  if (!ring.is_array()) return invalid("geometry-unreadable", "geometry", "", "rings of positions");
  for (const Json& position : ring.items()) {
    const bool fits = position.is_array() && position.items().size() >= 2 &&
                      position.items()[0].is_number() && position.items()[1].is_number();
    if (!fits) return invalid("geometry-unreadable", "geometry", position.dump(), "positions of two numbers");
    QIPAN_TRY(x, geo::parse_degrees(position.items()[0].number_text(), 180));
    QIPAN_TRY(y, geo::parse_degrees(position.items()[1].number_text(), 90));
    flat.push(x);
    flat.push(y);
  }
  const auto& numbers = flat.items();
  // RFC 7946 §3.1.6: the first and the last position are the same.
  if (numbers.size() < 8 || numbers[0] != numbers[numbers.size() - 2] || numbers[1] != numbers.back())
    return invalid("geometry-not-closed", "geometry", ring.items().empty() ? "" : ring.items().back().dump(),
                   "a ring of four or more positions whose last is its first", "close the ring");
  return flat;
}

Result<void> set_geometry(Command& command, const Json& geometry) {
  if (geometry.is_null()) return {};
  const std::string type = geometry.text_or("type", "");
  const Json& coordinates = geometry["coordinates"];
  if (type == "Point") {
    const bool fits = coordinates.is_array() && coordinates.items().size() >= 2 &&
                      coordinates.items()[0].is_number() && coordinates.items()[1].is_number();
    if (!fits)
      return invalid("geometry-unreadable", "geometry", coordinates.dump(), "a position of two numbers");
    return set_point(command, coordinates.items()[0].number_text(), coordinates.items()[1].number_text());
  }
  if (type != "Polygon" || !coordinates.is_array())
    return invalid("geometry-type", "geometry", type, "Point or Polygon");
  Json rings = Json::array();
  for (const Json& ring : coordinates.items()) {
    QIPAN_TRY(flat, ring_of(ring));
    rings.push(std::move(flat));
  }
  QIPAN_CHECK(geo::polygon_from_json(rings));
  command.body.set("geometry", std::move(rings));
  return {};
}

}  // namespace

std::vector<Command> register_rows(const registers::Register& declared, const std::string& path,
                                   std::string_view bytes, pack::Problems& problems) {
  std::vector<Command> commands;
  const auto is_place = [](std::string_view column) {
    return column == "x" || column == "y" || column == "unit";
  };
  each_row(
      path, bytes, {declared.key}, problems,
      [&](const pack::Csv& csv, const pack::CsvRow& row, const std::string& place) {
        Command command = operator_command("register.add");
        Json values = Json::object();
        for (const auto& column : csv.header()) {
          if (is_place(column)) continue;
          const std::string_view cell = csv.cell(row, column);
          if (cell.empty()) continue;
          const fields::Field& field = *declared.field(column);
          auto value = field.type->from_cell(field, cell, "values/" + column);
          if (!value) return note(problems, place, value.error());
          values.set(column, std::move(*value));
        }
        if (const auto set = set_values(command, declared, std::move(values)); !set)
          return note(problems, place, set.error());
        if (!csv.cell(row, "x").empty()) {
          if (const auto set = set_point(command, csv.cell(row, "x"), csv.cell(row, "y")); !set)
            return note(problems, place, set.error());
        }
        if (!csv.cell(row, "unit").empty()) command.body.set("unit", csv.cell(row, "unit"));
        commands.push_back(std::move(command));
      },
      [&](const std::string& column) { return is_place(column) || declared.field(column) != nullptr; });
  return commands;
}

std::vector<Command> register_features(const registers::Register& declared, const std::string& path,
                                       std::string_view bytes, pack::Problems& problems) {
  std::vector<Command> commands;
  const auto document = parse_json(bytes, {.bytes_max = 256U << 20U, .values_max = 20'000'000});
  if (!document) {
    note(problems, path, document.error());
    return commands;
  }
  if (document->text_or("type", "") != "FeatureCollection" || !(*document)["features"].is_array()) {
    note(problems, path,
         {Problem::Kind::invalid, "geojson-type", "type", document->text_or("type", ""),
          "a FeatureCollection", ""});
    return commands;
  }
  std::size_t number = 0;
  for (const Json& feature : (*document)["features"].items()) {
    const std::string place = path + " feature " + std::to_string(++number);
    Command command = operator_command("register.add");
    Json values = feature["properties"].is_object() ? feature["properties"] : Json::object();
    if (const auto set = set_values(command, declared, std::move(values)); !set) {
      note(problems, place, set.error());
      continue;
    }
    if (const auto set = set_geometry(command, feature["geometry"]); !set) {
      note(problems, place, set.error());
      continue;
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

namespace {

/// 0 where no entry that is not retired has it.
std::int64_t entry_with_key(const registers::Register& declared, std::string_view key, Database& database) {
  const fields::Field& field = *declared.field(declared.key);
  const auto read = field.type->read(field, std::string(key), declared.key);
  if (!read) return 0;
  auto statement = database.prepare("SELECT id FROM " + quoted_name(declared.table()) +
                                    " WHERE retired=0 AND " + quoted_name(declared.key) + "=?");
  field.type->bind(field, statement, *read);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace

std::vector<Command> seed_commands(const pack::Pack& pack, const registers::Registers& registers,
                                   const std::string& password_hash, pack::Problems& problems) {
  std::vector<Command> commands;
  const auto file = [&](const std::string& path) { return pack.files.find(path); };
  if (const auto found = file("data/units.csv"); found != pack.files.end())
    unit_commands(found->first, found->second, commands, problems);
  if (const auto found = file("data/people.csv"); found != pack.files.end())
    people_commands(found->first, found->second, password_hash, commands, problems);
  if (const auto found = file("data/classes.csv"); found != pack.files.end())
    class_commands(found->first, found->second, commands, problems);
  for (const auto& [name, declared] : registers) {
    for (const std::string ending : {".csv", ".geojson"}) {
      const auto found = file("data/" + declared.name + ending);
      if (found == pack.files.end()) continue;
      auto more = ending == ".csv" ? register_rows(declared, found->first, found->second, problems)
                                   : register_features(declared, found->first, found->second, problems);
      // A pack lies in the log and goes from hand to hand.
      const auto personal =
          std::find_if(more.begin(), more.end(), [](const Command& one) { return !one.personal.empty(); });
      if (personal != more.end())
        note(problems, found->first,
             {Problem::Kind::invalid, "pack-fault", personal->personal.front().field, "",
              "no personal values in a pack", "enter them with qipan import entries"});
      commands.insert(commands.end(), std::make_move_iterator(more.begin()),
                      std::make_move_iterator(more.end()));
    }
  }
  return commands;
}

std::vector<Command> mandate_commands(const pack::Pack& pack, Database& database, pack::Problems& problems) {
  std::vector<Command> commands;
  const auto found = pack.files.find("data/mandates.csv");
  if (found == pack.files.end()) return commands;
  const auto registers = registers::load_registers(database);
  each_row(found->first, found->second, {"login", "register", "key", "kinds", "reason"}, problems,
           [&](const pack::Csv& csv, const pack::CsvRow& row, const std::string& place) {
             const auto declared = registers.find(std::string(csv.cell(row, "register")));
             const std::int64_t id = declared == registers.end()
                                         ? 0
                                         : entry_with_key(declared->second, csv.cell(row, "key"), database);
             if (id == 0)
               return note(problems, place,
                           {Problem::Kind::invalid, "entry-unknown", "key", std::string(csv.cell(row, "key")),
                            "the key of an entry of the register", "enter it first"});
             Command command = operator_command("unit.give_mandate");
             command.body.set("login", csv.cell(row, "login")).set("reason", csv.cell(row, "reason"));
             command.body.set("party", board::subject_of(declared->first, id));
             if (const std::string_view kinds = csv.cell(row, "kinds"); !kinds.empty()) {
               Json list = Json::array();
               for (std::size_t from = 0; from <= kinds.size();) {
                 const std::size_t end = std::min(kinds.find(';', from), kinds.size());
                 list.push(kinds.substr(from, end - from));
                 from = end + 1;
               }
               command.body.set("kinds", std::move(list));
             }
             commands.push_back(std::move(command));
           });
  return commands;
}

}  // namespace qipan::cmd
