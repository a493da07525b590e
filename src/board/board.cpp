#include "board/board.hpp"

#include <algorithm>
#include <set>

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "board/deciding.hpp"
#include "board/said.hpp"
#include "board/serials.hpp"

namespace qipan::board {

namespace {

constexpr std::string_view timer_actor = "system:board/timer";
Problem not_written() {
  return {Problem::Kind::unavailable,
          "not-written",
          "",
          "",
          "the district's disk to take the write",
          "nothing was done; send it again with the same key"};
}

Problem command_too_large(const Command& command) {
  return {Problem::Kind::too_large,
          "command-too-large",
          "",
          command.kind,
          "facts of at most 512 KB for a command",
          "split the work into several commands"};
}

/// Puts a vault reference where the value was meant to be: "name", or "fields/name" inside a form.
void place_reference(Json& body, std::string_view path, const Json& reference) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) {
    body.set(path, reference);
    return;
  }
  Json inner = body[path.substr(0, slash)];
  if (!inner.is_object()) inner = Json::object();
  inner.set(path.substr(slash + 1), reference);
  body.set(path.substr(0, slash), std::move(inner));
}

}  // namespace

void fold_fact(const std::vector<std::unique_ptr<Engine>>& engines, const FactType& type, const Fact& fact,
               View& view) {
  view.note_subject(fact.subject, engine_of(fact.kind), fact.position);
  if (fact.kind == "board.tick_refused") {
    view.clear_timer(fact.body["subject"].text());
  }
  for (const auto& engine : engines) {
    if (engine->folds(fact.kind)) engine->fold(fact, view);
  }
  if (type.configures || type.audited)
    view.database()
        .prepare("INSERT INTO board_audit(position, at, actor, kind) VALUES(?,?,?,?)")
        .bind(fact.position)
        .bind(fact.at)
        .bind(fact.actor)
        .bind(fact.kind)
        .run();
  if (!type.configures) return;
  // Readers keep what they compiled of the configuration until this number changes.
  view.database()
      .prepare("INSERT OR REPLACE INTO board_generation(id, value) VALUES(1,?)")
      .bind(fact.position + 1)
      .run();
}

void fold_command(const log::CommandRecord& command, Position position, View& view) {
  if (command.key.empty()) return;
  view.database()
      .prepare(
          "INSERT INTO board_keys(actor, key, digest, position, facts, at, answer) VALUES(?,?,?,?,?,?,?)")
      .bind(command.actor)
      .bind(command.key)
      .bind_blob(command.digest)
      .bind(position)
      .bind(static_cast<std::int64_t>(command.facts.size()))
      .bind(command.at)
      .bind(command.answer)
      .run();
}

namespace {

/// What an engine is called, and what it calls its subjects, is nobody else's: by a shared name readers of
/// one would be told the facts of the other. Packs are held against these when they are checked.
void hold_apart(const std::vector<std::unique_ptr<Engine>>& engines) {
  std::set<std::string, std::less<>> names = {"board"};
  std::set<std::string, std::less<>> kinds;
  for (const auto& engine : engines) {
    QIPAN_ASSERT(names.emplace(engine->name()).second);
    for (std::string& kind : engine->own_kinds()) QIPAN_ASSERT(kinds.insert(std::move(kind)).second);
  }
}

}  // namespace

Board::Board(Database& database, Vault& vault, Clock& clock, std::vector<std::unique_ptr<Engine>> engines,
             std::string digest_key, BoardLimits limits)
    : database_(database),
      vault_(vault),
      clock_(clock),
      engines_(std::move(engines)),
      digest_key_(std::move(digest_key)),
      limits_(limits),
      log_(database),
      view_(database) {
  hold_apart(engines_);
  reload();
}

Board::~Board() = default;

