#pragma once

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "base/workers.hpp"
#include "log/log.hpp"

namespace qipan::log {

/// Log::read() for those who go through all of it: other threads decode batches and make of each what
/// `prepare` says, while the caller's visits them in order, until `visit` says false. `prepare` touches no
/// database and nothing that another call changes.
template <class Made>
class ReadAhead {
 public:
  using Prepare = std::function<Result<Made>(Batch batch)>;
  using Visit = std::function<Result<bool>(Made made)>;

  ReadAhead(Prepare prepare, Visit visit) : prepare_(std::move(prepare)), visit_(std::move(visit)) {}

  Result<void> read(Database& reader, Position from) {
    Log::rows(reader, from, [&](Position first, std::string_view bytes) {
      group_.emplace_back(first, Bytes(bytes));
      group_bytes_ += bytes.size();
      if (group_bytes_ >= group_bytes_max) hand_over();
      while (goes_on_ && waiting_.size() > waiting_max) take();
      return goes_on_;
    });
    if (goes_on_) hand_over();
    while (goes_on_ && !waiting_.empty()) take();
    return fault_;
  }

 private:
  using Group = std::vector<std::pair<Position, Bytes>>;
  using Prepared = std::vector<Result<Made>>;

  /// Small enough that nobody waits long for the first, large enough that handing over costs little.
  static constexpr std::size_t group_bytes_max = 128U << 10U;
  static constexpr std::size_t waiting_max = 4;

  static Result<Made> made_of(const Prepare& prepare, Position first, std::string_view bytes) {
    QIPAN_TRY(batch, Log::batch_of(first, bytes));
    return prepare(std::move(batch));
  }

  void hand_over() {
    if (group_.empty()) return;
    auto work = [group = std::move(group_), &prepare = prepare_] {
      Prepared prepared;
      prepared.reserve(group.size());
      for (const auto& [first, bytes] : group) prepared.push_back(made_of(prepare, first, bytes));
      return prepared;
    };
    auto task = std::make_shared<std::packaged_task<Prepared()>>(std::move(work));
    waiting_.push_back(task->get_future());
    workers_.post([task] { (*task)(); });
    group_.clear();
    group_bytes_ = 0;
  }

  void take() {
    Prepared prepared = waiting_.front().get();
    waiting_.pop_front();
    for (Result<Made>& one : prepared) {
      Result<bool> more = one ? visit_(std::move(*one)) : Result<bool>(refuse(std::move(one).error()));
      if (!more) fault_ = refuse(std::move(more).error());
      if (!more || !*more) {
        goes_on_ = false;
        return;
      }
    }
  }

  Prepare prepare_;
  Visit visit_;
  Group group_;
  std::size_t group_bytes_ = 0;
  std::deque<std::future<Prepared>> waiting_;
  bool goes_on_ = true;
  Result<void> fault_;
  Workers workers_;  // ends first: what it does uses the others
};

}  // namespace qipan::log
