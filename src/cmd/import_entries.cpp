#include <map>

#include "base/file.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/seeds.hpp"
#include "cmd/verbs.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::cmd {

namespace {

/// Keys that stand twice in the file, or in the register already.
void note_known_keys(const registers::Register& declared, const std::string& file,
                     const std::vector<board::Command>& commands, Database& database,
                     pack::Problems& problems) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Json& key = commands[i].body["values"][declared.key];
    if (!key.is_text()) continue;
    const std::string place = file + " entry " + std::to_string(i + 1) + " values/" + declared.key;
    const auto [first, fresh] = seen.emplace(key.text(), i + 1);
    if (!fresh)
      problems.push_back({Problem::Kind::conflict, "entry-twice", place, shortened(key.text()),
                          "a key that entry " + std::to_string(first->second) + " does not have",
                          "leave one of them out"});
    auto statement = database.prepare("SELECT id FROM " + quoted_name(declared.table()) + " WHERE " +
                                      quoted_name(declared.key) + "=? AND retired=0");
    statement.bind(key.text());
    if (statement.step())
      problems.push_back({Problem::Kind::conflict, "entry-known", place, shortened(key.text()),
                          "a key that is not taken",
                          "change entry " + std::to_string(statement.integer(0)) + " instead"});
  }
}

}  // namespace

int run_import_entries(const ImportEntriesOptions& options) {
  Output output(options.json);
  const auto bytes = read_file(options.file);
  if (!bytes) return output.problem(bytes.error());
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();
  const auto registers = registers::load_registers(board.database());
  const auto declared = registers.find(options.register_name);
  if (declared == registers.end()) {
    return output.problem({Problem::Kind::not_found, "register-unknown", "register", options.register_name,
                           "a register of an installed pack", ""});
  }
  pack::Problems problems;
  const bool geojson = options.file.ends_with(".geojson") || options.file.ends_with(".json");
  auto commands = geojson ? register_features(declared->second, options.file, *bytes, problems)
                          : register_rows(declared->second, options.file, *bytes, problems);
  note_known_keys(declared->second, options.file, commands, board.database(), problems);
  // Nothing half-applied: a file with a bad row enters nothing, and every bad row is named.
  if (!problems.empty()) return output.problems(problems);
  std::int64_t added = 0;
  board.decide(commands, [&](std::size_t index, const board::Outcome& outcome) {
    output.progress(std::to_string(index + 1) + " of " + std::to_string(commands.size()) + " entries");
    added += outcome ? 1 : 0;
    if (outcome) return;
    Problem problem = outcome.error();
    problem.field = options.file + " entry " + std::to_string(index + 1) + " " + problem.field;
    problems.push_back(std::move(problem));
  });
  if (!problems.empty()) {
    output.line(std::to_string(added) + " of " + std::to_string(commands.size()) + " entries were added");
    return output.problems(problems);
  }
  output.result(Json::object().set("register", options.register_name).set("added", added),
                std::to_string(added) + " entries added to " + options.register_name);
  return exit_done;
}

}  // namespace qipan::cmd
