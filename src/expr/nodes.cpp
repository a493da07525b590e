#include "expr/nodes.hpp"

#include <algorithm>

#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

class ConstantNode final : public Node {
 public:
  ConstantNode(Value value, TypePtr of) : value_(std::move(value)) { type = std::move(of); }
  Value evaluate(Machine&) const override { return value_; }
  const Value* constant() const override { return &value_; }

 private:
  Value value_;
};

class LocalNode final : public Node {
 public:
  LocalNode(std::size_t slot, TypePtr of) : slot_(slot) { type = std::move(of); }
  Value evaluate(Machine& machine) const override { return machine.local(slot_); }
  std::size_t slot() const { return slot_; }

 private:
  std::size_t slot_;
};

class GlobalNode final : public Node {
 public:
  GlobalNode(std::size_t index, TypePtr of) : index_(index) { type = std::move(of); }
  Value evaluate(Machine& machine) const override { return machine.global(index_); }
  const Value* look(Machine& machine) const override { return &machine.global(index_); }

 private:
  std::size_t index_;
};

class FailingNode final : public Node {
 public:
  FailingNode(std::string code, std::string text) : code_(std::move(code)), text_(std::move(text)) {}
  Value evaluate(Machine& machine) const override { return machine.fail(code_, text_); }

 private:
  std::string code_;
  std::string text_;
};

class UnaryNode final : public Node {
 public:
  UnaryNode(Unary operation, NodePtr operand) : operation_(operation), operand_(std::move(operand)) {}
  Value evaluate(Machine& machine) const override { return operation_(machine, run(*operand_, machine)); }

 private:
  Unary operation_;
  NodePtr operand_;
};

class BinaryNode final : public Node {
 public:
  BinaryNode(Binary operation, NodePtr left, NodePtr right)
      : operation_(operation), left_(std::move(left)), right_(std::move(right)) {}
  Value evaluate(Machine& machine) const override {
    const Value left = run(*left_, machine);
    return operation_(machine, left, run(*right_, machine));
  }

 private:
  Binary operation_;
  NodePtr left_;
  NodePtr right_;
};

/// `and` and `or`: the right side is not asked where the left one decides.
class LogicNode final : public Node {
 public:
  LogicNode(bool deciding, NodePtr left, NodePtr right)
      : deciding_(deciding), left_(std::move(left)), right_(std::move(right)) {
    type = type_of(Type::Kind::boolean);
  }
  Value evaluate(Machine& machine) const override {
    const Value left = run(*left_, machine);
    if (left.boolean() != nullptr && *left.boolean() == deciding_) return deciding_;
    const Value right = run(*right_, machine);
    return deciding_ ? disjunction(left, right) : conjunction(left, right);
  }

 private:
  bool deciding_;
  NodePtr left_;
  NodePtr right_;
};

class BetweenNode final : public Node {
 public:
  BetweenNode(NodePtr value, NodePtr low, NodePtr high)
      : value_(std::move(value)), low_(std::move(low)), high_(std::move(high)) {
    type = type_of(Type::Kind::boolean);
  }
  Value evaluate(Machine& machine) const override {
    const Value value = run(*value_, machine);
    const Value low = run(*low_, machine);
    return between(machine, value, low, run(*high_, machine));
  }

 private:
  NodePtr value_;
  NodePtr low_;
  NodePtr high_;
};

class ChoiceNode final : public Node {
 public:
  ChoiceNode(NodePtr condition, NodePtr yes, NodePtr no, bool strict)
      : condition_(std::move(condition)), yes_(std::move(yes)), no_(std::move(no)), strict_(strict) {
    const bool same = conforms(*yes_->type, *no_->type) && conforms(*no_->type, *yes_->type);
    if (same) type = yes_->type;
  }
  Value evaluate(Machine& machine) const override {
    const Value condition = run(*condition_, machine);
    if (strict_ && !condition.is_null() && condition.boolean() == nullptr)
      return machine.fail("feel-condition", "if a " + std::string(kind_name(condition)));
    return run(condition.is_true() ? *yes_ : *no_, machine);
  }

 private:
  NodePtr condition_;
  NodePtr yes_;
  NodePtr no_;
  bool strict_;
};

class InstanceNode final : public Node {
 public:
  InstanceNode(NodePtr value, TypePtr of) : value_(std::move(value)), of_(std::move(of)) {
    type = type_of(Type::Kind::boolean);
  }
  Value evaluate(Machine& machine) const override {
    const Value value = run(*value_, machine);
    // Null belongs to every type as a value, but is an instance of its own only.
    if (value.is_null()) return of_->kind == Type::Kind::null;
    return instance_of(value, *of_);
  }

