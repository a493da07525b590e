#include "cmd/scenario.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/file.hpp"
#include "board/refold.hpp"
#include "cases/answers.hpp"
#include "cases/catalogue.hpp"
#include "cases/row.hpp"
#include "cmd/engines.hpp"
#include "cmd/scratch.hpp"
#include "pack/node_json.hpp"
#include "rules/review.hpp"
#include "sensing/codes.hpp"

namespace qipan::cmd {

namespace {

constexpr std::string_view scratch_start = "2026-01-05T00:00:00+08:00";

/// Plays one scenario file; `path` names it in problems.
class Player {
 public:
  Player(Scratch& scratch, const std::string& path, bool refold_each_step, pack::Problems& problems)
      : scratch_(scratch), path_(path), refold_(refold_each_step), problems_(problems) {}

  std::size_t play(const pack::Node& document) {
    pack::Fields fields(document, path_, problems_);
    std::ignore = fields.title("title");
    std::ignore = fields.texts("needs");
    std::size_t steps = 0;
    for (const std::string_view list : {"given", "steps"}) {
      for (const pack::Node* node : fields.tables(list)) {
        step(*node);
        ++steps;
      }
    }
    return steps;
  }

 private:
  void step(const pack::Node& node) {
    pack::Fields fields(node, path_, problems_);
    if (const std::string at = fields.text("at", false); !at.empty()) {
      const auto instant = parse_instant(at);
      if (!instant) return fields.fault("at", at, instant.error().rule);
      scratch_.clock().set(*instant);
    }
    scratch_.board().tick();
    const std::string kind = fields.text("command", false);
    const pack::Node* body = fields.table("body");
    const pack::Node* personal = fields.table("personal");
    const std::string actor = fields.text("actor", false, "operator");
    const std::string refused = fields.text("refused", false);
    if (!kind.empty()) decide(fields, command_of(kind, actor, body, personal), refused);
    for (const pack::Node* expected : fields.tables("expect")) expect(*expected);
    if (refold_) check_refold(fields);
  }

  board::Command command_of(const std::string& kind, const std::string& actor, const pack::Node* body,
                            const pack::Node* personal) {
    board::Command command;
    command.kind = kind;
    command.actor = actor_of(actor);
    if (body != nullptr) command.body = json_of(*body);
    if (command.body.has("responsible") && !command.body["responsible"].is_text())
      command.body.set("responsible", Json());
    if (personal != nullptr)
      for (const auto& [place, value] : personal->members) command.personal.push_back({place, value.text});
    return command;
  }

  void decide(pack::Fields& fields, board::Command command, const std::string& refused) {
    const std::string kind = command.kind;
    const auto outcome = scratch_.board().decide(std::move(command));
    if (outcome && !refused.empty()) fields.fault("refused", refused, "a refusal; the command was accepted");
    if (!outcome && outcome.error().code != refused)
      fields.fault("command", kind, refused.empty() ? "accepted" : "refused as " + refused,
                   outcome.error().line());
  }

  /// A login stands for its person.
  std::string actor_of(const std::string& actor) {
    auto statement = scratch_.database().prepare("SELECT id FROM unit_people WHERE login=?");
    statement.bind(actor);
    return statement.step() ? "person:" + std::to_string(statement.integer(0)) : actor;
  }

