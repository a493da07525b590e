#include "board/refold.hpp"

#include <map>

#include "board/board.hpp"
#include "log/read_ahead.hpp"

namespace qipan::board {

namespace {

/// A batch and, for each of its facts, what it says as its newest version would.
struct Foldable {
  log::Batch batch;
  std::vector<const FactType*> types;
  std::vector<Json> bodies;
};

Result<Foldable> foldable(log::Batch batch, const std::vector<std::unique_ptr<Engine>>& engines,
                          const Substitutes& substitutes) {
  Foldable made;
  Position position = batch.first;
  for (const auto& command : batch.commands) {
    for (const auto& fact : command.facts) {
      made.types.push_back(find_fact_type(engines, fact.kind));
      QIPAN_TRY(body, folded_body(made.types.back(), fact, position++, substitutes));
      made.bodies.push_back(std::move(body));
    }
  }
  made.batch = std::move(batch);
  return made;
}

void fold_foldable(const Foldable& made, const std::vector<std::unique_ptr<Engine>>& engines, View& view) {
  std::size_t index = 0;
  for (const auto& command : made.batch.commands) {
    const Position first = made.batch.first + index;
    for (const auto& fact : command.facts) {
      fold_fact(engines, *made.types[index],
                {made.batch.first + index, command.at, command.occurred, command.actor, fact.kind,
                 fact.subject, made.bodies[index], fact.block()},
                view);
      ++index;
    }
    fold_command(command, first, view);
  }
}

}  // namespace

Result<void> fold_batch(const log::Batch& batch, const std::vector<std::unique_ptr<Engine>>& engines,
                        const Substitutes& substitutes, View& view) {
  QIPAN_TRY(made, foldable(batch, engines, substitutes));
  fold_foldable(made, engines, view);
  return {};
}

Result<void> refold(Database& source, Database& target, const std::vector<std::unique_ptr<Engine>>& engines,
                    const Substitutes& substitutes, const std::function<void(Position)>& progress) {
  View view(target);
  log::ReadAhead<Foldable> walk(
      [&](log::Batch batch) { return foldable(std::move(batch), engines, substitutes); },
      [&](const Foldable& made) -> Result<bool> {
        fold_foldable(made, engines, view);
        progress(made.batch.first + made.bodies.size());
        return true;
      });
  return walk.read(source, 0);
}

Result<void> refold(Database& source, Database& target, const std::vector<std::unique_ptr<Engine>>& engines,
                    const std::function<void(Position)>& progress) {
  // What was redacted later stands in its place from the beginning.
  QIPAN_TRY(substitutes, substitutes_of(source));
  return refold(source, target, engines, substitutes, progress);
}

namespace {

/// Every page and index of the file itself, as SQLite finds them.
Result<void> check_integrity(Database& source) {
  auto statement = source.prepare("PRAGMA integrity_check(20)");
  std::string found;
  while (statement.step()) {
    if (statement.text(0) != "ok") found += (found.empty() ? "" : "; ") + std::string(statement.text(0));
  }
  if (found.empty()) return {};
  return invalid("database-damaged", "", found, "pages and indexes that are whole",
                 "restore a backup; if only views are named, qipan verify --rebuild makes them again");
}

/// Tables, indexes and triggers by name; statistics of SQLite's own planner are none.
std::map<std::string, std::string> schema_of(Database& database) {
  std::map<std::string, std::string> objects;
  auto statement = database.prepare(
      "SELECT type || ' ' || name, coalesce(sql,'') FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' "
      "ORDER BY 1");
  while (statement.step()) objects.emplace(statement.text(0), statement.text(1));
  return objects;
}

/// Whether the file has what this program makes and nothing besides: a trigger that somebody added acts
/// unseen, and an index that is gone makes nobody wiser until it is slow.
Result<void> check_schema(Database& source, Database& folded) {
  Database logs(":memory:");
  log::Log::create_tables(logs);
  std::map<std::string, std::string> expected = schema_of(folded);
  expected.merge(schema_of(logs));
  const std::map<std::string, std::string> found = schema_of(source);
  for (const auto& [name, sql] : found) {
    const auto known = expected.find(name);
    if (known == expected.end() && name != "table log_folds")
      return invalid("schema-differs", "", name, "only what this program makes", "look who added it");
    if (known != expected.end() && known->second != sql)
      return invalid("schema-differs", "", name, "it as this program makes it: " + known->second);
  }
  for (const auto& [name, sql] : expected)
    if (!found.contains(name))
      return invalid("schema-differs", "", name, "it to be there", "qipan verify --rebuild");
  return {};
}

}  // namespace

Result<Verified> verify(Database& source, const std::string& scratch_path,
                        const std::vector<std::unique_ptr<Engine>>& engines,
                        const std::function<void(std::string_view, Position)>& progress) {
  // One moment of a district that may be running: the log and the views that belong to it.
  const ReadTransaction moment(source);
  QIPAN_CHECK(check_integrity(source));
  auto checked = log::Log::check(source, "", [&](Position position) { progress("hash", position); });
  if (!checked) return refuse(std::move(checked).error());
  Database scratch(scratch_path, {.exclusive = true, .durability = Durability::relaxed});
  Transaction transaction(scratch);
  Board::create_tables(scratch, engines);
  QIPAN_CHECK(refold(source, scratch, engines, [&](Position position) { progress("fold", position); }));
  QIPAN_CHECK(check_schema(source, scratch));
  const auto live = view::digest(source);
  const auto folded = view::digest(scratch);
  if (const std::string difference = view::difference(live, folded); !difference.empty()) {
    return invalid("views-differ", "", difference, "views that equal a fold of the log",
                   "run qipan verify --rebuild to make the views again, and report the table");
  }
  return Verified{checked->size, checked->root, live};
}

Result<void> rebuild_views(Database& database, const std::vector<std::unique_ptr<Engine>>& engines,
                           const std::function<void(Position)>& progress) {
  Transaction transaction(database);
  QIPAN_CHECK(rebuild_views_inside(database, engines, progress));
  transaction.commit();
  return {};
}

Result<void> rebuild_views_inside(Database& database, const std::vector<std::unique_ptr<Engine>>& engines,
                                  const std::function<void(Position)>& progress) {
  for (const std::string& table : view::view_tables(database))
    database.execute("DROP TABLE " + quoted_name(table));
  Board::create_tables(database, engines);
  return refold(database, database, engines, progress);
}

}  // namespace qipan::board
