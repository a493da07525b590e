#pragma once

#include "base/database.hpp"
#include "log/batch.hpp"

namespace qipan::board {

/// What one commit will add, while it is being decided.
struct Group {
  explicit Group(Database& database) : transaction(database) {}
  Transaction transaction;
  log::Batch batch;
  std::size_t facts = 0;
  std::size_t bytes = 0;
  std::size_t ticks = 0;

  struct Mark {
    std::size_t commands;
    std::size_t facts;
    std::size_t bytes;
  };
  [[nodiscard]] Mark mark() const { return {batch.commands.size(), facts, bytes}; }
  void back_to(const Mark& mark) {
    batch.commands.resize(mark.commands);
    facts = mark.facts;
    bytes = mark.bytes;
  }
  [[nodiscard]] bool empty() const { return batch.commands.empty(); }
};

/// A savepoint that is undone unless kept.
class Savepoint {
 public:
  explicit Savepoint(Database& database) : database_(database) {
    database_.prepare("SAVEPOINT command").run();
  }
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint() {
    if (done_) return;
    try {
      undo();
    } catch (const DatabaseError&) {
      // The whole transaction is about to be rolled back by whoever threw first.
    }
  }
  void keep() {
    done_ = true;
    database_.prepare("RELEASE command").run();
  }
  void undo() {
    done_ = true;
    database_.prepare("ROLLBACK TO command").run();
    database_.prepare("RELEASE command").run();
  }

 private:
  Database& database_;
  bool done_ = false;
};

}  // namespace qipan::board
