#include "query/column.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/json.hpp"
#include "fields/column.hpp"
#include "fields/type.hpp"

namespace qipan::query {

namespace {

constexpr double units_of_degree = 1e7;

double degrees(const Json& units) {
  return static_cast<double>(units.integer()) / units_of_degree;
}

Json degrees_json(const Json& x, const Json& y) {
  const auto text = [](const Json& units) {
    const auto value = Decimal(units.integer()).over(Decimal(std::int64_t{10'000'000}));
    return Json(Json::Decimal{value->text()});
  };
  Json point = Json::array();
  return std::move(point.push(text(x)).push(text(y)));
}

/// Points of a ring or line, each a pair or all in one row; a ring is closed.
Json points_json(const Json& list, bool flat, bool closed) {
  Json points = Json::array();
  const auto& items = list.items();
  for (std::size_t at = 0; at < items.size(); at += flat ? 2 : 1)
    points.push(flat ? degrees_json(items[at], items[at + 1])
                     : degrees_json(items[at].items()[0], items[at].items()[1]));
  if (closed && points.items().front() != points.items().back()) {
    Json first = points.items().front();
    points.push(std::move(first));
  }
  return points;
}

bool is_nested(const Json& json, int depth, bool texts) {
  if (depth == 0) return texts ? json.is_text() : json.is_integer();
  if (!json.is_array() || (json.items().empty() && !texts)) return false;
  return std::all_of(json.items().begin(), json.items().end(),
                     [&](const Json& part) { return is_nested(part, depth - 1, texts); });
}

std::shared_ptr<const Geometry> shape_of(Stored stored, const Json& json) {
  if (stored == Stored::geojson) return Geometry::read(json);
  if (stored == Stored::place) return Geometry::point(degrees(json.items()[0]), degrees(json.items()[1]));
  return Geometry::read(geojson_of(stored, json));
}

/// Lists of numbers as deep as such values are; of texts.
bool is_shape(Stored stored, const Json& json) {
  const int depth = stored == Stored::place   ? 1
                    : stored == Stored::area  ? 3
                    : stored == Stored::texts ? 1
                                              : 2;
  return is_nested(json, depth, stored == Stored::texts);
}

Value from_json_text(Stored stored, std::string_view text) {
  const auto json = parse_json(text, stored_limits);
  // A substitute of what was redacted may be anything.
  if (!json || (stored == Stored::geojson ? !json->is_object() : !is_shape(stored, *json))) return {};
  if (stored != Stored::texts) {
    auto shape = shape_of(stored, *json);
    return shape == nullptr ? Value() : Value(std::move(shape));
  }
  auto list = std::make_shared<List>();
  for (const Json& item : json->items()) list->items.emplace_back(item.text());
  return std::shared_ptr<const List>(std::move(list));
}

Value from_text(const Column& column, std::string_view text) {
  if (column.kind == Kind::date) {
    const auto day = parse_day(text);
    return day ? Value(Date{*day}) : Value();
  }
  if (column.stored == Stored::told) {
    const auto instant = parse_instant(text);
    return instant ? Value(Moment{*instant}) : Value();
  }
  if (column.kind == Kind::number) {
    const auto number = Decimal::parse(text);
    return number ? Value(*number) : Value();
  }
  if (column.stored == Stored::text) return std::string(text);
  return from_json_text(column.stored, text);
}

struct Known {
  std::string_view type;
  Kind kind;
  Stored stored;
};
/// Types whose values are no plain texts, and how their columns hold them.
constexpr Known known_types[] = {
    {"integer", Kind::number, Stored::scaled}, {"year", Kind::number, Stored::scaled},
    {"decimal", Kind::number, Stored::scaled}, {"money", Kind::number, Stored::scaled},
    {"percent", Kind::number, Stored::scaled}, {"boolean", Kind::boolean, Stored::truth},
    {"date", Kind::date, Stored::text},        {"instant", Kind::moment, Stored::moment},
    {"choices", Kind::list, Stored::texts},    {"place", Kind::geometry, Stored::place},
    {"line", Kind::geometry, Stored::line},    {"area", Kind::geometry, Stored::area},
};

/// A member of a JSON object lies there as facts have it.
void lie_in_json(Column& column) {
  const bool whole = column.kind == Kind::list || column.kind == Kind::geometry;
  column.sql += (whole ? "->'$.\"" : "->>'$.\"") + column.name + "\"'";
  // A value that was taken away is a null there.
  if (whole) column.sql = "NULLIF(" + column.sql + ",'null')";
  if (column.stored == Stored::moment) column.stored = Stored::told;
  if (column.digits == 0) return;
  // Fifteen digits at most, which a double keeps: what it is rounded to is what was said.
  std::string power = "1";
  for (std::int64_t digit = 0; digit < column.digits; ++digit) power += "0";
  column.sql = "CAST(round((" + column.sql + ")*" + power + ") AS INTEGER)";
}

}  // namespace

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::number:
      return "number";
    case Kind::text:
      return "text";
    case Kind::date:
      return "date";
    case Kind::moment:
      return "time";
    case Kind::period:
      return "interval";
    case Kind::geometry:
      return "geometry";
    case Kind::list:
      return "list";
  }
  return "";
}

Json geojson_of(Stored stored, const Json& json) {
  Json shape = Json::object();
  if (stored == Stored::place)
    return shape.set("type", "Point").set("coordinates", degrees_json(json.items()[0], json.items()[1]));
  if (stored == Stored::line)
    return shape.set("type", "LineString").set("coordinates", points_json(json, false, false));
  Json rings = Json::array();
  for (const Json& ring : json.items()) rings.push(points_json(ring, stored == Stored::rings, true));
  return shape.set("type", "Polygon").set("coordinates", std::move(rings));
}

std::optional<Column> column_of(const fields::Field& field, std::string sql, bool in_json) {
  const std::string_view type = field.type->name();
  if (field.personal() || field.type->attributes().contents || field.type->attributes().columns ||
      type == "open")
    return std::nullopt;
  Column column{.name = field.name, .sql = std::move(sql), .digits = field.digits};
  for (const Known& known : known_types) {
    if (known.type != type) continue;
    column.kind = known.kind;
    column.stored = known.stored;
  }
  if (column.kind != Kind::number) column.digits = 0;
  if (in_json) lie_in_json(column);
  column.chinese = sorts_by_reading(field);
  return column;
}

bool sorts_by_reading(const fields::Field& field) {
  return field.type->name() == "text" || field.type->name() == "long_text";
}

Value stored_value(const Column& column, const Arguments& arguments, int& at) {
  const int place = at++;
  const int north = column.stored == Stored::point ? at++ : place;
  if (arguments.is_null(place)) return {};
  switch (column.stored) {
    case Stored::truth:
      return arguments.integer(place) != 0;
    case Stored::moment:
      return Moment{arguments.integer(place)};
    case Stored::unit:
      return column.units->code_of(arguments.integer(place));
    case Stored::point: {
      auto point = Geometry::point(static_cast<double>(arguments.integer(place)) / units_of_degree,
                                   static_cast<double>(arguments.integer(north)) / units_of_degree);
      return point == nullptr ? Value() : Value(std::move(point));
    }
    case Stored::scaled: {
      Decimal number(arguments.integer(place));
      for (std::int64_t digit = 0; digit < column.digits; ++digit)
        number = number.over(Decimal(std::int64_t{10})).value_or(number);
      return number;
    }
    default:
      return from_text(column, arguments.text(place));
  }
}

}  // namespace qipan::query
