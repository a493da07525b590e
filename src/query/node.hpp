#pragma once

#include <span>
#include <utility>
#include <vector>

#include "query/column.hpp"

namespace qipan::query {

enum class Comparison { equal, not_equal, less, greater, less_or_equal, greater_or_equal };
/// Allen's relations of periods, and three of any two (OGC 21-065r2, clause 8.3).
enum class Course {
  after,
  before,
  contains,
  disjoint,
  during,
  equals,
  finished_by,
  finishes,
  intersects,
  meets,
  met_by,
  overlaps,
  overlapped_by,
  started_by,
  starts
};
enum class Sets { contains, contained_by, equals, overlaps };
enum class Arithmetic { plus, minus, times, over, remainder, whole, power };

/// One part of a bound filter.
struct Node {
  enum class Does {
    constant,
    column,
    conjunction,
    disjunction,
    negation,
    comparison,
    like,
    between,
    in,
    is_null,
    fold_case,
    drop_accents,
    spatial,
    near,
    under,
    temporal,
    sets,
    arithmetic,
    period,
    list,
  };
  Does does = Does::constant;
  Kind kind = Kind::boolean;
  Value constant = {};
  const Column* column = nullptr;
  std::size_t place = 0;  // of the column
  std::vector<Node> parts = {};
  Comparison comparison = Comparison::equal;
  Relation relation = Relation::intersects;
  Course course = Course::equals;
  Sets sets = Sets::equals;
  Arithmetic arithmetic = Arithmetic::plus;
  /// The columns that it and its parts ask for, each once: as the function that SQL calls is given them.
  std::vector<std::pair<const Column*, std::size_t>> reads = {};
};

/// What it is of a row; nothing for null.
[[nodiscard]] Value evaluate(const Node& node, std::span<const Value> row);
/// Of a boolean one.
[[nodiscard]] std::optional<bool> truth_of(const Node& node, std::span<const Value> row);

}  // namespace qipan::query
