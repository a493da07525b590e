#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/verbs.hpp"
#include "log/log.hpp"
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

/// What a draft would have said of decisions that were made.
struct Replay {
  std::int64_t compared = 0;
  std::int64_t other_models = 0;
  struct Change {
    std::int64_t count = 0;
    std::string first;  // subject of an example
  };
  std::map<std::pair<std::string, std::string>, Change> changes;
};

void replay_one(const expr::DecisionModel& model, const std::string& decision, const Json& past, Day day,
                const std::string& subject, Replay& replay) {
  if (past.text_or("decision", "") != decision) return;
  std::set<std::string> asked;
  for (const auto& member : past["inputs"].members()) asked.insert(member.key);
  for (const std::string& input : model.inputs(decision)) asked.erase(input);
  if (!asked.empty()) {
    ++replay.other_models;
    return;
  }
  const auto stored = parse_day(past.text_or("day", ""));
  const auto now = model.decide(decision, past["inputs"], stored.value_or(day));
  const std::string after = now ? now->outputs.dump() : now.error().code;
  const std::string before = past["outputs"].dump();
  ++replay.compared;
  if (before == after) return;
  auto& change = replay.changes[{before, after}];
  if (change.count++ == 0) change.first = subject;
}

Result<Replay> replay_over(const std::string& data, const expr::DecisionModel& model,
                           const std::string& decision, Output& output) {
  Replay replay;
  QIPAN_TRY(district, board::District::open(data, make_engines, {.writes = false}));
  QIPAN_CHECK(log::Log::read(district->board().database(), 0, [&](const log::Batch& batch) {
    for (const log::CommandRecord& command : batch.commands) {
      for (const log::FactRecord& fact : command.facts) {
        if (fact.body.find("\"decisions\"") == std::string::npos) continue;
        const auto body = parse_json(fact.body);
        if (!body || !(*body)["decisions"].is_object()) continue;
        for (const auto& member : (*body)["decisions"].members())
          replay_one(model, decision, member.value, china_day_of(command.at), fact.subject, replay);
      }
    }
    output.progress(std::to_string(replay.compared) + " decisions compared");
    return true;
  }));
  return replay;
}

int show_replay(const Replay& replay, Output& output) {
  Json changes = Json::array();
  std::int64_t changed = 0;
  std::string text;
  for (const auto& [pair, change] : replay.changes) {
    Json one = Json::object();
    one.set("before", pair.first)
        .set("after", pair.second)
        .set("count", change.count)
        .set("first", change.first);
    changes.push(std::move(one));
    changed += change.count;
    text += "\n  " + std::to_string(change.count) + " × " + pair.first + " → " + pair.second + ", first " +
            change.first;
  }
  Json json = Json::object();
  json.set("compared", replay.compared).set("changed", changed).set("other_models", replay.other_models);
  json.set("changes", std::move(changes));
  output.result(json, std::to_string(replay.compared) + " past decisions compared, " +
                          std::to_string(changed) + " would be otherwise" + text);
  return exit_done;
}

}  // namespace

int run_decide(const DecideOptions& options) {
  Output output(options.json);
  std::string name;
  const auto files = files_around(options.model, name);
  if (!files) return output.problem(files.error());
  const auto model = rules::load_decisions(*files, name);
  if (!model) return output.problem(model.error());
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
  if (options.explain) {
    const auto explained = (*model)->explain(decision, *inputs, *day);
    if (!explained) return output.problem(explained.error());
    output.result(*explained, told(*explained));
    return exit_done;
  }
  const auto decided = (*model)->decide(decision, *inputs, *day);
  if (!decided) return output.problem(decided.error());
  Json rules = Json::array();
  for (const std::string& rule : decided->rules) rules.push(rule);
  Json json = Json::object();
  json.set("decision", decision).set("outputs", decided->outputs).set("rules", std::move(rules));
  output.result(json.set("annotation", decided->annotation), decided->outputs.dump());
  return exit_done;
}

}  // namespace qipan::cmd
