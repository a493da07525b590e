#include <algorithm>

#include "expr/built_ins.hpp"
#include "expr/grammar.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

constexpr int nesting_max = 60;
constexpr int work_max = 200'000;
constexpr int chain_max = 5'000;

struct Operator {
  std::string_view symbol;
  Binary operation;
};

std::optional<Operator> found(std::initializer_list<Operator> operators, const Lexeme& lexeme) {
  if (lexeme.token != Token::symbol) return std::nullopt;
  for (const Operator& candidate : operators) {
    if (candidate.symbol == lexeme.text) return candidate;
  }
  return std::nullopt;
}

bool is_numeric(const NodePtr& node) {
  return node->type->kind == Kind::number;
}

TypePtr arithmetic_type(const NodePtr& left, const NodePtr& right) {
  if (is_numeric(left) && is_numeric(right)) return type_of(Kind::number);
  const bool texts = left->type->kind == Kind::text && right->type->kind == Kind::text;
  return type_of(texts ? Kind::text : Kind::any);
}

}  // namespace

Grammar::Grammar(Scope& scope, std::string_view text) : scope_(scope), lexemes_(lexemes_of(text)) {}

Grammar::Nesting::Nesting(Grammar& grammar) : grammar_(grammar) {
  if (grammar_.depth_ >= nesting_max) throw Fault{grammar_.now().at, "at most 60 levels of nesting"};
  if (++grammar_.work_ > work_max) throw Fault{grammar_.now().at, "a simpler expression"};
  ++grammar_.depth_;
}

void Grammar::count_operator() {
  if (++chain_ > chain_max) throw Fault{now().at, "at most 5,000 operators"};
}

bool Grammar::accept(std::string_view text) {
  if (!now().is(text)) return false;
  take();
  return true;
}

void Grammar::expect(std::string_view text) {
  if (!accept(text)) throw Fault{now().at, std::string(text)};
}

void Grammar::flaw(std::size_t at, std::string expected, std::string what) {
  constexpr std::size_t flaws_max = 20;
  if (flaws_.size() < flaws_max) flaws_.push_back({at, std::move(expected), std::move(what), true});
}

void Grammar::check_operands(std::size_t at, std::string_view operation, const NodePtr& left,
                             const NodePtr& right) {
  const Kind a = left->type->kind;
  const Kind b = right->type->kind;
  const auto open = [](Kind kind) { return kind == Kind::any || kind == Kind::null; };
  if (open(a) || open(b)) return;
  const bool comparison = operation.find_first_of("<>=") != std::string_view::npos;
  const auto temporal = [](Kind kind) { return kind >= Kind::date && kind <= Kind::days_time; };
  const bool fits = comparison ? a == b
                               : (temporal(a) || temporal(b) ||
                                  (a == b && (a == Kind::number || (a == Kind::text && operation == "+"))));
  if (!fits)
    flaw(at, "operands that " + std::string(operation) + " can take",
         text_of(*left->type) + " " + std::string(operation) + " " + text_of(*right->type));
}

void Grammar::check_logic(const NodePtr& left, const NodePtr& right) {
  for (const NodePtr* side : {&left, &right}) {
    const Kind kind = (*side)->type->kind;
    if (kind != Kind::boolean && kind != Kind::any && kind != Kind::null)
      flaw(now().at, "booleans beside and, or", text_of(*(*side)->type));
  }
}

NodePtr Grammar::whole_expression() {
  NodePtr node = expression();
  if (now().token != Token::end) throw Fault{now().at, "the end of the expression"};
  return node;
}

bool Grammar::at_textual() const {
  return now().is("if") || now().is("for") || now().is("some") || now().is("every");
}

NodePtr Grammar::expression() {
  const Nesting nesting(*this);
  if (now().is("if")) return choice();
  if (now().is("for")) return iteration();
  if (now().is("some") || now().is("every")) return quantified();
  return disjunction();
}

NodePtr Grammar::choice() {
  take();
  const std::size_t at = now().at;
  NodePtr condition = expression();
  const Kind kind = condition->type->kind;
  if (kind != Kind::boolean && kind != Kind::any && kind != Kind::null)
    flaw(at, "a boolean behind if", text_of(*condition->type));
  expect("then");
  NodePtr yes = expression();
  expect("else");
  return choice_node(std::move(condition), std::move(yes), expression());
}

std::vector<Iterator> Grammar::iterators() {
  std::vector<Iterator> all;
  do {
    const std::string variable = name_until({"in"});
    expect("in");
    Iterator iterator;
    iterator.from = expression();
    TypePtr element = type_of(Kind::any);
    if (accept("..")) {
      iterator.to = expression();
      element = iterator.from->type;
    } else if (iterator.from->type->kind == Kind::list || iterator.from->type->kind == Kind::range) {
      if (iterator.from->type->element != nullptr) element = iterator.from->type->element;
    }
    iterator.slot = scope_.declare(variable, element);
    all.push_back(std::move(iterator));
  } while (accept(","));
  return all;
}

