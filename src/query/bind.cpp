#include <algorithm>
#include <array>

#include "query/filter.hpp"
#include "query/node.hpp"

// What a filter's names mean, and whether each value is of a kind that fits where it stands.

namespace qipan::query {

namespace {

using Form = Expression::Form;
using Does = Node::Does;

tl::unexpected<Problem> unfit(const Expression& found, std::string_view rule) {
  return invalid("filter-unfit", "filter", shortened(to_text(found)), rule);
}

template <class Enum>
struct Named {
  std::string_view name;
  Enum value;
};
template <class Enum, std::size_t count>
const Enum* find_named(const std::array<Named<Enum>, count>& all, std::string_view name) {
  for (const auto& one : all) {
    if (one.name == name) return &one.value;
  }
  return nullptr;
}

constexpr auto comparisons = std::to_array<Named<Comparison>>({{"=", Comparison::equal},
                                                               {"<>", Comparison::not_equal},
                                                               {"<", Comparison::less},
                                                               {">", Comparison::greater},
                                                               {"<=", Comparison::less_or_equal},
                                                               {">=", Comparison::greater_or_equal}});
constexpr auto relations = std::to_array<Named<Relation>>({{"s_contains", Relation::contains},
                                                           {"s_crosses", Relation::crosses},
                                                           {"s_disjoint", Relation::disjoint},
                                                           {"s_equals", Relation::equals},
                                                           {"s_intersects", Relation::intersects},
                                                           {"s_overlaps", Relation::overlaps},
                                                           {"s_touches", Relation::touches},
                                                           {"s_within", Relation::within}});
constexpr auto courses = std::to_array<Named<Course>>({{"t_after", Course::after},
                                                       {"t_before", Course::before},
                                                       {"t_contains", Course::contains},
                                                       {"t_disjoint", Course::disjoint},
                                                       {"t_during", Course::during},
                                                       {"t_equals", Course::equals},
                                                       {"t_finishedBy", Course::finished_by},
                                                       {"t_finishes", Course::finishes},
                                                       {"t_intersects", Course::intersects},
                                                       {"t_meets", Course::meets},
                                                       {"t_metBy", Course::met_by},
                                                       {"t_overlaps", Course::overlaps},
                                                       {"t_overlappedBy", Course::overlapped_by},
                                                       {"t_startedBy", Course::started_by},
                                                       {"t_starts", Course::starts}});
constexpr auto set_relations = std::to_array<Named<Sets>>({{"a_contains", Sets::contains},
                                                           {"a_containedBy", Sets::contained_by},
                                                           {"a_equals", Sets::equals},
                                                           {"a_overlaps", Sets::overlaps}});
constexpr auto arithmetics = std::to_array<Named<Arithmetic>>({{"+", Arithmetic::plus},
                                                               {"-", Arithmetic::minus},
                                                               {"*", Arithmetic::times},
                                                               {"/", Arithmetic::over},
                                                               {"%", Arithmetic::remainder},
                                                               {"div", Arithmetic::whole},
                                                               {"^", Arithmetic::power}});

bool is_moment(Kind kind) {
  return kind == Kind::date || kind == Kind::moment;
}
bool is_comparable(Kind left, Kind right) {
  if (is_moment(left) && is_moment(right)) return true;
  return left == right && (left == Kind::boolean || left == Kind::number || left == Kind::text);
}

class Binder {
 public:
  explicit Binder(std::span<const Column> columns) : columns_(columns) {}

  Result<Node> bind(const Expression& expression) {
    switch (expression.form) {
      case Form::property:
        return property(expression);
      case Form::text:
        return constant(Kind::text, expression.text);
      case Form::number:
        return constant(Kind::number, Decimal::parse(expression.text).value_or(Decimal()));
      case Form::boolean:
        return constant(Kind::boolean, expression.text == "true");
      case Form::date:
        return constant(Kind::date, Date{parse_day(expression.text).value_or(0)});
      case Form::timestamp:
        return constant(Kind::moment, Moment{parse_instant(expression.text).value_or(0)});
      case Form::open_end:
        return constant(Kind::period, Period());
      case Form::interval:
        return interval(expression);
      case Form::geometry:
      case Form::box:
        return geometry(expression);
      case Form::list:
        return all(Does::list, Kind::list, expression);
      case Form::call:
        return call(expression);
    }
    return unfit(expression, "a predicate");
  }

