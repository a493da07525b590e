#include "face/app/search.hpp"

#include "base/fault_log.hpp"
#include "log/log.hpp"

namespace qipan::face {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t readers_max = 2;
/// Who searches waits so long for the index, and helps it along so long.
constexpr milliseconds helping_max{20};
/// What the thread takes in at a time, and how long it leaves the index alone behind that.
constexpr milliseconds at_a_time{10};
constexpr milliseconds left_alone{2};
constexpr milliseconds between_looks{100};
constexpr milliseconds after_a_fault{5'000};

}  // namespace

Search::Search(board::District& district) : district_(district) {}

Search::Loan Search::borrow() {
  std::shared_ptr<board::Readers> readers;
  {
    const std::lock_guard lock(readers_mutex_);
    if (readers_ == nullptr)
      readers_ = std::make_shared<board::Readers>(search::index_path(district_.folder()), readers_max);
    readers = readers_;
  }
  return {readers, readers->borrow()};
}

void Search::keep_up(Position position, Collections collections) {
  thread_ = std::thread([this, position = std::move(position), collections = std::move(collections)] {
    loop(position, collections);
  });
}

void Search::finish() {
  {
    const std::lock_guard lock(stop_mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Search::wait(milliseconds most) {
  std::unique_lock lock(stop_mutex_);
  return !stopped_.wait_for(lock, most, [this] { return stopping_; });
}

/// The index is locked.
bool Search::update(Database& reader, const search::Collections& collections, milliseconds most) {
  try {
    if (!index_) {
      index_.emplace(district_.folder(), reader);
      const std::lock_guard lock(readers_mutex_);
      readers_.reset();
    }
    whole_ = index_->update(reader, collections, std::chrono::steady_clock::now() + most);
  } catch (const DatabaseError& error) {
    // Whatever is wrong with it, another is made.
    tell_fault("search index", error.what());
    index_.reset();
    search::remove_index(district_.folder());
    whole_ = false;
  }
  return whole_;
}

bool Search::catch_up(Database& reader, const search::Collections& collections) {
  const auto until = std::chrono::steady_clock::now() + helping_max;
  std::unique_lock lock(index_mutex_, std::try_to_lock);
  // No timed mutex: the thread sanitizer of g++ 12 does not see its lock.
  while (!lock.owns_lock() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(1));
    std::ignore = lock.try_lock();
  }
  return lock.owns_lock() && update(reader, collections, helping_max);
}

void Search::loop(const Position& position, const Collections& collections) {
  // A reader of its own: what it reads is long, and nobody waits for it.
  std::optional<Database> reader;
  qipan::Position seen = 0;
  bool whole = false;
  milliseconds pause{0};
  while (wait(pause)) {
    pause = between_looks;
    try {
      if (whole && position() == seen) continue;
      if (!reader) reader.emplace(district_.database_path(), DatabaseOptions{.read_only = true});
      seen = position();
      const ReadTransaction snapshot(*reader);
      const auto known = collections(*reader);
      const std::unique_lock lock(index_mutex_);
      whole = update(*reader, known, at_a_time);
      if (!whole) pause = index_ ? left_alone : after_a_fault;
    } catch (const std::exception& error) {
      tell_fault("search index", error.what());
      reader.reset();
      pause = after_a_fault;
    }
  }
}

}  // namespace qipan::face
