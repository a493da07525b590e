#include "sensing/sensing_engine.hpp"

#include "sensing/steps.hpp"

namespace qipan::sensing {

namespace {

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

const std::vector<board::FactType>& SensingEngine::facts() const {
  static const std::vector<board::FactType> all = {{.kind = "sensing.observed", .block = true},
                                                   {.kind = "sensing.alarm_acknowledged"},
                                                   {.kind = "sensing.alarm_cleared"},
                                                   {.kind = "sensing.alarm_dropped"},
                                                   {.kind = "sensing.alarm_pending"},
                                                   {.kind = "sensing.alarm_raised"},
                                                   {.kind = "sensing.category_added"},
                                                   {.kind = "sensing.repeated"},
                                                   {.kind = "sensing.watched"}};
  return all;
}

bool SensingEngine::folds(std::string_view kind) const {
  const std::string_view engine = board::engine_of(kind);
  return engine == "sensing" || engine == "register" || kind == "pack.installed";
}

void SensingEngine::reload(Database& database) {
  streams_.refresh(database);
}

std::vector<board::CommandType> SensingEngine::declare() {
  using board::Decision;
  using fields::Make;
  namespace types = fields::types;
  std::vector<fields::Field> tally;
  for (const char* count :
       {"accepted", "late", "repeated", "corrected", "out_of_range", "implausible", "marked", "rounded"})
    tally.push_back(Make(count, types::integer()).required());
  tally.push_back(
      Make("over", types::object()).required().means("how many values were over a limit, by its name"));
  tally.push_back(Make("alarms", types::list()).required().means("what was raised"));
  const fields::Field archive =
      Make("archive", types::boolean()).means("history that is entered: kept, but no alarm of today");
  return {
      {.kind = "sensing.observe",
       .summary = "observations of datastreams, many at once",
       .body = {Make("stream", types::text()).required().means("code of a datastream"),
                Make("time", types::instant()), Make("result", types::any()),
                Make("quality", types::text()).means("a code of quality"),
                Make("values", types::list()).means("several as [time, result, quality?], in place of one"),
                archive},
       .answer = std::move(tally),
       .block = true,
       .beside_block = {archive},
       .run = [this](Decision& decision) { return decide_observe(decision, streams_); },
       .facts_hold_it = true},
      {.kind = "sensing.acknowledge",
       .summary = "say that an alarm was seen",
       .right = {{"acknowledge", "alarm"}},
       .body = {Make("id", types::integer()).required().means("the alarm's number"),
                Make("comment", types::long_text()).most(2'000)},
       .run = decide_acknowledge},
      {.kind = "sensing.tick",
       .summary = "a stream has been silent for too long",
       .sender = board::Sender::house,
       .body = {Make("id", types::integer()).required()},
       .run = [this](Decision& decision) { return decide_tick(decision, streams_); }}};
}

void SensingEngine::check_pack(board::PackCheck& check) {
  auto& [pack, database, problems, steps, names, collections] = check;
  const Declarations declared = read_declarations(pack, problems);
  Json limits = Json::array();
  for (const Limit& limit : declared.limits) {
    if (!limit.case_type.empty() && !check.knows("case_type", limit.case_type)) {
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
