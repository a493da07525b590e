#include "base/text.hpp"
#include "query/expression.hpp"

namespace qipan::query {

namespace {

using Form = Expression::Form;

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += '\\';
    result += c;
  }
  return result + quote;
}

std::string listed(const std::vector<Expression>& all) {
  std::string text = "(";
  for (const Expression& one : all) text += (&one == &all.front() ? "" : ", ") + to_text(one);
  return text + ")";
}

/// Points in brackets as deep as they are nested; of a MULTIPOINT each in its own.
std::string points(const Json& coordinates, bool each_in_brackets) {
  std::string text;
  for (const Json& part : coordinates.items()) {
    if (part.is_number()) {
      text += (text.empty() ? "" : " ") + part.number_text();
    } else {
      const bool nested = part.items().front().is_array() || each_in_brackets;
      const std::string inner = points(part, false);
      text += (text.empty() ? "" : ", ") + (nested ? "(" + inner + ")" : inner);
    }
  }
  return text;
}

std::string well_known(const Json& shape) {
  const std::string& type = shape["type"].text();
  std::string inner;
  if (type == "GeometryCollection") {
    for (const Json& part : shape["geometries"].items())
      inner += (inner.empty() ? "" : ", ") + well_known(part);
  } else {
    inner = points(shape["coordinates"], type == "MultiPoint");
  }
  return upper_case(type) + "(" + inner + ")";
}

std::string call_text(const Expression& call) {
  const std::string& name = call.text;
  const auto& arguments = call.arguments;
  const auto side = [&](std::size_t at) { return to_text(arguments[at]); };
  if (name == "not") return "(NOT " + side(0) + ")";
  if (name == "isNull") return "(" + side(0) + " IS NULL)";
  if (name == "between") return "(" + side(0) + " BETWEEN " + side(1) + " AND " + side(2) + ")";
  const bool is_function = name.size() > 3 || !is_standard(name);
  if (is_function && name != "like") return (is_standard(name) ? upper_case(name) : name) + listed(arguments);
  std::string text;
  for (const Expression& argument : arguments)
    text += (text.empty() ? "" : " " + upper_case(name) + " ") + to_text(argument);
  return "(" + text + ")";
}

}  // namespace

std::string to_text(const Expression& expression) {
  switch (expression.form) {
    case Form::property:
      return quoted(expression.text, '"');
    case Form::text:
      return quoted(expression.text, '\'');
    case Form::number:
      return expression.text;
    case Form::boolean:
      return upper_case(expression.text);
    case Form::date:
      return "DATE('" + expression.text + "')";
    case Form::timestamp:
      return "TIMESTAMP('" + expression.text + "')";
    case Form::open_end:
      return "'..'";
    case Form::geometry:
      return well_known(expression.shape);
    case Form::box:
      return "BBOX" + listed(expression.arguments);
    case Form::list:
      return listed(expression.arguments);
    case Form::interval: {
      std::string text = "INTERVAL(";
      for (const Expression& end : expression.arguments) {
        const bool written = end.form == Form::date || end.form == Form::timestamp;
        text += (&end == &expression.arguments.front() ? "" : ", ") +
                (written ? "'" + end.text + "'" : to_text(end));
      }
      return text + ")";
    }
    case Form::call:
      return call_text(expression);
  }
  return {};
}

}  // namespace qipan::query