void Board::create_tables(Database& database, const std::vector<std::unique_ptr<Engine>>& engines) {
  create_subject_tables(database);
  create_serial_tables(database);
  database.execute(
      "CREATE TABLE board_keys(actor TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, position "
      "INTEGER NOT NULL, "
      "facts INTEGER NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL, PRIMARY KEY(actor, key)) STRICT, "
      "WITHOUT ROWID;"
      // Sealed values that are to be in the vault no more.
      "CREATE TABLE board_gone(vault TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
      // What administrators did, and who saw what is protected.
      "CREATE TABLE board_audit(position INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, kind "
      "TEXT NOT NULL) STRICT;"
      "CREATE TABLE board_generation(id INTEGER PRIMARY KEY CHECK(id=1), value INTEGER NOT NULL) STRICT");
  for (const auto& engine : engines) engine->create_tables(database);
}

void Board::forget() {
  stale_ = true;
  view_.forget();
}

void Board::reload() {
  forget();
  log_.reload();
  last_at_ = 0;
  auto statement = database_.prepare("SELECT bytes FROM log_batches ORDER BY first DESC LIMIT 1");
  if (statement.step()) {
    const auto batch = log::decode_batch(statement.blob(0));
    constexpr int corrupt = 11;  // as SQLite numbers it
    if (!batch || batch->commands.empty())
      throw DatabaseError("the last batch of the log cannot be read: restore a backup", corrupt);
    last_at_ = batch->commands.back().at;
  }
}

void Board::refresh(Instant at) {
  // Who is away comes and goes by itself.
  if (stale_ || !directory_.holds_at(at)) directory_.load(database_, at);
  if (!stale_) return;
  for (const auto& engine : engines_) engine->reload(database_);
  referred_.forget();
  stale_ = false;
}

const Directory& Board::directory(Instant at) {
  refresh(at);
  return directory_;
}

Engine* Board::engine(std::string_view name) {
  for (const auto& engine : engines_) {
    if (engine->name() == name) return engine.get();
  }
  return nullptr;
}

Bytes Board::digest_of(const Command& command) const {
  // Keyed, so that the digest in the log tells nothing about the personal values that went into it.
  std::string text = command.kind + "\n" + command.body.dump();
  if (!command.block.empty()) text += "\n" + command.block;
  for (const auto& personal : command.personal) text += "\n" + personal.field + "=" + personal.value;
  return Bytes(view_of(hmac_sha256(digest_key_, text)));
}

std::optional<Outcome> Board::known_answer(const Command& command, const Bytes& digest) {
  auto statement =
      database_.prepare("SELECT digest, position, facts, at, answer FROM board_keys WHERE actor=? AND key=?");
  statement.bind(command.actor).bind(command.key);
  if (!statement.step()) return std::nullopt;
  if (statement.blob(0) != digest) {
    return refuse({Problem::Kind::conflict, "key-reused", "Idempotency-Key", shortened(command.key),
                   "the same request under the same key", "use a new key for a new request"});
  }
  const auto first = static_cast<Position>(statement.integer(1));
  return Accepted{first, first + static_cast<Position>(statement.integer(2)), statement.integer(3),
                  std::string(statement.text(4)), true};
}

namespace {

/// What an engine throws costs the command that somebody sent. The database's faults and want of memory are
/// everybody's, and a timer or a reaction must not be lost to one: then the whole group is told to come
/// again.
Result<void> run_guarded(const CommandType& type, Decision& decision, bool sent, bool& threw) {
  try {
    return type.run(decision);
  } catch (const DatabaseError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    if (!sent) throw;
    threw = true;
    tell_fault("engine " + type.kind, error.what());
    return refuse({Problem::Kind::unavailable, "command-failed", "", type.kind,
                   "a command that the program can decide",
                   "nothing was done; tell the operator, the fault is in the log of faults"});
  }
}

}  // namespace

bool Board::stands_alone(const Command& command) const {
  const CommandType* type = find_command(engines_, command.kind);
  return type != nullptr && type->alone;
}

