#include <algorithm>

#include "expr/built_ins.hpp"
#include "expr/grammar.hpp"
#include "expr/java.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

Value temporal_literal(std::string_view text) {
  if (const auto value = parse_date(text)) return *value;
  if (const auto value = parse_date_time(text)) return *value;
  if (const auto value = parse_time(text)) return *value;
  if (const auto value = parse_years_months(text)) return *value;
  return parse_days_time(text);
}

}  // namespace

NodePtr Grammar::primary() {
  const Lexeme& lexeme = now();
  switch (lexeme.token) {
    case Token::number: {
      const auto number = Decimal::parse(lexeme.text);
      if (!number) throw Fault{lexeme.at, "a number of FEEL"};
      take();
      return constant_node(*number);
    }
    case Token::text:
      return constant_node(take().text);
    case Token::moment:
      return moment();
    case Token::name:
      // A textual expression is an operand as any other (rule 2 of 10.3.1.2); it takes all that follows.
      if (at_textual()) return expression();
      if (accept("true")) return constant_node(true);
      if (accept("false")) return constant_node(false);
      if (accept("null")) return constant_node(Value());
      if (lexeme.text == "function") return function();
      return name();
    case Token::symbol:
      if (lexeme.text == "[" || lexeme.text == "]") return bracket();
      if (lexeme.text == "(") return parenthesis();
      if (lexeme.text == "{") return context();
      break;
    case Token::end:
      break;
  }
  throw Fault{lexeme.at, "an expression"};
}

NodePtr Grammar::moment() {
  const Lexeme lexeme = take();
  Value value = temporal_literal(lexeme.text);
  if (!value.is_null()) return constant_node(std::move(value));
  flaw(lexeme.at, "a date, time, date and time or duration", lexeme.text);
  return failing_node("feel-literal", "@\"" + lexeme.text + "\" is no date, time or duration");
}

NodePtr Grammar::name() {
  Scope::Match known = scope_.match(lexemes_, at_);
  const BuiltInMatch built_in = match_built_in(lexemes_, at_);
  if (known.lexemes != 0 && known.lexemes >= built_in.lexemes) {
    asked_ = asked_ || known.name == "?";
    at_ += known.lexemes;
    return known.node;
  }
  if (built_in.lexemes != 0) {
    at_ += built_in.lexemes;
    return constant_node(built_in.function, built_in.type);
  }
  const std::size_t at = now().at;
  if (is_keyword(now().text)) throw Fault{at, "an expression"};
  std::string unknown = greedy_name();
  if (scope_.has_unknown_items()) return scope_.item_name(unknown);
  flaw(at, "a name that is known here", unknown);
  return failing_node("feel-name", "nothing is named " + unknown);
}

std::string Grammar::greedy_name() {
  if (now().token != Token::name) throw Fault{now().at, "a name"};
  std::string text = take().text;
  while (now().token == Token::name && !is_keyword(now().text)) text += " " + take().text;
  return text;
}

std::string Grammar::name_until(std::initializer_list<std::string_view> stops) {
  const std::size_t at = now().at;
  std::string text;
  const auto stopped = [&] {
    return std::any_of(stops.begin(), stops.end(), [&](std::string_view stop) { return now().is(stop); });
  };
  while (!stopped()) {
    const bool sign = now().is_name_sign();
    const bool part = now().token == Token::name || (!text.empty() && (sign || now().token == Token::number));
    if (!part) throw Fault{now().at, "a name"};
    if (!text.empty() && now().after_space) text += ' ';
    text += take().text;
  }
  if (text.empty()) throw Fault{at, "a name"};
  return text;
}

/// A list, or a range that begins with a bracket of either kind.
NodePtr Grammar::bracket() {
  const Nesting nesting(*this);
  const bool included = take().text == "[";
  if (!included) return range_from(endpoint(), false);
  if (accept("]")) return list_node({});
  const bool before = std::exchange(in_endpoint_, false);
  NodePtr first = at_comparator() ? parenthesis() : expression();
  in_endpoint_ = before;
  if (now().is("..")) return range_from(std::move(first), true);
  return list_rest(std::move(first));
}

NodePtr Grammar::list_rest(NodePtr first) {
  std::vector<NodePtr> items = {std::move(first)};
  const bool before = std::exchange(in_endpoint_, false);
  while (accept(",")) items.push_back(expression());
  in_endpoint_ = before;
  expect("]");
  return list_node(std::move(items));
}

NodePtr Grammar::endpoint() {
  const bool before = std::exchange(in_endpoint_, true);
  NodePtr node = expression();
  in_endpoint_ = before;
  return node;
}

NodePtr Grammar::range_from(NodePtr low, bool low_included) {
  expect("..");
  NodePtr high = endpoint();
  const bool high_included = now().is("]");
  if (!high_included && !now().is(")") && !now().is("["))
    throw Fault{now().at, "], ) or [ at the range's end"};
  take();
  return range_node(std::move(low), std::move(high), low_included, high_included);
}

