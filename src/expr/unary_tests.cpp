#include <algorithm>
#include <array>

#include "expr/grammar.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

struct Comparator {
  std::string_view symbol;
  Binary operation;
};

constexpr std::array<Comparator, 6> comparators = {
    {{"<=", less_equal}, {">=", greater_equal}, {"<", less}, {">", greater}, {"=", equal}, {"!=", differ}}};

const Comparator* comparator_of(const Lexeme& lexeme) {
  if (lexeme.token != Token::symbol) return nullptr;
  const auto found = std::find_if(comparators.begin(), comparators.end(),
                                  [&](const Comparator& known) { return known.symbol == lexeme.text; });
  return found == comparators.end() ? nullptr : found;
}

}  // namespace

bool Grammar::at_comparator() const {
  return comparator_of(now()) != nullptr;
}

/// What follows `in`: one test, or several in parentheses.
NodePtr Grammar::membership(NodePtr value) {
  const Nesting nesting(*this);
  if (now().is("(")) {
    const std::size_t start = at_;
    take();
    const bool before = std::exchange(in_endpoint_, false);
    NodePtr first = test(value);
    if (now().is(",")) {
      std::vector<NodePtr> all = {std::move(first)};
      while (accept(",")) all.push_back(test(value));
      in_endpoint_ = before;
      expect(")");
      return any_test_node(std::move(all));
    }
    in_endpoint_ = before;
    const Lexeme& after = next();
    const bool goes_on = after.token == Token::symbol && after.text.size() <= 2 &&
                         std::string_view("+ - * / ** . [ ( ..").find(after.text) != std::string_view::npos;
    if (now().is(")") && !goes_on) {
      take();
      return first;
    }
    // It was an expression in parentheses, or an open range.
    at_ = start;
  }
  if (at_comparator()) return comparator_test(value);
  NodePtr list = additive();
  return binary_node(within, std::move(value), std::move(list), type_of(Kind::boolean));
}

NodePtr Grammar::comparator_test(const NodePtr& value) {
  const std::size_t at = now().at;
  const Comparator chosen = *comparator_of(take());
  NodePtr limit = additive();
  check_operands(at, chosen.symbol, value, limit);
  if (value == input_ && limit->constant() != nullptr)
    return comparison_test_node(input_slot_, chosen.operation, *limit->constant());
  return binary_node(chosen.operation, value, std::move(limit), type_of(Kind::boolean));
}

NodePtr Grammar::test(const NodePtr& value) {
  if (at_comparator()) return comparator_test(value);
  const bool before = std::exchange(asked_, false);
  const std::size_t at = now().at;
  NodePtr node = expression();
  const bool asks = std::exchange(asked_, before || asked_);
  const Kind kind = node->type->kind;
  const Kind own = value->type->kind;
  const bool comparable = kind == own || kind == Kind::any || kind == Kind::null || own == Kind::any ||
                          own == Kind::null || kind == Kind::boolean || kind == Kind::list ||
                          kind == Kind::range || own == Kind::list;
  if (!comparable) flaw(at, "a test of a " + text_of(*value->type), text_of(*node->type));
  return test_node(value, std::move(node), asks);
}

NodePtr Grammar::tests(const NodePtr& value, std::string_view closing) {
  std::vector<NodePtr> all;
  do all.push_back(test(value));
  while (accept(","));
  if (!closing.empty()) expect(closing);
  return any_test_node(std::move(all));
}

NodePtr Grammar::whole_unary_tests(std::size_t input_slot, const TypePtr& input_type) {
  const NodePtr value = local_node(input_slot, input_type);
  input_ = value;
  input_slot_ = input_slot;
  NodePtr node;
  if (now().is("-") && next().token == Token::end) {
    take();
    node = constant_node(true);
  } else if (now().is("not") && next().is("(")) {
    take();
    take();
    node = no_test_node(tests(value, ")"));
  } else {
    node = tests(value, "");
  }
  if (now().token != Token::end) throw Fault{now().at, "a comma or the end of the tests"};
  return node;
}

}  // namespace qipan::expr
