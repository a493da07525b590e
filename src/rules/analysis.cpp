#include "rules/analysis.hpp"

#include <algorithm>
#include <set>

#include "expr/operators.hpp"
#include "rules/witnesses.hpp"

namespace qipan::rules {

namespace {

using expr::Value;
using Rules = std::vector<bool>;

constexpr std::size_t findings_max = 10;
constexpr std::size_t combinations_max = 300'000;

/// For each witness of each column, the rules that it leaves standing.
struct Grid {
  std::vector<std::vector<Value>> witnesses;
  std::vector<std::vector<Rules>> holds;
};

std::optional<Grid> grid_of(const Table& table) {
  Grid grid;
  std::size_t combinations = 1;
  for (std::size_t c = 0; c < table.inputs.size(); ++c) {
    if (!stands_alone(table, c)) return std::nullopt;
    auto witnesses = witnesses_of(table, c, {});
    if (!witnesses || witnesses->empty()) return std::nullopt;
    combinations *= witnesses->size();
    if (combinations > combinations_max) return std::nullopt;
    grid.witnesses.push_back(std::move(*witnesses));
  }
  expr::Machine machine;
  const expr::Machine::Frame frame(machine, table.slots);
  for (std::size_t c = 0; c < table.inputs.size(); ++c) {
    auto& column = grid.holds.emplace_back();
    for (const Value& witness : grid.witnesses[c]) {
      machine.set_local(table.inputs[c].slot, witness);
      std::vector<bool> answers;
      for (const expr::NodePtr& test : table.tests[c]) answers.push_back(run(*test, machine).is_true());
      Rules rules;
      for (const Rule& rule : table.rules)
        rules.push_back(rule.tests[c] == irrelevant || answers[rule.tests[c]]);
      column.push_back(std::move(rules));
    }
  }
  return grid;
}

class Examiner {
 public:
  Examiner(const Table& table, const Grid& grid) : table_(table), grid_(grid) {}

  std::vector<Problem> all() {
    at_.assign(grid_.witnesses.size(), 0);
    walk(0, Rules(table_.rules.size(), true));
    return std::move(findings_);
  }

 private:
  void walk(std::size_t column, const Rules& standing) {
    if (findings_.size() >= findings_max) return;
    if (column == at_.size()) {
      judge(standing);
      return;
    }
    for (std::size_t w = 0; w < grid_.witnesses[column].size(); ++w) {
      at_[column] = w;
      Rules next = standing;
      for (std::size_t r = 0; r < next.size(); ++r) next[r] = next[r] && grid_.holds[column][w][r];
      walk(column + 1, next);
    }
  }

  void judge(const Rules& standing) {
    const auto count = std::count(standing.begin(), standing.end(), true);
    const bool has_default =
        std::any_of(table_.outputs.begin(), table_.outputs.end(),
                    [](const OutputClause& clause) { return clause.otherwise != nullptr; });
    const bool collects = table_.policy == HitPolicy::collect || table_.policy == HitPolicy::rule_order ||
                          table_.policy == HitPolicy::output_order;
    if (count == 0 && !has_default && !collects) {
      report("dmn-gap", table_.place, "no rule answers", "a rule for these inputs, or default outputs");
    }
    if (count < 2 || (table_.policy != HitPolicy::unique && table_.policy != HitPolicy::any)) return;
    const auto first =
        static_cast<std::size_t>(std::find(standing.begin(), standing.end(), true) - standing.begin());
    for (std::size_t r = first + 1; r < standing.size(); ++r) {
      const bool differs = table_.policy == HitPolicy::unique ||
                           table_.rules[r].output_texts != table_.rules[first].output_texts;
      if (!standing[r] || !differs || !told_.insert({first, r}).second) continue;
      report("dmn-overlap", table_.rules[r].place,
             "rules " + table_.rules[first].id + " and " + table_.rules[r].id,
             "one rule for the same inputs");
    }
  }

  void report(std::string code, const std::string& place, const std::string& what, std::string rule) {
    std::string example;
    for (std::size_t c = 0; c < at_.size(); ++c)
      example += (c == 0 ? "" : ", ") + table_.inputs[c].text + " = " + described(grid_.witnesses[c], at_[c]);
    findings_.push_back({Problem::Kind::conflict, std::move(code), place,
                         table_.name + ": " + what + " for " + example, std::move(rule), ""});
  }

  const Table& table_;
  const Grid& grid_;
  std::vector<std::size_t> at_;
  std::set<std::pair<std::size_t, std::size_t>> told_;
  std::vector<Problem> findings_;
};

}  // namespace

std::vector<Problem> findings_of(const Table& table) {
  const auto grid = grid_of(table);
  if (!grid) {
    return {
        {Problem::Kind::conflict, "dmn-not-examined", table.place,
         table.name + ": not examined, a test looks beyond its column or there are too many combinations",
         "tests of their own column only, and at most 300,000 combinations, to look for gaps and overlaps",
         ""}};
  }
  return Examiner(table, *grid).all();
}

}  // namespace qipan::rules