 private:
  NodePtr value_;
  TypePtr of_;
};

class CoercedNode final : public Node {
 public:
  CoercedNode(NodePtr inner, TypePtr of) : inner_(std::move(inner)) { type = std::move(of); }
  Value evaluate(Machine& machine) const override { return coerced(machine, run(*inner_, machine), type); }

 private:
  NodePtr inner_;
};

/// A test of a table's cell. Where it is a boolean about ?, that is the answer; else ? is compared with it.
class TestNode final : public Node {
 public:
  TestNode(NodePtr value, NodePtr test, bool asks)
      : value_(std::move(value)), test_(std::move(test)), asks_(asks) {
    type = type_of(Type::Kind::boolean);
  }
  Value evaluate(Machine& machine) const override {
    const Value test = run(*test_, machine);
    if (asks_ && test.boolean() != nullptr) return test;
    const Value value = run(*value_, machine);
    const bool answers = test_->constant() == nullptr && value.boolean() == nullptr;
    if (answers && test.boolean() != nullptr) return test;
    return within(machine, value, test);
  }

 private:
  NodePtr value_;
  NodePtr test_;
  bool asks_;
};

bool turns_at_scalar(const Value& value, std::vector<Value>& constants) {
  constants.push_back(value);
  return value.number() != nullptr || value.text() != nullptr || value.boolean() != nullptr;
}

/// Numbers alone: texts in an order of their own, and endpoints that are null, are asked each time.
bool turns_at_range(const Range& range, std::vector<Value>& constants) {
  for (const Value* end : {&range.low, &range.high}) {
    const bool there = end == &range.low ? range.has_low() : range.has_high();
    if (there && end->number() == nullptr) return false;
    if (there) constants.push_back(*end);
  }
  return true;
}

/// The value in a slot against a constant: most cells of most tables.
class ConstantTestNode final : public Node {
 public:
  ConstantTestNode(std::size_t slot, Value test) : slot_(slot), test_(std::move(test)) {
    type = type_of(Type::Kind::boolean);
    if (const Range* range = test_.range(); range != nullptr) {
      numbers_ = range->low.number() != nullptr && range->high.number() != nullptr;
    }
  }
  Value evaluate(Machine& machine) const override { return within(machine, machine.local(slot_), test_); }
  bool holds(Machine& machine) const override {
    const Value& value = machine.local(slot_);
    if (value.text() != nullptr && test_.text() != nullptr) return *value.text() == *test_.text();
    if (numbers_ && value.number() != nullptr) return *includes(*test_.range(), value);
    return within(machine, value, test_).is_true();
  }
  bool turns_at(std::size_t slot, std::vector<Value>& constants) const override {
    if (slot != slot_) return false;
    if (test_.range() != nullptr) return turns_at_range(*test_.range(), constants);
    if (test_.list() == nullptr) return turns_at_scalar(test_, constants);
    return std::all_of(test_.list()->begin(), test_.list()->end(),
                       [&](const Value& item) { return turns_at_scalar(item, constants); });
  }

 private:
  std::size_t slot_;
  Value test_;
  bool numbers_ = false;
};

class ComparisonTestNode final : public Node {
 public:
  ComparisonTestNode(std::size_t slot, Binary operation, Value limit)
      : slot_(slot), operation_(operation), limit_(std::move(limit)) {
    type = type_of(Type::Kind::boolean);
  }
  Value evaluate(Machine& machine) const override {
    return operation_(machine, machine.local(slot_), limit_);
  }
  bool holds(Machine& machine) const override { return evaluate(machine).is_true(); }
  bool turns_at(std::size_t slot, std::vector<Value>& constants) const override {
    const bool same = operation_ == equal || operation_ == differ;
    return slot == slot_ && (same || limit_.number() != nullptr) && turns_at_scalar(limit_, constants);
  }

 private:
  std::size_t slot_;
  Binary operation_;
  Value limit_;
};

class AnyTestNode final : public Node {
 public:
  explicit AnyTestNode(std::vector<NodePtr> tests) : tests_(std::move(tests)) {
    type = type_of(Type::Kind::boolean);
  }
  Value evaluate(Machine& machine) const override {
    Value result = false;
    for (const NodePtr& test : tests_) {
      result = disjunction(result, run(*test, machine));
      if (result.is_true()) break;
    }
    return result;
  }
  bool holds(Machine& machine) const override {
    return std::any_of(tests_.begin(), tests_.end(),
                       [&](const NodePtr& test) { return test->holds(machine); });
  }
  bool turns_at(std::size_t slot, std::vector<Value>& constants) const override {
    return std::all_of(tests_.begin(), tests_.end(),
                       [&](const NodePtr& test) { return test->turns_at(slot, constants); });
  }

