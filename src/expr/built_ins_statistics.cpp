#include <algorithm>

#include "expr/built_ins.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;
using Numbers = std::vector<Decimal>;

/// The items as numbers; nothing if one is none.
std::optional<Numbers> numbers_of(const List& list) {
  Numbers numbers;
  numbers.reserve(list.size());
  for (const Value& item : list) {
    if (item.number() == nullptr) return std::nullopt;
    numbers.push_back(*item.number());
  }
  return numbers;
}

Value no_numbers(Machine& machine) {
  return machine.fail("feel-argument", "a list of numbers only");
}

Value count(Machine&, std::span<const Value> given) {
  return static_cast<std::int64_t>(given[0].list()->size());
}

template <bool smallest>
Value extreme(Machine& machine, std::span<const Value> given) {
  const List& list = *given[0].list();
  if (list.empty()) return machine.fail("feel-argument", "an empty list has no least and no greatest");
  const Value* best = &list[0];
  if (!compare(*best, *best)) return machine.fail("feel-argument", "items that have an order");
  for (const Value& item : list) {
    const auto order = compare(item, *best);
    if (!order) return machine.fail("feel-argument", "items of one kind that has an order");
    if (smallest ? *order < 0 : *order > 0) best = &item;
  }
  return *best;
}

/// Of numbers or of durations of one kind.
Value sum(Machine& machine, std::span<const Value> given) {
  const List& list = *given[0].list();
  if (list.empty()) return machine.fail("feel-argument", "an empty list has no sum");
  const bool addable =
      list[0].number() != nullptr || list[0].years_months() != nullptr || list[0].days_time() != nullptr;
  if (!addable) return no_numbers(machine);
  Value total = list[0];
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (list[i].kind() != list[0].kind()) return no_numbers(machine);
    total = add(machine, total, list[i]);
    if (total.is_null()) return {};
  }
  return total;
}

Value mean(Machine& machine, std::span<const Value> given) {
  const Value total = sum(machine, given);
  return total.is_null() ? Value()
                         : divide(machine, total, static_cast<std::int64_t>(given[0].list()->size()));
}

Value product(Machine& machine, std::span<const Value> given) {
  const auto numbers = numbers_of(*given[0].list());
  if (!numbers || numbers->empty()) return no_numbers(machine);
  std::optional<Decimal> total = Decimal(1);
  for (const Decimal& number : *numbers) {
    total = total->times(number);
    if (!total) break;
  }
  return number_or_fail(machine, total);
}

Value median(Machine& machine, std::span<const Value> given) {
  auto numbers = numbers_of(*given[0].list());
  if (!numbers) return no_numbers(machine);
  if (numbers->empty()) return {};
  std::sort(numbers->begin(), numbers->end());
  const std::size_t half = numbers->size() / 2;
  if (numbers->size() % 2 == 1) return (*numbers)[half];
  const auto both = (*numbers)[half - 1].plus((*numbers)[half]);
  return number_or_fail(machine, both ? both->over(Decimal(2)) : std::nullopt);
}

/// Of a sample: the squares are divided by one less than the count.
Value deviation(Machine& machine, std::span<const Value> given) {
  const auto numbers = numbers_of(*given[0].list());
  if (!numbers || numbers->size() < 2) return no_numbers(machine);
  const auto size = static_cast<std::int64_t>(numbers->size());
  std::optional<Decimal> total = Decimal();
  for (const Decimal& number : *numbers) {
    total = total->plus(number);
    if (!total) return number_or_fail(machine, total);
  }
  const auto average = total->over(Decimal(size));
  std::optional<Decimal> squares = Decimal();
  for (const Decimal& number : *numbers) {
    const auto distance = number.minus(*average);
    const auto square = distance ? distance->times(*distance) : std::nullopt;
    squares = square ? squares->plus(*square) : std::nullopt;
    if (!squares) return number_or_fail(machine, squares);
  }
  const auto variance = squares->over(Decimal(size - 1));
  return number_or_fail(machine, variance ? variance->square_root() : std::nullopt);
}

Value mode(Machine& machine, std::span<const Value> given) {
  auto numbers = numbers_of(*given[0].list());
  if (!numbers) return no_numbers(machine);
  std::sort(numbers->begin(), numbers->end());
  List modes;
  std::size_t most = 0;
  for (std::size_t from = 0; from < numbers->size();) {
    std::size_t to = from;
    while (to < numbers->size() && (*numbers)[to] == (*numbers)[from]) ++to;
    if (to - from > most) modes.clear();
    if (to - from >= most) modes.emplace_back((*numbers)[from]);
    most = std::max(most, to - from);
    from = to;
  }
  return modes;
}

template <bool deciding>
Value kleene(Machine&, std::span<const Value> given) {
  Value result = !deciding;
  for (const Value& item : *given[0].list())
    result = deciding ? disjunction(result, item) : conjunction(result, item);
  return result;
}

/// Takes a list, or its items one by one.
BuiltIn over_list(std::string_view name, Kind result, BuiltInCode run) {
  return {name, result, {{{{"list", Accept::list}}, run}, {{{"list", Accept::any}}, run, true}}};
}

}  // namespace

const std::vector<BuiltIn>& statistics_built_ins() {
  static const std::vector<BuiltIn> all = {
      {"count", Kind::number, {{{{"list", Accept::list}}, count}}},
      over_list("min", Kind::any, extreme<true>),
      over_list("max", Kind::any, extreme<false>),
      over_list("sum", Kind::any, sum),
      over_list("mean", Kind::any, mean),
      over_list("product", Kind::number, product),
      over_list("median", Kind::number, median),
      over_list("stddev", Kind::number, deviation),
      over_list("mode", Kind::list, mode),
      over_list("all", Kind::boolean, kleene<false>),
      over_list("any", Kind::boolean, kleene<true>),
  };
  return all;
}

}  // namespace qipan::expr
