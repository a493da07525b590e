#include "board/decider.hpp"

#include <latch>

#include "board/district.hpp"
#include "board/writer.hpp"

namespace qipan::board {

namespace {

/// Until an answer comes there is none.
std::vector<Outcome> unanswered(std::size_t count) {
  return {count, refuse({Problem::Kind::unavailable, "not-written", "", "", "an answer", "try again"})};
}

}  // namespace

std::vector<Outcome> BoardDecider::try_out(std::span<const Command> commands) {
  return board_.try_out(commands);
}

std::vector<Outcome> BoardDecider::decide(std::vector<Command> commands) {
  std::vector<Outcome> outcomes = unanswered(commands.size());
  board_.decide(commands, [&](std::size_t at, Outcome outcome) { outcomes[at] = std::move(outcome); });
  return outcomes;
}

void BoardDecider::read(const std::function<void(Database&)>& work) {
  work(board_.database());
}

std::vector<Outcome> WriterDecider::try_out(std::span<const Command> commands) {
  std::vector<Outcome> outcomes;
  writer_.between_groups([&](Board& board) { outcomes = board.try_out(commands); });
  return outcomes;
}

std::vector<Outcome> WriterDecider::decide(std::vector<Command> commands) {
  std::vector<Outcome> outcomes = unanswered(commands.size());
  std::latch answered(static_cast<std::ptrdiff_t>(commands.size()));
  for (std::size_t at = 0; at < commands.size(); ++at) {
    writer_.submit(std::move(commands[at]), [&outcomes, &answered, at](Outcome outcome) {
      outcomes[at] = std::move(outcome);
      answered.count_down();
    });
  }
  answered.wait();
  return outcomes;
}

void WriterDecider::read(const std::function<void(Database&)>& work) {
  auto loan = district_.readers().borrow();
  work(*loan);
}

}  // namespace qipan::board
