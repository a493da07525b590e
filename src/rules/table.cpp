#include "rules/table.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "expr/operators.hpp"
#include "rules/trace.hpp"

namespace qipan::rules {

namespace {

using expr::Machine;
using expr::Value;

enum class Answer : std::int8_t { unasked, no, yes };

/// Answers to the tests of one evaluation; on the stack for tables of usual size.
class Answers {
 public:
  explicit Answers(std::size_t size) {
    if (size > few_.size()) many_.resize(size);
    at_ = many_.empty() ? few_.data() : many_.data();
  }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
  Answer& operator[](std::size_t i) { return at_[i]; }

 private:
  std::array<Answer, 256> few_{};
  std::vector<Answer> many_;
  Answer* at_;
};

/// Rules that may hold yet, as bits; on the stack for tables of usual size.
class Candidates {
 public:
  explicit Candidates(std::size_t rules) : words_((rules + 63) / 64) {
    if (words_ > few_.size()) many_.resize(words_);
    at_ = many_.empty() ? few_.data() : many_.data();
    std::fill(at_, at_ + words_, ~std::uint64_t{0});
    if (rules % 64 != 0) at_[words_ - 1] = (std::uint64_t{1} << (rules % 64)) - 1;
  }
  Candidates(const Candidates&) = delete;
  Candidates& operator=(const Candidates&) = delete;
  void keep(const std::uint64_t* standing) {
    for (std::size_t w = 0; w < words_; ++w) at_[w] &= standing[w];
  }
  /// In order, until `visit` says false.
  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t w = 0; w < words_; ++w) {
      for (std::uint64_t left = at_[w]; left != 0; left &= left - 1) {
        if (!visit(w * 64 + static_cast<std::size_t>(std::countr_zero(left)))) return;
      }
    }
  }

 private:
  std::size_t words_;
  std::array<std::uint64_t, 4> few_{};
  std::vector<std::uint64_t> many_;
  std::uint64_t* at_;
};

}  // namespace

void Table::finish() {
  test_count_ = 0;
  first_test_.clear();
  for (const auto& column : tests) {
    first_test_.push_back(test_count_);
    test_count_ += column.size();
  }
  columns_.clear();
  for (std::size_t c = 0; c < inputs.size(); ++c) columns_.emplace_back(*this, c);
  auto keys = std::make_shared<std::vector<std::string>>();
  for (const OutputClause& clause : outputs) keys->push_back(clause.name);
  keys_ = std::move(keys);
  if (outputs.size() == 1) {
    type = outputs[0].type;
  } else {
    auto made = std::make_shared<expr::Type>();
    made->kind = expr::Type::Kind::context;
    for (const OutputClause& clause : outputs) made->fields.push_back({clause.name, clause.type});
    type = std::move(made);
  }
  for (Rule& rule : rules) {
    const bool known = std::all_of(rule.outputs.begin(), rule.outputs.end(),
                                   [](const expr::NodePtr& cell) { return cell->constant() != nullptr; });
    if (!known) continue;
    Machine machine;
    const Machine::Frame frame(machine, slots);
    Value value = output(machine, rule);
    if (machine.diagnostics().empty()) rule.constant = std::move(value);
  }
  const bool one = is_single(policy);
  if (aggregation != Aggregation::none) {
    type = expr::type_of(expr::Type::Kind::any);
  } else if (!one) {
    type = expr::list_of(type);
  }
}

bool Table::bind(Machine& machine, Inputs& given) const {
  for (const InputClause& input : inputs) {
    if (machine.exhausted()) return false;
    const Value* value = input.expression->look(machine);
    if (value == nullptr) machine.set_local(input.slot, run(*input.expression, machine));
    given.push_back(value);
    if (input.allowed == nullptr) continue;
    if (value != nullptr) machine.set_local(input.slot, *value);
    if (machine.local(input.slot).is_null() || run(*input.allowed, machine).is_true()) continue;
    machine.fail("dmn-input-value",
                 input.text + " is " + text_of(machine.local(input.slot)) + ", not in " + input.allowed_text);
    return false;
  }
  return true;
}

const Value& Table::input(const Machine& machine, const Inputs& given, std::size_t column) const {
  return given[column] != nullptr ? *given[column] : machine.local(inputs[column].slot);
}

void Table::match(Machine& machine, const Inputs& given, Matched& matched) const {
  // Of each column, the rules that its value leaves standing; null where its tests have to be asked.
  boost::container::small_vector<const std::uint64_t*, 16> standing;
  bool looked_up = true;
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    standing.push_back(columns_[c].standing(input(machine, given, c)));
    if (standing.back() != nullptr) continue;
    looked_up = false;
    if (given[c] != nullptr) machine.set_local(inputs[c].slot, *given[c]);
  }
  if (looked_up) {
    Candidates candidates(rules.size());
    for (const std::uint64_t* bits : standing) candidates.keep(bits);
    candidates.each([&](std::size_t r) {
      matched.push_back(r);
      return policy != HitPolicy::first;
    });
    return;
  }
  // Tests are asked of the same rules in the same order as if nothing were looked up: they may tell
  // something.
  Answers answers(test_count_);
  const auto holds_in = [&](std::size_t r, std::size_t c) {
    if (standing[c] != nullptr) return (standing[c][r / 64] >> (r % 64) & 1U) != 0;
    const std::size_t test = rules[r].tests[c];
    if (test == irrelevant) return true;
    Answer& answer = answers[first_test_[c] + test];
    if (answer == Answer::unasked) answer = tests[c][test]->holds(machine) ? Answer::yes : Answer::no;
    return answer == Answer::yes;
  };
  for (std::size_t r = 0; r < rules.size(); ++r) {
    bool holds = true;
    for (std::size_t c = 0; holds && c < inputs.size(); ++c) holds = holds_in(r, c);
    if (!holds) continue;
    matched.push_back(r);
    if (policy == HitPolicy::first) return;
  }
}

