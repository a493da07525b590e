#include "expr/expression.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "expr/node.hpp"

namespace qipan::expr {

const std::vector<FunctionInfo>& functions() {
  static const std::vector<FunctionInfo> list = {
      {"string length", Function::string_length, {Type::text}, false, Type::number},
      {"contains", Function::contains, {Type::text, Type::text}, false, Type::boolean},
      {"starts with", Function::starts_with, {Type::text, Type::text}, false, Type::boolean},
      {"ends with", Function::ends_with, {Type::text, Type::text}, false, Type::boolean},
      {"upper case", Function::upper_case, {Type::text}, false, Type::text},
      {"lower case", Function::lower_case, {Type::text}, false, Type::text},
      {"count", Function::count, {Type::list}, false, Type::number},
      {"list contains", Function::list_contains, {Type::list, Type::any}, false, Type::boolean},
      {"is defined", Function::is_defined, {Type::any}, false, Type::boolean},
      {"abs", Function::absolute, {Type::number}, false, Type::number},
      {"min", Function::minimum, {Type::any}, true, Type::number},
      {"max", Function::maximum, {Type::any}, true, Type::number},
      {"sum", Function::sum, {Type::any}, true, Type::number},
  };
  return list;
}

namespace {

enum class Token { end, number, text, word, symbol };

struct Lexeme {
  Token token = Token::end;
  std::string text;
  std::size_t at = 0;
  bool is(std::string_view symbol) const {
    return (token == Token::symbol || token == Token::word) && text == symbol;
  }
};

bool is_name_start(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '?' || c >= 0x80;
}
bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}

struct Fault {
  std::size_t at;
  std::string rule;
};

/// Splits a text into lexemes; throws Fault, which parse() turns into a Problem.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Lexeme> all() {
    std::vector<Lexeme> lexemes;
    for (;;) {
      while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) <= ' ') ++at_;
      if (at_ >= text_.size()) break;
      lexemes.push_back(next());
    }
    lexemes.push_back({Token::end, "", text_.size()});
    return lexemes;
  }

 private:
  Lexeme next() {
    const std::size_t start = at_;
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (c == '"') return quoted();
    if (is_digit(c) ||
        (c == '.' && at_ + 1 < text_.size() && is_digit(static_cast<unsigned char>(text_[at_ + 1])))) {
      // "1..3" is a range, so a point followed by a point ends the number.
      while (at_ < text_.size() &&
             (is_digit(static_cast<unsigned char>(text_[at_])) ||
              (text_[at_] == '.' && (at_ + 1 >= text_.size() || text_[at_ + 1] != '.')))) {
        ++at_;
      }
      return {Token::number, std::string(text_.substr(start, at_ - start)), start};
    }
    if (is_name_start(c)) {
      while (at_ < text_.size() && (is_name_start(static_cast<unsigned char>(text_[at_])) ||
                                    is_digit(static_cast<unsigned char>(text_[at_])))) {
        ++at_;
      }
      return {Token::word, std::string(text_.substr(start, at_ - start)), start};
    }
    for (const std::string_view symbol : {"..", "<=", ">=", "!="}) {
      if (text_.substr(at_).starts_with(symbol)) {
        at_ += 2;
        return {Token::symbol, std::string(symbol), start};
      }
    }
    if (std::string_view("+-*/=<>()[],").find(static_cast<char>(c)) == std::string_view::npos) {
      throw Fault{at_, "a FEEL operator, name, number or text"};
    }
    ++at_;
    return {Token::symbol, std::string(1, static_cast<char>(c)), start};
  }

  Lexeme quoted() {
    const std::size_t start = at_++;
    std::string value;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') {
        if (++at_ >= text_.size()) break;
        const char c = text_[at_];
        if (c != '"' && c != '\\' && c != 'n' && c != 't')
          throw Fault{at_, R"(one of the escapes \" \\ \n \t)"};
        value += c == 'n' ? '\n' : (c == 't' ? '\t' : c);
      } else {
        value += text_[at_];
      }
    }
    if (at_ >= text_.size()) throw Fault{start, "a closing quote"};
    ++at_;
    return {Token::text, value, start};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

using NodePtr = std::unique_ptr<Node>;

std::string_view type_name(Type type) {
  switch (type) {
    case Type::any:
      return "any";
    case Type::boolean:
      return "boolean";
    case Type::number:
      return "number";
    case Type::text:
      return "string";
    case Type::list:
      return "list";
  }
  return "any";
}

