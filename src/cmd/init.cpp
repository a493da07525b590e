#include <algorithm>
#include <iostream>

#include "base/crypto.hpp"
#include "base/password.hpp"
#include "board/directory.hpp"
#include "board/pack_engine.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/scenario.hpp"
#include "cmd/seeds.hpp"
#include "cmd/verbs.hpp"

namespace qipan::cmd {

namespace {

/// Enters seeds in batches; the first refusal of each row is noted and the rest goes on.
void enter(board::Board& board, std::vector<board::Command> commands, const std::string& name, Output& output,
           bool upgrade, pack::Problems& problems) {
  std::size_t done = 0;
  board.decide(commands, [&](std::size_t index, const board::Outcome& outcome) {
    output.progress(name + ": " + std::to_string(++done) + " of " + std::to_string(commands.size()) +
                    " entries");
    // An upgrade brings its seeds again: what is there already stays as the district has made it.
    if (outcome || (upgrade && outcome.error().kind == Problem::Kind::conflict)) return;
    Problem problem = outcome.error();
    problem.field = name + "/data " + commands[index].kind + " " + problem.field;
    problems.push_back(std::move(problem));
  });
}

/// All together as the next set, then the seeds of one after the other.
void install(board::Board& board, std::span<const pack::Pack> packs, const std::string& password_hash,
             Output& output, pack::Problems& problems) {
  const board::PackSet before = board::set_in_force(board.database());
  const auto outcome = board::install_packs(board, packs);
  if (!outcome) return void(problems.push_back(outcome.error()));
  for (const pack::Pack& pack : packs) {
    const bool upgrade = before.version_of(pack.name) > 0;
    const registers::Registers registers = registers::load_registers(board.database());
    check_seed_files(pack, registers, problems);
    enter(board, seed_commands(pack, registers, password_hash, problems), pack.name, output, upgrade,
          problems);
    enter(board, mandate_commands(pack, board.database(), problems), pack.name, output, upgrade, problems);
  }
}

}  // namespace

int run_init(const InitOptions& options) {
  Output output(options.json);
  pack::Problems problems;
  const auto packs = read_packs(options.packs, problems);
  if (!packs) return output.problem(packs.error());
  if (problems.empty()) {
    const auto checked = check_packs(*packs, false, problems);
    if (!checked) return output.problem(checked.error());
  }
  if (!problems.empty()) return output.problems(problems);
  std::optional<ManualClock> asserted;
  if (!options.founded.empty()) {
    const auto founded = parse_instant(options.founded);
    if (!founded) return output.problem(founded.error());
    asserted.emplace(*founded);
  }
  auto district =
      board::District::create(options.data, {options.origin, {options.title_zh, options.title_en}},
                              make_engines, {.clock = asserted ? &*asserted : nullptr});
  if (!district) return output.problem(district.error());
  const std::string hash = options.password.empty() ? "" : password_hash(options.password);
  install((*district)->board(), *packs, hash, output, problems);
  if (!problems.empty()) return output.problems(problems);
  auto& board = (*district)->board();
  Json json = Json::object();
  json.set("data", options.data)
      .set("facts", board.next_position())
      .set("packs", static_cast<std::int64_t>(packs->size()));
  json.set("key", log::verifier_of((*district)->signing_key()).text());
  output.result(json, "district in " + options.data + ": " + std::to_string(packs->size()) + " packs, " +
                          std::to_string(board.next_position()) + " facts\nlog key " + json["key"].text());
  return exit_done;
}

namespace {

/// Told, but not in the way: gaps may be meant, and an author knows better.
Json warnings_json(const pack::Problems& warnings) {
  Json list = Json::array();
  for (const Problem& warning : warnings) list.push(warning.field + ": " + warning.value);
  return list;
}

void tell(const pack::Problems& warnings, Output& output) {
  for (const Problem& warning : warnings) output.line("note: " + warning.field + " " + warning.value);
}

}  // namespace

/// What a pack needs and does not lie beside it is taken as the district has it.
static void add_installed(Database& database, std::vector<pack::Pack>& packs) {
  std::set<std::string> known;
  std::vector<std::string> open;
  for (const pack::Pack& pack : packs) {
    known.insert(pack.name);
    open.insert(open.end(), pack.needs.begin(), pack.needs.end());
  }
  const auto installed = board::installed_packs(database);
  std::vector<pack::Pack> found;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto one = std::find_if(installed.begin(), installed.end(),
                                  [&](const board::InstalledPack& pack) { return pack.name == open[i]; });
    if (one == installed.end() || !known.insert(open[i]).second) continue;
    auto pack = board::load_pack(database, one->name, one->version);
    if (!pack) continue;
    open.insert(open.end(), pack->needs.begin(), pack->needs.end());
    found.insert(found.begin(), std::move(*pack));
  }
  packs.insert(packs.begin(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
}

int run_install(const InstallOptions& options) {
  Output output(options.json);
  pack::Problems problems;
  // Whole and with its seeds and scenarios on a board in memory first: a pack that fails leaves the district
  // unchanged.
  auto packs = read_packs(options.packs, problems);
  if (!packs) return output.problem(packs.error());
  std::vector<pack::Pack> asked;
  for (const std::string& folder : options.packs) {
    auto pack = pack::read_folder(folder, problems);
    if (!pack) return output.problem(pack.error());
    asked.push_back(std::move(*pack));
  }
  auto ordered = pack::in_order_of_needs(std::move(asked));
  if (!ordered) return output.problem(ordered.error());
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  add_installed((*district)->board().database(), *packs);
  if (problems.empty()) {
    const auto checked = check_packs(*packs, false, problems);
    if (!checked) return output.problem(checked.error());
    tell(checked->warnings, output);
  }
  if (!problems.empty()) return output.problems(problems);
  auto& board = (*district)->board();
  // All faults of the first at once; what those behind it miss may come with those before.
  std::ignore = board::check_pack(ordered->front(), board.engines(), board.database(), problems);
  if (!problems.empty()) return output.problems(problems);
  install(board, *ordered, "", output, problems);
  if (!problems.empty()) return output.problems(problems);
  const std::int64_t set = board::set_in_force(board.database()).number;
  Json versions = Json::object();
  std::string told;
  for (const pack::Pack& pack : *ordered) {
    versions.set(pack.name, pack.version);
    told += (told.empty() ? "" : ", ") + pack.name + " " + std::to_string(pack.version);
  }
  output.result(Json::object().set("packs", std::move(versions)).set("set", set),
                "installed " + told + ": set " + std::to_string(set));
  return exit_done;
}

/// A password from standard input: never on the command line, where every user of the machine reads it.
static Result<std::string> read_password(const std::string& login) {
  std::string password;
  std::getline(std::cin, password);
  QIPAN_CHECK(check_password(password, {login}));
  return password_hash(password);
}

int run_password(const PasswordOptions& options) {
  Output output(options.json);
  const auto hash = read_password(options.login);
  if (!hash) return output.problem(hash.error());
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  board::Command command;
  command.actor = "operator";
  command.body.set("login", options.login);
  if (options.clear_second_factor) {
    board::Command clear = command;
    clear.kind = "unit.clear_second_factor";
    clear.body.set("reason", "qipan password --clear-second-factor");
    if (const auto cleared = (*district)->board().decide(std::move(clear)); !cleared)
      return output.problem(cleared.error());
  }
  command.kind = "unit.set_password";
  command.personal.push_back({"password", *hash});
  const auto outcome = (*district)->board().decide(std::move(command));
  if (!outcome) return output.problem(outcome.error());
  output.result(Json::object().set("login", options.login), "password of " + options.login + " set");
  return exit_done;
}

int run_appoint(const AppointOptions& options) {
  Output output(options.json);
  const auto hash = read_password(options.login);
  if (!hash) return output.problem(hash.error());
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();
  board::Directory directory;
  directory.load(board.database());
  const board::Unit* root = directory.unit(directory.root());
  if (root == nullptr)
    return output.problem({Problem::Kind::conflict, "unit-missing", "--data", options.data,
                           "a district that has units", "install a pack that brings them"});
  const auto command = [&](const char* kind) {
    board::Command made;
    made.kind = kind;
    made.actor = "operator";
    made.body.set("login", options.login);
    return made;
  };
  auto known = board.database().prepare("SELECT active FROM unit_people WHERE login=?");
  known.bind(options.login);
  board::Command person = command("unit.add_person");
  if (known.step()) {
    person = command("unit.set_password");
  } else {
    person.body.set("unit", root->code).set("title_zh", options.login).set("title_en", options.login);
  }
  person.personal.push_back({"password", *hash});
  if (const auto outcome = board.decide(std::move(person)); !outcome) return output.problem(outcome.error());
  board::Command post = command("unit.give_post");
  post.body.set("role", options.role).set("unit", root->code);
  const auto outcome = board.decide(std::move(post));
  if (!outcome && outcome.error().code != "post-held") return output.problem(outcome.error());
  output.result(Json::object().set("login", options.login).set("role", options.role).set("unit", root->code),
                options.login + " is " + options.role + " of " + root->code);
  return exit_done;
}

int run_check(const CheckOptions& options) {
  Output output(options.json);
  pack::Problems problems;
  const auto packs = read_packs(options.packs, problems);
  if (!packs) return output.problem(packs.error());
  // An author sees all faults at once, of whatever kind.
  const auto checked = check_packs(*packs, options.refold_each_step, problems);
  if (!checked) return output.problem(checked.error());
  tell(checked->warnings, output);
  if (!problems.empty()) return output.problems(problems);
  Json json = Json::object();
  json.set("packs", static_cast<std::int64_t>(packs->size()))
      .set("scenarios", static_cast<std::int64_t>(checked->scenarios));
  json.set("steps", static_cast<std::int64_t>(checked->steps))
      .set("decisions", static_cast<std::int64_t>(checked->decisions))
      .set("warnings", warnings_json(checked->warnings));
  output.result(json, std::to_string(packs->size()) + " packs, " + std::to_string(checked->scenarios) +
                          " scenarios, " + std::to_string(checked->steps) + " steps, " +
                          std::to_string(checked->decisions) + " decisions: all hold");
  return exit_done;
}

}  // namespace qipan::cmd
