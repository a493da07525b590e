#include "rules/parameters.hpp"

#include <algorithm>

#include "expr/parser.hpp"

namespace qipan::rules {

namespace {

/// Parameters are written as FEEL literals: 35, "重点", @"P30D", [1, 2].
expr::Value literal(const std::string& text) {
  expr::Scope scope({}, nullptr);
  const expr::Compiled compiled = compile_expression(scope, text);
  const expr::Value* constant = compiled.flaws.empty() ? compiled.node->constant() : nullptr;
  return constant == nullptr ? expr::Value() : *constant;
}

Parameter read_parameter(const pack::Node& node, const std::string& path, pack::Problems& problems) {
  pack::Fields fields(node, path, problems);
  Parameter parameter;
  parameter.name = fields.name("name");
  parameter.title = fields.title("title");
  parameter.unit = fields.text("unit", false);
  for (const pack::Node* dated : fields.tables("values")) {
    pack::Fields inner(*dated, path, problems);
    Parameter::Dated value;
    const std::string from = inner.text("from");
    const std::string text = inner.amount("value", true);
    value.source = inner.text("source");
    const auto day = parse_day(from);
    if (!day) inner.fault("from", from, "a day as YYYY-MM-DD");
    value.value = literal(text);
    if (value.value.is_null())
      inner.fault("value", text, "a FEEL literal: 35, \"text\", @\"P30D\" or a list of those");
    value.from = day.value_or(0);
    parameter.values.push_back(std::move(value));
  }
  if (parameter.values.empty())
    fields.fault("values", "", "at least one value with the day from which it holds");
  std::stable_sort(parameter.values.begin(), parameter.values.end(),
                   [](const auto& a, const auto& b) { return a.from < b.from; });
  const auto twice = std::adjacent_find(parameter.values.begin(), parameter.values.end(),
                                        [](const auto& a, const auto& b) { return a.from == b.from; });
  if (twice != parameter.values.end()) fields.fault("values", format_day(twice->from), "each day once");
  return parameter;
}

}  // namespace

const Parameter::Dated* Parameter::on(Day day) const {
  const Dated* found = nullptr;
  for (const Dated& value : values) {
    if (value.from <= day) found = &value;
  }
  return found;
}

Parameters read_parameters(const expr::PackFiles& files, pack::Problems& problems) {
  Parameters parameters;
  for (const auto& [path, bytes] : files) {
    if (!path.starts_with("parameters/") || !path.ends_with(".toml")) continue;
    const auto document = pack::parse_toml(path, bytes);
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    pack::Fields fields(*document, path, problems);
    for (const pack::Node* node : fields.tables("parameters")) {
      Parameter parameter = read_parameter(*node, path, problems);
      const std::string name = parameter.name;
      if (!parameters.emplace(name, std::move(parameter)).second)
        fields.fault(*node, "name", name, "each parameter once in a pack");
    }
  }
  return parameters;
}

}  // namespace qipan::rules
