#include "board/refold.hpp"

#include "board/board.hpp"

namespace qipan::board {

namespace {

Result<void> fold_batch(const log::Batch& batch, const std::vector<std::unique_ptr<Engine>>& engines,
                        View& view) {
  Position position = batch.first;
  for (const auto& command : batch.commands) {
    const Position first = position;
    for (const auto& fact : command.facts) {
      const bool block = is_block(fact.body);
      auto body = block ? Result<Json>(Json()) : parse_json(fact.body, {.bytes_max = log::batch_bytes_max});
      if (!body) {
        return invalid(
            "fact-unreadable", "position " + std::to_string(position), fact.kind, "a JSON body",
            fact.removed_body ? "this body was removed; restore the views from a backup made before" : "");
      }
      fold_fact(engines,
                {position, command.at, command.occurred, command.actor, fact.kind, fact.subject, *body,
                 block ? std::string_view(fact.body) : std::string_view()},
                view);
      ++position;
    }
    fold_command(command, first, view);
  }
  return {};
}

}  // namespace

Result<void> refold(Database& source, Database& target, const std::vector<std::unique_ptr<Engine>>& engines,
                    const std::function<void(Position)>& progress) {
  View view(target);
  Result<void> folded;
  auto walked = log::Log::read(source, 0, [&](const log::Batch& batch) {
    folded = fold_batch(batch, engines, view);
    progress(batch.first + batch.fact_count());
    return folded.has_value();
  });
  if (!folded) return folded;
  return walked;
}

Result<Verified> verify(Database& source, const std::string& scratch_path,
                        const std::vector<std::unique_ptr<Engine>>& engines,
                        const std::function<void(std::string_view, Position)>& progress) {
  // One moment of a district that may be running: the log and the views that belong to it.
  const ReadTransaction moment(source);
  auto checked = log::Log::check(source, "", [&](Position position) { progress("hash", position); });
  if (!checked) return refuse(std::move(checked).error());
  Database scratch(scratch_path, {.exclusive = true, .durability = Durability::relaxed});
  Transaction transaction(scratch);
  Board::create_tables(scratch, engines);
  QIPAN_CHECK(refold(source, scratch, engines, [&](Position position) { progress("fold", position); }));
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
  for (const std::string& table : view::view_tables(database))
    database.execute("DROP TABLE " + quoted_name(table));
  Board::create_tables(database, engines);
  QIPAN_CHECK(refold(database, database, engines, progress));
  transaction.commit();
  return {};
}

}  // namespace qipan::board