  Result<Node> of_kind(const Expression& expression, Kind kind) {
    QIPAN_TRY(node, bind(expression));
    if (node.kind != kind) return unfit(expression, "a value of the kind: " + std::string(name_of(kind)));
    return node;
  }

 private:
  static Node constant(Kind kind, Value value) {
    return {.does = Does::constant, .kind = kind, .constant = std::move(value)};
  }

  Result<Node> property(const Expression& expression) {
    for (std::size_t place = 0; place < columns_.size(); ++place) {
      const Column& column = columns_[place];
      if (column.name == expression.text)
        return Node{.does = Does::column, .kind = column.kind, .column = &column, .place = place};
    }
    return unfit(expression, "a column that you may read here");
  }

  Result<Node> all(Does does, Kind kind, const Expression& expression) {
    Node node{.does = does, .kind = kind};
    for (const Expression& argument : expression.arguments) {
      QIPAN_TRY(part, bind(argument));
      node.parts.push_back(std::move(part));
    }
    return node;
  }
  /// All of one kind.
  Result<Node> all_of(Does does, Kind kind, const Expression& expression, Kind wanted) {
    QIPAN_TRY(node, all(does, kind, expression));
    for (std::size_t at = 0; at < node.parts.size(); ++at) {
      if (node.parts[at].kind != wanted)
        return unfit(expression.arguments[at], "a value of the kind: " + std::string(name_of(wanted)));
    }
    return node;
  }

  Result<Node> interval(const Expression& expression) {
    QIPAN_TRY(node, all(Does::period, Kind::period, expression));
    for (std::size_t at = 0; at < 2; ++at) {
      const bool is_open = expression.arguments[at].form == Form::open_end;
      if (!is_open && !is_moment(node.parts[at].kind))
        return unfit(expression.arguments[at], "a date, a time or “..”");
    }
    return node;
  }

  Result<Node> geometry(const Expression& expression) {
    std::shared_ptr<const Geometry> shape;
    if (expression.form == Form::geometry) {
      shape = Geometry::read(expression.shape);
    } else {
      const auto number = [&](std::size_t at) { return std::stod(expression.arguments[at].text); };
      const std::size_t half = expression.arguments.size() / 2;
      const Box bounds{number(0), number(1), number(half), number(half + 1)};
      if (bounds.south > bounds.north || bounds.north > 90 || bounds.south < -90 || bounds.west > 180 ||
          bounds.west < -180 || bounds.east > 180 || bounds.east < -180)
        return unfit(expression, "degrees: longitudes within ±180, the south before the north within ±90");
      shape = Geometry::box(bounds);
    }
    if (shape == nullptr) return unfit(expression, "a geometry that GEOS can read");
    return constant(Kind::geometry, std::move(shape));
  }

  Result<Node> call(const Expression& expression) {
    const std::string& name = expression.text;
    if (name == "and" || name == "or")
      return all_of(name == "and" ? Does::conjunction : Does::disjunction, Kind::boolean, expression,
                    Kind::boolean);
    if (name == "not") return all_of(Does::negation, Kind::boolean, expression, Kind::boolean);
    if (name == "isNull") return all(Does::is_null, Kind::boolean, expression);
    if (name == "like") return like(expression);
    if (name == "casei") return all_of(Does::fold_case, Kind::text, expression, Kind::text);
    if (name == "accenti") return all_of(Does::drop_accents, Kind::text, expression, Kind::text);
    if (name == "between" || name == "in") return compared(expression);
    if (const auto* comparison = find_named(comparisons, name)) {
      QIPAN_TRY(node, compared(expression));
      node.comparison = *comparison;
      return node;
    }
    if (const auto* arithmetic = find_named(arithmetics, name)) {
      QIPAN_TRY(node, all_of(Does::arithmetic, Kind::number, expression, Kind::number));
      node.arithmetic = *arithmetic;
      return node;
    }
    if (const auto* relation = find_named(relations, name)) return spatial(expression, *relation);
    if (const auto* course = find_named(courses, name)) return temporal(expression, *course);
    if (const auto* sets = find_named(set_relations, name)) {
      QIPAN_TRY(node, all_of(Does::sets, Kind::boolean, expression, Kind::list));
      node.sets = *sets;
      return node;
    }
    if (name == "nearer") return nearer(expression);
    if (name == "under") return under(expression);
    return unfit(expression,
                 "an operator of CQL2, nearer(geometry, geometry, metres) or under(unit, code of a unit)");
  }

