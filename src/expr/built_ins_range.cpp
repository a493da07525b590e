#include <algorithm>
#include <array>

#include "expr/built_ins.hpp"
#include "expr/operators.hpp"
#include "expr/parser.hpp"
#include "expr/scope.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

/// Points are ranges of one point, so that each relation is written once. No endpoint (nullptr) is beyond
/// all; one that is null cannot be compared.
struct Bounds {
  const Value* low;
  const Value* high;
  bool low_included;
  bool high_included;
};

Bounds bounds_of(const Value& value) {
  static const Value unknown;
  const Range* range = value.range();
  if (range == nullptr) return {&value, &value, true, true};
  if (range->form == Range::Form::other) return {&unknown, &unknown, false, false};
  return {range->has_low() ? &range->low : nullptr, range->has_high() ? &range->high : nullptr,
          range->low_included, range->high_included};
}

/// Order of two endpoints, of which missing ones are at the given infinity.
std::optional<int> order(const Value* left, int left_open, const Value* right, int right_open) {
  const auto unknown = [](const Value* value) { return value != nullptr && value->is_null(); };
  if (unknown(left) || unknown(right)) return std::nullopt;
  if (left == nullptr || right == nullptr) {
    const int a = left == nullptr ? left_open : 0;
    const int b = right == nullptr ? right_open : 0;
    return a == b ? 0 : (a < b ? -1 : 1);
  }
  const auto found = compare(*left, *right);
  if (!found) return std::nullopt;
  return *found < 0 ? -1 : (*found > 0 ? 1 : 0);
}

std::optional<int> lows(const Bounds& a, const Bounds& b) {
  return order(a.low, -1, b.low, -1);
}
std::optional<int> highs(const Bounds& a, const Bounds& b) {
  return order(a.high, 1, b.high, 1);
}

using Relation = std::optional<bool> (*)(const Bounds&, const Bounds&);

// DMN 1.5, table 78. Each answers for ranges and points alike.

std::optional<bool> before(const Bounds& a, const Bounds& b) {
  const auto gap = order(a.high, 1, b.low, -1);
  if (!gap) return std::nullopt;
  return *gap < 0 || (*gap == 0 && (!a.high_included || !b.low_included));
}
std::optional<bool> after(const Bounds& a, const Bounds& b) {
  return before(b, a);
}
std::optional<bool> meets(const Bounds& a, const Bounds& b) {
  const auto gap = order(a.high, 1, b.low, -1);
  if (!gap) return std::nullopt;
  return *gap == 0 && a.high_included && b.low_included;
}
std::optional<bool> met_by(const Bounds& a, const Bounds& b) {
  return meets(b, a);
}
std::optional<bool> overlaps(const Bounds& a, const Bounds& b) {
  const auto first = before(a, b);
  const auto second = before(b, a);
  if (!first || !second) return std::nullopt;
  return !*first && !*second;
}
/// a begins before b and ends within it.
std::optional<bool> overlaps_before(const Bounds& a, const Bounds& b) {
  const auto low = lows(a, b);
  const auto high = highs(a, b);
  const auto apart = before(a, b);
  if (!low || !high || !apart) return std::nullopt;
  const bool starts_before = *low < 0 || (*low == 0 && a.low_included && !b.low_included);
  const bool ends_within = *high < 0 || (*high == 0 && (!a.high_included || b.high_included));
  return starts_before && ends_within && !*apart;
}
std::optional<bool> overlaps_after(const Bounds& a, const Bounds& b) {
  return overlaps_before(b, a);
}
std::optional<bool> includes_all(const Bounds& a, const Bounds& b) {
  const auto low = lows(a, b);
  const auto high = highs(a, b);
  if (!low || !high) return std::nullopt;
  return (*low < 0 || (*low == 0 && (a.low_included || !b.low_included))) &&
         (*high > 0 || (*high == 0 && (a.high_included || !b.high_included)));
}
std::optional<bool> during(const Bounds& a, const Bounds& b) {
  return includes_all(b, a);
}
std::optional<bool> starts(const Bounds& a, const Bounds& b) {
  const auto low = lows(a, b);
  const auto high = highs(a, b);
  if (!low || !high) return std::nullopt;
  return *low == 0 && a.low_included == b.low_included &&
         (*high < 0 || (*high == 0 && (!a.high_included || b.high_included)));
}
std::optional<bool> started_by(const Bounds& a, const Bounds& b) {
  return starts(b, a);
}
std::optional<bool> finishes(const Bounds& a, const Bounds& b) {
  const auto low = lows(a, b);
  const auto high = highs(a, b);
  if (!low || !high) return std::nullopt;
  return *high == 0 && a.high_included == b.high_included &&
         (*low > 0 || (*low == 0 && (!a.low_included || b.low_included)));
}
std::optional<bool> finished_by(const Bounds& a, const Bounds& b) {
  return finishes(b, a);
}
std::optional<bool> coincides(const Bounds& a, const Bounds& b) {
  const auto low = lows(a, b);
  const auto high = highs(a, b);
  if (!low || !high) return std::nullopt;
  return *low == 0 && *high == 0 && a.low_included == b.low_included && a.high_included == b.high_included;
}

