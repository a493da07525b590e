#include "fields/declaration.hpp"

#include "base/assert.hpp"
#include "fields/type.hpp"

namespace qipan::fields {

namespace {

Sensitivity sensitivity_of(std::string_view name) {
  for (const auto one :
       {Sensitivity::open, Sensitivity::party, Sensitivity::sensitive, Sensitivity::personal}) {
    if (name_of(one) == name) return one;
  }
  return Sensitivity::internal;
}

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const auto& text : texts) list.push(text);
  return list;
}

Json options_json(const std::vector<Option>& options) {
  Json list = Json::array();
  for (const Option& option : options) {
    list.push(Json::object()
                  .set("value", option.value)
                  .set("title_zh", option.title.zh)
                  .set("title_en", option.title.en));
  }
  return list;
}

void conditions_to(const Field& field, Json& json) {
  const std::pair<const char*, const std::string*> all[] = {
      {"visible", &field.visible.text},   {"required_when", &field.required_when.text},
      {"default", &field.otherwise.text}, {"computed", &field.computed.text},
      {"prefill", &field.prefill},        {"serial", &field.serial}};
  for (const auto& [name, text] : all)
    if (!text->empty()) json.set(name, *text);
  if (field.checks.empty()) return;
  Json checks = Json::array();
  for (const Check& check : field.checks)
    checks.push(Json::object()
                    .set("rule", check.rule.text)
                    .set("title_zh", check.title.zh)
                    .set("title_en", check.title.en));
  json.set("checks", std::move(checks));
}

void conditions_from(const Json& json, Field& field) {
  field.visible.text = json.text_or("visible", "");
  field.required_when.text = json.text_or("required_when", "");
  field.otherwise.text = json.text_or("default", "");
  field.computed.text = json.text_or("computed", "");
  field.prefill = json.text_or("prefill", "");
  field.serial = json.text_or("serial", "");
  const Json* checks = json.find("checks");
  if (checks == nullptr) return;
  for (const Json& one : checks->items())
    field.checks.push_back({{one["rule"].text()}, {one["title_zh"].text(), one["title_en"].text()}});
}

}  // namespace

Json to_json(const Field& field) {
  Json json = Json::object();
  json.set("name", field.name).set("type", field.type->name());
  json.set("title_zh", field.title.zh).set("title_en", field.title.en);
  if (!field.help.zh.empty()) json.set("help_zh", field.help.zh).set("help_en", field.help.en);
  json.set("sensitivity", name_of(field.sensitivity));
  json.set("required", field.required).set("unique", field.unique).set("indexed", field.indexed);
  const Attributes takes = field.type->attributes();
  if (takes.bounds) json.set("min", field.low).set("max", field.high);
  if (takes.digits) json.set("digits", field.digits);
  if (!field.unit.empty()) json.set("unit", field.unit);
  if (takes.options) json.set("options", options_json(field.options));
  if (takes.to) json.set("to", texts_json(field.to));
  if (field.party) json.set("party", true);
  if (field.by_cases) json.set("by_cases", true);
  conditions_to(field, json);
  if (!takes.columns) return json;
  Json columns = Json::array();
  for (const Field& column : field.columns) columns.push(to_json(column));
  return json.set("columns", std::move(columns));
}

Field from_json(const Json& json) {
  Field field;
  field.name = json["name"].text();
  field.type = type_of(json["type"].text());
  QIPAN_ASSERT(field.type != nullptr);
  field.title = {json["title_zh"].text(), json["title_en"].text()};
  field.help = {json.text_or("help_zh", ""), json.text_or("help_en", "")};
  field.sensitivity = sensitivity_of(json["sensitivity"].text());
  field.required = json["required"].boolean();
  field.unique = json["unique"].boolean();
  field.indexed = json["indexed"].boolean();
  field.low = json.integer_or("min", 0);
  field.high = json.integer_or("max", 0);
  field.digits = json.integer_or("digits", 0);
  field.unit = json.text_or("unit", "");
  if (const Json* options = json.find("options")) {
    for (const Json& one : options->items())
      field.options.push_back({one["value"].text(), {one["title_zh"].text(), one["title_en"].text()}});
  }
  if (const Json* to = json.find("to")) {
    for (const Json& kind : to->items()) field.to.push_back(kind.text());
  }
  field.party = json["party"] == Json(true);
  field.by_cases = json["by_cases"] == Json(true);
  conditions_from(json, field);
  if (const Json* columns = json.find("columns")) {
    for (const Json& column : columns->items()) field.columns.push_back(from_json(column));
  }
  return field;
}

}  // namespace qipan::fields
