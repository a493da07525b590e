#include <chrono>
#include <filesystem>

#include "board/refold.hpp"
#include "cmd/bench.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"

namespace qipan::cmd {

namespace {

using Time = std::chrono::steady_clock;

double seconds_since(Time::time_point begin) {
  return std::chrono::duration<double>(Time::now() - begin).count();
}

board::Command preload_command(std::string kind, Json body) {
  board::Command made;
  made.kind = std::move(kind);
  made.actor = "operator";
  made.body = std::move(body);
  return made;
}

/// The rows that one fact of a lifecycle leaves in views, as two tables with one index: history, and the
/// case's own row.
void floor_tables(Database& database) {
  database.execute(
      "CREATE TABLE batches(first INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
      "CREATE TABLE history(subject INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(subject, "
      "position)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE rows(id INTEGER PRIMARY KEY, state TEXT NOT NULL, due INTEGER, body TEXT NOT NULL) "
      "STRICT;"
      "CREATE INDEX rows_due ON rows(due, id)");
}

/// As many rows as the district had before the load, so that the indexes are as deep.
void fill_floor(Database& database, std::int64_t cases, Position facts) {
  Transaction transaction(database);
  for (std::int64_t id = 1; id <= cases; ++id) {
    database.prepare("INSERT INTO rows(id, state, due, body) VALUES(?,?,?,?)")
        .bind(id)
        .bind("case.moved")
        .bind(id)
        .bind(std::string(400, 'x'))
        .run();
  }
  for (Position position = 0; cases > 0 && position < facts; ++position) {
    const auto subject = 1 + static_cast<std::int64_t>(position) * cases / static_cast<std::int64_t>(facts);
    database.prepare("INSERT INTO history(subject, position) VALUES(?,?)").bind(subject).bind(position).run();
  }
  transaction.commit();
}

void write_floor(Database& database, const log::Batch& batch, std::string_view bytes) {
  Transaction transaction(database);
  database.prepare("INSERT INTO batches(first, bytes) VALUES(?,?)").bind(batch.first).bind_blob(bytes).run();
  Position position = batch.first;
  for (const auto& one : batch.commands) {
    for (const auto& fact : one.facts) {
      const auto subject = std::strtoll(fact.subject.c_str() + fact.subject.find(':') + 1, nullptr, 10);
      database.prepare("INSERT OR REPLACE INTO history(subject, position) VALUES(?,?)")
          .bind(static_cast<std::int64_t>(subject))
          .bind(position)
          .run();
      database
          .prepare(
              "INSERT INTO rows(id, state, due, body) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
              "state=excluded.state, due=excluded.due, body=excluded.body")
          .bind(static_cast<std::int64_t>(subject))
          .bind(fact.kind)
          .bind(one.at)
          .bind(std::string_view(fact.parts.back().bytes).substr(0, 400))
          .run();
      ++position;
    }
  }
  transaction.commit();
}

}  // namespace

int run_bench_preload(const BenchOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();
  const auto begin = Time::now();
  constexpr std::int64_t group = 120;
  std::int64_t next = board.database().integer("SELECT coalesce(max(id),0)+1 FROM case_cases", 1);
  std::optional<Problem> broken;
  for (std::int64_t done = 0; done < options.cases && !broken; done += group) {
    std::vector<board::Command> commands;
    for (std::int64_t i = 0; i < group && done + i < options.cases; ++i, ++next) {
      Json create = Json::object();
      create.set("type", "grid_event")
          .set("class", "S0102")
          .set("x", 1'131'000'000 + next * 7'919 % 1'040'000)
          .set("y", 225'000'000 + next * 104'729 % 810'000);
      create.set("fields", Json::object().set("description", "暴露垃圾，请清理").set("condition", "dirty"));
      commands.push_back(preload_command("case.create", std::move(create)));
      const auto move = [&](const char* name, Json fields) {
        Json body = Json::object();
        body.set("id", next).set("transition", name);
        if (!fields.members().empty()) body.set("fields", std::move(fields));
        commands.push_back(preload_command("case.transition", std::move(body)));
      };
      move("file_and_dispatch", Json::object());
      if (options.open) continue;
      move("resolve", Json::object().set("result", "已清理"));
      move("close", Json::object());
    }
    board.decide(commands, [&](std::size_t, const board::Outcome& outcome) {
      if (!outcome) broken = outcome.error();
    });
    output.progress("preload " + std::to_string(done) + " of " + std::to_string(options.cases));
  }
  if (broken) return output.problem(*broken);
  const double seconds = seconds_since(begin);
  Json json = Json::object();
  json.set("cases", options.cases)
      .set("facts", board.next_position())
      .set("cases_a_second", static_cast<std::int64_t>(static_cast<double>(options.cases) / seconds));
  output.result(json,
                std::to_string(options.cases) + " cases preloaded in " + std::to_string(seconds) + " s");
  return exit_done;
}

int run_bench_fold(const BenchOptions& options) {
  Output output(options.json);
  const auto engines = make_engines();
  Database source(options.data + "/district.db", {.read_only = true});
  const std::string path = (options.floor_folder.empty() ? options.data : options.floor_folder) + "/fold.db";
  std::error_code error;
  std::filesystem::remove(path, error);
  Position facts = 0;
  const auto begin = Time::now();
  {
    Database target(path, {.exclusive = true, .durability = Durability::relaxed});
    Transaction transaction(target);
    board::Board::create_tables(target, engines);
    const auto folded = board::refold(source, target, engines, [&](Position next) { facts = next; });
    if (!folded) return output.problem(folded.error());
    transaction.commit();
  }
  const auto rate = static_cast<std::int64_t>(static_cast<double>(facts) / seconds_since(begin));
  std::filesystem::remove(path, error);
  output.result(Json::object().set("facts", facts).set("facts_a_second", rate),
                std::to_string(facts) + " facts folded, " + std::to_string(rate) + "/s");
  return exit_done;
}

int run_bench_floor(const BenchOptions& options) {
  Output output(options.json);
  Database source(options.data + "/district.db", {.read_only = true});
  std::vector<std::pair<log::Batch, Bytes>> batches;
  const auto read = log::Log::read(source, options.from, [&](const log::Batch& batch) {
    batches.emplace_back(batch, log::encode(batch));
    return true;
  });
  if (!read) return output.problem(read.error());
  const std::string path = (options.floor_folder.empty() ? options.data : options.floor_folder) + "/floor.db";
  std::error_code error;
  const auto sweep = [&] {
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(path + ending, error);
  };
  sweep();
  std::size_t facts = 0;
  double seconds = 0;
  {
    Database database(path);
    floor_tables(database);
    fill_floor(database, source.integer("SELECT count(*) FROM case_cases"), options.from);
    const auto begin = Time::now();
    for (const auto& [batch, bytes] : batches) {
      write_floor(database, batch, bytes);
      facts += batch.fact_count();
    }
    seconds = seconds_since(begin);
  }
  sweep();
  Json json = Json::object();
  json.set("batches", static_cast<std::int64_t>(batches.size()))
      .set("facts", static_cast<std::int64_t>(facts));
  json.set("facts_a_second", static_cast<std::int64_t>(static_cast<double>(facts) / seconds));
  output.result(json, std::to_string(facts) + " facts in " + std::to_string(batches.size()) +
                          " groups into bare SQLite: " +
                          std::to_string(static_cast<std::int64_t>(static_cast<double>(facts) / seconds)) +
                          " facts/s");
  return exit_done;
}

}  // namespace qipan::cmd
