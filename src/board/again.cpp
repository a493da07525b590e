#include "board/again.hpp"

#include <algorithm>

#include "board/board.hpp"
#include "board/group.hpp"
#include "board/refold.hpp"
#include "board/said.hpp"

namespace qipan::board {

namespace {

/// One command that was sent, or one timer that came, with the reactions that followed in its batch.
struct Sequence {
  Position first = 0;
  std::vector<log::CommandRecord> commands;

  [[nodiscard]] const log::CommandRecord& top() const { return commands.front(); }
  [[nodiscard]] std::size_t fact_count() const { return log::Batch{first, commands}.fact_count(); }
};

std::vector<Sequence> sequences_of(const log::Batch& batch) {
  std::vector<Sequence> sequences;
  Position position = batch.first;
  for (const log::CommandRecord& command : batch.commands) {
    // What follows from a fact stands behind its command, before the next that was sent.
    const bool follows = !sequences.empty() && command.cause && *command.cause >= sequences.back().first;
    if (!follows) sequences.push_back({position, {}});
    sequences.back().commands.push_back(command);
    position += command.facts.size();
  }
  return sequences;
}

/// What came as personal values, of which only the references are left.
std::vector<PersonalValue> sealed_in(const Json& body) {
  std::vector<PersonalValue> sealed;
  for (const auto& [name, value] : body.members()) {
    if (log::is_sealed(value)) sealed.push_back({std::string(name), {}});
    if (!value.is_object()) continue;
    for (const auto& [inner, one] : value.members())
      if (log::is_sealed(one)) sealed.push_back({std::string(name) + "/" + std::string(inner), {}});
  }
  return sealed;
}

/// What is told otherwise now; nothing where it is the same, or the same in members of a newer version.
std::string difference_of(const log::FactRecord& was, const log::FactRecord& is, const FactType& type) {
  if (was.kind != is.kind || was.subject != is.subject)
    return was.kind + " of " + was.subject + ", now " + is.kind + " of " + is.subject;
  if (was.version == is.version && was.parts == is.parts) return {};
  const Json before = read_as_newest(&type, was, log::body_of(was).value_or(Json())).value_or(Json());
  const Json after = log::body_of(is).value_or(Json());
  if (was.version != is.version && before == after) return {};
  return was.kind + " of " + was.subject + ": " + before.dump() + ", now " + after.dump();
}

/// What came out otherwise; nothing where all is the same.
std::string difference_of(const std::vector<log::CommandRecord>& told,
                          const std::vector<log::CommandRecord>& now,
                          const std::vector<std::unique_ptr<Engine>>& engines) {
  for (std::size_t i = 0; i < std::max(told.size(), now.size()); ++i) {
    if (i >= told.size()) return "besides: " + now[i].kind;
    if (i >= now.size()) return "missing: " + told[i].kind;
    if (told[i].kind != now[i].kind || told[i].actor != now[i].actor || told[i].cause != now[i].cause)
      return told[i].kind + " of " + told[i].actor + ", now " + now[i].kind + " of " + now[i].actor;
    if (told[i].answer != now[i].answer) return "answer " + told[i].answer + ", now " + now[i].answer;
    for (std::size_t f = 0; f < std::max(told[i].facts.size(), now[i].facts.size()); ++f) {
      if (f >= told[i].facts.size()) return "besides: " + now[i].facts[f].kind;
      if (f >= now[i].facts.size()) return "missing: " + told[i].facts[f].kind;
      const log::FactRecord& was = told[i].facts[f];
      std::string difference = difference_of(was, now[i].facts[f], *find_fact_type(engines, was.kind));
      if (!difference.empty()) return difference;
    }
  }
  return {};
}

}  // namespace

/// A board on a scratch database that never writes a log: positions and times are those of the log that it
/// reads.
class Again {
 public:
  Again(Database& database, Vault& vault, Clock& clock, const EngineFactory& engines, Substitutes substitutes)
      : board_(database, vault, clock, engines(), ""),
        database_(database),
        substitutes_(std::move(substitutes)) {}

  Result<void> batch(const log::Batch& batch) {
    for (const Sequence& sequence : sequences_of(batch)) QIPAN_CHECK(one(sequence));
    return {};
  }

  DecidedAgain counts;

