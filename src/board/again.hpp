#pragma once

#include <functional>
#include <string>

#include "board/district.hpp"

namespace qipan::board {

struct DecidedAgain {
  std::uint64_t decided = 0;  // commands, with their reactions and timers as one each
  /// Folded as they stand, because what was said is not kept: values in blocks, what was redacted, and what
  /// came out otherwise behind something that was: its decision may have read that.
  std::uint64_t as_recorded = 0;
};

/// Decides every command of a log again, in a new database at `scratch_path`, from what its sender said, and
/// compares facts and answers; at the end the views. Refused at the first that comes out otherwise, with its
/// position. A program whose rules differ from those of the day cannot say the same: this holds for the one
/// that wrote the log, and what-if stands on it. Sealed values stay references; refused commands were never
/// kept.
[[nodiscard]] Result<DecidedAgain> decide_again(Database& source, const std::string& scratch_path,
                                                const EngineFactory& engines,
                                                const std::function<void(Position)>& progress);

}  // namespace qipan::board
