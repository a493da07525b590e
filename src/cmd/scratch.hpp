#pragma once

#include <memory>

#include "base/clock.hpp"
#include "board/board.hpp"
#include "pack/pack.hpp"

namespace qipan::cmd {

/// A board in memory with its own clock: for checking packs, scenarios and tests.
class Scratch {
 public:
  explicit Scratch(Instant start);
  [[nodiscard]] board::Board& board() { return *board_; }
  [[nodiscard]] Database& database() { return database_; }
  [[nodiscard]] ManualClock& clock() { return clock_; }

  /// Installs a pack; with `seeds` its data too.
  void install(const pack::Pack& pack, bool seeds, pack::Problems& problems);

 private:
  void enter(std::vector<board::Command> commands, const pack::Pack& pack, pack::Problems& problems);
  ManualClock clock_;
  Database database_;
  board::Vault vault_;
  std::unique_ptr<board::Board> board_;
};

}  // namespace qipan::cmd
