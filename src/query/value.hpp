#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "query/geometry.hpp"

namespace qipan::query {

struct Date {
  Day day = 0;
  bool operator==(const Date&) const = default;
};
struct Moment {
  Instant at = 0;
  bool operator==(const Moment&) const = default;
};
/// From and to, both within; a date's ends are those of the day in China. Told in days alone, it meets what
/// begins on its last day.
struct Period {
  Instant from = instant_min;
  Instant to = instant_max;
  bool in_days = false;
  bool operator==(const Period&) const = default;
};
struct List;

/// What filters compute with. Nothing stands for null and for what is neither true nor false.
using Value = std::variant<std::monostate, bool, Decimal, std::string, Date, Moment, Period,
                           std::shared_ptr<const Geometry>, std::shared_ptr<const List>>;
struct List {
  std::vector<Value> items;
};

[[nodiscard]] inline bool is_null(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

/// Texts by code point. A date beside a moment is the whole day in China: a moment of it is neither before
/// nor after it. Values of other kinds than each other have no order, nor do geometries and lists.
[[nodiscard]] std::optional<std::strong_ordering> order_of(const Value& left, const Value& right);

/// A moment, a date or a period as a period.
[[nodiscard]] Period period_of(const Value& value);
[[nodiscard]] Instant begin_of_day(Day day);

/// Without regard to case, by Unicode's full folding; without accents: marks that Unicode takes apart.
[[nodiscard]] std::string folded(std::string_view text);
[[nodiscard]] std::string unaccented(std::string_view text);
/// “%” stands for any characters, “_” for one, and what follows “\” for itself.
[[nodiscard]] bool is_like(std::string_view text, std::string_view pattern);
/// The beginning that all texts which are like the pattern have, up to its first wildcard.
[[nodiscard]] std::string prefix_of(std::string_view pattern);

}  // namespace qipan::query
