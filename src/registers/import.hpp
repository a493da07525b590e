#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "board/decider.hpp"
#include "registers/entry_rows.hpp"

namespace qipan::registers {

/// What is asked of a file that goes into a register.
struct ImportAsked {
  std::string path;
  std::string sheet = {};                         // of a workbook; empty: the first that is shown
  std::map<std::string, std::string> match = {};  // columns that somebody matched themselves
  geo::CoordinateSystem system = geo::CoordinateSystem::wgs84;
  bool change_known = false;  // a row whose key is there changes that entry; else it is refused
  std::string actor = "operator";
};

struct ImportFigures {
  std::int64_t rows = 0;
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t same = 0;  // say what their entries say already
  std::int64_t bad = 0;   // rows with something wrong
  /// Why it ended before its end; the figures are of what was done until then.
  std::optional<Problem> stopped = {};
};

/// As they are told: {"rows", "added", "changed", "same", "bad"}; of a way back, what was added is what was
/// retired: {"retired", "changed_back", "left"}.
[[nodiscard]] Json to_json(const ImportFigures& figures);
[[nodiscard]] Json undone_to_json(const ImportFigures& figures);

/// A file on its way into a register: looked at whole before anything of it is entered, row by row, in as
/// much memory as some hundred rows take and the keys of all. One thread, that of its decider.
class Import {
 public:
  /// Refused where the file cannot be read, or a column is matched to nothing (`column-unknown`).
  [[nodiscard]] static Result<Import> ask(const Register& declared, ImportAsked asked);

  [[nodiscard]] const Matching& matching() const { return matching_; }
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  /// The file's encoding, where it is not UTF-8.
  [[nodiscard]] const std::string& encoding() const { return encoding_; }

  /// A row and what is wrong with it: `called` is "line 7".
  using Tell = std::function<void(const std::string& called, const Problem& problem)>;
  /// Asked before each some hundred rows: false stops it (`import-stopped`).
  using Progress = std::function<bool(std::int64_t rows)>;

  /// What a row would make of an entry that is there: as cells of a file, of what is not sealed.
  struct Difference {
    std::string row;  // "line 7"
    std::int64_t id = 0;
    UnitId unit;      // of the entry, as it is now
    std::string key;  // likewise
    std::string field;
    bool sensitive = false;  // its values are for who may read such there
    std::string was, now;
  };
  using TellDifference = std::function<void(Difference)>;

  /// What entering it would come to, by all checks that entering makes; writes nothing. Every fault of every
  /// row is told: first what a row says wrongly by itself, then why the board would refuse it; and what would
  /// be other than now.
  [[nodiscard]] Result<ImportFigures> look(board::Decider& decider, const Tell& tell,
                                           const Progress& progress, const TellDifference& differs = {});
  /// Enters the rows that look() found nothing wrong with. What is refused all the same, because somebody
  /// else wrote meanwhile, is told; where nothing can be written now, it stops. Each command's key is
  /// "import/ID/ROW".
  [[nodiscard]] Result<ImportFigures> enter(board::Decider& decider, const std::string& id, const Tell& tell,
                                            const Progress& progress);

 private:
  struct Slice {
    std::vector<board::Command> commands;
    std::vector<std::int64_t> rows;  // of each
  };
  using Take = std::function<Result<void>(Slice& slice)>;
  Import(const Register& declared, ImportAsked asked) : declared_(&declared), asked_(std::move(asked)) {}
  Result<void> each_slice(board::Decider& decider, ImportFigures& figures, const Tell& tell, bool tells,
                          const Progress& progress, const Take& take);
  void note_twice(std::int64_t row, const board::Command& command, pack::Problems& problems);
  /// Refused where the entry that the row is of was changed since its file was made.
  Result<void> turn_to_change(Database& database, board::Command& command) const;
  void turn_all(board::Decider& decider, Slice& slice, const Tell& tell);
  void tell_differences(board::Decider& decider, const Slice& slice, const TellDifference& differs) const;
  [[nodiscard]] std::string called(std::int64_t row) const;

  const Register* declared_;
  ImportAsked asked_;
  Matching matching_;
  std::vector<std::string> header_;
  std::string encoding_;
  std::string row_called_;
  std::unordered_set<std::int64_t> bad_;
  /// Values that may stand once, with their field before them, and the row where they stood.
  std::unordered_map<std::string, std::int64_t> seen_;
};

/// Takes back what an import entered, newest first: entries that it added are retired, what it changed says
/// again what it said before. What somebody changed since stays, and is told (`entry-changed-since`). Only
/// what `actor` entered counts, who takes it back too.
[[nodiscard]] Result<ImportFigures> undo_import(board::Decider& decider, const std::string& id,
                                                const std::string& actor, const Import::Tell& tell,
                                                const Import::Progress& progress);

}  // namespace qipan::registers
