#include "fields/form.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "fields/types/all.hpp"

namespace qipan::fields {

namespace {

/// A change tells what was and what is now, so a fact holds twice as much, and something besides.
constexpr JsonLimits values_limits = {.values_max = 40'000};

/// Of an open member nobody here knows what an empty list or object means: only null is none.
bool is_none(const Field& field, const Json& value) {
  if (field.type == types::list() || field.type == types::object() || field.type == types::any())
    return value.is_null();
  return value.is_null() || (value.is_text() && value.text().empty()) ||
         (value.is_array() && value.items().empty());
}

Json title_json(const Title& title) {
  return Json::object().set("zh", title.zh).set("en", title.en);
}

/// Of a member in what `path` names; empty: the body itself.
std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "/" + name;
}

Result<void> refuse_unknown(const Form& form, const Json& values, const std::string& path) {
  for (const auto& [name, value] : values.members()) {
    if (std::any_of(form.begin(), form.end(), [&](const Asked& asked) { return asked.field->name == name; }))
      continue;
    std::string list;
    for (const Asked& asked : form) list += (list.empty() ? "one of " : ", ") + asked.field->name;
    // Its value may be a secret in the wrong place.
    return invalid("field-unknown", below(path, name), "", list.empty() ? "no fields here" : list,
                   "leave it out");
  }
  return {};
}

/// What only its conditions can say is not asked before they are.
Asked asked_for(const Field& field, bool required) {
  const bool settled = field.visible.text.empty() && field.otherwise.text.empty();
  return {&field, required && settled, required};
}

Json checks_json(const Field& field) {
  Json checks = Json::array();
  for (const Check& check : field.checks)
    checks.push(Json::object().set("rule", check.rule.text).set("title", title_json(check.title)));
  return checks;
}

/// For who fills a form in, besides what JSON Schema can say.
void describe_conditions(const Field& field, Json& schema) {
  const std::pair<const char*, const Condition*> all[] = {{"x-visible", &field.visible},
                                                          {"x-required", &field.required_when},
                                                          {"x-default", &field.otherwise},
                                                          {"x-computed", &field.computed}};
  for (const auto& [name, condition] : all)
    if (!condition->text.empty()) schema.set(name, condition->text);
  if (!field.checks.empty()) schema.set("x-checks", checks_json(field));
  if (!field.prefill.empty()) schema.set("x-prefill", field.prefill);
  if (!field.is_said()) schema.set("readOnly", true);
}

}  // namespace

Form whole_form(const std::vector<Field>& fields) {
  Form form;
  form.reserve(fields.size());
  for (const Field& field : fields) {
    if (field.is_said()) form.push_back(asked_for(field, field.required));
  }
  return form;
}

Form form_of(const std::vector<Field>& fields, const std::vector<std::string>& asked,
             const std::vector<std::string>& required) {
  Form form;
  form.reserve(asked.size());
  for (const auto& name : asked) {
    const Field* field = find(fields, name);
    QIPAN_ASSERT(field != nullptr);
    const bool listed = std::find(required.begin(), required.end(), name) != required.end();
    form.push_back(asked_for(*field, field->required || listed));
  }
  return form;
}

Result<Json> read_values(const Form& form, const Json& values, const std::string& path, Absent absent) {
  if (!values.is_object() && (absent == Absent::literal || !values.is_null()))
    return invalid("fields-unreadable", path, values.dump(), "an object of field and value");
  if (values.is_object()) QIPAN_CHECK(refuse_unknown(form, values, path));
  if (!is_within(values, values_limits))
    return invalid("fields-too-large", path, "",
                   "at most 40,000 numbers and texts in all fields together, and lists in lists 32 deep",
                   "draw areas with fewer points, or shorten tables");
  Json read = Json::object();
  for (const auto& [field, required, needed] : form) {
    const Json* value = values.find(field->name);
    if (value == nullptr && absent == Absent::unchanged) continue;
    if (value == nullptr || (absent != Absent::literal && is_none(*field, *value))) {
      if (required)
        return invalid("field-required", below(path, field->name), "", "须填写 / a value", "fill it in");
      if (absent == Absent::unchanged) read.set(field->name, Json());
      continue;
    }
    if (field->personal() && value->is_object()) {
      read.set(field->name, *value);
      continue;
    }
    QIPAN_TRY(fit, field->type->read(*field, *value, below(path, field->name)));
    read.set(field->name, std::move(fit));
  }
  return read;
}

Json field_schema(const Field& field) {
  Json schema = Json::object();
  field.type->describe(field, schema);
  schema.set("x-title", title_json(field.title)).set("x-type", field.type->name());
  if (!field.help.zh.empty()) schema.set("x-help", title_json(field.help));
  if (!field.unit.empty()) schema.set("x-unit", field.unit);
  if (field.personal()) schema.set("x-personal", true);
  describe_conditions(field, schema);
  return schema;
}

Json field_schemas(const std::vector<Field>& fields) {
  Json schemas = Json::object();
  for (const Field& field : fields) schemas.set(field.name, field_schema(field));
  return schemas;
}

Json form_schema(const Form& form) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Asked& asked : form) {
    properties.set(asked.field->name, field_schema(*asked.field));
    if (asked.required) required.push(asked.field->name);
  }
  return Json::object()
      .set("$schema", "https://json-schema.org/draft/2020-12/schema")
      .set("type", "object")
      .set("additionalProperties", false)
      .set("properties", std::move(properties))
      .set("required", std::move(required));
}

expr::Value expression_value_of(const Field& field, const Json& value) {
  if (value.is_null() || field.personal()) return {};
  // What stands in place of a redacted value need not be of its type.
  const auto read = field.type->read(field, value, field.name);
  return read ? field.type->expression_value(field, *read) : expr::Value();
}

}  // namespace qipan::fields