Result<Accepted> Board::run_command(Group& group, Command& command, const Bytes& digest, Instant at,
                                    std::size_t depth) {
  const CommandType* type = find_command(engines_, command.kind);
  if (type == nullptr) {
    return invalid("command-unknown", "kind", command.kind, "a command of an engine",
                   "see the API description");
  }
  QIPAN_CHECK(may_send(*type, command.actor, directory(at)));
  QIPAN_TRY(body, read_body(*type, command));
  command.body = std::move(body);
  return decide_read(group, *type, command, digest, at, depth);
}

Result<Accepted> Board::decide_read(Group& group, const CommandType& type, const Command& command,
                                    const Bytes& digest, Instant at, std::size_t depth) {
  refresh(at);
  const Group::Mark mark = group.mark();
  Savepoint savepoint(database_);
  log::CommandRecord record;
  record.at = at;
  record.occurred = command.occurred;
  record.actor = command.actor;
  record.kind = command.kind;
  record.key = command.key;
  record.digest = digest;
  record.cause = command.cause;
  record.answer = "{}";
  group.batch.commands.push_back(std::move(record));
  Deciding deciding(*this, group, command, at, mark.commands);
  bool threw = false;
  const bool sent = depth == 0 && command.actor != timer_actor;
  Result<void> decided = run_guarded(type, deciding, sent, threw);
  if (decided && !deciding.fits()) {
    decided = invalid("fact-unfit", "", command.kind,
                      "at most 1,000 facts, names of at most 256 bytes, text in UTF-8",
                      "shorten the names, encode as UTF-8, or split the work");
  }
  const auto undo = [&] {
    savepoint.undo();
    group.back_to(mark);
    forget();
  };
  if (!decided) {
    const bool touched = threw || group.facts != mark.facts;
    const bool was_stale = stale_;
    undo();
    if (!touched) stale_ = was_stale;
    return refuse(std::move(decided).error());
  }
  QIPAN_ASSERT(group.facts > mark.facts);
  if (sent) {
    log::CommandRecord& kept = group.batch.commands[mark.commands];
    kept.said =
        said_of(type, command.body, !command.block.empty(), kept.facts.front().subject, deciding.bodies());
  }
  const Position first = group.batch.first + mark.facts;
  fold_command(group.batch.commands[mark.commands], first, view_);
  group.bytes += bytes_of(group.batch.commands[mark.commands]);
  Accepted accepted{first, group.batch.first + group.facts, at, group.batch.commands[mark.commands].answer,
                    false};

  // Copies, as reactions add commands to the batch and so may move what lies in it.
  const std::vector<log::FactRecord> facts = group.batch.commands[mark.commands].facts;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Position position = first + i;
    const Fact fact{position,
                    at,
                    command.occurred,
                    command.actor,
                    facts[i].kind,
                    facts[i].subject,
                    deciding.bodies()[i],
                    facts[i].block()};
    std::vector<Command> reactions;
    for (const auto& engine : engines_) engine->react(fact, database_, reactions);
    for (Command& reaction : reactions) {
      reaction.cause = position;
      if (reaction.actor.empty()) reaction.actor = "system:base/reaction";
      Result<Accepted> reacted =
          depth + 1 > limits_.reaction_depth_max
              ? Result<Accepted>(
                    refuse({Problem::Kind::invalid, "reactions-too-deep", "", reaction.kind,
                            "at most 8 reactions in a chain", "look for packs that answer each other"}))
              : run_command(group, reaction, {}, at, depth + 1);
      if (!reacted) refused_reaction(group, reaction, reacted.error(), at);
      if (group.facts - mark.facts > log::command_facts_max) {
        undo();
        return invalid("command-too-large", "", command.kind,
                       "at most 1,000 facts for a command and its reactions",
                       "split the work into several commands");
      }
    }
  }
  savepoint.keep();
  return accepted;
}