/// `(e)`, `(e..e]` or a comparison as a range: `(< 10)`.
NodePtr Grammar::parenthesis() {
  const Nesting nesting(*this);
  expect("(");
  const bool before = std::exchange(in_endpoint_, false);
  if (at_comparator()) {
    const std::string comparator = take().text;
    NodePtr limit = expression();
    expect(")");
    in_endpoint_ = before;
    return operator_range_node(comparator, std::move(limit));
  }
  NodePtr inner = expression();
  in_endpoint_ = before;
  if (now().is("..")) return range_from(std::move(inner), false);
  expect(")");
  return inner;
}

std::string Grammar::context_key() {
  if (now().token == Token::text) return take().text;
  return name_until({":"});
}

NodePtr Grammar::context() {
  const Nesting nesting(*this);
  const std::size_t at = take().at;
  const bool before = std::exchange(in_endpoint_, false);
  scope_.open();
  std::vector<Entry> entries;
  while (!now().is("}")) {
    if (!entries.empty()) expect(",");
    Entry entry;
    entry.key = context_key();
    expect(":");
    const bool twice = std::any_of(entries.begin(), entries.end(),
                                   [&](const Entry& other) { return other.key == entry.key; });
    if (twice) throw Fault{at, "each key once: " + entry.key};
    if (now().is("function")) {
      // A function may call itself by the name of its entry.
      entry.slot = scope_.slot();
      scope_.declare_self(entry.key, entry.slot);
      entry.value = expression();
      scope_.retype(entry.slot, entry.value->type);
    } else {
      entry.value = expression();
      entry.slot = scope_.declare(entry.key, entry.value->type);
    }
    entries.push_back(std::move(entry));
  }
  take();
  scope_.close();
  in_endpoint_ = before;
  return context_node(std::move(entries), nullptr);
}

NodePtr Grammar::function() {
  const Nesting nesting(*this);
  take();
  expect("(");
  const bool before = std::exchange(in_endpoint_, false);
  Lambda lambda;
  scope_.open_function();
  while (!now().is(")")) {
    if (!lambda.parameters.empty()) expect(",");
    Parameter parameter;
    parameter.name = name_until({":", ",", ")"});
    parameter.type = type_of(Kind::any);
    if (accept(":")) {
      const std::size_t at = now().at;
      if (TypePtr wanted = type(); wanted != nullptr) {
        parameter.type = std::move(wanted);
      } else {
        flaw(at, "a type", next(0).text);
      }
    }
    scope_.declare(parameter.name, parameter.type);
    lambda.parameters.push_back(std::move(parameter));
  }
  take();
  const bool external = accept("external");
  NodePtr body = expression();
  if (external) body = java_node(member_node(std::move(body), "java"), lambda.parameters.size());
  const Scope::Level level = scope_.close_function();
  in_endpoint_ = before;
  lambda.body = {std::move(body), level.slots};
  lambda.captures = level.captures;
  return function_node(std::move(lambda));
}

TypePtr Grammar::whole_type() {
  TypePtr wanted = type();
  return now().token == Token::end ? wanted : nullptr;
}

TypePtr Grammar::type() {
  const Nesting nesting(*this);
  if (now().token != Token::name) throw Fault{now().at, "a type"};
  const std::string_view head = now().text;
  if (next().is("<") && (head == "list" || head == "range" || head == "context" || head == "function"))
    return parametric_type(take().text);
  // The longest run of name parts that is a type.
  std::string text;
  TypePtr best;
  std::size_t best_end = at_;
  const std::size_t start = at_;
  constexpr std::size_t parts_max = 12;
  while (at_ - start < parts_max && (now().token == Token::name || now().is(".") || now().is("-"))) {
    if (!text.empty() && now().after_space) text += ' ';
    text += take().text;
    TypePtr known = scope_.named_type(text);
    if (known == nullptr) continue;
    best = std::move(known);
    best_end = at_;
  }
  at_ = best == nullptr ? start + 1 : best_end;
  return best;
}

TypePtr Grammar::parametric_type(std::string_view head) {
  const std::string kind(head);
  expect("<");
  auto made = std::make_shared<Type>();
  const auto part = [&] {
    const std::size_t at = now().at;
    TypePtr inner = type();
    if (inner == nullptr) throw Fault{at, "a type"};
    return inner;
  };
  if (kind == "list" || kind == "range") {
    made->kind = kind == "list" ? Kind::list : Kind::range;
    made->element = part();
  } else if (kind == "context") {
    made->kind = Kind::context;
    while (!now().is(">")) {
      if (!made->fields.empty()) expect(",");
      std::string field = name_until({":"});
      expect(":");
      made->fields.push_back({std::move(field), part()});
    }
  } else {
    made->kind = Kind::function;
    while (!now().is(">")) {
      if (!made->parameters.empty()) expect(",");
      made->parameters.push_back(part());
    }
    take();
    expect("->");
    made->result = part();
    return made;
  }
  expect(">");
  return made;
}

}  // namespace qipan::expr
