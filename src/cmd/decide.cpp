#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "cases/replay.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/verbs.hpp"
#include "rules/decision_model.hpp"

namespace qipan::cmd {

namespace {

namespace fs = std::filesystem;

/// The model's file with what lies beside it, and the parameters of the pack whose rules/ it is in.
Result<expr::PackFiles> files_around(const fs::path& model, std::string& name) {
  QIPAN_TRY(bytes, read_file(model.string()));
  expr::PackFiles files;
  const fs::path folder = model.has_parent_path() ? model.parent_path() : fs::path(".");
  name = "rules/" + model.filename().string();
  files.emplace(name, std::move(bytes));
  const auto add = [&](const fs::path& from, const std::string& prefix,
                       std::string_view ending) -> Result<void> {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(from, error)) {
      if (!entry.path().string().ends_with(ending)) continue;
      QIPAN_TRY(content, read_file(entry.path().string()));
      files.emplace(prefix + entry.path().filename().string(), std::move(content));
    }
    return {};
  };
  QIPAN_CHECK(add(folder, "rules/", ".dmn"));
  if (folder.filename() == "rules")
    QIPAN_CHECK(add(folder.parent_path() / "parameters", "parameters/", ".toml"));
  return files;
}

Result<Json> read_inputs(const std::string& given) {
  std::string text = given;
  if (given == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else if (given.starts_with('@')) {
    QIPAN_TRY(bytes, read_file(given.substr(1)));
    text = std::move(bytes);
  }
  QIPAN_TRY(json, parse_json(text));
  if (!json.is_object())
    return invalid("decide-input", "--input", text, "a JSON object of the inputs by name");
  return json;
}

std::string joined(const Json& texts) {
  std::string all;
  for (const Json& text : texts.items())
    all += (all.empty() ? "" : "; ") + (text.is_text() ? text.text() : text.dump());
  return all;
}

/// An explanation for a terminal: what was given, what each table said, what would have changed it.
std::string told(const Json& explained) {
  std::string out = explained.text_or("decision", "") + " = " + explained["outputs"].dump() + "\n";
  for (const Json& input : explained["inputs"].items())
    out += "  given    " + input.text_or("name", "") + " = " + input["value"].dump() + "\n";
  for (const Json& one : explained["parameters"].items())
    out += "  in force " + one.text_or("name", "") + " = " + one["value"].dump() + " since " +
           one.text_or("from", "") + " (" + one.text_or("source", "") + ")\n";
  for (const Json& step : explained["steps"].items()) {
    out += "  " + step.text_or("decision", "") + " = " + step["value"].dump() + "\n";
    for (const Json& table : step["tables"].items()) {
      if (table["rules"].items().empty()) out += "    no rule of " + table.text_or("name", "") + " holds\n";
      for (const Json& rule : table["rules"].items())
        out += "    rule " + rule.text_or("id", "") + ": " + joined(rule["tests"]) + " → " +
               joined(rule["outputs"]) +
               (joined(rule["annotations"]).empty() ? "" : "  [" + joined(rule["annotations"]) + "]") + "\n";
    }
  }
  for (const Json& one : explained["diagnostics"].items())
    out += "  note     " + one.text_or("text", "") + "\n";
  for (const Json& one : explained["alternatives"].items()) {
    out += "  else     " + joined(one["outputs"]) + " if";
    for (const Json& change : one["changes"].items())
      out += " " + change.text_or("input", "") + " were " + change["to"].dump() + " (" +
             change.text_or("test", "") + ")";
    out += "  [rule " + one.text_or("id", "") + ": " + joined(one["annotations"]) + "]\n";
  }
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

Result<cases::Replay> replay_over(const std::string& data, const expr::DecisionModel& model,
                                  const std::string& decision, Output& output) {
  QIPAN_TRY(district, board::District::open(data, make_engines, {.writes = false}));
  Database& database = district->board().database();
  board::Directory directory;
  directory.load(database);
  cases::ReplayQuestion question;
  question.model = &model;
  question.decision = decision;
  return cases::replay(database, directory, question, [&](const cases::Replay& so_far) {
    output.progress(std::to_string(so_far.compared) + " decisions compared");
  });
}

bool is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

/// As the user gave the path, not as the pack's folder has it.
Problem told_where(Problem problem, const std::string& name, const std::string& given) {
  if (problem.field.starts_with(name)) problem.field = given + problem.field.substr(name.size());
  return problem;
}

constexpr std::size_t replay_lines_max = 40;

int show_replay(const cases::Replay& replay, Output& output) {
  std::vector<std::pair<cases::ReplayChange, cases::ReplayCount>> changes(replay.changes.begin(),
                                                                          replay.changes.end());
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& one, const auto& other) { return one.second.count > other.second.count; });
  Json list = Json::array();
  std::string text;
  for (const auto& [change, count] : changes) {
    Json one = Json::object();
    one.set("before", change.before).set("after", change.after).set("class", change.case_class);
    one.set("unit", change.unit).set("count", count.count).set("first", count.first);
    list.push(std::move(one));
    if (list.items().size() > replay_lines_max) continue;
    text += "\n  " + std::to_string(count.count) + " × " + change.before + " → " + change.after + ", class " +
            (change.case_class.empty() ? "-" : change.case_class) + ", unit " +
            (change.unit.empty() ? "-" : change.unit) + ", first " + count.first;
  }
  if (changes.size() > replay_lines_max)
    text += "\n  and " + std::to_string(changes.size() - replay_lines_max) + " kinds more (--json tells all)";
  Json json = Json::object();
  json.set("compared", replay.compared)
      .set("changed", replay.changed)
      .set("other_models", replay.other_models);
  output.result(json.set("changes", std::move(list)),
                std::to_string(replay.compared) + " past decisions compared, " +
                    std::to_string(replay.changed) + " would be otherwise" + text);
  return exit_done;
}

}  // namespace