void Board::note(Group& group, log::CommandRecord record, std::string_view kind, Json body) {
  record.kind = "board.note";
  record.answer = "{}";
  record.facts.push_back({std::string(kind), "board:0", {{log::Audience::internal, body.dump(), {}}}});
  fold_fact(engines_, *find_fact_type(engines_, kind),
            {group.batch.first + group.facts, record.at, {}, record.actor, kind, "board:0", body}, view_);
  group.bytes += bytes_of(record);
  ++group.facts;
  group.batch.commands.push_back(std::move(record));
}

void Board::refused_reaction(Group& group, const Command& reaction, const Problem& problem, Instant at) {
  log::CommandRecord record;
  record.at = at;
  record.actor = reaction.actor;
  record.cause = reaction.cause;
  note(group, std::move(record), "board.reaction_refused",
       Json::object().set("command", reaction.kind).set("code", problem.code).set("problem", problem.line()));
}

Outcome Board::run_top(Group& group, Command& command) {
  const Instant at = std::max(last_at_, command.at ? *command.at : clock_.now());
  for (const std::string* name : {&command.key, &command.kind, &command.actor}) {
    if (name->size() > log::name_bytes_max) {
      return invalid("name-too-long", "command", *name, "at most 256 bytes", "use a shorter key");
    }
    if (!is_utf8(*name))
      return invalid("name-unfit", "command", "", "text in UTF-8", "use letters and digits");
  }
  Bytes digest;
  if (!command.key.empty()) {
    digest = digest_of(command);
    if (auto known = known_answer(command, digest)) return *known;
  }
  std::vector<Json> references;
  Command prepared = command;
  for (const auto& personal : command.personal) {
    references.push_back(vault_.put(personal.value));
    place_reference(prepared.body, personal.field, references.back());
  }
  Result<Accepted> accepted = run_command(group, prepared, digest, at, 0);
  if (!accepted) {
    for (const Json& reference : references) vault_.discard(reference);
    return accepted;
  }
  last_at_ = at;
  return accepted;
}

std::optional<Instant> Board::next_due() {
  const auto timer = next_timer(database_);
  return timer ? std::optional(timer->due) : std::nullopt;
}

void Board::refused_tick(Group& group, const Timer& timer, Instant at, const std::string& problem) {
  log::CommandRecord record;
  record.at = at;
  record.actor = timer_actor;
  note(group, std::move(record), "board.tick_refused",
       Json::object().set("subject", timer.subject).set("problem", problem));
}

bool Board::fire(Group& group, const Timer& timer, Instant at) {
  const Group::Mark mark = group.mark();
  const bool alone = group.empty();
  Savepoint savepoint(database_);
  Command tick;
  tick.kind = timer.engine + ".tick";
  tick.actor = timer_actor;
  tick.body.set("id", Subject::of(timer.subject).id());
  // Whose subjects are of several kinds is told the whole name.
  if (const CommandType* type = find_command(engines_, tick.kind);
      type != nullptr && fields::find(type->body, "subject") != nullptr)
    tick.body.set("subject", timer.subject);
  const Result<Accepted> ticked = run_command(group, tick, {}, at, 0);
  if (!ticked) refused_tick(group, timer, at, ticked.error().line());
  if (group.bytes > log::batch_bytes_max - 1'024) {
    savepoint.undo();
    group.back_to(mark);
    forget();
    if (!alone) return false;  // it may fit in a batch of its own
    refused_tick(group, timer, at, "facts of at most 512 KB for a tick");
  } else {
    savepoint.keep();
  }
  last_at_ = at;
  ++group.ticks;
  return true;
}

bool Board::has_room_for_ticks(const Group& group) const {
  // Half the batch is left free: a tick may have many facts, and unlike a command it has no second try.
  return group.ticks < limits_.ticks_a_batch_max && group.bytes <= limits_.batch_bytes_soft_max / 2;
}

