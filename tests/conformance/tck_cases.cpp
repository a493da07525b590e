#include "conformance/tck_cases.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "rules/xml.hpp"

namespace qipan::conformance {

namespace {

using expr::Value;
using rules::child;
using rules::children;

Value scalar(const std::string& type, const std::string& text) {
  const auto colon = type.find(':');
  const std::string kind = colon == std::string::npos ? type : type.substr(colon + 1);
  if (kind == "boolean") return text == "true";
  if (kind == "decimal" || kind == "double" || kind == "integer" || kind == "float")
    return Decimal::parse(text);
  if (kind == "date") return expr::parse_date(text);
  if (kind == "time") return expr::parse_time(text);
  if (kind == "dateTime") return expr::parse_date_time(text);
  if (kind == "duration") {
    if (const auto months = expr::parse_years_months(text)) return *months;
    return expr::parse_days_time(text);
  }
  return text;
}

bool is_nil(const pugi::xml_node& node) {
  for (const auto& attribute : node.attributes()) {
    const std::string_view name = attribute.name();
    if (name.ends_with(":nil") || name == "nil") return attribute.as_bool();
  }
  return false;
}

std::string type_attribute(const pugi::xml_node& node) {
  for (const auto& attribute : node.attributes()) {
    const std::string_view name = attribute.name();
    if (name.ends_with(":type") || name == "type") return attribute.as_string();
  }
  return {};
}

Value value_below(const pugi::xml_node& node) {
  if (const auto value = child(node, "value"); value)
    return is_nil(value) ? Value() : scalar(type_attribute(value), rules::text_of(value));
  if (const auto list = child(node, "list"); list) {
    if (is_nil(list)) return {};
    expr::List items;
    for (const auto& item : children(list, "item")) items.push_back(value_below(item));
    return items;
  }
  const auto components = children(node, "component");
  if (components.empty()) return {};
  expr::ContextBuilder builder;
  for (const auto& component : components)
    builder.set(component.attribute("name").as_string(),
                is_nil(component) ? Value() : value_below(component));
  return builder.done();
}

NamedValue named(const pugi::xml_node& node, const pugi::xml_node& of) {
  return {node.attribute("name").as_string(), node.attribute("namespace").as_string(), value_below(of),
          node.attribute("errorResult").as_bool()};
}

bool same_list(const expr::List& a, const expr::List& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_result);
}

}  // namespace

std::optional<TestFile> read_test_file(const std::string& path, std::string& problem) {
  const auto bytes = read_file(path);
  if (!bytes) {
    problem = bytes.error().line();
    return std::nullopt;
  }
  const auto xml = rules::XmlFile::read(path, *bytes);
  if (!xml) {
    problem = xml.error().line();
    return std::nullopt;
  }
  const pugi::xml_node root = (*xml)->root();
  TestFile file{path, rules::trimmed(rules::text_of(child(root, "modelName"))), {}};
  for (const auto& node : children(root, "testCase")) {
    TestCase one;
    one.id = node.attribute("id").as_string();
    one.is_service = std::string_view(node.attribute("type").as_string()) == "decisionService";
    one.service = node.attribute("invocableName").as_string();
    for (const auto& input : children(node, "inputNode")) one.inputs.push_back(named(input, input));
    for (const auto& result : children(node, "resultNode"))
      one.results.push_back(named(result, child(result, "expected")));
    file.cases.push_back(std::move(one));
  }
  return file;
}

bool same_result(const Value& expected, const Value& found) {
  if (expected.number() != nullptr && found.number() != nullptr) {
    static const Decimal tolerance = *Decimal::parse("0.00000001");
    const auto difference = expected.number()->minus(*found.number());
    return difference && difference->absolute() < tolerance;
  }
  if (expected.list() != nullptr && found.list() != nullptr)
    return same_list(*expected.list(), *found.list());
  if (expected.context() != nullptr && found.context() != nullptr) {
    const auto& entries = *expected.context();
    if (entries.values.size() != found.context()->values.size()) return false;
    for (std::size_t i = 0; i < entries.values.size(); ++i) {
      const Value* other = found.context()->find((*entries.keys)[i]);
      if (other == nullptr || !same_result(entries.values[i], *other)) return false;
    }
    return true;
  }
  return equals(expected, found).value_or(false);
}

bool has_value(const Value& value) {
  if (value.list() != nullptr) return std::any_of(value.list()->begin(), value.list()->end(), has_value);
  if (value.context() != nullptr)
    return std::any_of(value.context()->values.begin(), value.context()->values.end(), has_value);
  return !value.is_null();
}

}  // namespace qipan::conformance
