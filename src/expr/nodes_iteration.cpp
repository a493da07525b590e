#include <functional>

#include "expr/nodes.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Visit = std::function<bool(const Value&)>;  // false ends the iteration

/// Whole numbers or days between two endpoints, up or down.
bool each_step(Machine& machine, const Value& from, const Value& to, bool from_included, bool to_included,
               const Visit& visit) {
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
  if (from.number() != nullptr && to.number() != nullptr) {
    first = from.number()->integer();
    last = to.number()->integer();
  } else if (from.date() != nullptr && to.date() != nullptr) {
    first = from.date()->days;
    last = to.date()->days;
  }
  if (!first || !last) {
    machine.fail("feel-iteration", "from " + std::string(kind_name(from)) + " to " +
                                       std::string(kind_name(to)) + " are no whole numbers or dates");
    return false;
  }
  const std::int64_t step = *first <= *last ? 1 : -1;
  const std::int64_t begin = *first + (from_included ? 0 : step);
  const std::int64_t end = *last - (to_included ? 0 : step);
  for (std::int64_t i = begin; step > 0 ? i <= end : i >= end; i += step) {
    if (!visit(from.date() != nullptr ? Value(Date{i}) : Value(i))) return true;
    if (!machine.charge(1)) return false;
  }
  return true;
}

/// False where the iterator is none, or the budget is spent.
bool each_value(Machine& machine, const Iterator& iterator, const Visit& visit) {
  const Value from = run(*iterator.from, machine);
  if (iterator.to != nullptr) return each_step(machine, from, run(*iterator.to, machine), true, true, visit);
  if (const Range* range = from.range(); range != nullptr) {
    return each_step(machine, range->low, range->high, range->low_included, range->high_included, visit);
  }
  if (from.is_null()) {
    machine.fail("feel-iteration", "null is no list");
    return false;
  }
  if (from.list() == nullptr) {
    visit(from);
    return true;
  }
  for (const Value& item : *from.list()) {
    if (!visit(item)) return true;
    if (!machine.charge(1)) return false;
  }
  return true;
}

/// Each combination of the iterators in their slots; later ones see earlier ones.
bool each_combination(Machine& machine, const std::vector<Iterator>& iterators, std::size_t depth,
                      const std::function<bool()>& visit) {
  if (depth == iterators.size()) return visit();
  bool whole = true;
  bool more = true;
  const bool is_iterator = each_value(machine, iterators[depth], [&](const Value& value) {
    machine.set_local(iterators[depth].slot, value);
    if (depth + 1 == iterators.size()) {
      more = visit();
    } else {
      whole = each_combination(machine, iterators, depth + 1, visit);
      more = whole;
    }
    return more;
  });
  return is_iterator && whole;
}

class ForNode final : public Node {
 public:
  ForNode(std::vector<Iterator> iterators, std::size_t partial_slot, NodePtr result)
      : iterators_(std::move(iterators)), partial_slot_(partial_slot), result_(std::move(result)) {
    type = list_of(result_->type);
  }
  Value evaluate(Machine& machine) const override {
    // `partial` is the list so far; it is made only where an expression has a place for it.
    List results;
    const bool whole = each_combination(machine, iterators_, 0, [&] {
      if (partial_slot_ != no_slot) {
        if (!machine.charge(static_cast<std::int64_t>(results.size()))) return false;
        machine.set_local(partial_slot_, results);
      }
      Value result = run(*result_, machine);
      if (!machine.charge(1, sizeof(Value))) return false;
      results.push_back(std::move(result));
      return true;
    });
    return whole && !machine.exhausted() ? Value(std::move(results)) : Value();
  }

 private:
  std::vector<Iterator> iterators_;
  std::size_t partial_slot_;
  NodePtr result_;
};

class QuantifiedNode final : public Node {
 public:
  QuantifiedNode(Quantifier quantifier, std::vector<Iterator> iterators, NodePtr condition)
      : deciding_(quantifier == Quantifier::some),
        iterators_(std::move(iterators)),
        condition_(std::move(condition)) {
    type = type_of(Type::Kind::boolean);
  }
  Value evaluate(Machine& machine) const override {
    Value result = !deciding_;
    bool wrong = false;
    const bool whole = each_combination(machine, iterators_, 0, [&] {
      const Value found = run(*condition_, machine);
      if (found.boolean() == nullptr && !found.is_null()) {
        result = machine.fail("feel-condition", "satisfies a " + std::string(kind_name(found)));
        return wrong = true, false;
      }
      result = deciding_ ? disjunction(result, found) : conjunction(result, found);
      return result.boolean() == nullptr || *result.boolean() != deciding_;
    });
    if (wrong) return {};
    const bool decided = result.boolean() != nullptr && *result.boolean() == deciding_;
    return (whole || decided) && !machine.exhausted() ? result : Value();
  }

 private:
  bool deciding_;
  std::vector<Iterator> iterators_;
  NodePtr condition_;
};

}  // namespace

NodePtr for_node(std::vector<Iterator> iterators, std::size_t partial_slot, NodePtr result) {
  return std::make_shared<ForNode>(std::move(iterators), partial_slot, std::move(result));
}
NodePtr quantified_node(Quantifier quantifier, std::vector<Iterator> iterators, NodePtr condition) {
  return std::make_shared<QuantifiedNode>(quantifier, std::move(iterators), std::move(condition));
}

}  // namespace qipan::expr