bool Board::fire_asserted(Group& group, Instant until) {
  for (;;) {
    const auto timer = next_timer(database_);
    if (!timer || timer->due > until) return true;
    // A clock that is asserted has no gaps: the tick happened when it was due.
    if (!has_room_for_ticks(group) || !fire(group, *timer, std::max(last_at_, timer->due))) return false;
  }
}

bool Board::fire_named(Group& group, const Command& command, Instant at) {
  Engine* handler = engine(engine_of(command.kind));
  if (handler == nullptr) return true;
  std::vector<std::string> subjects;
  handler->named(command, database_, subjects);
  for (const std::string& subject : subjects) {
    // A tick that cannot tell all at once sets its timer to now again.
    for (auto timer = timer_of(database_, subject); timer && timer->due <= at;
         timer = timer_of(database_, subject)) {
      if (!has_room_for_ticks(group) || !fire(group, *timer, std::max(last_at_, at))) return false;
    }
  }
  return true;
}

bool Board::fire_background(Group& group, Instant at) {
  const auto end = std::chrono::steady_clock::now() + limits_.background_max;
  for (;;) {
    const auto timer = next_timer(database_);
    if (!timer || timer->due > at) return true;
    // One at least, whatever the machine is doing and however full the commands made the batch, if it fits.
    if (!fire(group, *timer, std::max(last_at_, at)) || !has_room_for_ticks(group) ||
        std::chrono::steady_clock::now() >= end) {
      return false;
    }
  }
}

void Board::commit(Group& group) {
  if (group.empty()) {
    vault_.rollback();
    return;  // only refusals: the transaction rolls back nothing but reads
  }
  for (auto& command : group.batch.commands) command.seed = random_bytes(sizeof(log::Salt));
  vault_.commit();
  const log::Append appended = log_.append(group.batch, group.batch.first);
  QIPAN_ASSERT(appended == log::Append::stored);
  group.transaction.commit();
  erase_gone(view_.take_gone());
}

void Board::erase_gone(std::vector<std::string> ids) {
  ids.insert(ids.end(), still_there_.begin(), still_there_.end());
  if (ids.empty()) return;
  still_there_.clear();
  try {
    // Of commands that were undone the value stays.
    std::erase_if(ids, [&](const std::string& id) {
      auto statement = database_.prepare("SELECT 1 FROM board_gone WHERE vault=?");
      statement.bind(id);
      return !statement.step();
    });
    const auto erased = vault_.erase(ids);
    if (erased) return;
    tell_fault("vault", erased.error().line());
  } catch (const std::exception& error) {
    // Whatever it is: what was committed is acknowledged.
    tell_fault("vault", error.what());
  }
  // It stands in the log that they are to go: again after the next commit, and at the next start.
  still_there_ = std::move(ids);
}

void Board::finish_erasing() {
  std::vector<std::string> ids;
  auto statement = database_.prepare("SELECT vault FROM board_gone");
  while (statement.step())
    if (vault_.has_id(statement.text(0))) ids.emplace_back(statement.text(0));
  erase_gone(std::move(ids));
  if (const auto erased = vault_.erase_listed(); !erased) tell_fault("vault", erased.error().line());
}

