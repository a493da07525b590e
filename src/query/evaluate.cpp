#include <algorithm>
#include <compare>

#include "query/node.hpp"

namespace qipan::query {

namespace {

using Does = Node::Does;

std::optional<bool> all_of(const Node& node, std::span<const Value> row, bool conjunction) {
  bool unknown = false;
  for (const Node& part : node.parts) {
    const auto truth = truth_of(part, row);
    if (truth && *truth != conjunction) return !conjunction;
    unknown = unknown || !truth;
  }
  return unknown ? std::nullopt : std::optional(conjunction);
}

std::optional<bool> compare(Comparison comparison, const Value& left, const Value& right) {
  const auto order = order_of(left, right);
  if (!order) return std::nullopt;
  switch (comparison) {
    case Comparison::equal:
      return std::is_eq(*order);
    case Comparison::not_equal:
      return std::is_neq(*order);
    case Comparison::less:
      return std::is_lt(*order);
    case Comparison::greater:
      return std::is_gt(*order);
    case Comparison::less_or_equal:
      return std::is_lteq(*order);
    case Comparison::greater_or_equal:
      return std::is_gteq(*order);
  }
  return std::nullopt;
}

/// By its first and last day, where it is told in days.
Period by_days(Period period) {
  if (period.to != instant_max) period.to -= microseconds_per_day - 1;
  return period;
}

bool stands(Course course, const Period& a, const Period& b) {
  switch (course) {
    case Course::after:
      return a.from > b.to;
    case Course::before:
      return a.to < b.from;
    case Course::disjoint:
      return a.from > b.to || a.to < b.from;
    case Course::intersects:
      return a.from <= b.to && a.to >= b.from;
    case Course::equals:
      return a.from == b.from && a.to == b.to;
    case Course::contains:
      return a.from < b.from && a.to > b.to;
    case Course::during:
      return a.from > b.from && a.to < b.to;
    case Course::finished_by:
      return a.from < b.from && a.to == b.to;
    case Course::finishes:
      return a.from > b.from && a.to == b.to;
    case Course::meets:
      return a.to == b.from;
    case Course::met_by:
      return a.from == b.to;
    case Course::overlaps:
      return a.from < b.from && a.to > b.from && a.to < b.to;
    case Course::overlapped_by:
      return a.from > b.from && a.from < b.to && a.to > b.to;
    case Course::started_by:
      return a.from == b.from && a.to > b.to;
    case Course::starts:
      return a.from == b.from && a.to < b.to;
  }
  return false;
}

bool is_course(Course course, const Period& a, const Period& b) {
  return a.in_days && b.in_days ? stands(course, by_days(a), by_days(b)) : stands(course, a, b);
}

bool has(const List& list, const Value& wanted) {
  return std::any_of(list.items.begin(), list.items.end(), [&](const Value& item) {
    const auto order = order_of(item, wanted);
    return order && std::is_eq(*order);
  });
}
bool has_all(const List& list, const List& wanted) {
  return std::all_of(wanted.items.begin(), wanted.items.end(),
                     [&](const Value& one) { return has(list, one); });
}

std::optional<bool> relate(Sets sets, const List& left, const List& right) {
  switch (sets) {
    case Sets::contains:
      return has_all(left, right);
    case Sets::contained_by:
      return has_all(right, left);
    case Sets::equals:
      return has_all(left, right) && has_all(right, left);
    case Sets::overlaps:
      return std::any_of(right.items.begin(), right.items.end(),
                         [&](const Value& one) { return has(left, one); });
  }
  return std::nullopt;
}

std::optional<Decimal> whole_quotient(const Decimal& left, const Decimal& right) {
  const auto quotient = left.over(right);
  return quotient ? quotient->rounded(0, Decimal::Rounding::down) : std::nullopt;
}

Value calculate(Arithmetic arithmetic, const Decimal& left, const Decimal& right) {
  std::optional<Decimal> result;
  switch (arithmetic) {
    case Arithmetic::plus:
      result = left.plus(right);
      break;
    case Arithmetic::minus:
      result = left.minus(right);
      break;
    case Arithmetic::times:
      result = left.times(right);
      break;
    case Arithmetic::over:
      result = left.over(right);
      break;
    case Arithmetic::whole:
      result = whole_quotient(left, right);
      break;
    case Arithmetic::power:
      result = left.power(right);
      break;
    case Arithmetic::remainder: {
      const auto quotient = whole_quotient(left, right);
      const auto taken = quotient ? quotient->times(right) : std::nullopt;
      result = taken ? left.minus(*taken) : std::nullopt;
      break;
    }
  }
  return result ? Value(*result) : Value();
}

Value end_of_period(const Node& node, std::span<const Value> row) {
  Period period;
  period.in_days = true;
  for (std::size_t at = 0; at < 2; ++at) {
    // An open end bounds nothing.
    if (node.parts[at].kind == Kind::period) continue;
    const Value end = evaluate(node.parts[at], row);
    if (is_null(end)) return {};
    const Period own = period_of(end);
    period.in_days = period.in_days && own.in_days;
    (at == 0 ? period.from : period.to) = at == 0 ? own.from : own.to;
  }
  return period;
}

Value in(const Node& node, std::span<const Value> row) {
  const Value wanted = evaluate(node.parts[0], row);
  if (is_null(wanted)) return {};
  bool unknown = false;
  for (std::size_t at = 1; at < node.parts.size(); ++at) {
    const auto same = compare(Comparison::equal, wanted, evaluate(node.parts[at], row));
    if (same && *same) return true;
    unknown = unknown || !same;
  }
  return unknown ? Value() : Value(false);
}

Value between(const Node& node, std::span<const Value> row) {
  const Value value = evaluate(node.parts[0], row);
  const auto low = compare(Comparison::greater_or_equal, value, evaluate(node.parts[1], row));
  const auto high = compare(Comparison::less_or_equal, value, evaluate(node.parts[2], row));
  if ((low && !*low) || (high && !*high)) return false;
  return low && high ? Value(true) : Value();
}

Value wrapped(std::optional<bool> truth) {
  return truth ? Value(*truth) : Value();
}

/// Of two operands that are both there.
Value of_two(const Node& node, const Value& left, const Value& right) {
  switch (node.does) {
    case Does::comparison:
      return wrapped(compare(node.comparison, left, right));
    case Does::like:
      return is_like(std::get<std::string>(left), std::get<std::string>(right));
    case Does::spatial:
      return wrapped(std::get<std::shared_ptr<const Geometry>>(left)->is(
          node.relation, *std::get<std::shared_ptr<const Geometry>>(right)));
    case Does::temporal:
      return is_course(node.course, period_of(left), period_of(right));
    case Does::sets:
      return wrapped(relate(node.sets, *std::get<std::shared_ptr<const List>>(left),
                            *std::get<std::shared_ptr<const List>>(right)));
    case Does::arithmetic:
      return calculate(node.arithmetic, std::get<Decimal>(left), std::get<Decimal>(right));
    case Does::under: {
      const UnitNames& units = *node.parts[0].column->units;
      return units.is_under(units.unit_of(std::get<std::string>(left)),
                            units.unit_of(std::get<std::string>(right)));
    }
    default:
      return {};
  }
}

Value near(const Node& node, std::span<const Value> row) {
  const Value left = evaluate(node.parts[0], row);
  const Value right = evaluate(node.parts[1], row);
  const Value most = evaluate(node.parts[2], row);
  if (is_null(left) || is_null(right) || is_null(most)) return {};
  const auto metres = std::get<std::shared_ptr<const Geometry>>(left)->metres_to(
      *std::get<std::shared_ptr<const Geometry>>(right));
  if (!metres) return {};
  const auto told = Decimal::parse(std::to_string(*metres));
  return told ? Value(*told <= std::get<Decimal>(most)) : Value();
}

Value list_of(const Node& node, std::span<const Value> row) {
  auto list = std::make_shared<List>();
  for (const Node& part : node.parts) list->items.push_back(evaluate(part, row));
  return std::shared_ptr<const List>(std::move(list));
}

}  // namespace

std::optional<bool> truth_of(const Node& node, std::span<const Value> row) {
  const Value value = evaluate(node, row);
  return is_null(value) ? std::nullopt : std::optional(std::get<bool>(value));
}

Value evaluate(const Node& node, std::span<const Value> row) {
  switch (node.does) {
    case Does::constant:
      return node.constant;
    case Does::column:
      return row[node.place];
    case Does::conjunction:
    case Does::disjunction:
      return wrapped(all_of(node, row, node.does == Does::conjunction));
    case Does::negation: {
      const auto truth = truth_of(node.parts[0], row);
      return truth ? Value(!*truth) : Value();
    }
    case Does::is_null:
      return is_null(evaluate(node.parts[0], row));
    case Does::between:
      return between(node, row);
    case Does::in:
      return in(node, row);
    case Does::period:
      return end_of_period(node, row);
    case Does::list:
      return list_of(node, row);
    case Does::near:
      return near(node, row);
    case Does::fold_case:
    case Does::drop_accents: {
      const Value inner = evaluate(node.parts[0], row);
      if (is_null(inner)) return {};
      const auto& text = std::get<std::string>(inner);
      return node.does == Does::fold_case ? folded(text) : unaccented(text);
    }
    default:
      break;
  }
  const Value left = evaluate(node.parts[0], row);
  const Value right = evaluate(node.parts[1], row);
  if (is_null(left) || is_null(right)) return {};
  return of_two(node, left, right);
}

}  // namespace qipan::query
