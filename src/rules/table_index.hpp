#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "expr/node.hpp"

namespace qipan::rules {

class Table;

/// Of one column of a decision table: which rules each value leaves standing, as bits by rule, made once by
/// asking the column's tests of one value of every class in which all are answered alike. A column has such
/// classes where its tests compare its input with constants: numbers lie on constants or between two of them,
/// texts are one of them or none.
class ColumnIndex {
 public:
  ColumnIndex(const Table& table, std::size_t column);
  /// Null where the tests have to be asked: of values of other kinds, and in columns without classes.
  [[nodiscard]] const std::uint64_t* standing(const expr::Value& value) const;

 private:
  using Bits = std::vector<std::uint64_t>;  // of each class, one after the other

  std::size_t words_ = 0;  // of one class
  std::vector<Decimal> numbers_;
  Bits by_number_;  // below the first, on it, above it and below the second, …; empty: ask
  std::vector<std::string> texts_;
  Bits by_text_;     // of each, then of any other
  Bits by_boolean_;  // false, true
};

}  // namespace qipan::rules