template <Relation relation>
Value related(Machine& machine, std::span<const Value> given) {
  const auto holds = relation(bounds_of(given[0]), bounds_of(given[1]));
  return holds ? Value(*holds)
               : machine.fail("feel-argument", "ranges or points of one kind that has an order");
}

/// Which of the two may be a point.
enum class Points { both, first, second, none };

template <Relation relation>
BuiltIn interval(std::string_view name, Points points) {
  const Formal range1{"range1", Accept::range};
  const Formal range2{"range2", Accept::range};
  const Formal range{"range", Accept::range};
  const Formal point{"point", Accept::point};
  BuiltIn made{name, Kind::boolean, {}};
  const auto way = [&](Formal a, Formal b) { made.overloads.push_back({{a, b}, related<relation>}); };
  if (points == Points::both) way({"point1", Accept::point}, {"point2", Accept::point});
  way(range1, range2);
  if (points == Points::both || points == Points::first) way(point, range);
  if (points == Points::both || points == Points::second) way(range, point);
  return made;
}

/// Only literals may be endpoints: numbers, strings, @"...", and the temporal functions of a string.
bool is_literal_range(const std::vector<Lexeme>& lexemes) {
  if (!lexemes[0].is("[") && !lexemes[0].is("]") && !lexemes[0].is("(")) return false;
  return std::all_of(lexemes.begin(), lexemes.end(), [](const Lexeme& lexeme) {
    constexpr std::array<std::string_view, 5> names = {"date", "time", "and", "duration", "null"};
    constexpr std::array<std::string_view, 6> signs = {"[", "]", "(", ")", "..", "-"};
    const auto among = [&](const auto& list) {
      return std::find(list.begin(), list.end(), lexeme.text) != list.end();
    };
    if (lexeme.token == Token::name) return among(names);
    return lexeme.token != Token::symbol || among(signs);
  });
}

/// A range from its text (DMN 1.5, table 73).
Value range_from(Machine& machine, std::span<const Value> given) {
  const std::string& text = *given[0].text();
  constexpr std::size_t bytes_max = 1'000;
  constexpr std::string_view rule = "range: two literals in brackets, from the lesser to the greater";
  if (text.size() > bytes_max) return machine.fail("feel-argument", std::string(rule));
  try {
    if (!is_literal_range(lexemes_of(text))) return machine.fail("feel-argument", std::string(rule));
  } catch (const Fault&) {
    return machine.fail("feel-argument", std::string(rule));
  }
  Scope scope({}, nullptr);
  const Compiled compiled = compile_expression(scope, text);
  Value found = run(Code{compiled.node, scope.slots()}, machine);
  const Range* range = found.range();
  if (range == nullptr) return machine.fail("feel-argument", std::string(rule));
  return found;
}

}  // namespace

const std::vector<BuiltIn>& range_built_ins() {
  static const std::vector<BuiltIn> all = {
      interval<before>("before", Points::both),
      interval<after>("after", Points::both),
      interval<meets>("meets", Points::none),
      interval<met_by>("met by", Points::none),
      interval<overlaps>("overlaps", Points::none),
      interval<overlaps_before>("overlaps before", Points::none),
      interval<overlaps_after>("overlaps after", Points::none),
      interval<includes_all>("includes", Points::second),
      interval<during>("during", Points::first),
      interval<starts>("starts", Points::first),
      interval<started_by>("started by", Points::second),
      interval<finishes>("finishes", Points::first),
      interval<finished_by>("finished by", Points::second),
      interval<coincides>("coincides", Points::both),
      {"range", Kind::range, {{{{"from", Accept::text}}, range_from}}},
  };
  return all;
}

}  // namespace qipan::expr