 private:
  std::vector<NodePtr> tests_;
};

Value inverted(Machine&, const Value& value) {
  return value.boolean() == nullptr ? Value() : Value(!*value.boolean());
}

bool are_constant(std::initializer_list<const NodePtr*> nodes) {
  return std::all_of(nodes.begin(), nodes.end(),
                     [](const NodePtr* node) { return (*node)->constant() != nullptr; });
}

/// The node, or its value where that is known and nothing went wrong on the way.
NodePtr folded(NodePtr node, bool constant) {
  if (!constant) return node;
  Machine machine;
  Value value = node->evaluate(machine);
  return machine.diagnostics().empty() ? constant_node(std::move(value), node->type) : node;
}

template <class Made>
NodePtr typed(std::shared_ptr<Made> node, TypePtr type) {
  node->type = std::move(type);
  return node;
}

TypePtr type_of_constant(const Value& value) {
  // In the order of Value::Held.
  using enum Type::Kind;
  constexpr std::array<Type::Kind, 13> kinds = {null,    boolean,   number,       text,      date,
                                                time,    date_time, years_months, days_time, list,
                                                context, range,     function};
  return type_of(kinds[value.kind()]);
}

}  // namespace

NodePtr constant_node(Value value) {
  TypePtr type = type_of_constant(value);
  return constant_node(std::move(value), std::move(type));
}
NodePtr constant_node(Value value, TypePtr type) {
  return std::make_shared<ConstantNode>(std::move(value), std::move(type));
}
NodePtr local_node(std::size_t slot, TypePtr type) {
  return std::make_shared<LocalNode>(slot, std::move(type));
}
NodePtr global_node(std::size_t index, TypePtr type) {
  return std::make_shared<GlobalNode>(index, std::move(type));
}
NodePtr failing_node(std::string code, std::string text) {
  return std::make_shared<FailingNode>(std::move(code), std::move(text));
}
NodePtr unary_node(Unary operation, NodePtr operand, TypePtr type) {
  const bool constant = are_constant({&operand});
  return folded(typed(std::make_shared<UnaryNode>(operation, std::move(operand)), std::move(type)), constant);
}
NodePtr binary_node(Binary operation, NodePtr left, NodePtr right, TypePtr type) {
  const bool constant = are_constant({&left, &right});
  return folded(
      typed(std::make_shared<BinaryNode>(operation, std::move(left), std::move(right)), std::move(type)),
      constant);
}
NodePtr conjunction_node(NodePtr left, NodePtr right) {
  return std::make_shared<LogicNode>(false, std::move(left), std::move(right));
}
NodePtr disjunction_node(NodePtr left, NodePtr right) {
  return std::make_shared<LogicNode>(true, std::move(left), std::move(right));
}
NodePtr between_node(NodePtr value, NodePtr low, NodePtr high) {
  return std::make_shared<BetweenNode>(std::move(value), std::move(low), std::move(high));
}
NodePtr choice_node(NodePtr condition, NodePtr yes, NodePtr no, bool strict) {
  return std::make_shared<ChoiceNode>(std::move(condition), std::move(yes), std::move(no), strict);
}
NodePtr instance_node(NodePtr value, TypePtr type) {
  return std::make_shared<InstanceNode>(std::move(value), std::move(type));
}
NodePtr coerced_node(NodePtr inner, TypePtr type) {
  if (type == nullptr || (type->kind == Type::Kind::any && type->constraint == nullptr)) return inner;
  return std::make_shared<CoercedNode>(std::move(inner), std::move(type));
}
NodePtr comparison_test_node(std::size_t slot, Binary operation, Value limit) {
  return std::make_shared<ComparisonTestNode>(slot, operation, std::move(limit));
}
NodePtr test_node(NodePtr value, NodePtr test, bool asks) {
  const auto* local = dynamic_cast<const LocalNode*>(value.get());
  if (local != nullptr && test->constant() != nullptr && !asks)
    return std::make_shared<ConstantTestNode>(local->slot(), *test->constant());
  return std::make_shared<TestNode>(std::move(value), std::move(test), asks);
}
NodePtr any_test_node(std::vector<NodePtr> tests) {
  return tests.size() == 1 ? std::move(tests[0]) : std::make_shared<AnyTestNode>(std::move(tests));
}
NodePtr no_test_node(NodePtr tests) {
  return typed(std::make_shared<UnaryNode>(inverted, std::move(tests)), type_of(Type::Kind::boolean));
}

}  // namespace qipan::expr
