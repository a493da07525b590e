#pragma once

#include <functional>
#include <span>
#include <vector>

#include "board/board.hpp"

namespace qipan::board {

class District;
class Writer;

/// Who decides many commands that come from one place, some hundred at a time: the board where nobody else
/// writes, a server's writing thread where others do.
class Decider {
 public:
  virtual ~Decider() = default;
  /// One outcome a command, in order. What would come of them: nothing of it is written.
  [[nodiscard]] virtual std::vector<Outcome> try_out(std::span<const Command> commands) = 0;
  /// Sends them; durable when it returns.
  [[nodiscard]] virtual std::vector<Outcome> decide(std::vector<Command> commands) = 0;
  virtual void read(const std::function<void(Database&)>& work) = 0;
};

/// Board's thread.
class BoardDecider final : public Decider {
 public:
  explicit BoardDecider(Board& board) : board_(board) {}
  [[nodiscard]] std::vector<Outcome> try_out(std::span<const Command> commands) override;
  [[nodiscard]] std::vector<Outcome> decide(std::vector<Command> commands) override;
  void read(const std::function<void(Database&)>& work) override;

 private:
  Board& board_;
};

/// Any thread but the writer's; waits for it.
class WriterDecider final : public Decider {
 public:
  WriterDecider(District& district, Writer& writer) : district_(district), writer_(writer) {}
  [[nodiscard]] std::vector<Outcome> try_out(std::span<const Command> commands) override;
  [[nodiscard]] std::vector<Outcome> decide(std::vector<Command> commands) override;
  void read(const std::function<void(Database&)>& work) override;

 private:
  District& district_;
  Writer& writer_;
};

}  // namespace qipan::board