  void expect(const pack::Node& node) {
    pack::Fields fields(node, path_, problems_);
    if (node.find("alarms") != nullptr) {
      const auto wanted = fields.integer("alarms", 0, 0, 1'000'000);
      const auto found =
          scratch_.database().integer("SELECT count(*) FROM sensing_alarms WHERE state='active'");
      if (wanted != found)
        fields.fault("alarms", std::to_string(found), std::to_string(wanted) + " active alarms");
      return;
    }
    const auto id = fields.integer("case", 1, 1, 1'000'000);
    const auto row = cases::find_case(scratch_.database(), {id});
    if (!row) return fields.fault("case", std::to_string(id), "a case that exists");
    const auto compare = [&](std::string_view key, const std::string& found) {
      const pack::Node* wanted = node.find(key);
      if (wanted == nullptr) return;
      const std::string text =
          wanted->type == pack::Node::Type::boolean ? (wanted->boolean ? "true" : "false") : wanted->text;
      std::ignore =
          key == "lamp" || key == "rework"
              ? std::to_string(fields.integer(key, 0, 0, 1'000))
              : (key == "late" || key == "open" ? std::to_string(static_cast<int>(fields.boolean(key, false)))
                                                : fields.text(key));
      if (text != found) fields.fault(key, found, text);
    };
    compare("state", row->state);
    compare("lamp", std::to_string(row->lamp));
    compare("rework", std::to_string(row->rework));
    compare("late", row->late ? "true" : "false");
    compare("open", row->open ? "true" : "false");
    compare("responsible", code_of(row->responsible));
    compare("unit", code_of(row->unit));
    compare("due", row->due ? local_text(*row->due) : "none");
  }

  std::string code_of(UnitId unit) {
    auto statement = scratch_.database().prepare("SELECT code FROM unit_units WHERE id=?");
    statement.bind(unit.value);
    return statement.step() ? std::string(statement.text(0)) : "none";
  }

  /// Local time of China, as scenarios write it.
  static std::string local_text(Instant instant) {
    std::string text = format_instant(instant + china_offset);
    text.pop_back();
    return text + "+08:00";
  }

  void check_refold(pack::Fields& fields) {
    const auto verified = board::verify(scratch_.database(), ":memory:", scratch_.board().engines(),
                                        [](std::string_view, Position) {});
    if (!verified) fields.fault("", "", "views that equal a refold", verified.error().line());
  }

  Scratch& scratch_;
  const std::string& path_;
  bool refold_;
  pack::Problems& problems_;
};

}  // namespace

Result<std::vector<pack::Pack>> read_packs(const std::vector<std::string>& folders,
                                           pack::Problems& problems) {
  std::vector<pack::Pack> waiting;
  std::set<std::string> named;
  std::vector<std::string> open = folders;
  for (std::size_t i = 0; i < open.size(); ++i) {
    QIPAN_TRY(pack, pack::read_folder(open[i], problems));
    if (!named.insert(pack.name).second) continue;
    // What a pack needs is looked for beside it, so that one name is enough on the command line.
    const auto parent = std::filesystem::path(open[i]).lexically_normal().parent_path();
    for (const std::string& need : pack.needs) {
      const std::string beside = (parent / need).string();
      if (!named.contains(need) && file_exists(beside + "/pack.toml")) open.push_back(beside);
    }
    waiting.push_back(std::move(pack));
  }
  return pack::in_order_of_needs(std::move(waiting));
}

namespace {

/// Names of the packs that one needs, and those need, among these.
std::set<std::string> needs_of(const pack::Pack& pack, const std::vector<pack::Pack>& packs) {
  std::set<std::string> needed;
  std::vector<std::string> open = pack.needs;
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    if (!needed.insert(name).second) continue;
    for (const pack::Pack& one : packs)
      if (one.name == name) open.insert(open.end(), one.needs.begin(), one.needs.end());
  }
  return needed;
}

}  // namespace

Result<Checked> check_packs(const std::vector<pack::Pack>& packs, bool refold_each_step,
                            pack::Problems& problems) {
  Checked checked;
  QIPAN_TRY(start, parse_instant(scratch_start));
  {
    Scratch whole(start);
    for (const pack::Pack& pack : packs) whole.install(pack, true, problems);
    // Codes that rules ask for or answer are looked for in all packs together.
    if (problems.empty()) {
      board::Directory directory;
      directory.load(whole.database());
      const auto catalogue = cases::Catalogue::load(whole.database(), model_loader());
      for (const cases::CaseType* type : catalogue->all_newest())
        for (Problem& problem : cases::unknown_codes(*type, whole.database(), directory)) {
          problem.field = type->pack + "/" + problem.field;
          problems.push_back(std::move(problem));
        }
      for (Problem& problem : sensing::unknown_codes(whole.database()))
        problems.push_back(std::move(problem));
    }
  }
  // What scenarios of a faulty pack would say is no news.
  const bool plays = problems.empty();
  for (const pack::Pack& pack : packs) {
    rules::Review said = rules::review(pack.files);
    checked.decisions += said.tests.size();
    const auto within = [&](pack::Problems& from, pack::Problems& to) {
      for (Problem& problem : from) {
        problem.field = pack.name + "/" + problem.field;
        to.push_back(std::move(problem));
      }
    };
    within(said.problems, problems);
    within(said.notes, checked.warnings);
    if (!plays) continue;
    for (const std::string& file : pack.files_in("scenarios", ".toml")) {
      const std::string path = pack.name + "/" + file;
      const auto document = pack::parse_toml(path, pack.files.at(file));
      if (!document) {
        problems.push_back(document.error());
        continue;
      }
      // Each scenario starts from its packs alone, with its own pack's seeds and those of packs that it needs
      // and that bring no units of their own.
      Scratch scratch(start);
      const std::set<std::string> needed = needs_of(pack, packs);
      for (const pack::Pack& one : packs) {
        const bool seeds = needed.contains(one.name) && !one.files.contains("data/units.csv");
        scratch.install(one, one.name == pack.name || seeds, problems);
      }
      checked.steps += Player(scratch, path, refold_each_step, problems).play(*document);
      ++checked.scenarios;
    }
  }
  return checked;
}

}  // namespace qipan::cmd
