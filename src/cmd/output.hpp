#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "pack/document.hpp"

namespace qipan::cmd {

/// Exit codes of every verb.
enum ExitCode : int {
  exit_done = 0,
  exit_refused = 1,   // what was asked broke a rule; the message says which
  exit_usage = 2,     // the words on the command line
  exit_unusable = 3,  // disk, file or port
};

/// What a verb tells: results on standard output (text, or one JSON object), progress and problems on
/// standard error.
class Output {
 public:
  explicit Output(bool json) : json_(json) {}

  [[nodiscard]] bool json() const { return json_; }
  /// A line of progress; on a terminal each replaces the last, elsewhere one a second at most.
  void progress(std::string_view text);
  void line(std::string_view text);
  /// The result: in JSON mode the object, else `text`.
  void result(const Json& object, std::string_view text);
  /// Tells the problem and gives the exit code that fits.
  int problem(const Problem& problem);
  int problems(const pack::Problems& problems);

 private:
  void end_progress();
  bool json_;
  bool open_line_ = false;
  std::int64_t last_ = 0;
};

}  // namespace qipan::cmd
