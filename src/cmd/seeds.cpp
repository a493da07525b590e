#include "cmd/seeds.hpp"

#include <filesystem>

#include "board/subject.hpp"
#include "pack/csv.hpp"
#include "registers/entry_rows.hpp"

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

}  // namespace

std::vector<Command> register_rows(const registers::Register& declared, const std::string& path,
                                   std::string bytes, pack::Problems& problems) {
  std::vector<Command> commands;
  const auto rows = tables::rows_of(path, std::move(bytes));
  if (!rows) {
    problems.push_back(rows.error());
    return commands;
  }
  auto matching = registers::match_columns(declared, (*rows)->header(), {});
  if (!matching) {
    note(problems, path, matching.error());
    return commands;
  }
  for (const std::string& column : matching->unknown)
    note(problems, path,
         {Problem::Kind::invalid, "csv-column", "", column, "a column that is known here",
          "mend its name, or remove it"});
  if (!matching->unknown.empty()) return commands;
  const registers::EntryReader reader(declared, std::move(*matching), geo::CoordinateSystem::wgs84,
                                      "operator");
  tables::Row row;
  for (;;) {
    const auto more = (*rows)->next(row);
    if (!more) problems.push_back(more.error());
    if (!more || !*more) return commands;
    pack::Problems own;
    Command command = reader.read(row, own);
    for (const Problem& problem : own)
      note(problems, path + " " + std::string((*rows)->called()) + " " + std::to_string(row.number), problem);
    if (own.empty()) commands.push_back(std::move(command));
  }
}

namespace {

/// 0 where no entry that is not retired has it.
std::int64_t entry_with_key(const registers::Register& declared, std::string_view key, Database& database) {
  const fields::Field& field = *declared.field(declared.key);
  const auto read = field.type->read(field, std::string(key), declared.key);
  return read ? registers::entry_of_key(database, declared, *read) : 0;
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
      auto more = register_rows(declared, found->first, found->second, problems);
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

void check_seed_files(const pack::Pack& pack, const registers::Registers& registers,
                      pack::Problems& problems) {
  for (const auto& [path, bytes] : pack.files) {
    if (!path.starts_with("data/")) continue;
    const std::filesystem::path file(path);
    const std::string name = file.stem().string();
    const bool table = file.extension() == ".csv" || file.extension() == ".geojson";
    const bool known = registers.contains(name) ||
                       (file.extension() == ".csv" &&
                        (name == "units" || name == "people" || name == "classes" || name == "mandates"));
    if (table && known) continue;
    problems.push_back({Problem::Kind::invalid, "pack-fault", pack.name + "/" + path, "",
                        "a CSV or GeoJSON file called like a register, or units, people, classes or mandates",
                        "mend its name, name the pack of the register in needs, or remove it"});
  }
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