  /// The pattern is a text, with or without regard to case and accents, and not so long that each row takes
  /// long.
  Result<Node> like(const Expression& expression) {
    constexpr std::size_t bytes_max = 1'000;
    const Expression* pattern = &expression.arguments[1];
    while (pattern->is_call("casei") || pattern->is_call("accenti")) pattern = &pattern->arguments[0];
    if (pattern->form != Form::text || pattern->text.size() > bytes_max)
      return unfit(expression.arguments[1],
                   "a text of at most " + std::to_string(bytes_max) + " bytes as the pattern");
    return all_of(Does::like, Kind::boolean, expression, Kind::text);
  }

  /// Values that are compared with the first one; of `in`, those of a list.
  Result<Node> compared(const Expression& expression) {
    const Does does = expression.text == "in"        ? Does::in
                      : expression.text == "between" ? Does::between
                                                     : Does::comparison;
    std::vector<const Expression*> operands;
    operands.reserve(expression.arguments.size());
    for (const Expression& argument : expression.arguments) operands.push_back(&argument);
    if (does == Does::in) {
      if (operands[1]->form != Form::list) return unfit(expression, "a list of values");
      operands.pop_back();
      for (const Expression& item : expression.arguments[1].arguments) operands.push_back(&item);
    }
    Node node{.does = does, .kind = Kind::boolean};
    for (const Expression* operand : operands) {
      QIPAN_TRY(part, bind(*operand));
      const Kind first = node.parts.empty() ? part.kind : node.parts.front().kind;
      if (!is_comparable(first, part.kind))
        return unfit(*operand, is_comparable(first, first)
                                   ? "a value of the kind: " + std::string(name_of(first))
                                   : "a value that can be compared");
      node.parts.push_back(std::move(part));
    }
    return node;
  }

  Result<Node> spatial(const Expression& expression, Relation relation) {
    QIPAN_TRY(node, all_of(Does::spatial, Kind::boolean, expression, Kind::geometry));
    node.relation = relation;
    // Of two that are written the answer is the same for every row, and may take long for each.
    if (node.parts[0].does == Does::constant && node.parts[1].does == Does::constant)
      return unfit(expression, "a column on one side");
    for (std::size_t at = 0; at < 2; ++at) {
      const Node& part = node.parts[at];
      if (part.does != Does::constant) continue;
      const auto& shape = std::get<std::shared_ptr<const Geometry>>(part.constant);
      // What crosses itself everywhere takes GEOS minutes a row, and means nothing here.
      if (relation != Relation::intersects && relation != Relation::disjoint && !shape->is_plain())
        return unfit(
            expression.arguments[at],
            "lines that do not cross themselves and valid polygons, but for S_INTERSECTS and S_DISJOINT");
      if (shape->is_collection() && relation != Relation::intersects && relation != Relation::disjoint)
        return unfit(
            expression.arguments[at],
            "no GEOMETRYCOLLECTION but for S_INTERSECTS and S_DISJOINT: GEOS has no other relation of it");
    }
    return node;
  }