std::vector<std::size_t> Table::matching(Machine& machine, const std::vector<Value>& given) const {
  Inputs values;
  for (const Value& value : given) values.push_back(&value);
  Matched matched;
  match(machine, values, matched);
  return {matched.begin(), matched.end()};
}

Value Table::evaluate(Machine& machine) const {
  Inputs given;
  Matched matched;
  Value value;
  if (bind(machine, given)) {
    match(machine, given, matched);
    value = result(machine, matched);
  }
  if (auto* trace = static_cast<Trace*>(machine.tracer()); trace != nullptr) {
    TableRun seen;
    seen.table = this;
    seen.inputs.reserve(inputs.size());
    for (std::size_t c = 0; c < inputs.size(); ++c)
      seen.inputs.push_back(c < given.size() ? input(machine, given, c) : Value());
    seen.matched.assign(matched.begin(), matched.end());
    seen.output = value;
    trace->add(std::move(seen));
  }
  return value;
}

Value Table::composed(Machine& machine, std::vector<Value> cells) const {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = coerced(machine, std::move(cells[i]), outputs[i].type);
    if (outputs[i].allowed == nullptr || cells[i].is_null()) continue;
    machine.set_local(outputs[i].slot, cells[i]);
    if (!run(*outputs[i].allowed, machine).is_true())
      cells[i] = machine.fail("dmn-output-value", text_of(cells[i]) + " is none of the output values");
  }
  if (cells.size() == 1) return std::move(cells[0]);
  return expr::Context{keys_, std::move(cells)};
}

Value Table::output(Machine& machine, const Rule& rule) const {
  if (rule.constant) return *rule.constant;
  std::vector<Value> cells;
  cells.reserve(rule.outputs.size());
  for (const expr::NodePtr& cell : rule.outputs) cells.push_back(run(*cell, machine));
  return composed(machine, std::move(cells));
}

Value Table::otherwise(Machine& machine) const {
  const bool any = std::any_of(outputs.begin(), outputs.end(),
                               [](const OutputClause& clause) { return clause.otherwise != nullptr; });
  if (!any) return {};
  std::vector<Value> cells;
  for (const OutputClause& clause : outputs)
    cells.push_back(clause.otherwise == nullptr ? Value() : run(*clause.otherwise, machine));
  return composed(machine, std::move(cells));
}

Value Table::result(Machine& machine, const Matched& matched) const {
  const bool one = is_single(policy);
  if (!matched.empty()) return one ? single(machine, matched) : several(machine, matched);
  Value fallback = otherwise(machine);
  if (!fallback.is_null() || one) return fallback;
  if (aggregation == Aggregation::count) return 0;
  return aggregation == Aggregation::none ? Value(expr::List()) : Value();
}

Value Table::single(Machine& machine, const Matched& matched) const {
  if (policy == HitPolicy::unique && matched.size() > 1) {
    return machine.fail("dmn-overlap", name + ": rules " + rules[matched[0]].id + " and " +
                                           rules[matched[1]].id + " both hold, and only one may");
  }
  Value first = output(machine, rules[matched[0]]);
  if (policy == HitPolicy::any) {
    for (std::size_t i = 1; i < matched.size(); ++i) {
      if (equals(output(machine, rules[matched[i]]), first).value_or(false)) continue;
      return machine.fail("dmn-overlap", name + ": rules " + rules[matched[0]].id + " and " +
                                             rules[matched[i]].id + " both hold and say different things");
    }
  }
  if (policy == HitPolicy::priority) {
    for (std::size_t i = 1; i < matched.size(); ++i) {
      Value other = output(machine, rules[matched[i]]);
      if (rank(other) < rank(first)) first = std::move(other);
    }
  }
  return first;
}

Value Table::several(Machine& machine, const Matched& matched) const {
  expr::List values;
  for (const std::size_t rule : matched) {
    if (!machine.charge(1, sizeof(Value))) return {};
    values.push_back(output(machine, rules[rule]));
  }
  if (policy == HitPolicy::output_order) {
    std::vector<std::pair<std::vector<std::size_t>, Value>> ranked;
    for (Value& value : values) ranked.emplace_back(rank(value), std::move(value));
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < ranked.size(); ++i) values[i] = std::move(ranked[i].second);
  }
  return aggregation == Aggregation::none ? Value(std::move(values)) : aggregated(machine, values);
}

Value Table::aggregated(Machine& machine, const expr::List& values) const {
  if (aggregation == Aggregation::count) return static_cast<std::int64_t>(values.size());
  Value total = values[0];
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (aggregation == Aggregation::sum) {
      total = add(machine, total, values[i]);
    } else {
      const auto order = compare(values[i], total);
      if (!order) return machine.fail("dmn-aggregation", name + ": outputs that have no order");
      if (aggregation == Aggregation::least ? *order < 0 : *order > 0) total = values[i];
    }
  }
  return total;
}

std::vector<std::size_t> Table::rank(const Value& value) const {
  std::vector<std::size_t> ranks;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Value& cell = outputs.size() == 1 ? value : value.context()->values[i];
    const auto& order = outputs[i].priorities;
    ranks.push_back(static_cast<std::size_t>(
        std::find_if(order.begin(), order.end(),
                     [&](const Value& known) { return equals(known, cell).value_or(false); }) -
        order.begin()));
  }
  return ranks;
}

}  // namespace qipan::rules
