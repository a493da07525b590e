#include <algorithm>

#include "expr/node.hpp"

namespace qipan::expr {

namespace {

std::optional<std::strong_ordering> compare(const Value& left, const Value& right) {
  if (left.number() != nullptr && right.number() != nullptr) return *left.number() <=> *right.number();
  if (left.text() != nullptr && right.text() != nullptr) return left.text()->compare(*right.text()) <=> 0;
  return std::nullopt;
}

/// FEEL equality: null equals only null; different kinds cannot be compared.
std::optional<bool> equals(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  if (left.is.index() != right.is.index()) return std::nullopt;
  if (left.boolean() != nullptr) return *left.boolean() == *right.boolean();
  if (left.list() == nullptr) return compare(left, right) == std::strong_ordering::equal;
  const auto& a = *left.list();
  const auto& b = *right.list();
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto same = equals(a[i], b[i]);
    if (!same) return std::nullopt;
    if (!*same) return false;
  }
  return true;
}

Value value_of(std::optional<bool> value) {
  return value ? Value(*value) : Value();
}
Value value_of(std::optional<Decimal> value) {
  return value ? Value(*value) : Value();
}

Value ordered(Op op, const Value& left, const Value& right) {
  const auto order = compare(left, right);
  if (!order) return {};
  switch (op) {
    case Op::less:
      return *order < 0;
    case Op::less_equal:
      return *order <= 0;
    case Op::greater:
      return *order > 0;
    default:
      return *order >= 0;
  }
}

Value arithmetic(Op op, const Value& left, const Value& right) {
  if (op == Op::add && left.text() != nullptr && right.text() != nullptr) return *left.text() + *right.text();
  if (left.number() == nullptr || right.number() == nullptr) return {};
  switch (op) {
    case Op::add:
      return value_of(left.number()->plus(*right.number()));
    case Op::subtract:
      return value_of(left.number()->minus(*right.number()));
    case Op::multiply:
      return value_of(left.number()->times(*right.number()));
    default:
      return value_of(left.number()->over(*right.number()));
  }
}

/// Three-valued: false decides `and`, true decides `or`; anything that is no boolean counts as unknown.
Value kleene(bool deciding, const Value& left, const Value& right) {
  for (const Value* side : {&left, &right}) {
    if (side->boolean() != nullptr && *side->boolean() == deciding) return deciding;
  }
  return left.boolean() != nullptr && right.boolean() != nullptr ? Value(!deciding) : Value();
}

Value in_range(const Node& range, const Value& value, std::span<const Value> values) {
  const Value low = evaluate(*range.children[0], values);
  const Value high = evaluate(*range.children[1], values);
  return kleene(false, ordered(range.low_included ? Op::greater_equal : Op::greater, value, low),
                ordered(range.high_included ? Op::less_equal : Op::less, value, high));
}

Value within(const Node& test, const Value& value, std::span<const Value> values) {
  if (test.op == Op::range) return in_range(test, value, values);
  const Value found = evaluate(test, values);
  if (found.list() == nullptr) return value_of(equals(value, found));
  for (const Value& item : *found.list()) {
    if (equals(value, item).value_or(false)) return true;
  }
  return false;
}

std::string cased(const std::string& text, bool upper) {
  std::string result = text;
  for (char& c : result) {
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::int64_t code_points(const std::string& text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

Value fold_numbers(Function function, const std::vector<Value>& arguments) {
  const auto& items =
      arguments.size() == 1 && arguments[0].list() != nullptr ? *arguments[0].list() : arguments;
  std::optional<Decimal> result;
  for (const Value& item : items) {
    if (item.number() == nullptr) return {};
    if (!result) {
      result = *item.number();
    } else if (function == Function::sum) {
      result = result->plus(*item.number());
      if (!result) return {};
    } else {
      const bool smaller = *item.number() < *result;
      if (smaller == (function == Function::minimum)) result = *item.number();
    }
  }
  return value_of(result);
}

Value call(Function function, const std::vector<Value>& arguments) {
  const auto text = [&](std::size_t i) { return arguments[i].text(); };
  switch (function) {
    case Function::is_defined:
      return !arguments[0].is_null();
    case Function::minimum:
    case Function::maximum:
    case Function::sum:
      return fold_numbers(function, arguments);
    case Function::absolute: {
      const Decimal* number = arguments[0].number();
      if (number == nullptr) return {};
      return *number < Decimal() ? number->negated() : *number;
    }
    case Function::count:
      if (arguments[0].list() == nullptr)
        return arguments[0].is_null() ? Value(Decimal()) : Value(Decimal(1));
      return Decimal(static_cast<std::int64_t>(arguments[0].list()->size()));
    case Function::list_contains: {
      if (arguments[0].list() == nullptr) return {};
      const auto& items = *arguments[0].list();
      return std::any_of(items.begin(), items.end(),
                         [&](const Value& item) { return equals(item, arguments[1]).value_or(false); });
    }
    case Function::string_length:
      return text(0) == nullptr ? Value() : Value(Decimal(code_points(*text(0))));
    case Function::upper_case:
    case Function::lower_case:
      return text(0) == nullptr ? Value() : Value(cased(*text(0), function == Function::upper_case));
    case Function::contains:
    case Function::starts_with:
    case Function::ends_with:
      break;
  }
  if (text(0) == nullptr || text(1) == nullptr) return {};
  if (function == Function::contains) return text(0)->find(*text(1)) != std::string::npos;
  return function == Function::starts_with ? text(0)->starts_with(*text(1)) : text(0)->ends_with(*text(1));
}

}  // namespace

Value evaluate(const Node& node, std::span<const Value> values) {
  const auto child = [&](std::size_t i) { return evaluate(*node.children[i], values); };
  switch (node.op) {
    case Op::literal:
      return node.literal;
    case Op::name:
      return values[node.slot];
    case Op::always:
      return true;
    case Op::list: {
      Value::List items;
      for (const auto& item : node.children) items.push_back(evaluate(*item, values));
      return items;
    }
    case Op::negate: {
      const Value value = child(0);
      return value.number() == nullptr ? Value() : Value(value.number()->negated());
    }
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
      return arithmetic(node.op, child(0), child(1));
    case Op::equal:
      return value_of(equals(child(0), child(1)));
    case Op::differ: {
      const auto same = equals(child(0), child(1));
      return same ? Value(!*same) : Value();
    }
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
      return ordered(node.op, child(0), child(1));
    case Op::conjunction:
      return kleene(false, child(0), child(1));
    case Op::disjunction:
      return kleene(true, child(0), child(1));
    case Op::negation: {
      const Value value = child(0);
      return value.boolean() == nullptr ? Value() : Value(!*value.boolean());
    }
    case Op::between:
      return kleene(false, ordered(Op::greater_equal, child(0), child(1)),
                    ordered(Op::less_equal, child(0), child(2)));
    case Op::within:
      return within(*node.children[1], child(0), values);
    case Op::choose:
      return child(0).is_true() ? child(1) : child(2);
    case Op::any_of:
      for (const auto& test : node.children) {
        if (evaluate(*test, values).is_true()) return true;
      }
      return false;
    case Op::range:
      return {};
    case Op::call: {
      std::vector<Value> arguments;
      for (const auto& argument : node.children) arguments.push_back(evaluate(*argument, values));
      return call(node.function, arguments);
    }
  }
  return {};
}

Value value_of(const Json& json) {
  if (json.is_bool()) return json.boolean();
  if (json.is_text()) return json.text();
  if (json.is_number()) {
    const auto number = Decimal::parse(json.number_text());
    return number ? Value(*number) : Value();
  }
  if (json.is_array()) {
    Value::List items;
    for (const Json& item : json.items()) items.push_back(value_of(item));
    return items;
  }
  return {};
}

Json json_of(const Value& value) {
  if (value.boolean() != nullptr) return *value.boolean();
  if (value.text() != nullptr) return *value.text();
  if (value.number() != nullptr) {
    if (const auto integer = value.number()->integer()) return *integer;
    return Json::Decimal{value.number()->text()};
  }
  if (value.list() != nullptr) {
    Json items = Json::array();
    for (const Value& item : *value.list()) items.push(json_of(item));
    return items;
  }
  return {};
}

}  // namespace qipan::expr
