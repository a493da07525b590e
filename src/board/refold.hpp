#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "board/engine.hpp"
#include "board/substitutes.hpp"
#include "view/digest.hpp"

namespace qipan::board {

/// Folds the facts of a batch as they stand.
[[nodiscard]] Result<void> fold_batch(const log::Batch& batch,
                                      const std::vector<std::unique_ptr<Engine>>& engines,
                                      const Substitutes& substitutes, View& view);

/// Folds the log of `source` into `target`, whose tables must be empty. Never decides anything. `progress` is
/// told the next position after each batch.
[[nodiscard]] Result<void> refold(Database& source, Database& target,
                                  const std::vector<std::unique_ptr<Engine>>& engines,
                                  const std::function<void(Position)>& progress);

/// The same with substitutes that are not in the log yet.
[[nodiscard]] Result<void> refold(Database& source, Database& target,
                                  const std::vector<std::unique_ptr<Engine>>& engines,
                                  const Substitutes& substitutes,
                                  const std::function<void(Position)>& progress);

struct Verified {
  std::uint64_t facts = 0;
  Hash root{};
  std::vector<view::TableDigest> tables;
};

/// What `qipan verify` does: hashes the log again, folds it into a new database at `scratch_path` (":memory:"
/// or a file that is made anew), and compares every view table.
[[nodiscard]] Result<Verified> verify(Database& source, const std::string& scratch_path,
                                      const std::vector<std::unique_ptr<Engine>>& engines,
                                      const std::function<void(std::string_view, Position)>& progress);

/// Rebuilds all views in place of `database`'s own, in one transaction: for a newer fold_version.
[[nodiscard]] Result<void> rebuild_views(Database& database,
                                         const std::vector<std::unique_ptr<Engine>>& engines,
                                         const std::function<void(Position)>& progress);
/// The same inside the caller's transaction.
[[nodiscard]] Result<void> rebuild_views_inside(Database& database,
                                                const std::vector<std::unique_ptr<Engine>>& engines,
                                                const std::function<void(Position)>& progress);

}  // namespace qipan::board
