#include "board/writer.hpp"

#include <future>

namespace qipan::board {

namespace {
/// How late a timer may fire when nothing else wakes the writer.
constexpr auto tick_interval = std::chrono::milliseconds(200);
constexpr std::size_t take_max = 512;
}  // namespace

Writer::Writer(Board& board, Clock* watched)
    : board_(board), watched_(watched), position_(board.next_position()), thread_([this] { loop(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Writer::submit(Command command, Answer answer) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < waiting_max && !stopping_) {
      waiting_.push_back({std::move(command), std::move(answer)});
      answer = nullptr;
    }
  }
  if (answer) {
    answer(refuse({Problem::Kind::unavailable, "too-many-waiting", "", "", "at most 20,000 commands waiting",
                   "send it again in a few seconds"}));
    return;
  }
  changed_.notify_one();
}

Outcome Writer::run(Command command) {
  std::promise<Outcome> promise;
  auto future = promise.get_future();
  submit(std::move(command), [&promise](Outcome outcome) { promise.set_value(std::move(outcome)); });
  return future.get();
}

void Writer::between_groups(const std::function<void(Board&)>& work) {
  std::promise<void> promise;
  auto future = promise.get_future();
  {
    const std::lock_guard lock(mutex_);
    work_.emplace_back([&] {
      try {
        work(board_);
        promise.set_value();
      } catch (...) {
        promise.set_exception(std::current_exception());
      }
    });
  }
  changed_.notify_one();
  future.get();
}

WriterStatistics Writer::statistics() const {
  const std::lock_guard lock(mutex_);
  WriterStatistics copy = statistics_;
  copy.waiting = waiting_.size();
  return copy;
}

void Writer::decide(std::deque<Waiting> taken) {
  std::vector<Command> commands;
  commands.reserve(taken.size());
  for (auto& one : taken) commands.push_back(std::move(one.command));
  std::uint64_t accepted = 0;
  board_.decide(commands, [&](std::size_t index, Outcome outcome) {
    accepted += outcome ? 1 : 0;
    taken[index].answer(std::move(outcome));
  });
  const std::lock_guard lock(mutex_);
  ++statistics_.groups;
  statistics_.accepted += accepted;
  statistics_.refused += taken.size() - accepted;
}

void Writer::loop() {
  for (bool more = false;;) {
    std::deque<Waiting> taken;
    std::deque<std::function<void()>> work;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, tick_interval,
                        [&] { return more || stopping_ || !waiting_.empty() || !work_.empty(); });
      if (stopping_ && waiting_.empty() && work_.empty()) return;
      work.swap(work_);
      while (!waiting_.empty() && taken.size() < take_max) {
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    for (const auto& piece : work) piece();
    if (watched_ != nullptr && guard_.refuses(watched_->now(), machine_time())) {
      for (auto& one : taken)
        one.answer(
            refuse({Problem::Kind::unavailable, "clock-ahead", "", "", "a clock that did not jump ahead",
                    "set the machine's clock; if it is right, start the server with --confirm-clock"}));
      more = false;
      continue;
    }
    if (taken.empty()) {
      // A batch at a time, so that whoever comes meanwhile waits for one batch.
      more = board_.tick(1);
    } else {
      decide(std::move(taken));
    }
    position_ = board_.next_position();
  }
}

}  // namespace qipan::board
