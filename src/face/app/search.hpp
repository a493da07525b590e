#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "board/district.hpp"
#include "search/index.hpp"

namespace qipan::face {

/// The index by which everything is found, kept up beside the district: by a thread of its own where there
/// is one, and by whoever searches. Any thread.
class Search {
 public:
  explicit Search(board::District& district);
  ~Search() { finish(); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  using Position = std::function<qipan::Position()>;
  using Collections = std::function<search::Collections(Database& reader)>;
  void keep_up(Position position, Collections collections);
  void finish();

  /// Takes in what the reader sees and the index does not, for a moment at most. True where nothing is left.
  [[nodiscard]] bool catch_up(Database& reader, const search::Collections& collections);
  /// A connection to the index, and those that it is one of; after the first catch_up().
  struct Loan {
    std::shared_ptr<board::Readers> readers;
    board::Readers::Loan database;
  };
  [[nodiscard]] Loan borrow();

 private:
  bool update(Database& reader, const search::Collections& collections, std::chrono::milliseconds most);
  void loop(const Position& position, const Collections& collections);
  bool wait(std::chrono::milliseconds most);

  board::District& district_;
  std::mutex readers_mutex_;
  std::shared_ptr<board::Readers> readers_;  // others once the index is another file
  std::mutex index_mutex_;
  std::optional<search::Index> index_;
  bool whole_ = false;
  std::mutex stop_mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace qipan::face
