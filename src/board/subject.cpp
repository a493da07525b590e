#include "board/subject.hpp"

#include <charconv>

namespace qipan::board {

namespace {

/// Numbers stand as numbers, so that they take a byte or three and not their digits.
void bind_name(Statement& statement, std::string_view name) {
  const std::int64_t id = Subject{{}, name}.id();
  if (id > 0 && std::to_string(id) == name) {
    statement.bind(id);
  } else {
    statement.bind(name);
  }
}

std::optional<Timer> read_timer(Statement& statement) {
  if (!statement.step()) return std::nullopt;
  return Timer{std::string(statement.text(1)), subject_of(statement.text(0), statement.integer(2)),
               statement.integer(3)};
}

}  // namespace

Subject Subject::of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::int64_t Subject::id() const {
  std::int64_t id = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
  return read.ec == std::errc{} && read.ptr == name.data() + name.size() ? id : 0;
}

std::string subject_of(std::string_view kind, std::int64_t id) {
  return std::string(kind) + ":" + std::to_string(id);
}

void create_subject_tables(Database& database) {
  database.execute(
      "CREATE TABLE board_kinds(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, engine TEXT NOT NULL) "
      "STRICT;"
      "CREATE TABLE board_subjects(kind INTEGER NOT NULL, id ANY NOT NULL, position INTEGER NOT NULL, "
      "PRIMARY KEY(kind, id, position)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE board_timers(kind INTEGER NOT NULL, subject INTEGER NOT NULL, due INTEGER NOT NULL, "
      "PRIMARY KEY(kind, subject)) STRICT, WITHOUT ROWID;"
      "CREATE INDEX board_timers_due ON board_timers(due, kind, subject);"
      "CREATE TABLE board_parties(kind INTEGER NOT NULL, subject INTEGER NOT NULL, party TEXT NOT NULL, "
      "since INTEGER NOT NULL, PRIMARY KEY(kind, subject)) STRICT, WITHOUT ROWID;"
      "CREATE INDEX board_parties_of ON board_parties(party, kind, subject)");
}

std::int64_t kind_number(Database& database, std::string_view kind, std::string_view engine) {
  for (;;) {
    auto statement = database.prepare("SELECT id FROM board_kinds WHERE name=?");
    statement.bind(kind);
    if (statement.step()) return statement.integer(0);
    if (engine.empty()) return 0;
    database.prepare("INSERT INTO board_kinds(name, engine) VALUES(?,?)").bind(kind).bind(engine).run();
  }
}

void note_subject(Database& database, std::int64_t kind, std::string_view name, Position position) {
  auto statement = database.prepare("INSERT INTO board_subjects(kind, id, position) VALUES(?,?,?)");
  bind_name(statement.bind(kind), name);
  statement.bind(position).run();
}

std::vector<Position> history_of(Database& reader, std::string_view subject, std::int64_t most) {
  const Subject read = Subject::of(subject);
  auto statement = reader.prepare(
      "SELECT s.position FROM board_kinds k JOIN board_subjects s ON s.kind=k.id WHERE k.name=? AND s.id=? "
      "ORDER BY s.position LIMIT ?");
  statement.bind(read.kind);
  bind_name(statement, read.name);
  statement.bind(most);
  std::vector<Position> positions;
  while (statement.step()) positions.push_back(static_cast<Position>(statement.integer(0)));
  return positions;
}

void set_timer(Database& database, std::int64_t kind, std::int64_t subject, Instant due) {
  database
      .prepare(
          "INSERT INTO board_timers(kind, subject, due) VALUES(?,?,?) "
          "ON CONFLICT(kind, subject) DO UPDATE SET due=excluded.due")
      .bind(kind)
      .bind(subject)
      .bind(due)
      .run();
}

void clear_timer(Database& database, std::int64_t kind, std::int64_t subject) {
  database.prepare("DELETE FROM board_timers WHERE kind=? AND subject=?").bind(kind).bind(subject).run();
}

std::optional<Party> party_of(Database& reader, std::string_view subject) {
  const Subject read = Subject::of(subject);
  auto statement = reader.prepare(
      "SELECT p.party, p.since FROM board_kinds k JOIN board_parties p ON p.kind=k.id WHERE k.name=? AND "
      "p.subject=?");
  statement.bind(read.kind).bind(read.id());
  if (!statement.step()) return std::nullopt;
  return Party{std::string(statement.text(0)), static_cast<Position>(statement.integer(1))};
}

std::int64_t count_of_party(Database& reader, std::string_view kind, std::string_view party) {
  auto statement = reader.prepare(
      "SELECT count(*) FROM board_parties p JOIN board_kinds k ON k.id=p.kind WHERE p.party=? AND k.name=?");
  statement.bind(party).bind(kind);
  return statement.step() ? statement.integer(0) : 0;
}

void set_party(Database& database, std::int64_t kind, std::int64_t subject, std::string_view party,
               Position since) {
  database.prepare("DELETE FROM board_parties WHERE kind=? AND subject=? AND party<>?")
      .bind(kind)
      .bind(subject)
      .bind(party)
      .run();
  if (party.empty()) return;
  database.prepare("INSERT OR IGNORE INTO board_parties(kind, subject, party, since) VALUES(?,?,?,?)")
      .bind(kind)
      .bind(subject)
      .bind(party)
      .bind(since)
      .run();
}

std::optional<Timer> next_timer(Database& database) {
  auto statement = database.prepare(
      "SELECT k.name, k.engine, t.subject, t.due FROM board_timers t JOIN board_kinds k ON "
      "k.id=t.kind ORDER BY t.due, t.kind, t.subject LIMIT 1");
  return read_timer(statement);
}

std::optional<Timer> timer_of(Database& database, std::string_view subject) {
  const Subject read = Subject::of(subject);
  auto statement = database.prepare(
      "SELECT k.name, k.engine, t.subject, t.due FROM board_kinds k JOIN board_timers t ON "
      "t.kind=k.id WHERE k.name=? AND t.subject=?");
  statement.bind(read.kind).bind(read.id());
  return read_timer(statement);
}

}  // namespace qipan::board