  Result<Node> temporal(const Expression& expression, Course course) {
    QIPAN_TRY(node, all(Does::temporal, Kind::boolean, expression));
    node.course = course;
    const bool of_any = course == Course::after || course == Course::before || course == Course::disjoint ||
                        course == Course::equals || course == Course::intersects;
    for (std::size_t at = 0; at < 2; ++at) {
      const Kind kind = node.parts[at].kind;
      if (kind == Kind::period || (of_any && is_moment(kind))) continue;
      return unfit(expression.arguments[at], of_any ? "a date, a time or an INTERVAL" : "an INTERVAL");
    }
    return node;
  }

  Result<Node> nearer(const Expression& expression) {
    if (expression.arguments.size() != 3) return unfit(expression, "nearer(geometry, geometry, metres)");
    Node node{.does = Does::near, .kind = Kind::boolean};
    for (std::size_t at = 0; at < 3; ++at) {
      QIPAN_TRY(part, of_kind(expression.arguments[at], at < 2 ? Kind::geometry : Kind::number));
      node.parts.push_back(std::move(part));
    }
    if (node.parts[0].does == Does::constant && node.parts[1].does == Does::constant)
      return unfit(expression, "a column on one side");
    return node;
  }

  /// A unit at or below one that is named.
  Result<Node> under(const Expression& expression) {
    QIPAN_TRY(node, all_of(Does::under, Kind::boolean, expression, Kind::text));
    const bool fits = node.parts.size() == 2 && node.parts[0].does == Does::column &&
                      node.parts[0].column->stored == Stored::unit && node.parts[1].does == Does::constant;
    if (!fits) return unfit(expression, "under(unit, code of a unit), of a column of units");
    if (node.parts[0].column->units->unit_of(std::get<std::string>(node.parts[1].constant)) == 0)
      return unfit(expression.arguments[1], "the code of a unit");
    return node;
  }

  std::span<const Column> columns_;
};

/// What helps GEOS to hold one geometry against those of many rows.
void prepare_geometries(const Node& node) {
  if (node.does == Does::spatial) {
    const Node& first = node.parts[0];
    if (first.does == Does::constant) std::get<std::shared_ptr<const Geometry>>(first.constant)->prepare();
  }
  for (const Node& part : node.parts) prepare_geometries(part);
}

/// Notes in each part which columns it asks for.
void note_reads(Node& node) {
  if (node.does == Does::column) node.reads.emplace_back(node.column, node.place);
  for (Node& part : node.parts) {
    note_reads(part);
    for (const auto& read : part.reads) {
      if (std::find(node.reads.begin(), node.reads.end(), read) == node.reads.end())
        node.reads.push_back(read);
    }
  }
}

/// A constant geometry stands first, where it can be prepared: relations have an inverse.
void turn_relations(Node& node) {
  for (Node& part : node.parts) turn_relations(part);
  if (node.does != Does::spatial || node.parts[1].does != Does::constant) return;
  std::swap(node.parts[0], node.parts[1]);
  if (node.relation == Relation::within) {
    node.relation = Relation::contains;
  } else if (node.relation == Relation::contains) {
    node.relation = Relation::within;
  }
}

}  // namespace

Result<Filter> Filter::bind(const Expression& expression, std::span<const Column> columns) {
  QIPAN_TRY(root, Binder(columns).of_kind(expression, Kind::boolean));
  turn_relations(root);
  prepare_geometries(root);
  note_reads(root);
  // A function takes 127 arguments.
  constexpr std::size_t columns_max = 60;
  if (root.reads.size() > columns_max)
    return refuse({Problem::Kind::too_large, "filter-too-large", "filter", "",
                   "at most " + std::to_string(columns_max) + " columns in one filter",
                   "ask for less at once"});
  Filter filter;
  for (const auto& [column, place] : root.reads) filter.reads_.push_back(place);
  std::sort(filter.reads_.begin(), filter.reads_.end());
  filter.root_ = std::make_shared<const Node>(std::move(root));
  return filter;
}

std::optional<bool> Filter::holds(std::span<const Value> row) const {
  return truth_of(*root_, row);
}

}  // namespace qipan::query