/// Recursive descent by FEEL's precedence: or, and, comparison, + -, * /, unary minus.
class Parser {
 public:
  Parser(std::vector<Lexeme> lexemes, const Scope& scope) : lexemes_(std::move(lexemes)), scope_(scope) {}

  NodePtr whole(Type expected) {
    NodePtr node = disjunction();
    if (now().token != Token::end) throw Fault{now().at, "the end of the expression"};
    need(*node, expected, 0);
    return node;
  }

  NodePtr unary_tests() {
    NodePtr node;
    if (now().is("-") && next().token == Token::end) {
      take();
      node = make(Op::always, Type::boolean);
    } else if (now().is("not") && next().is("(")) {
      take();
      take();
      NodePtr inner = tests();
      expect(")");
      node = make(Op::negation, Type::boolean);
      node->children.push_back(std::move(inner));
    } else {
      node = tests();
    }
    if (now().token != Token::end) throw Fault{now().at, "the end of the unary tests"};
    return node;
  }

 private:
  const Lexeme& now() const { return lexemes_[at_]; }
  const Lexeme& next() const { return lexemes_[std::min(at_ + 1, lexemes_.size() - 1)]; }
  Lexeme take() { return lexemes_[at_ + 1 < lexemes_.size() ? at_++ : at_]; }
  bool accept(std::string_view symbol) {
    if (!now().is(symbol)) return false;
    take();
    return true;
  }
  void expect(std::string_view symbol) {
    if (!accept(symbol)) throw Fault{now().at, "'" + std::string(symbol) + "'"};
  }
  static NodePtr make(Op op, Type type) {
    auto node = std::make_unique<Node>();
    node->op = op;
    node->type = type;
    return node;
  }
  static NodePtr make(Op op, Type type, NodePtr left, NodePtr right) {
    auto node = make(op, type);
    node->children.push_back(std::move(left));
    if (right) node->children.push_back(std::move(right));
    return node;
  }
  static void need(const Node& node, Type type, std::size_t at) {
    if (type != Type::any && node.type != Type::any && node.type != type) {
      throw Fault{at,
                  "a " + std::string(type_name(type)) + " instead of a " + std::string(type_name(node.type))};
    }
  }