NodePtr Grammar::iteration() {
  take();
  scope_.open();
  std::vector<Iterator> all = iterators();
  const std::size_t from = at_;
  expect("return");
  // The list so far is only kept where the text asks for it.
  const bool wants_partial = std::any_of(lexemes_.begin() + static_cast<std::ptrdiff_t>(from), lexemes_.end(),
                                         [](const Lexeme& lexeme) { return lexeme.is("partial"); });
  const std::size_t partial = wants_partial ? scope_.declare("partial", type_of(Kind::list)) : no_slot;
  NodePtr result = expression();
  scope_.close();
  return for_node(std::move(all), partial, std::move(result));
}

NodePtr Grammar::quantified() {
  const Quantifier quantifier = take().text == "some" ? Quantifier::some : Quantifier::every;
  scope_.open();
  std::vector<Iterator> all = iterators();
  expect("satisfies");
  NodePtr condition = expression();
  scope_.close();
  return quantified_node(quantifier, std::move(all), std::move(condition));
}

NodePtr Grammar::disjunction() {
  NodePtr node = conjunction();
  while (now().is("or")) {
    take();
    count_operator();
    NodePtr right = conjunction();
    check_logic(node, right);
    node = disjunction_node(std::move(node), std::move(right));
  }
  return node;
}

NodePtr Grammar::conjunction() {
  NodePtr node = comparison();
  while (now().is("and")) {
    take();
    count_operator();
    NodePtr right = comparison();
    check_logic(node, right);
    node = conjunction_node(std::move(node), std::move(right));
  }
  return node;
}

NodePtr Grammar::comparison() {
  NodePtr node = additive();
  for (;;) {
    const std::size_t at = now().at;
    count_operator();
    if (const auto chosen = found({{"=", equal},
                                   {"!=", differ},
                                   {"<=", less_equal},
                                   {">=", greater_equal},
                                   {"<", less},
                                   {">", greater}},
                                  now())) {
      take();
      NodePtr right = additive();
      check_operands(at, chosen->symbol, node, right);
      node = binary_node(chosen->operation, std::move(node), std::move(right), type_of(Kind::boolean));
    } else if (now().is("between")) {
      take();
      NodePtr low = additive();
      expect("and");
      node = between_node(std::move(node), std::move(low), additive());
    } else if (now().is("in")) {
      take();
      node = membership(std::move(node));
    } else {
      return node;
    }
  }
}

NodePtr Grammar::additive() {
  NodePtr node = multiplicative();
  while (const auto chosen = found({{"+", add}, {"-", subtract}}, now())) {
    const std::size_t at = take().at;
    count_operator();
    NodePtr right = multiplicative();
    check_operands(at, chosen->symbol, node, right);
    TypePtr type = arithmetic_type(node, right);
    node = binary_node(chosen->operation, std::move(node), std::move(right), std::move(type));
  }
  return node;
}

NodePtr Grammar::multiplicative() {
  NodePtr node = exponentiation();
  while (const auto chosen = found({{"*", multiply}, {"/", divide}}, now())) {
    const std::size_t at = take().at;
    count_operator();
    NodePtr right = exponentiation();
    check_operands(at, chosen->symbol, node, right);
    TypePtr type = type_of(is_numeric(node) && is_numeric(right) ? Kind::number : Kind::any);
    node = binary_node(chosen->operation, std::move(node), std::move(right), std::move(type));
  }
  return node;
}

NodePtr Grammar::exponentiation() {
  NodePtr node = negation();
  while (now().token == Token::symbol && now().text == "**") {
    const std::size_t at = take().at;
    count_operator();
    NodePtr right = negation();
    check_operands(at, "**", node, right);
    node = binary_node(power, std::move(node), std::move(right), type_of(Kind::number));
  }
  return node;
}

NodePtr Grammar::negation() {
  if (now().token != Token::symbol || now().text != "-") return instance();
  const Nesting nesting(*this);
  take();
  NodePtr operand = negation();
  TypePtr type = operand->type;
  const bool negatable = type->kind == Kind::number || type->kind == Kind::any || type->kind == Kind::null ||
                         type->kind == Kind::years_months || type->kind == Kind::days_time;
  if (!negatable) flaw(now().at, "a number or duration behind -", text_of(*type));
  return unary_node(negate, std::move(operand), std::move(type));
}

