#include <array>

#include "query/expression.hpp"

// CQL2 JSON (OGC 21-065r2, clause 7 and its schema): what is read, and what is written.

namespace qipan::query {

namespace {

using Form = Expression::Form;

/// Where a value lies, for who sent it.
struct At {
  std::string path;
  std::size_t depth = 1;
  [[nodiscard]] At below(std::string_view part) const { return {path + "/" + std::string(part), depth + 1}; }
  [[nodiscard]] tl::unexpected<Problem> expected(const Json& found, std::string_view rule) const {
    return invalid("filter-unreadable", path.empty() ? "filter" : "filter" + path, found.dump(), rule);
  }
};

Result<Expression> read(const Json& json, const At& at);

Result<std::vector<Expression>> read_all(const Json& list, const At& at) {
  if (!list.is_array()) return at.expected(list, "a list");
  std::vector<Expression> all;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    QIPAN_TRY(one, read(list.items()[i], at.below(std::to_string(i))));
    all.push_back(std::move(one));
  }
  return all;
}

Result<Expression> read_interval(const Json& json, const At& at) {
  if (!json.is_array() || json.items().size() != 2) return at.expected(json, "an interval of two ends");
  std::vector<Expression> ends;
  for (std::size_t i = 0; i < 2; ++i) {
    const Json& end = json.items()[i];
    QIPAN_TRY(one, end.is_text() ? end_of(end.text()) : read(end, at.below(std::to_string(i))));
    ends.push_back(std::move(one));
  }
  return Expression{Form::interval, "", std::move(ends), {}};
}

Result<Expression> read_box(const Json& json, const At& at) {
  QIPAN_TRY(numbers, read_all(json, at));
  constexpr std::size_t flat = 4;
  constexpr std::size_t high = 6;
  bool fits = numbers.size() == flat || numbers.size() == high;
  for (const Expression& number : numbers) fits = fits && number.form == Form::number;
  if (!fits) return at.expected(json, "four or six numbers");
  return Expression{Form::box, "", std::move(numbers), {}};
}

/// How many arguments an operator of the standard takes.
struct Arity {
  std::string_view name;
  std::size_t least;
  std::size_t most;
};
constexpr std::size_t any_number = SIZE_MAX;
constexpr std::array arities = {Arity{"and", 2, any_number}, Arity{"or", 2, any_number}, Arity{"not", 1, 1},
                                Arity{"between", 3, 3},      Arity{"isNull", 1, 1},      Arity{"casei", 1, 1},
                                Arity{"accenti", 1, 1}};

Result<void> check_arity(const Expression& call, const Json& json, const At& at) {
  if (!is_standard(call.text)) return {};
  Arity wanted{call.text, 2, 2};
  for (const Arity& known : arities) {
    if (known.name == call.text) wanted = known;
  }
  const std::size_t count = call.arguments.size();
  if (call.text == "in" && count == 2 && call.arguments[1].arguments.empty())
    return at.expected(json, "a list of values to be one of");
  if (count >= wanted.least && count <= wanted.most) return {};
  return at.expected(json, std::to_string(wanted.least) + " arguments of " + call.text);
}

Result<Expression> read_call(const Json& json, const At& at) {
  if (!json["op"].is_text() || json["op"].text().empty())
    return at.expected(json, "an operator's name as `op`");
  const std::string& name = json["op"].text();
  // Names stand in the JSON form as the standard writes them.
  if (standard_name(name) != name) return at.expected(json["op"], standard_name(name));
  QIPAN_TRY(arguments, read_all(json["args"], at.below("args")));
  Expression call = call_of(name, std::move(arguments));
  QIPAN_CHECK(check_arity(call, json, at));
  return call;
}

Result<Expression> read_object(const Json& json, const At& at) {
  if (json.has("op")) return read_call(json, at);
  if (json["property"].is_text() && !json["property"].text().empty())
    return leaf_of(Form::property, json["property"].text());
  if (json["date"].is_text()) return date_of(json["date"].text());
  if (json["timestamp"].is_text()) return timestamp_of(json["timestamp"].text());
  if (json.has("interval")) return read_interval(json["interval"], at.below("interval"));
  if (json.has("bbox") && !json.has("type")) return read_box(json["bbox"], at.below("bbox"));
  if (json.has("type")) {
    QIPAN_TRY(shape, geometry_of(json));
    return Expression{Form::geometry, "", {}, std::move(shape)};
  }
  return at.expected(json, "an operator, property, date, timestamp, interval, bbox or geometry");
}

Result<Expression> read(const Json& json, const At& at) {
  if (at.depth > 2 * Limits::depth_max) return at.expected(Json(), "less depth");
  if (json.is_bool()) return leaf_of(Form::boolean, json.boolean() ? "true" : "false");
  if (json.is_text()) return leaf_of(Form::text, json.text());
  if (json.is_number()) {
    QIPAN_TRY(digits, plain_number(json.number_text()));
    return leaf_of(Form::number, digits);
  }
  if (json.is_array()) {
    QIPAN_TRY(items, read_all(json, at));
    return Expression{Form::list, "", std::move(items), {}};
  }
  if (json.is_object()) return read_object(json, at);
  return at.expected(json, "no null: ask with isNull");
}

}  // namespace

Result<Expression> read_json(const Json& json) {
  QIPAN_TRY(expression, read(json, {}));
  if (expression.form != Form::call && expression.form != Form::boolean && expression.form != Form::property)
    return At{}.expected(json, "a predicate: what is true or false");
  QIPAN_CHECK(check_size(expression));
  return expression;
}

Json to_json(const Expression& expression) {
  const auto all = [](const std::vector<Expression>& arguments) {
    Json list = Json::array();
    for (const Expression& argument : arguments) list.push(to_json(argument));
    return list;
  };
  switch (expression.form) {
    case Form::property:
      return Json::object().set("property", expression.text);
    case Form::text:
      return expression.text;
    case Form::number:
      return Json(Json::Decimal{expression.text});
    case Form::boolean:
      return expression.text == "true";
    case Form::date:
      return Json::object().set("date", expression.text);
    case Form::timestamp:
      return Json::object().set("timestamp", expression.text);
    case Form::open_end:
      return "..";
    case Form::geometry:
      return expression.shape;
    case Form::box:
      return Json::object().set("bbox", all(expression.arguments));
    case Form::list:
      return all(expression.arguments);
    case Form::interval: {
      Json ends = Json::array();
      for (const Expression& end : expression.arguments) {
        const bool written = end.form == Form::date || end.form == Form::timestamp;
        ends.push(written ? Json(end.text) : to_json(end));
      }
      return Json::object().set("interval", std::move(ends));
    }
    case Form::call:
      return Json::object().set("op", expression.text).set("args", all(expression.arguments));
  }
  return {};
}

}  // namespace qipan::query
