#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "board/district.hpp"
#include "face/app/app.hpp"
#include "face/app/spool.hpp"
#include "registers/import.hpp"

namespace qipan::face {

/// A file that somebody sends into a register, and how far it is. Kept while the program runs; of one that
/// entered something its note stays (`DIR/imports/ID.import.json`), so that it can be taken back later.
struct ImportStatus {
  /// unmatched: a column goes nowhere yet. stopped: ended before its end, with what it entered until then.
  /// forgotten: stopped before it entered anything, and gone with its file.
  enum class State {
    looking,
    unmatched,
    unreadable,
    looked,
    entering,
    entered,
    stopped,
    undoing,
    undone,
    forgotten
  };
  struct Fault {
    std::string row;  // "line 7"
    Problem problem;
  };
  static constexpr std::size_t faults_shown = 100;
  static constexpr std::size_t differences_shown = 500;

  std::string id;
  std::string actor;
  std::string register_name;
  std::string file;  // as its sender calls it
  Instant begun = 0;
  State state = State::looking;
  // How it is read.
  std::string sheet;
  std::string crs = "wgs84";
  bool change_known = false;
  std::map<std::string, std::string> match;
  bool match_kept = false;           // as somebody matched an earlier file with these columns
  std::vector<std::string> header;   // none of an earlier run's
  std::vector<std::string> targets;  // of each column; empty: nowhere
  std::string encoding;              // where it is not UTF-8
  // What came of it.
  std::int64_t rows = 0;  // so far, of what is done now
  std::optional<registers::ImportFigures> looked, entered, undone;
  std::vector<Fault> faults;  // the first ones; all are in the file
  std::int64_t faults_count = 0;
  std::shared_ptr<const Spooled> faults_file;
  /// What would be other than now, of entries that are there: the first ones, and how many.
  std::vector<registers::Import::Difference> differences;
  std::int64_t differences_count = 0;
  std::optional<Problem> problem;  // why it is unmatched, unreadable or stopped
};
[[nodiscard]] std::string_view name_of(ImportStatus::State state);

/// How a file is to be read; what is not said stays as it was: at first the first sheet, WGS 84, no changes,
/// and columns as they were matched in an earlier file.
struct ImportReading {
  std::optional<std::string> sheet = {};
  std::optional<std::string> crs = {};
  std::optional<bool> change_known = {};
  std::optional<std::map<std::string, std::string>> match = {};
};

/// Imports over the API: one works at a time, beside everybody else's commands, which go on between its rows.
/// Each is its sender's alone. Any thread.
class Imports {
 public:
  static constexpr std::size_t open_of_one_max = 5;
  static constexpr std::size_t open_max = 40;
  static constexpr std::size_t kept_max = 500;
  static constexpr std::uint64_t faults_bytes_max = std::uint64_t{10} << 20U;

  explicit Imports(App& app);
  ~Imports();
  Imports(const Imports&) = delete;
  Imports& operator=(const Imports&) = delete;
  /// What works now stops; before the writer goes.
  void finish();

  /// Takes the file and begins to look at it. Refused where there are too many (`too-many-imports`).
  [[nodiscard]] Result<ImportStatus> begin(const std::string& actor, registers::Register declared,
                                           const std::string& file, std::string_view bytes,
                                           ImportReading reading);
  /// Newest first.
  [[nodiscard]] std::vector<ImportStatus> of(const std::string& actor);
  [[nodiscard]] Result<ImportStatus> find(const std::string& actor, const std::string& id);
  /// Looks at it again, read otherwise.
  [[nodiscard]] Result<ImportStatus> look(const std::string& actor, const std::string& id,
                                          ImportReading reading);
  /// All rows, which must be good, or the good ones.
  [[nodiscard]] Result<ImportStatus> enter(const std::string& actor, const std::string& id, bool only_good);
  [[nodiscard]] Result<ImportStatus> undo(const std::string& actor, const std::string& id);
  /// Stops what works; what entered nothing yet is forgotten, with its file.
  [[nodiscard]] Result<ImportStatus> stop(const std::string& actor, const std::string& id);

 private:
  struct Job;
  using JobPointer = std::shared_ptr<Job>;
  Result<JobPointer> job(const std::string& actor, const std::string& id) const;
  Result<void> make_room(const std::string& actor);
  void forget_old();
  void sweep_hourly();
  bool begins(Job& job);
  void back_to_looked(Job& job) const;
  void start(const JobPointer& job, ImportStatus::State state, void (Imports::*work)(Job&));
  void do_look(Job& job);
  void do_enter(Job& job);
  void do_undo(Job& job);
  Result<void> read_columns(Job& job, ImportStatus& status);
  void end(Job& job, ImportStatus::State state, std::optional<Problem> problem);
  registers::Import::Progress progress(Job& job);
  Result<void> note(const ImportStatus& status) const;
  void read_notes();

  App& app_;
  std::string folder_;
  mutable std::mutex mutex_;  // of all jobs' status
  std::map<std::string, JobPointer> jobs_;
  bool stopping_ = false;
  std::unique_ptr<boost::asio::thread_pool> pool_;
  struct Sweep;
  std::unique_ptr<Sweep> sweep_;
};

}  // namespace qipan::face
