#include <algorithm>

#include "expr/nodes.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

bool all_constant(const std::vector<NodePtr>& nodes) {
  return std::all_of(nodes.begin(), nodes.end(),
                     [](const NodePtr& node) { return node->constant() != nullptr; });
}

class ListNode final : public Node {
 public:
  explicit ListNode(std::vector<NodePtr> items) : items_(std::move(items)) {
    TypePtr element;
    for (const NodePtr& item : items_) {
      const bool fits = element != nullptr && conforms(*item->type, *element);
      element =
          element == nullptr || fits ? (element == nullptr ? item->type : element) : type_of(Type::Kind::any);
    }
    type = list_of(element == nullptr ? type_of(Type::Kind::any) : element);
  }
  Value evaluate(Machine& machine) const override {
    List items;
    if (!machine.charge(1, static_cast<std::int64_t>(items_.size() * sizeof(Value)))) return {};
    items.reserve(items_.size());
    for (const NodePtr& item : items_) items.push_back(run(*item, machine));
    return items;
  }

 private:
  std::vector<NodePtr> items_;
};

class RangeNode final : public Node {
 public:
  RangeNode(NodePtr low, NodePtr high, bool low_included, bool high_included)
      : low_(std::move(low)),
        high_(std::move(high)),
        low_included_(low_included),
        high_included_(high_included) {
    type = range_of(low_->type->kind == Type::Kind::null ? high_->type : low_->type);
  }
  Value evaluate(Machine& machine) const override {
    Range range{run(*low_, machine), run(*high_, machine), low_included_, high_included_};
    if (range.low.is_null() && range.high.is_null()) return machine.fail("feel-range", "no endpoint");
    if (range.low.is_null() || range.high.is_null()) {
      const Value& given = range.low.is_null() ? range.high : range.low;
      return compare(given, given) ? Value(std::move(range)) : machine.fail("feel-range", "no order");
    }
    const auto order = compare(range.low, range.high);
    if (!order)
      return machine.fail("feel-range", "from " + std::string(kind_name(range.low)) + " to " +
                                            std::string(kind_name(range.high)));
    if (*order > 0) return machine.fail("feel-range", "from the greater to the lesser");
    return range;
  }

 private:
  NodePtr low_;
  NodePtr high_;
  bool low_included_;
  bool high_included_;
};

/// `(< 10)`: a comparison as a range.
class OperatorRangeNode final : public Node {
 public:
  OperatorRangeNode(Range::Form form, bool included, NodePtr limit)
      : form_(form), included_(included), limit_(std::move(limit)) {
    type = range_of(limit_->type);
  }
  Value evaluate(Machine& machine) const override {
    Value limit = run(*limit_, machine);
    const bool point = form_ == Range::Form::same || form_ == Range::Form::other;
    if (limit.is_null()) return machine.fail("feel-range", "no endpoint");
    if (!point && !compare(limit, limit)) return machine.fail("feel-range", "no order");
    Range range;
    range.form = form_;
    if (range.has_low()) range.low = limit;
    if (range.has_high()) range.high = limit;
    const bool included = point ? form_ == Range::Form::same : included_;
    range.low_included = range.has_low() && included;
    range.high_included = range.has_high() && included;
    return range;
  }

 private:
  Range::Form form_;
  bool included_;
  NodePtr limit_;
};

class ContextNode final : public Node {
 public:
  ContextNode(std::vector<Entry> entries, NodePtr result)
      : entries_(std::move(entries)), result_(std::move(result)) {
    auto keys = std::make_shared<std::vector<std::string>>();
    auto own = std::make_shared<Type>();
    own->kind = Type::Kind::context;
    for (const Entry& entry : entries_) {
      keys->push_back(entry.key);
      own->fields.push_back({entry.key, entry.value->type});
    }
    keys_ = std::move(keys);
    type = result_ == nullptr ? TypePtr(own) : result_->type;
  }
  Value evaluate(Machine& machine) const override {
    if (!machine.charge(1, static_cast<std::int64_t>(entries_.size() * sizeof(Value)))) return {};
    Context context{keys_, {}};
    context.values.reserve(entries_.size());
    for (const Entry& entry : entries_) {
      Value value = run(*entry.value, machine);
      machine.set_local(entry.slot, value);
      context.values.push_back(std::move(value));
    }
    return result_ == nullptr ? Value(std::move(context)) : run(*result_, machine);
  }

 private:
  std::vector<Entry> entries_;
  NodePtr result_;
  Context::Keys keys_;
};

class MemberNode final : public Node {
 public:
  MemberNode(NodePtr source, std::string name) : source_(std::move(source)), name_(std::move(name)) {
    const Type& of = *source_->type;
    const Type& owner = of.kind == Type::Kind::list && of.element != nullptr ? *of.element : of;
    const Type::Field* field = owner.field(name_);
    if (field != nullptr) type = &owner == &of ? field->type : list_of(field->type);
  }
  Value evaluate(Machine& machine) const override { return member(machine, run(*source_, machine), name_); }

 private:
  NodePtr source_;
  std::string name_;
};

