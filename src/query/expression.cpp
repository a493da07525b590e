#include "query/expression.hpp"

#include <algorithm>
#include <array>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "base/text.hpp"

namespace qipan::query {

namespace {

constexpr std::array standard_names = std::to_array<std::string_view>({"and",         "or",
                                                                       "not",         "=",
                                                                       "<>",          "<",
                                                                       ">",           "<=",
                                                                       ">=",          "like",
                                                                       "between",     "in",
                                                                       "isNull",      "casei",
                                                                       "accenti",     "s_contains",
                                                                       "s_crosses",   "s_disjoint",
                                                                       "s_equals",    "s_intersects",
                                                                       "s_overlaps",  "s_touches",
                                                                       "s_within",    "t_after",
                                                                       "t_before",    "t_contains",
                                                                       "t_disjoint",  "t_during",
                                                                       "t_equals",    "t_finishedBy",
                                                                       "t_finishes",  "t_intersects",
                                                                       "t_meets",     "t_metBy",
                                                                       "t_overlaps",  "t_overlappedBy",
                                                                       "t_startedBy", "t_starts",
                                                                       "a_contains",  "a_overlaps",
                                                                       "a_equals",    "a_containedBy",
                                                                       "+",           "-",
                                                                       "*",           "/",
                                                                       "^",           "%",
                                                                       "div"});

tl::unexpected<Problem> unreadable(std::string_view value, std::string_view rule) {
  return invalid("filter-unreadable", "filter", value, rule);
}

/// How deep lists of points are nested in the coordinates of each type of RFC 7946.
struct GeometryType {
  std::string_view name;
  int depth;
};
constexpr std::array geometry_types = {GeometryType{"Point", 0},      GeometryType{"LineString", 1},
                                       GeometryType{"MultiPoint", 1}, GeometryType{"MultiLineString", 2},
                                       GeometryType{"Polygon", 2},    GeometryType{"MultiPolygon", 3}};

Result<Json> position_of(const Json& position) {
  if (!position.is_array() || position.items().size() < 2 || position.items().size() > 3)
    return unreadable(position.dump(), "a point of two or three numbers");
  Json result = Json::array();
  for (const Json& number : position.items()) {
    if (!number.is_number()) return unreadable(number.dump(), "a number");
    QIPAN_TRY(plain, plain_number(number.number_text()));
    result.push(Json(Json::Decimal{plain}));
  }
  return result;
}

Result<Json> coordinates_of(const Json& coordinates, int depth) {
  if (depth == 0) return position_of(coordinates);
  if (!coordinates.is_array() || coordinates.items().empty())
    return unreadable(coordinates.dump(), "a list of points");
  Json result = Json::array();
  for (const Json& part : coordinates.items()) {
    QIPAN_TRY(read, coordinates_of(part, depth - 1));
    result.push(std::move(read));
  }
  return result;
}

constexpr std::size_t line_points_min = 2;
constexpr std::size_t ring_points_min = 4;

/// Lines have two points, rings four of which the last is the first.
Result<void> check_parts(const Json& coordinates, std::string_view type, int depth) {
  const bool ringed = type == "Polygon" || type == "MultiPolygon";
  const bool lined = type == "LineString" || type == "MultiLineString";
  if (depth > 1) {
    for (const Json& part : coordinates.items()) QIPAN_CHECK(check_parts(part, type, depth - 1));
    return {};
  }
  const auto& points = coordinates.items();
  if (lined && points.size() < line_points_min)
    return unreadable(coordinates.dump(), "a line of two points or more");
  if (ringed && (points.size() < ring_points_min || points.front() != points.back()))
    return unreadable(coordinates.dump(), "a ring of four points or more, the last of which is the first");
  return {};
}

std::size_t count_points(const Json& json) {
  if (!json.is_array()) return 0;
  if (!json.items().empty() && json.items().front().is_number()) return 1;
  std::size_t count = 0;
  for (const Json& part : json.items()) count += count_points(part);
  return count;
}

struct Size {
  std::size_t parts = 0;
  std::size_t points = 0;
  std::size_t depth = 0;
};

std::size_t points_of(const Json& shape) {
  std::size_t count = count_points(shape["coordinates"]);
  if (shape["geometries"].is_array()) {
    for (const Json& part : shape["geometries"].items()) count += points_of(part);
  }
  return count;
}

void measure(const Expression& expression, std::size_t depth, Size& size) {
  ++size.parts;
  size.depth = std::max(size.depth, depth);
  if (expression.form == Expression::Form::geometry) size.points += points_of(expression.shape);
  // Deeper is refused anyway, and is not gone into.
  if (depth > Limits::depth_max) return;
  for (const Expression& argument : expression.arguments) measure(argument, depth + 1, size);
}

}  // namespace

Expression call_of(std::string_view name, std::vector<Expression> arguments) {
  return {Expression::Form::call, std::string(name), std::move(arguments), {}};
}

Expression leaf_of(Expression::Form form, std::string_view text) {
  return {form, std::string(text), {}, {}};
}

std::string standard_name(std::string_view name) {
  const std::string wanted = lower_case(name);
  for (const std::string_view known : standard_names) {
    if (lower_case(known) == wanted) return std::string(known);
  }
  return std::string(name);
}

bool is_standard(std::string_view name) {
  return std::find(standard_names.begin(), standard_names.end(), name) != standard_names.end();
}

Result<std::string> plain_number(std::string_view digits) {
  const auto value = Decimal::parse(digits);
  constexpr std::size_t digits_max = 60;
  if (!value || digits.size() > digits_max) return unreadable(digits, "a number of 34 digits at most");
  std::string text = value->text();
  if (text.size() > digits_max) return unreadable(digits, "a number of 34 digits at most");
  return text == "-0" ? "0" : text;
}

Result<Expression> date_of(std::string_view text) {
  const auto day = parse_day(text);
  if (!day) return unreadable(text, "a date that exists, as YYYY-MM-DD");
  return leaf_of(Expression::Form::date, format_day(*day));
}

Result<Expression> timestamp_of(std::string_view text) {
  const auto instant = parse_instant(text);
  if (!instant) return unreadable(text, "a time in UTC, as 2026-11-24T02:07:05Z");
  return leaf_of(Expression::Form::timestamp, format_instant(*instant));
}

Result<Expression> end_of(std::string_view text) {
  constexpr std::size_t date_bytes = 10;
  if (text == "..") return leaf_of(Expression::Form::open_end, "");
  return text.size() == date_bytes ? date_of(text) : timestamp_of(text);
}

Result<Json> geometry_of(const Json& shape) {
  const std::string type = shape.text_or("type", "");
  if (type == "GeometryCollection") {
    const Json& parts = shape["geometries"];
    if (!parts.is_array() || parts.items().empty())
      return unreadable(shape.dump(), "a collection of geometries");
    Json geometries = Json::array();
    for (const Json& part : parts.items()) {
      if (part.text_or("type", "") == type)
        return unreadable(part.dump(), "geometries that are no collections again");
      QIPAN_TRY(read, geometry_of(part));
      geometries.push(std::move(read));
    }
    return Json::object().set("type", type).set("geometries", std::move(geometries));
  }
  for (const GeometryType& known : geometry_types) {
    if (type != known.name) continue;
    QIPAN_TRY(coordinates, coordinates_of(shape["coordinates"], known.depth));
    if (known.depth > 0) QIPAN_CHECK(check_parts(coordinates, type, known.depth));
    return Json::object().set("type", type).set("coordinates", std::move(coordinates));
  }
  return unreadable(shape.dump(), "a geometry of GeoJSON (RFC 7946)");
}

Result<void> check_size(const Expression& expression) {
  Size size;
  measure(expression, 1, size);
  if (size.depth <= Limits::depth_max && size.parts <= Limits::parts_max && size.points <= Limits::points_max)
    return {};
  return refuse({Problem::Kind::too_large, "filter-too-large", "filter", "",
                 "at most " + std::to_string(Limits::parts_max) + " parts, " +
                     std::to_string(Limits::depth_max) + " deep, with " + std::to_string(Limits::points_max) +
                     " points",
                 "ask for less at once"});
}

}  // namespace qipan::query