NodePtr Grammar::instance() {
  NodePtr node = postfix();
  while (now().is("instance") && next().is("of")) {
    take();
    take();
    count_operator();
    const std::size_t at = now().at;
    TypePtr wanted = type();
    if (wanted == nullptr) {
      flaw(at, "a type", lexemes_[at_ == 0 ? 0 : at_ - 1].text);
      return failing_node("feel-type", "no such type");
    }
    node = instance_node(std::move(node), std::move(wanted));
  }
  return node;
}

NodePtr Grammar::postfix() {
  NodePtr node = primary();
  for (;;) {
    count_operator();
    if (now().token != Token::symbol) return node;
    if (now().text == ".") {
      node = with_member(std::move(node));
    } else if (now().text == "[" && !(in_endpoint_ && bracket_closes_range())) {
      node = with_filter(std::move(node));
    } else if (now().text == "(") {
      node = with_call(std::move(node));
    } else {
      return node;
    }
  }
}

/// `1..5[ and` : a bracket behind an endpoint closes the range where no filter could begin.
bool Grammar::bracket_closes_range() const {
  const Lexeme& after = next();
  if (after.token == Token::end) return true;
  if (after.token == Token::name)
    return is_keyword(after.text) && after.text != "true" && after.text != "false" && after.text != "null" &&
           after.text != "if" && after.text != "for" && after.text != "some" && after.text != "every" &&
           after.text != "function";
  const std::string_view openers = "([{-";
  return after.token == Token::symbol &&
         (after.text.size() != 1 || openers.find(after.text[0]) == std::string_view::npos);
}

NodePtr Grammar::with_member(NodePtr source) {
  take();
  const Type& of = *source->type;
  const Type& owner = of.kind == Kind::list && of.element != nullptr ? *of.element : of;
  std::size_t best = 0;
  std::string member;
  for (const Type::Field& field : owner.fields) {
    const std::size_t count = matched(name_parts(field.name), lexemes_, at_);
    if (count <= best) continue;
    best = count;
    member = field.name;
  }
  if (best == 0) {
    const std::size_t at = now().at;
    member = greedy_name();
    if (!owner.fields.empty()) flaw(at, "a component of " + text_of(owner), member);
  }
  at_ += best;
  return member_node(std::move(source), std::move(member));
}

NodePtr Grammar::with_filter(NodePtr source) {
  const Nesting nesting(*this);
  take();
  const bool endpoint = std::exchange(in_endpoint_, false);
  TypePtr item = source->type->kind == Kind::list ? source->type->element : source->type;
  if (item == nullptr) item = type_of(Kind::any);
  const std::size_t slot = scope_.slot();
  scope_.open_items(slot, std::move(item));
  NodePtr condition = expression();
  scope_.close();
  expect("]");
  in_endpoint_ = endpoint;
  return filter_node(std::move(source), slot, std::move(condition));
}

/// Notes calls that can never succeed: of what is no function, or with arguments that do not fit.
void Grammar::check_call(std::size_t at, const NodePtr& callee, const std::vector<NodePtr>& arguments,
                         const std::vector<std::string>& names) {
  const Kind kind = callee->type->kind;
  if (kind != Kind::function && kind != Kind::any) flaw(at, "a function before (", text_of(*callee->type));
  const Value* constant = callee->constant();
  if (constant == nullptr || constant->function() == nullptr) return;
  std::vector<TypePtr> types;
  for (const NodePtr& argument : arguments) types.push_back(argument->type);
  std::string reason = misfit(*constant->function(), types, names);
  if (!reason.empty())
    flaw(at, "arguments that " + std::string(constant->function()->name()) + " takes", std::move(reason));
}

NodePtr Grammar::with_call(NodePtr callee) {
  const Nesting nesting(*this);
  take();
  const bool endpoint = std::exchange(in_endpoint_, false);
  std::vector<NodePtr> arguments;
  std::vector<std::string> names;
  while (!now().is(")")) {
    if (!arguments.empty()) expect(",");
    // A name up to a colon: a named argument.
    std::size_t ahead = 0;
    while (next(ahead).token == Token::name ||
           (ahead > 0 && (next(ahead).token == Token::number || next(ahead).is_name_sign())))
      ++ahead;
    const bool named = ahead > 0 && next(ahead).is(":");
    if (!arguments.empty() && named == names.empty())
      throw Fault{now().at, "arguments that all have names, or none"};
    if (named) {
      names.push_back(name_until({":"}));
      expect(":");
    }
    arguments.push_back(expression());
  }
  const std::size_t at = take().at;
  in_endpoint_ = endpoint;
  check_call(at, callee, arguments, names);
  return call_node(std::move(callee), std::move(arguments), std::move(names));
}

}  // namespace qipan::expr