std::size_t Board::run_group(std::span<Command> commands,
                             const std::function<void(std::size_t, Outcome)>& answered, std::size_t offset) {
  std::vector<Outcome> outcomes;
  try {
    Group group(database_);
    group.batch.first = log_.next();
    const std::size_t most = std::min(commands.size(), limits_.commands_a_batch_max);
    bool asserted = false;
    while (outcomes.size() < most) {
      Command& command = commands[outcomes.size()];
      const Instant at = std::max(last_at_, command.at ? *command.at : clock_.now());
      // An asserted clock makes everything due before it goes on; the real one only what the command names,
      // and the rest behind the commands, as if it had been seen a moment later.
      asserted = command.at.has_value();
      if (!(asserted ? fire_asserted(group, at) : fire_named(group, command, at))) break;
      if (!group.empty() && (stands_alone(command) || group.bytes > limits_.batch_bytes_soft_max)) break;
      const Group::Mark mark = group.mark();
      Savepoint savepoint(database_);
      Outcome outcome = run_top(group, command);
      if (outcome && group.bytes > log::batch_bytes_max - 1'024) {
        savepoint.undo();
        group.back_to(mark);
        forget();
        if (!group.empty()) break;  // it may fit in a batch of its own
        outcome = refuse(command_too_large(command));
      } else {
        savepoint.keep();
      }
      outcomes.push_back(std::move(outcome));
      if (planted.acknowledge_before_commit) answered(offset + outcomes.size() - 1, outcomes.back());
      if (stands_alone(command)) break;
    }
    const bool alone = !outcomes.empty() && stands_alone(commands[outcomes.size() - 1]);
    if (!asserted && !alone) fire_background(group, std::max(last_at_, clock_.now()));
    commit(group);
  } catch (const std::exception& error) {
    // The disk, mostly. Anything else is a fault of ours that must cost its command, not the district.
    vault_.rollback();
    recover();
    tell_fault("board", error.what());
    if (outcomes.empty()) outcomes.emplace_back(refuse({}));
    for (auto& outcome : outcomes) outcome = refuse(not_written());
  }
  if (!planted.acknowledge_before_commit) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) answered(offset + i, std::move(outcomes[i]));
  }
  return outcomes.size();
}

void Board::recover() {
  // Memory may be ahead of the file: read everything again. If even that fails, the next group fails the same
  // way.
  try {
    reload();
  } catch (const DatabaseError& error) {
    tell_fault("board, reading again", error.what());
  }
}

void Board::decide(std::span<Command> commands, const std::function<void(std::size_t, Outcome)>& answered) {
  std::size_t done = 0;
  while (done < commands.size()) done += run_group(commands.subspan(done), answered, done);
}

std::vector<Outcome> Board::try_out(std::span<const Command> commands,
                                    const std::function<void(std::size_t, const Outcome&)>& look) {
  std::vector<Outcome> outcomes;
  const Instant last_at = last_at_;
  try {
    Group group(database_);
    group.batch.first = log_.next();
    for (const Command& command : commands) {
      Command tried = command;
      const std::size_t bytes = group.bytes;
      outcomes.push_back(run_top(group, tried));
      if (group.bytes - bytes > log::batch_bytes_max - 1'024)
        outcomes.back() = refuse(command_too_large(command));
      if (look) look(outcomes.size() - 1, outcomes.back());
    }
  } catch (const std::exception& error) {
    tell_fault("board", error.what());
    outcomes.resize(commands.size(), refuse(not_written()));
  }
  // The group's transaction rolled back as it went.
  vault_.rollback();
  std::ignore = view_.take_gone();
  recover();
  last_at_ = last_at;
  return outcomes;
}

Outcome Board::decide(Command command) {
  Outcome result = refuse({});
  decide({&command, 1}, [&](std::size_t, Outcome outcome) { result = std::move(outcome); });
  return result;
}

bool Board::tick(std::size_t batches_max) {
  const Instant now = std::max(last_at_, clock_.now());
  bool any = false;
  for (bool more = true; more && batches_max > 0; --batches_max) {
    try {
      const auto due = next_due();
      if (!due || *due > now) return any;
      Group group(database_);
      group.batch.first = log_.next();
      more = !fire_background(group, now);
      commit(group);
      any = true;
    } catch (const std::exception& error) {
      tell_fault("timers", error.what());
      vault_.rollback();
      recover();
      return any;
    }
  }
  return any;
}

bool key_is_known(Database& database, std::string_view actor, std::string_view key) {
  auto statement = database.prepare("SELECT 1 FROM board_keys WHERE actor=? AND key=?");
  statement.bind(actor).bind(key);
  return !key.empty() && statement.step();
}

}  // namespace qipan::board
