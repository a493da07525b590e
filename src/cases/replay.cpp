#include "cases/replay.hpp"

#include <algorithm>

#include "cases/cases_engine.hpp"
#include "cases/row.hpp"
#include "log/log.hpp"

namespace qipan::cases {

namespace {

/// Outputs in the order of their names: a table whose columns changed places says the same.
std::string outputs_text(const Json& outputs) {
  if (!outputs.is_object()) return outputs.dump();
  auto members = outputs.members();
  std::sort(members.begin(), members.end(),
            [](const auto& one, const auto& other) { return one.key < other.key; });
  return Json(std::move(members)).dump();
}

class Replayer {
 public:
  Replayer(Database& reader, const board::Directory& directory, const ReplayQuestion& question)
      : reader_(reader), directory_(directory), question_(question) {
    for (const std::string& input : question.model->inputs(question.decision)) known_.insert(input);
  }

  void batch(const log::Batch& batch) {
    Position position = batch.first;
    for (const log::CommandRecord& command : batch.commands) {
      for (const log::FactRecord& fact : command.facts) {
        // A part that ended inside a batch goes on behind it.
        if (position++ >= question_.from) one(fact, china_day_of(command.at));
      }
    }
    replay.next = position;
  }

  Replay replay;

 private:
  void one(const log::FactRecord& fact, Day day) {
    const bool decided = std::any_of(fact.parts.begin(), fact.parts.end(), [](const log::Part& part) {
      return part.bytes.find("\"decisions\"") != std::string::npos;
    });
    if (!decided) return;
    auto told = log::body_of(fact);
    if (!told) return;
    const auto body =
        board::read_as_newest(board::find_fact_type(case_facts(), fact.kind), fact, std::move(*told));
    if (!body || !(*body)["decisions"].is_object()) return;
    for (const auto& [purpose, past] : (*body)["decisions"].members()) {
      if (past.text_or("decision", "") == question_.decision && past["inputs"].is_object())
        compare(past, day, fact.subject);
    }
  }

  void compare(const Json& past, Day day, const std::string& subject) {
    const auto row = find_case(reader_, board::Subject::of(subject));
    if (!question_.types.empty() && (!row || !question_.types.contains(row->type))) return;
    for (const auto& member : past["inputs"].members()) {
      if (!known_.contains(member.key)) return void(++replay.other_models);
    }
    const auto stored = parse_day(past.text_or("day", ""));
    const auto now = question_.model->decide(question_.decision, past["inputs"], stored.value_or(day));
    ReplayChange change{
        outputs_text(past["outputs"]), now ? outputs_text(now->outputs) : now.error().code, {}, {}};
    ++replay.compared;
    if (change.before == change.after) return;
    ++replay.changed;
    if (row) {
      change.case_class = row->case_class;
      change.unit = place_of(*row);
    }
    ReplayCount& count = replay.changes[std::move(change)];
    if (count.count++ == 0) count.first = subject;
  }

  [[nodiscard]] std::string place_of(const CaseRow& row) const {
    const UnitId community = directory_.ancestor_of_kind(row.unit, "community");
    const board::Unit* unit = directory_.unit(community ? community : row.unit);
    return unit == nullptr ? "" : unit->code;
  }

  Database& reader_;
  const board::Directory& directory_;
  const ReplayQuestion& question_;
  std::set<std::string> known_;
};

}  // namespace

Result<Replay> replay(Database& reader, const board::Directory& directory, const ReplayQuestion& question,
                      const std::function<void(const Replay&)>& progress) {
  Replayer replayer(reader, directory, question);
  replayer.replay.next = question.from;
  bool stopped = false;
  QIPAN_CHECK(log::Log::read(reader, question.from, [&](const log::Batch& batch) {
    replayer.batch(batch);
    if (progress) progress(replayer.replay);
    stopped = replayer.replay.next - question.from >= question.facts_max;
    return !stopped;
  }));
  replayer.replay.ended = !stopped || replayer.replay.next >= log::Log::size(reader);
  return std::move(replayer.replay);
}

}  // namespace qipan::cases