 private:
  Result<void> one(const Sequence& sequence) {
    QIPAN_TRY(bodies, bodies_of(sequence.top()));
    const bool whole =
        std::all_of(sequence.commands.begin(), sequence.commands.end(), [](const auto& command) {
          return std::all_of(command.facts.begin(), command.facts.end(),
                             [](const log::FactRecord& fact) { return fact.is_whole(); });
        });
    const CommandType* type = find_command(board_.engines_, sequence.top().kind);
    std::optional<Json> body;
    if (type != nullptr && whole && !substituted(sequence)) {
      QIPAN_TRY(said, body_said(*type, sequence.top(), bodies));
      body = std::move(said);
    }
    const auto timer = body || !whole ? std::nullopt : timer_of_top(sequence, bodies);
    if (!body && !timer) {
      ++counts.as_recorded;
      return fold(sequence);
    }
    const std::string difference = decide(sequence, type, std::move(body), timer);
    if (difference.empty()) {
      ++counts.decided;
      return {};
    }
    if (!behind_redacted(sequence)) return differs(sequence, difference);
    // What it was decided from says something else now.
    ++counts.as_recorded;
    return fold(sequence);
  }

  /// How it came out otherwise; else it is done.
  std::string decide(const Sequence& sequence, const CommandType* type, std::optional<Json> body,
                     const std::optional<Timer>& timer) {
    Group group(database_);
    group.batch.first = sequence.first;
    if (timer) {
      board_.fire(group, *timer, sequence.top().at);
    } else {
      Command command;
      command.kind = sequence.top().kind;
      command.actor = sequence.top().actor;
      command.key = sequence.top().key;
      command.occurred = sequence.top().occurred;
      command.body = std::move(*body);
      command.personal = sealed_in(command.body);
      const auto accepted =
          board_.decide_read(group, *type, command, sequence.top().digest, sequence.top().at, 0);
      if (!accepted) return "refused: " + accepted.error().line();
    }
    std::string difference = difference_of(sequence.commands, group.batch.commands, board_.engines_);
    if (difference.empty()) group.transaction.commit();
    return difference;
  }

  /// Whether something before it was redacted: it may have been decided from that, be it a unit's title that
  /// went into a notice.
  bool behind_redacted(const Sequence& sequence) const {
    return !substitutes_.empty() && substitutes_.begin()->first.first < sequence.first;
  }

  static tl::unexpected<Problem> differs(const Sequence& sequence, const std::string& how) {
    return invalid("decided-otherwise", "position " + std::to_string(sequence.first), how,
                   "the same facts from the same words",
                   "find what deciding reads besides the log and the command");
  }

  /// As they stand, in the version in which they were written: so was what its sender said noted.
  static Result<std::vector<Json>> bodies_of(const log::CommandRecord& command) {
    std::vector<Json> bodies;
    for (const log::FactRecord& fact : command.facts) {
      QIPAN_TRY(body, log::body_of(fact));
      bodies.push_back(std::move(body));
    }
    return bodies;
  }

  bool substituted(const Sequence& sequence) {
    const auto next = substitutes_.lower_bound({sequence.first, log::Audience::everybody});
    return next != substitutes_.end() && next->first.first < sequence.first + sequence.fact_count();
  }

  /// A timer's command says nothing: whose it was stands in what it told first.
  std::optional<Timer> timer_of_top(const Sequence& sequence, const std::vector<Json>& bodies) {
    const log::FactRecord& first = sequence.top().facts.front();
    const bool refused = first.kind == "board.tick_refused";
    if (!refused && !sequence.top().kind.ends_with(".tick")) return std::nullopt;
    auto timer = board::timer_of(database_, refused ? bodies.front()["subject"].text() : first.subject);
    return timer && timer->due <= sequence.top().at ? timer : std::nullopt;
  }

  Result<void> fold(const Sequence& sequence) {
    Transaction transaction(database_);
    View view(database_);
    QIPAN_CHECK(fold_batch({sequence.first, sequence.commands}, board_.engines_, substitutes_, view));
    transaction.commit();
    board_.forget();
    return {};
  }

  Board board_;
  Database& database_;
  Substitutes substitutes_;
};

Result<DecidedAgain> decide_again(Database& source, const std::string& scratch_path,
                                  const EngineFactory& engines,
                                  const std::function<void(Position)>& progress) {
  const ReadTransaction moment(source);
  QIPAN_TRY(substitutes, substitutes_of(source));
  Database scratch(scratch_path, {.exclusive = true, .durability = Durability::relaxed});
  {
    Transaction transaction(scratch);
    log::Log::create_tables(scratch);
    Board::create_tables(scratch, engines());
    transaction.commit();
  }
  Vault vault(":memory:", VaultKeys(std::string(32, '\0')), {});
  ManualClock clock(0);
  Again again(scratch, vault, clock, engines, std::move(substitutes));
  Result<void> decided;
  QIPAN_CHECK(log::Log::read(source, 0, [&](const log::Batch& batch) {
    decided = again.batch(batch);
    progress(batch.first + batch.fact_count());
    return decided.has_value();
  }));
  if (!decided) return refuse(std::move(decided).error());
  if (const auto difference = view::difference(view::digest(source), view::digest(scratch));
      !difference.empty())
    return invalid("views-differ", "", difference, "views that equal those decided again", "");
  return again.counts;
}

}  // namespace qipan::board