class ItemMemberNode final : public Node {
 public:
  ItemMemberNode(std::string name, std::vector<NodePtr> items, NodePtr fallback)
      : name_(std::move(name)), items_(std::move(items)), fallback_(std::move(fallback)) {}
  Value evaluate(Machine& machine) const override {
    for (const NodePtr& item : items_) {
      const Value value = run(*item, machine);
      const Value* found = value.context() == nullptr ? nullptr : value.context()->find(name_);
      if (found != nullptr) return *found;
      const bool has_properties = value.context() == nullptr && value.list() == nullptr && !value.is_null();
      if (has_properties && fallback_ == nullptr) return member(machine, value, name_);
    }
    return fallback_ == nullptr ? machine.fail("feel-name", "nothing is named " + name_)
                                : run(*fallback_, machine);
  }

 private:
  std::string name_;
  std::vector<NodePtr> items_;
  NodePtr fallback_;
};

class FilterNode final : public Node {
 public:
  FilterNode(NodePtr source, std::size_t slot, NodePtr condition)
      : source_(std::move(source)), slot_(slot), condition_(std::move(condition)) {
    const TypePtr element = source_->type->kind == Type::Kind::list ? source_->type->element : source_->type;
    if (element != nullptr) {
      if (condition_->type->kind == Type::Kind::number) type = element;
      if (condition_->type->kind == Type::Kind::boolean) type = list_of(element);
    }
  }
  Value evaluate(Machine& machine) const override {
    const Value source = run(*source_, machine);
    if (source.is_null()) return condition_->type->kind == Type::Kind::number ? Value() : Value(List());
    const List single = source.list() == nullptr ? List{source} : List();
    const List& items = source.list() == nullptr ? single : *source.list();
    if (const Value* known = condition_->constant(); known != nullptr && known->number() != nullptr)
      return item_at(machine, items, *known->number());
    List kept;
    for (std::size_t i = 0; i < items.size(); ++i) {
      machine.set_local(slot_, items[i]);
      const Value found = run(*condition_, machine);
      if (machine.exhausted()) return {};
      if (found.number() != nullptr) return item_at(machine, items, *found.number());
      if (found.boolean() == nullptr && !found.is_null())
        return machine.fail("feel-filter",
                            "a filter is a boolean or a number, not a " + std::string(kind_name(found)));
      if (!found.is_true()) continue;
      if (!machine.charge(0, sizeof(Value))) return {};
      kept.push_back(items[i]);
    }
    return kept;
  }

 private:
  static Value item_at(Machine& machine, const List& items, const Decimal& wanted) {
    const auto size = static_cast<std::int64_t>(items.size());
    const auto index = wanted.integer();
    if (index && *index >= 1 && *index <= size) return items[static_cast<std::size_t>(*index - 1)];
    if (index && *index <= -1 && *index >= -size) return items[static_cast<std::size_t>(size + *index)];
    return machine.fail("feel-index", wanted.text() + " is outside of a list of " + std::to_string(size));
  }

  NodePtr source_;
  std::size_t slot_;
  NodePtr condition_;
};

}  // namespace

/// A range of constants is computed once.
static NodePtr range_constant(NodePtr node, bool constant) {
  if (!constant) return node;
  Machine machine;
  Value value = node->evaluate(machine);
  return value.is_null() ? node : constant_node(std::move(value), node->type);
}

NodePtr list_node(std::vector<NodePtr> items) {
  const bool constant = all_constant(items);
  NodePtr node = std::make_shared<ListNode>(std::move(items));
  if (!constant) return node;
  Machine machine;
  return constant_node(node->evaluate(machine), node->type);
}

NodePtr range_node(NodePtr low, NodePtr high, bool low_included, bool high_included) {
  const bool constant = low->constant() != nullptr && high->constant() != nullptr;
  return range_constant(
      std::make_shared<RangeNode>(std::move(low), std::move(high), low_included, high_included), constant);
}

NodePtr operator_range_node(std::string_view comparator, NodePtr limit) {
  const auto form = comparator == "="      ? Range::Form::same
                    : comparator == "!="   ? Range::Form::other
                    : comparator[0] == '<' ? Range::Form::less
                                           : Range::Form::greater;
  const bool constant = limit->constant() != nullptr;
  return range_constant(std::make_shared<OperatorRangeNode>(form, comparator.size() == 2, std::move(limit)),
                        constant);
}

NodePtr context_node(std::vector<Entry> entries, NodePtr result) {
  return std::make_shared<ContextNode>(std::move(entries), std::move(result));
}
NodePtr member_node(NodePtr source, std::string name) {
  return std::make_shared<MemberNode>(std::move(source), std::move(name));
}
NodePtr item_member_node(std::string name, std::vector<NodePtr> items, NodePtr fallback) {
  return std::make_shared<ItemMemberNode>(std::move(name), std::move(items), std::move(fallback));
}
NodePtr filter_node(NodePtr source, std::size_t item_slot, NodePtr condition) {
  return std::make_shared<FilterNode>(std::move(source), item_slot, std::move(condition));
}

}  // namespace qipan::expr
