#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "query/expression.hpp"
#include "query/tokens.hpp"

// CQL2 text (OGC 21-065r2, annex B): a parser by descent, one function a production or a few that a reader of
// tokens need not tell apart, such as character and numeric expressions: what fits where is asked of types.

namespace qipan::query {

namespace {

using Form = Expression::Form;
using TokenKind = Token::Kind;

/// Geometries of WKT by their names in GeoJSON, and how deep their lists of points are nested.
struct Tagged {
  std::string_view word;
  std::string_view type;
  int depth;
};
constexpr std::array tagged = {Tagged{"point", "Point", 0},
                               Tagged{"linestring", "LineString", 1},
                               Tagged{"polygon", "Polygon", 2},
                               Tagged{"multipoint", "MultiPoint", 1},
                               Tagged{"multipolygon", "MultiPolygon", 3},
                               Tagged{"multilinestring", "MultiLineString", 2},
                               Tagged{"geometrycollection", "GeometryCollection", 0}};

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens) : text_(text), tokens_(std::move(tokens)) {}

  Result<Expression> run() {
    QIPAN_TRY(expression, disjunction());
    if (now().kind != TokenKind::end) return expected("the end, AND or OR");
    return expression;
  }

 private:
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }
  [[nodiscard]] const Token& after() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return now().kind == TokenKind::word && lower_case(now().text) == word;
  }
  [[nodiscard]] bool is_sign(std::string_view sign) const {
    return now().kind == TokenKind::sign && now().text == sign;
  }
  bool take_word(std::string_view word) { return is_word(word) && ++at_ > 0; }
  bool take_sign(std::string_view sign) { return is_sign(sign) && ++at_ > 0; }
  [[nodiscard]] tl::unexpected<Problem> expected(std::string_view rule) const {
    return unreadable_at(text_, now().place, rule);
  }
  Result<void> demand(std::string_view sign) {
    if (!take_sign(sign)) return expected("“" + std::string(sign) + "”");
    return {};
  }
  /// What recursion goes through counts how deep it is.
  class Deeper {
   public:
    explicit Deeper(std::size_t& depth) : depth_(depth) { ++depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    ~Deeper() { --depth_; }

   private:
    std::size_t& depth_;
  };

  Result<Expression> disjunction() {
    const Deeper deeper(depth_);
    if (depth_ > 2 * Limits::depth_max) return expected("less depth");
    return chain("or", [this] { return chain("and", [this] { return negation(); }); });
  }
  /// Parts with a word between them; one alone is itself.
  template <class Part>
  Result<Expression> chain(std::string_view word, Part part) {
    QIPAN_TRY(first, part());
    if (!is_word(word)) return first;
    std::vector<Expression> all;
    all.push_back(std::move(first));
    while (take_word(word)) {
      QIPAN_TRY(next, part());
      all.push_back(std::move(next));
    }
    return call_of(word, std::move(all));
  }
  Result<Expression> negation() {
    if (!take_word("not")) return predicate();
    const Deeper deeper(depth_);
    if (depth_ > 2 * Limits::depth_max) return expected("less depth");
    QIPAN_TRY(inner, negation());
    return negated(std::move(inner), true);
  }
  static Expression negated(Expression inner, bool negate) {
    return negate ? call_with("not", std::move(inner)) : inner;
  }
  /// Moves its arguments, where a list in braces would copy each with all below.
  template <class... Arguments>
  static Expression call_with(std::string_view name, Arguments... arguments) {
    std::vector<Expression> all;
    all.reserve(sizeof...(arguments));
    (all.push_back(std::move(arguments)), ...);
    return call_of(name, std::move(all));
  }

  Result<Expression> predicate() {
    QIPAN_TRY(left, sum());
    for (const std::string_view sign : {"=", "<>", "<=", ">=", "<", ">"}) {
      if (!take_sign(sign)) continue;
      QIPAN_TRY(right, sum());
      return call_with(sign, std::move(left), std::move(right));
    }
    if (take_word("is")) {
      const bool is_not = take_word("not");
      if (!take_word("null")) return expected("NULL");
      return negated(call_with("isNull", std::move(left)), is_not);
    }
    const bool is_not = take_word("not");
    if (take_word("like")) {
      QIPAN_TRY(pattern, sum());
      return negated(call_with("like", std::move(left), std::move(pattern)), is_not);
    }
    if (take_word("between")) {
      QIPAN_TRY(low, sum());
      if (!take_word("and")) return expected("AND");
      QIPAN_TRY(high, sum());
      return negated(call_with("between", std::move(left), std::move(low), std::move(high)), is_not);
    }
    if (take_word("in")) {
      QIPAN_CHECK(demand("("));
      QIPAN_TRY(items, rest_of_list());
      if (items.empty()) return expected("a value");
      return negated(call_with("in", std::move(left), Expression{Form::list, "", std::move(items), {}}),
                     is_not);
    }
    if (is_not) return expected("LIKE, BETWEEN or IN");
    return left;
  }

  template <class Part>
  Result<Expression> fold_left(std::initializer_list<std::string_view> signs, Part part) {
    QIPAN_TRY(left, part());
    for (std::size_t depth = 0;; ++depth) {
      const auto found = std::find_if(signs.begin(), signs.end(), [&](std::string_view sign) {
        return take_sign(sign) || take_word(sign);
      });
      if (found == signs.end()) return left;
      // Each operator lies one level deeper than the next.
      if (depth > Limits::depth_max) return expected("less depth");
      QIPAN_TRY(right, part());
      left = call_with(*found, std::move(left), std::move(right));
    }
  }
  Result<Expression> sum() {
    return fold_left({"+", "-"}, [this] {
      return fold_left({"*", "/", "%", "div"}, [this] { return power(); });
    });
  }
  Result<Expression> power() {
    QIPAN_TRY(base, factor());
    if (!take_sign("^")) return base;
    QIPAN_TRY(exponent, factor());
    return call_with("^", std::move(base), std::move(exponent));
  }
  Result<Expression> factor() {
    if (is_sign("-") || is_sign("+")) {
      const bool minus = take_sign("-") || !take_sign("+");
      if (now().kind == TokenKind::number) return number(minus);
      if (!minus) return expected("a number");
      QIPAN_TRY(inner, primary());
      return call_with("*", leaf_of(Form::number, "-1"), std::move(inner));
    }
    return primary();
  }
  Result<Expression> number(bool minus) {
    const auto digits = plain_number((minus ? "-" : "") + now().text);
    if (!digits) return expected("a number of 34 digits at most");
    ++at_;
    return leaf_of(Form::number, *digits);
  }

  Result<Expression> primary() {
    const Token token = now();
    switch (token.kind) {
      case TokenKind::number:
        return number(false);
      case TokenKind::text:
        ++at_;
        return leaf_of(Form::text, token.text);
      case TokenKind::quoted:
        ++at_;
        return leaf_of(Form::property, token.text);
      case TokenKind::word:
        return named();
      default:
        break;
    }
    if (!take_sign("(")) return expected("a value");
    return bracketed();
  }
  /// Behind “(”: an expression, or a list where there are none or several.
  Result<Expression> bracketed() {
    const Deeper deeper(depth_);
    if (depth_ > 2 * Limits::depth_max) return expected("less depth");
    const bool of_arrays = std::exchange(arrays_, false);
    QIPAN_TRY(items, rest_of_list());
    if (items.size() == 1 && !of_arrays) return std::move(items.front());
    return Expression{Form::list, "", std::move(items), {}};
  }
  /// Up to “)” and over it.
  Result<std::vector<Expression>> rest_of_list() {
    std::vector<Expression> items;
    if (take_sign(")")) return items;
    do {
      QIPAN_TRY(item, disjunction());
      items.push_back(std::move(item));
    } while (take_sign(","));
    QIPAN_CHECK(demand(")"));
    return items;
  }

  /// A word: true or false, a geometry, a date, a function, or a property.
  Result<Expression> named() {
    const std::string word = lower_case(now().text);
    if (word == "true" || word == "false") {
      ++at_;
      return leaf_of(Form::boolean, word);
    }
    for (const std::string_view taken : {"and", "or", "not", "like", "between", "in", "is", "null", "div"}) {
      if (word == taken) return expected("a value");
    }
    for (const Tagged& known : tagged) {
      if (word == known.word && (opens(after()) || lower_case(after().text) == "z")) return geometry(known);
    }
    const std::string name = now().text;
    if (!opens(after())) {
      ++at_;
      return leaf_of(Form::property, name);
    }
    at_ += 2;
    if (word == "date" || word == "timestamp") return moment(word == "date");
    if (word == "interval") return interval();
    // Only where an array must stand is one value in brackets an array of one.
    arrays_ = word.starts_with("a_");
    QIPAN_TRY(arguments, rest_of_list());
    arrays_ = false;
    if (word == "bbox") return box(std::move(arguments));
    return function(name, std::move(arguments));
  }
  static bool opens(const Token& token) { return token.kind == TokenKind::sign && token.text == "("; }

  Result<Expression> function(const std::string& name, std::vector<Expression> arguments) {
    const std::string standard = standard_name(name);
    // Operators have no such form, and functions of the standard two arguments but for two of one.
    if (is_standard(standard)) {
      const std::size_t wanted = standard == "casei" || standard == "accenti" ? 1 : 2;
      if (standard.find('_') == std::string::npos && wanted == 2) return expected("a function");
      if (arguments.size() != wanted)
        return expected(std::to_string(wanted) + (wanted == 1 ? " argument of " : " arguments of ") +
                        standard);
    }
    return call_of(standard, std::move(arguments));
  }
  Result<Expression> moment(bool is_date) {
    if (now().kind != TokenKind::text) return expected("a text in single quotes");
    auto read = is_date ? date_of(now().text) : timestamp_of(now().text);
    if (!read) return expected(read.error().rule);
    ++at_;
    QIPAN_CHECK(demand(")"));
    return read;
  }
  Result<Expression> interval() {
    const Deeper deeper(depth_);
    if (depth_ > 2 * Limits::depth_max) return expected("less depth");
    std::vector<Expression> ends;
    for (int i = 0; i < 2; ++i) {
      if (i == 1) QIPAN_CHECK(demand(","));
      if (now().kind == TokenKind::text) {
        auto end = end_of(now().text);
        if (!end) return expected(end.error().rule);
        ++at_;
        ends.push_back(std::move(*end));
      } else {
        QIPAN_TRY(end, primary());
        ends.push_back(std::move(end));
      }
    }
    QIPAN_CHECK(demand(")"));
    return Expression{Form::interval, "", std::move(ends), {}};
  }
  Result<Expression> box(std::vector<Expression> numbers) {
    bool fits = numbers.size() == 4 || numbers.size() == 6;
    for (const Expression& number : numbers) fits = fits && number.form == Form::number;
    if (!fits) return expected("four or six numbers of BBOX");
    return Expression{Form::box, "", std::move(numbers), {}};
  }

  Result<Expression> geometry(const Tagged& known) {
    const std::size_t from = at_;
    QIPAN_TRY(shape, tagged_text(known));
    auto read = geometry_of(shape);
    if (!read) return unreadable_at(text_, tokens_[from].place, read.error().rule);
    return Expression{Form::geometry, "", {}, std::move(*read)};
  }
  Result<Json> tagged_text(const Tagged& known) {
    ++at_;
    const bool high = take_word("z");
    Json shape = Json::object().set("type", known.type);
    if (known.type == "GeometryCollection") {
      QIPAN_TRY(geometries, listed([this] { return member(); }));
      return shape.set("geometries", std::move(geometries));
    }
    // A point's numbers stand in brackets of their own, also within MULTIPOINT.
    QIPAN_TRY(coordinates, known.type == "Point"        ? bracketed_point()
                           : known.type == "MultiPoint" ? listed([this] { return bracketed_point(); })
                                                        : points(known.depth));
    if (high && count_of_first(coordinates) != 3) return expected("three numbers a point behind Z");
    return shape.set("coordinates", std::move(coordinates));
  }
  static std::size_t count_of_first(const Json& coordinates) {
    const Json* first = &coordinates;
    while (first->items().front().is_array()) first = &first->items().front();
    return first->items().size();
  }
  Result<Json> member() {
    for (const Tagged& known : tagged) {
      if (is_word(known.word) && known.type != "GeometryCollection") return tagged_text(known);
    }
    return expected("a geometry");
  }
  Result<Json> points(int depth) {
    if (depth == 0) return point();
    return listed([this, depth] { return points(depth - 1); });
  }
  template <class Part>
  Result<Json> listed(Part part) {
    QIPAN_CHECK(demand("("));
    Json all = Json::array();
    do {
      QIPAN_TRY(one, part());
      all.push(std::move(one));
    } while (take_sign(","));
    QIPAN_CHECK(demand(")"));
    return all;
  }
  Result<Json> bracketed_point() {
    QIPAN_CHECK(demand("("));
    QIPAN_TRY(position, point());
    QIPAN_CHECK(demand(")"));
    return position;
  }
  Result<Json> point() {
    Json numbers = Json::array();
    while (now().kind == TokenKind::number || is_sign("-") || is_sign("+")) {
      const bool minus = take_sign("-");
      if (!minus) take_sign("+");
      if (now().kind != TokenKind::number) return expected("a number");
      QIPAN_TRY(one, number(minus));
      numbers.push(Json(Json::Decimal{one.text}));
    }
    if (numbers.items().size() < 2 || numbers.items().size() > 3)
      return expected("a point of two or three numbers");
    return numbers;
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool arrays_ = false;
};

}  // namespace

Result<Expression> read_text(std::string_view text) {
  QIPAN_TRY(tokens, tokens_of(text));
  QIPAN_TRY(expression, Parser(text, std::move(tokens)).run());
  if (expression.form != Form::call && expression.form != Form::boolean && expression.form != Form::property)
    return unreadable_at(text, 0, "a predicate: what is true or false");
  QIPAN_CHECK(check_size(expression));
  return expression;
}

}  // namespace qipan::query
