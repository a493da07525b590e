#include "sensing/sensing_engine.hpp"

#include "sensing/steps.hpp"

namespace qipan::sensing {

namespace {

bool knows_case_type(const pack::Pack& pack, Database& database, const std::string& name) {
  if (pack::find_named(pack, "cases", name)) return true;
  auto statement = database.prepare("SELECT 1 FROM case_types WHERE name=?");
  statement.bind(name);
  return statement.step();
}

/// What a pack declares of one table, as a step of its installation; names belong to one pack.
void add_step(const pack::Pack& pack, Database& database, pack::Problems& problems, Json& steps,
              const std::string& table, Json list) {
  for (const Json& one : list.items()) {
    auto statement = database.prepare("SELECT pack FROM " + table + " WHERE name=?");
    statement.bind(one["name"].text());
    if (statement.step() && statement.text(0) != pack.name) {
      problems.push_back({Problem::Kind::conflict, "pack-fault", "sensing", one["name"].text(),
                          "a name that no other pack has", "rename it"});
    }
  }
  // A version without any takes those of the version before away.
  auto before = database.prepare("SELECT 1 FROM " + table + " WHERE pack=? LIMIT 1");
  before.bind(pack.name);
  if (!list.items().empty() || before.step()) steps.set(table, std::move(list));
}

}  // namespace

bool SensingEngine::folds(std::string_view kind) const {
  const std::string_view engine = board::engine_of(kind);
  return engine == "sensing" || engine == "register" || kind == "pack.installed";
}

void SensingEngine::reload(Database& database) {
  streams_.refresh(database);
}

Result<void> SensingEngine::decide(board::Decision& decision) {
  const std::string& kind = decision.command().kind;
  if (kind == "sensing.observe") return decide_observe(decision, streams_);
  if (kind == "sensing.acknowledge") return decide_acknowledge(decision);
  if (kind == "sensing.tick") return decide_tick(decision, streams_);
  return invalid("command-unknown", "kind", kind, "a command of the sensing engine",
                 "see the API description");
}

void SensingEngine::check_pack(const pack::Pack& pack, Database& database, pack::Problems& problems,
                               Json& steps) {
  const Declarations declared = read_declarations(pack, problems);
  Json limits = Json::array();
  for (const Limit& limit : declared.limits) {
    if (!limit.case_type.empty() && !knows_case_type(pack, database, limit.case_type)) {
      problems.push_back({Problem::Kind::invalid, "pack-fault", "sensing, limit " + limit.name,
                          limit.case_type, "a case type of this pack or of one that it needs",
                          "mend case_type, or name the pack in needs"});
    }
    limits.push(to_json(limit));
  }
  Json indices = Json::array();
  for (const Index& index : declared.indices) indices.push(to_json(index));
  add_step(pack, database, problems, steps, "sensing_limits", std::move(limits));
  add_step(pack, database, problems, steps, "sensing_indices", std::move(indices));
}

void SensingEngine::react(const board::Fact& fact, Database&, std::vector<board::Command>& reactions) {
  const bool raised = fact.kind == "sensing.alarm_raised" && fact.body["case"].is_object();
  const bool cleared = fact.kind == "sensing.alarm_cleared" && fact.body.has("signal");
  if (!raised && !cleared) return;
  board::Command command;
  command.actor = "system:sensing/alarm";
  if (raised) {
    command.kind = "case.create";
    command.body = fact.body["case"];
    command.body.set("source", "alarm");
  } else {
    command.kind = "case.signal_ended";
    command.body.set("signal", fact.body["signal"]).set("value", fact.body["value"]);
  }
  reactions.push_back(std::move(command));
}

std::vector<std::string> SensingEngine::own_kinds() const {
  return {"sensing", "stream", "alarm"};
}

void SensingEngine::named(const board::Command& command, Database&,
                          std::vector<std::string>& subjects) const {
  // A silence that is over is told before what ended it.
  if (command.kind == "sensing.observe") subjects.emplace_back("sensing:0");
}

}  // namespace qipan::sensing
