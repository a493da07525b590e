#include "rules/table_index.hpp"

#include <algorithm>

#include "rules/table.hpp"

namespace qipan::rules {

namespace {

using expr::Value;

/// For each of the values, the rules that it leaves standing; nothing where asking a test tells something
/// besides, which has to be told each time.
std::vector<std::uint64_t> standing_of(const Table& table, std::size_t column,
                                       const std::vector<Value>& values) {
  const std::size_t words = (table.rules.size() + 63) / 64;
  std::vector<std::uint64_t> bits(values.size() * words);
  expr::Machine machine;
  const expr::Machine::Frame frame(machine, table.slots);
  for (std::size_t v = 0; v < values.size(); ++v) {
    machine.set_local(table.inputs[column].slot, values[v]);
    std::vector<bool> answers;
    for (const expr::NodePtr& test : table.tests[column]) answers.push_back(test->holds(machine));
    for (std::size_t r = 0; r < table.rules.size(); ++r) {
      const std::size_t test = table.rules[r].tests[column];
      if (test == irrelevant || answers[test]) bits[v * words + r / 64] |= std::uint64_t{1} << (r % 64);
    }
  }
  if (!machine.diagnostics().empty()) bits.clear();
  return bits;
}

/// Values of which each stands for a class of numbers, in order; nothing where none lies between two.
std::optional<std::vector<Decimal>> classes_of(const std::vector<Decimal>& points) {
  std::vector<Decimal> classes;
  if (points.empty()) return std::vector<Decimal>{Decimal()};
  const auto below = points.front().minus(Decimal(1));
  const auto above = points.back().plus(Decimal(1));
  if (!below || !above || *below >= points.front() || *above <= points.back()) return std::nullopt;
  classes.push_back(*below);
  for (std::size_t i = 0; i < points.size(); ++i) {
    classes.push_back(points[i]);
    if (i + 1 == points.size()) break;
    const auto sum = points[i].plus(points[i + 1]);
    const auto between = sum ? sum->over(Decimal(2)) : std::nullopt;
    if (!between || *between <= points[i] || *between >= points[i + 1]) return std::nullopt;
    classes.push_back(*between);
  }
  classes.push_back(*above);
  return classes;
}

}  // namespace

ColumnIndex::ColumnIndex(const Table& table, std::size_t column) : words_((table.rules.size() + 63) / 64) {
  std::vector<Value> points;
  const bool turns = std::all_of(
      table.tests[column].begin(), table.tests[column].end(),
      [&](const expr::NodePtr& test) { return test->turns_at(table.inputs[column].slot, points); });
  if (!turns) return;
  std::string other = "\x01";
  for (const Value& point : points) {
    if (point.number() != nullptr) numbers_.push_back(*point.number());
    if (point.text() == nullptr) continue;
    texts_.push_back(*point.text());
    other += *point.text();
  }
  std::sort(numbers_.begin(), numbers_.end());
  numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
  std::sort(texts_.begin(), texts_.end());
  texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
  // Every class is asked every test, once: of columns with so many it would cost more than it saves.
  constexpr std::size_t asked_max = 500'000;
  const std::size_t most = 2 * numbers_.size() + texts_.size() + 4;
  if (most * (table.tests[column].size() + table.rules.size()) > asked_max) return;
  std::vector<Value> all;
  if (const auto classes = classes_of(numbers_)) all.assign(classes->begin(), classes->end());
  by_number_ = standing_of(table, column, all);
  all.assign(texts_.begin(), texts_.end());
  all.emplace_back(other);
  by_text_ = standing_of(table, column, all);
  by_boolean_ = standing_of(table, column, {Value(false), Value(true)});
}

const std::uint64_t* ColumnIndex::standing(const Value& value) const {
  if (const Decimal* number = value.number(); number != nullptr && !by_number_.empty()) {
    const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), *number);
    const auto place = 2 * static_cast<std::size_t>(at - numbers_.begin());
    return by_number_.data() + (place + (at != numbers_.end() && *at == *number ? 1 : 0)) * words_;
  }
  if (const std::string* text = value.text(); text != nullptr && !by_text_.empty()) {
    const auto at = std::lower_bound(texts_.begin(), texts_.end(), *text);
    const bool known = at != texts_.end() && *at == *text;
    return by_text_.data() + (known ? static_cast<std::size_t>(at - texts_.begin()) : texts_.size()) * words_;
  }
  if (const bool* boolean = value.boolean(); boolean != nullptr && !by_boolean_.empty())
    return by_boolean_.data() + (*boolean ? words_ : 0);
  return nullptr;
}

}  // namespace qipan::rules
