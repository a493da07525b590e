#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::query {

/// A filter as it is written, in either form of OGC 21-065r2 (CQL2): text and JSON read into the same tree
/// where they mean the same. What its names mean is asked later (query/filter.hpp).
struct Expression {
  enum class Form {
    property,   // `text`: its name
    text,       // `text`: what stands there
    number,     // `text`: plain digits
    boolean,    // `text`: "true" or "false"
    date,       // `text`: YYYY-MM-DD
    timestamp,  // `text`: RFC 3339 in UTC
    open_end,   // the ".." of an interval
    interval,   // `arguments`: from, to
    geometry,   // `shape`: GeoJSON
    box,        // `arguments`: four or six numbers
    list,       // `arguments`: its items
    call,       // `text`: the operator's or function's name as JSON writes it, "and", "<=", "t_metBy"
  };
  Form form = Form::boolean;
  std::string text;
  std::vector<Expression> arguments;
  Json shape;

  [[nodiscard]] bool is_call(std::string_view name) const { return form == Form::call && text == name; }
  bool operator==(const Expression&) const = default;
};

[[nodiscard]] Expression call_of(std::string_view name, std::vector<Expression> arguments);
[[nodiscard]] Expression leaf_of(Expression::Form form, std::string_view text);

/// What a filter may be at most: it comes from strangers, and each part of it is work a row.
struct Limits {
  static constexpr std::size_t bytes_max = 32'768;
  static constexpr std::size_t depth_max = 40;
  static constexpr std::size_t parts_max = 2'000;
  static constexpr std::size_t points_max = 10'000;
};

/// Operators and functions of the standard by the names of its JSON form, whatever case they came in; any
/// other name as it is.
[[nodiscard]] std::string standard_name(std::string_view name);
/// Whether the standard has an operator or function of that name (as JSON writes it).
[[nodiscard]] bool is_standard(std::string_view name);
/// Plain digits of a number as JSON or text have it; nothing where it has more than 34 or is none.
[[nodiscard]] Result<std::string> plain_number(std::string_view digits);
/// A date or a moment of the standard's text, as the tree holds it.
[[nodiscard]] Result<Expression> date_of(std::string_view text);
[[nodiscard]] Result<Expression> timestamp_of(std::string_view text);
/// One end of an interval that is written as text: a date, a moment or "..".
[[nodiscard]] Result<Expression> end_of(std::string_view text);
/// GeoJSON with each number as plain_number() has it; refused unless it is a geometry of RFC 7946 with two or
/// three numbers a point and all rings closed.
[[nodiscard]] Result<Json> geometry_of(const Json& shape);
/// Refused over a limit.
[[nodiscard]] Result<void> check_size(const Expression& expression);

/// `filter-unreadable`, with the character at which it is.
[[nodiscard]] Result<Expression> read_text(std::string_view text);
/// `filter-unreadable`, with the path in the JSON.
[[nodiscard]] Result<Expression> read_json(const Json& json);

/// Read again, either gives the same tree; but a text that ends with a backslash and a name with a double
/// quote have no form in the text.
[[nodiscard]] std::string to_text(const Expression& expression);
[[nodiscard]] Json to_json(const Expression& expression);

}  // namespace qipan::query