int run_decide(const DecideOptions& options) {
  Output output(options.json);
  std::string name;
  const auto files = files_around(options.model, name);
  if (!files) return output.problem(files.error());
  const auto model = rules::load_decisions(*files, name);
  if (!model) return output.problem(told_where(model.error(), name, options.model));
  // What is null because it is no FEEL, or can be nothing else: told, but a machine reads the answer alone.
  Json notes = Json::array();
  std::string told_notes;
  for (const auto& list : {(*model)->problems(), (*model)->warnings()}) {
    for (const Problem& problem : list) {
      if (problem.code == "dmn-gap" || problem.code == "dmn-not-examined") continue;
      const std::string line = told_where(problem, name, options.model).line();
      notes.push(line);
      told_notes += "\n  note     " + line;
    }
  }
  const auto decisions = (*model)->decisions();
  const std::string decision = options.decision.empty() ? decisions.back() : options.decision;
  if (!options.replay.empty()) {
    const auto replay = replay_over(options.replay, **model, decision, output);
    return replay ? show_replay(*replay, output) : output.problem(replay.error());
  }
  SystemClock clock;
  const auto day = options.day.empty() ? Result<Day>(china_day_of(clock.now())) : parse_day(options.day);
  if (!day) return output.problem(day.error());
  const auto inputs = read_inputs(options.input);
  if (!inputs) return output.problem(inputs.error());
  if (const auto known = (*model)->check_inputs(*inputs); !known) return output.problem(known.error());
  if (options.explain) {
    const auto explained = (*model)->explain(decision, *inputs, *day);
    if (!explained) return output.problem(explained.error());
    Json json = *explained;
    output.result(json.set("notes", std::move(notes)), told(*explained) + told_notes);
    return exit_done;
  }
  const auto decided = (*model)->decide(decision, *inputs, *day);
  if (!decided) return output.problem(decided.error());
  Json rules = Json::array();
  for (const std::string& rule : decided->rules) rules.push(rule);
  Json json = Json::object();
  json.set("decision", decision).set("outputs", decided->outputs).set("rules", std::move(rules));
  json.set("annotation", decided->annotation).set("notes", std::move(notes));
  output.result(json, decided->outputs.dump() + (is_terminal() ? told_notes : ""));
  return exit_done;
}

}  // namespace qipan::cmd