  struct Deeper {
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > Expression::depth_max)
        throw Fault{parser_.now().at, "at most 40 levels of nesting"};
    }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    ~Deeper() { --parser_.depth_; }
    Parser& parser_;
  };

  NodePtr disjunction() {
    const Deeper deeper(*this);
    NodePtr node = conjunction();
    while (now().is("or")) {
      const auto at = take().at;
      need(*node, Type::boolean, at);
      NodePtr right = conjunction();
      need(*right, Type::boolean, at);
      node = make(Op::disjunction, Type::boolean, std::move(node), std::move(right));
    }
    return node;
  }

  NodePtr conjunction() {
    NodePtr node = comparison();
    while (now().is("and")) {
      const auto at = take().at;
      need(*node, Type::boolean, at);
      NodePtr right = comparison();
      need(*right, Type::boolean, at);
      node = make(Op::conjunction, Type::boolean, std::move(node), std::move(right));
    }
    return node;
  }

  static std::optional<Op> comparison_of(const Lexeme& lexeme) {
    static constexpr std::pair<std::string_view, Op> table[] = {
        {"=", Op::equal},       {"!=", Op::differ}, {"<", Op::less},
        {"<=", Op::less_equal}, {">", Op::greater}, {">=", Op::greater_equal}};
    if (lexeme.token != Token::symbol) return std::nullopt;
    for (const auto& [symbol, op] : table) {
      if (lexeme.text == symbol) return op;
    }
    return std::nullopt;
  }

  NodePtr comparison() {
    NodePtr node = sum();
    if (const auto op = comparison_of(now())) {
      const auto at = take().at;
      NodePtr right = sum();
      need(*right, node->type, at);
      return make(*op, Type::boolean, std::move(node), std::move(right));
    }
    if (accept("in")) return make(Op::within, Type::boolean, std::move(node), in_target(node->type));
    if (accept("between")) {
      const Type type = node->type;
      NodePtr between = make(Op::between, Type::boolean, std::move(node), sum());
      expect("and");
      between->children.push_back(sum());
      for (const auto& bound : between->children) need(*bound, type, now().at);
      return between;
    }
    return node;
  }

  NodePtr in_target(Type type) {
    if (now().is("(")) {
      take();
      NodePtr list = make(Op::list, Type::list);
      do {
        list->children.push_back(sum());
        need(*list->children.back(), type, now().at);
      } while (accept(","));
      expect(")");
      return list;
    }
    if (now().is("[")) return range_or_list();
    return sum();
  }

  /// [1..5], (1..5), ]1..5[ or a list.
  NodePtr range_or_list() {
    const std::string open = take().text;
    if (open == "[" && accept("]")) return make(Op::list, Type::list);
    NodePtr first = disjunction();
    if (accept("..")) {
      NodePtr range = make(Op::range, Type::any, std::move(first), disjunction());
      need(*range->children[1], range->children[0]->type, now().at);
      range->low_included = open == "[";
      const std::string close = take().text;
      if (close != "]" && close != ")" && close != "[") throw Fault{now().at, "']' or ')' behind a range"};
      range->high_included = close == "]";
      return range;
    }
    if (open != "[") throw Fault{now().at, "'..' of a range"};
    NodePtr list = make(Op::list, Type::list);
    list->children.push_back(std::move(first));
    while (accept(",")) list->children.push_back(disjunction());
    expect("]");
    return list;
  }

  NodePtr sum() {
    NodePtr node = product();
    while (now().is("+") || now().is("-")) {
      const Lexeme op = take();
      if (op.text == "-") need(*node, Type::number, op.at);
      NodePtr right = product();
      need(*right, op.text == "-" ? Type::number : node->type, op.at);
      const Type type = op.text == "-" ? Type::number : node->type;
      node = make(op.text == "+" ? Op::add : Op::subtract, type, std::move(node), std::move(right));
    }
    return node;
  }

  NodePtr product() {
    NodePtr node = unary();
    while (now().is("*") || now().is("/")) {
      const Lexeme op = take();
      need(*node, Type::number, op.at);
      NodePtr right = unary();
      need(*right, Type::number, op.at);
      node =
          make(op.text == "*" ? Op::multiply : Op::divide, Type::number, std::move(node), std::move(right));
    }
    return node;
  }

  NodePtr unary() {
    const Deeper deeper(*this);
    if (now().is("-")) {
      const auto at = take().at;
      NodePtr inner = unary();
      need(*inner, Type::number, at);
      return make(Op::negate, Type::number, std::move(inner), nullptr);
    }
    return primary();
  }

  NodePtr primary() {
    const Lexeme lexeme = now();
    if (lexeme.token == Token::number) return number();
    if (lexeme.token == Token::text) {
      take();
      NodePtr node = make(Op::literal, Type::text);
      node->literal = lexeme.text;
      return node;
    }
    if (lexeme.is("(")) {
      take();
      NodePtr node = disjunction();
      expect(")");
      return node;
    }
    if (lexeme.is("[")) {
      NodePtr node = range_or_list();
      if (node->op == Op::range) throw Fault{lexeme.at, "a range only behind 'in'"};
      return node;
    }
    if (lexeme.token != Token::word) throw Fault{lexeme.at, "a value"};
    if (lexeme.text == "if") return choice();
    if (lexeme.text == "true" || lexeme.text == "false" || lexeme.text == "null") return constant();
    return name_or_call();
  }

  NodePtr number() {
    const Lexeme lexeme = take();
    const auto value = Decimal::parse(lexeme.text);
    if (!value) throw Fault{lexeme.at, "a number"};
    NodePtr node = make(Op::literal, Type::number);
    node->literal = *value;
    return node;
  }

  NodePtr constant() {
    const Lexeme lexeme = take();
    NodePtr node = make(Op::literal, lexeme.text == "null" ? Type::any : Type::boolean);
    if (lexeme.text != "null") node->literal = lexeme.text == "true";
    return node;
  }

  NodePtr choice() {
    const auto at = take().at;
    NodePtr node = make(Op::choose, Type::any);
    node->children.push_back(disjunction());
    need(*node->children[0], Type::boolean, at);
    expect("then");
    node->children.push_back(disjunction());
    expect("else");
    node->children.push_back(disjunction());
    if (node->children[1]->type == node->children[2]->type) node->type = node->children[1]->type;
    return node;
  }

  /// Where the words of a built-in's name end, if they stand here with '(' behind them.
  std::optional<std::size_t> words_of(std::string_view name) const {
    std::size_t at = at_;
    while (!name.empty()) {
      const std::string_view word = name.substr(0, name.find(' '));
      if (lexemes_[at].token != Token::word || lexemes_[at].text != word) return std::nullopt;
      name.remove_prefix(std::min(name.size(), word.size() + 1));
      ++at;
    }
    return lexemes_[at].is("(") ? std::optional(at) : std::nullopt;
  }

  NodePtr name_or_call() {
    if (const auto open = words_of("not")) {
      const auto at = now().at;
      at_ = *open + 1;
      NodePtr inner = disjunction();
      need(*inner, Type::boolean, at);
      expect(")");
      return make(Op::negation, Type::boolean, std::move(inner), nullptr);
    }
    for (const FunctionInfo& info : functions()) {
      if (const auto open = words_of(info.name)) return call(info, *open);
    }
    if (next().is("(")) throw Fault{now().at, "a built-in function; there is no '" + now().text + "'"};
    const Lexeme lexeme = take();
    for (std::size_t slot = scope_.size(); slot-- > 0;) {
      if (scope_[slot].name != lexeme.text) continue;
      NodePtr node = make(Op::name, scope_[slot].type);
      node->slot = slot;
      return node;
    }
    std::string known;
    for (const Name& name : scope_) known += (known.empty() ? "" : ", ") + name.name;
    throw Fault{lexeme.at, "one of the names " + known + "; there is no '" + lexeme.text + "'"};
  }

  NodePtr call(const FunctionInfo& info, std::size_t open) {
    const auto at = now().at;
    at_ = open + 1;
    NodePtr node = make(Op::call, info.result);
    node->function = info.function;
    if (!accept(")")) {
      do {
        node->children.push_back(disjunction());
        const auto index = std::min(node->children.size(), info.parameters.size()) - 1;
        need(*node->children.back(), info.parameters[index], now().at);
      } while (accept(","));
      expect(")");
    }
    const bool fits =
        info.variadic ? !node->children.empty() : node->children.size() == info.parameters.size();
    if (!fits)
      throw Fault{at, std::to_string(info.parameters.size()) + " arguments for " + std::string(info.name)};
    return node;
  }

  NodePtr tests() {
    NodePtr any = make(Op::any_of, Type::boolean);
    do any->children.push_back(test());
    while (accept(","));
    return any;
  }

  NodePtr question() const {
    NodePtr node = make(Op::name, scope_.back().type);
    node->slot = scope_.size() - 1;
    return node;
  }

  NodePtr test() {
    if (const auto op = comparison_of(now())) {
      const auto at = take().at;
      NodePtr right = sum();
      need(*right, scope_.back().type, at);
      return make(*op, Type::boolean, question(), std::move(right));
    }
    if (now().is("[") || now().is("]") || (now().is("(") && is_open_range())) {
      return make(Op::within, Type::boolean, question(), range_or_list());
    }
    const std::size_t start = at_;
    NodePtr value = disjunction();
    for (std::size_t i = start; i < at_; ++i) {
      if (lexemes_[i].is("?")) return value;
    }
    const Type expected = scope_.back().type;
    if (value->type != Type::list) need(*value, expected, lexemes_[start].at);
    return make(Op::within, Type::boolean, question(), std::move(value));
  }

  bool is_open_range() const {
    int level = 0;
    for (std::size_t i = at_; i < lexemes_.size(); ++i) {
      if (lexemes_[i].is("(")) ++level;
      if (lexemes_[i].is(")") && --level == 0) return false;
      if (level == 1 && lexemes_[i].is("..")) return true;
    }
    return false;
  }

  std::vector<Lexeme> lexemes_;
  const Scope& scope_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

