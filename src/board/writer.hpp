#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "board/board.hpp"
#include "board/clock_guard.hpp"

namespace qipan::board {

struct WriterStatistics {
  std::uint64_t groups = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t waiting = 0;
};

/// The district's one writing thread. Takes all that wait, lets the board decide them in order inside one
/// transaction, then answers. Between commands it fires the timers that are due. Any thread may submit.
class Writer {
 public:
  static constexpr std::size_t waiting_max = 20'000;

  using Answer = std::function<void(Outcome)>;
  /// With a clock to watch, commands are refused and timers stand while it is ahead (ClockGuard).
  explicit Writer(Board& board, Clock* watched = nullptr);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Decides what still waits, then ends.
  ~Writer();

  /// `answer` is called once, on the writing thread, or at once with `too-many` when too many wait.
  void submit(Command command, Answer answer);
  /// Submits and waits.
  [[nodiscard]] Outcome run(Command command);
  /// Runs a piece of work on the writing thread between groups, and waits for it.
  void between_groups(const std::function<void(Board&)>& work);
  [[nodiscard]] WriterStatistics statistics() const;
  /// Whether the clock is found ahead, so that nothing is written.
  [[nodiscard]] bool clock_is_ahead() const { return guard_.is_ahead(); }
  /// Where the log ends after the newest group; for listeners. Any thread.
  [[nodiscard]] Position position() const { return position_; }

 private:
  struct Waiting {
    Command command;
    Answer answer;
  };
  void loop();
  void decide(std::deque<Waiting> taken);

  Board& board_;
  Clock* watched_;
  ClockGuard guard_;
  std::atomic<Position> position_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::deque<std::function<void()>> work_;
  WriterStatistics statistics_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace qipan::board
