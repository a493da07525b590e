#pragma once

#include <string>
#include <vector>

#include "expr/machine.hpp"

namespace qipan::rules {

class Table;
struct Element;

/// What one evaluation of a decision table saw and did.
struct TableRun {
  const Table* table = nullptr;
  const Element* owner = nullptr;
  std::vector<expr::Value> inputs;
  std::vector<std::size_t> matched;  // rules, in the table's order
  expr::Value output;
};

struct DecisionRun {
  const Element* decision = nullptr;
  expr::Value value;
  std::vector<TableRun> tables;  // also of the knowledge that it called
};

/// Collects the steps of an evaluation, in the order in which decisions were finished.
class Trace final : public expr::Tracer {
 public:
  void begin(const Element& decision) { open_.push_back({&decision, {}, {}}); }
  void end(const expr::Value& value) {
    open_.back().value = value;
    done_.push_back(std::move(open_.back()));
    open_.pop_back();
  }
  void add(TableRun run) {
    if (open_.empty()) return;
    run.owner = open_.back().decision;
    open_.back().tables.push_back(std::move(run));
  }
  [[nodiscard]] const std::vector<DecisionRun>& runs() const { return done_; }
  void clear() {
    open_.clear();
    done_.clear();
  }

 private:
  std::vector<DecisionRun> open_;
  std::vector<DecisionRun> done_;
};

}  // namespace qipan::rules