template <class Read>
Result<std::shared_ptr<const Node>> guarded(std::string_view text, Read read) {
  if (text.size() > Expression::text_bytes_max) {
    return invalid("feel-too-long", "", text, "an expression of at most 4,000 bytes");
  }
  try {
    return std::shared_ptr<const Node>(read());
  } catch (const Fault& fault) {
    return invalid("feel-unreadable", "column " + std::to_string(fault.at + 1),
                   text.substr(std::min(fault.at, text.size())), fault.rule,
                   "see the list of operators and built-ins in docs/pack-authoring.md");
  }
}

}  // namespace

Result<Expression> Expression::parse(std::string_view text, const Scope& scope, Type expected) {
  QIPAN_TRY(root, guarded(text, [&] { return Parser(Lexer(text).all(), scope).whole(expected).release(); }));
  Expression expression;
  expression.text_ = text;
  expression.root_ = std::move(root);
  return expression;
}

Result<Expression> Expression::parse_unary_tests(std::string_view text, const Scope& scope) {
  QIPAN_ASSERT(!scope.empty() && scope.back().name == "?");
  QIPAN_TRY(root, guarded(text, [&] { return Parser(Lexer(text).all(), scope).unary_tests().release(); }));
  Expression expression;
  expression.text_ = text;
  expression.root_ = std::move(root);
  return expression;
}

Value Expression::evaluate(std::span<const Value> values) const {
  return root_ ? expr::evaluate(*root_, values) : Value();
}

}  // namespace qipan::expr
