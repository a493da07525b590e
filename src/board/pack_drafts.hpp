#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "board/engine.hpp"

namespace qipan::board {

/// Changes to the rules of an installed pack, kept in the log from their first saving on: who changed what,
/// who put it in force. Only files that say how to decide (pack::is_rule_file) can be in one.
struct PackDraft {
  std::int64_t id = 0;
  std::string pack;
  std::int64_t base = 0;      // the version of the pack that it changes
  std::int64_t revision = 0;  // raised by each saving
  std::string title;
  std::string state;  // open, published, dropped
  std::string created_by;
  std::string saved_by;
  Instant created = 0;
  Instant saved = 0;
  std::string comment;  // of the end: why it was dropped, what was published
  std::string ended_by;
  std::int64_t version = 0;  // that it was published as
};

/// What a draft changes: by path the new text, or nothing where the file goes.
using DraftFiles = std::map<std::string, std::optional<std::string>>;

inline constexpr std::size_t drafts_open_max = 200;

/// Newest first; an empty pack is every one.
[[nodiscard]] std::vector<PackDraft> list_drafts(Database& database, const std::string& pack, bool open_only,
                                                 std::int64_t before, std::int64_t limit);
[[nodiscard]] std::optional<PackDraft> find_draft(Database& database, std::int64_t id);
[[nodiscard]] DraftFiles draft_files(Database& database, std::int64_t id);

/// A pack's files with a draft's laid over them.
[[nodiscard]] std::map<std::string, Bytes> laid_over(std::map<std::string, Bytes> files,
                                                     const DraftFiles& changes);
/// Changes as they travel: an object of path and text, null for a file that goes. Refuses paths that are no
/// rules, and more than a pack may have.
[[nodiscard]] Result<DraftFiles> draft_files_of(const Json& files);

// The commands pack.save_draft and pack.drop_draft, and what their facts do; publishing is installing.
void create_draft_tables(Database& database);
[[nodiscard]] Result<void> save_draft(Decision& decision);
[[nodiscard]] Result<void> drop_draft(Decision& decision);
/// A text that must say something: the title of a draft, why one is published or dropped.
[[nodiscard]] Result<std::string> said(const Json& body, const std::string& key);
/// The draft that a command names, if it is open and still as the sender saw it.
[[nodiscard]] Result<PackDraft> open_draft(Decision& decision);
void fold_draft(const Fact& fact, Database& database);

}  // namespace qipan::board
