#pragma once

#include <atomic>
#include <optional>

#include "base/instant.hpp"

namespace qipan::board {

/// Holds the wall clock against the machine's own counting of time. The log's time never goes back, so one
/// second of a clock that is a year ahead would stamp that year on every fact and stop all timers until then:
/// a jump ahead is refused until the clock is right again, or an operator starts the server anew and confirms
/// it. A jump back is none: the log's time stands until the clock has caught up. Times in microseconds; one
/// thread asks, any may read.
class ClockGuard {
 public:
  static constexpr std::int64_t jump_max = 600 * microseconds_per_second;
  /// How far ahead of the newest fact a server may start without a word.
  static constexpr std::int64_t start_max = std::int64_t{31} * 86'400 * microseconds_per_second;

  /// Whether nothing may be written now. `counted`: time since the machine started, also while it slept.
  [[nodiscard]] bool refuses(Instant wall, std::int64_t counted) {
    if (anchored_ && wall - wall_ > counted - counted_ + jump_max) {
      ahead_ = true;
      return true;
    }
    ahead_ = false;
    anchored_ = true;
    wall_ = wall;
    counted_ = counted;
    return false;
  }
  [[nodiscard]] bool is_ahead() const { return ahead_; }

 private:
  bool anchored_ = false;
  Instant wall_ = 0;
  std::int64_t counted_ = 0;
  std::atomic<bool> ahead_{false};
};

/// Microseconds since the machine started (CLOCK_BOOTTIME).
[[nodiscard]] std::int64_t machine_time();

}  // namespace qipan::board
