#include "cases/fields.hpp"

#include <algorithm>

#include "base/decimal.hpp"
#include "base/mail_address.hpp"
#include "base/text.hpp"

namespace qipan::cases {

namespace {

tl::unexpected<Problem> unfit(const Field& field, const Json& value, std::string rule) {
  // A personal value never stands in a problem either.
  return invalid("field-unfit", "fields/" + field.name, field.personal ? "" : value.dump(), std::move(rule));
}

Result<void> check_text(const Field& field, const Json& value) {
  const std::string rule = "a text of " + std::to_string(field.low) + " to " + std::to_string(field.high) +
                           " characters without control characters";
  if (field.personal && value.is_object())
    return {};  // its reference: the value itself was checked at the edge
  if (!value.is_text()) return unfit(field, value, rule);
  if (!is_text_of(value.text(), field.low, field.high, field.type == FieldType::long_text))
    return unfit(field, value, rule);
  return {};
}

Result<void> check_photos(const Field& field, const Json& value) {
  const std::string rule =
      "at most " + std::to_string(field.high) + " photos by the hash that their upload answered";
  if (!value.is_array() || static_cast<std::int64_t>(value.items().size()) > field.high)
    return unfit(field, value, rule);
  for (const Json& photo : value.items()) {
    const bool fits = photo.is_text() && photo.text().size() == 64 &&
                      photo.text().find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!fits) return unfit(field, photo, rule);
  }
  return {};
}

Result<void> check_number(const Field& field, const Json& value) {
  const std::string rule = "a number from " + std::to_string(field.low) + " to " + std::to_string(field.high);
  if (!value.is_number() || (field.type == FieldType::integer && !value.is_integer()))
    return unfit(field, value, rule);
  const auto number = Decimal::parse(value.number_text());
  if (!number || *number < Decimal(field.low) || *number > Decimal(field.high))
    return unfit(field, value, rule);
  return {};
}

Result<void> check_value(const Field& field, const Json& value) {
  switch (field.type) {
    case FieldType::text:
    case FieldType::long_text:
      return check_text(field, value);
    case FieldType::email:
      // A personal one is its reference; the address itself was checked at the edge.
      return (field.personal && value.is_object()) || (value.is_text() && is_mail_address(value.text()))
                 ? Result<void>()
                 : Result<void>(unfit(field, value, "a mail address"));
    case FieldType::integer:
    case FieldType::decimal:
      return check_number(field, value);
    case FieldType::boolean:
      return value.is_bool() ? Result<void>() : Result<void>(unfit(field, value, "true or false"));
    case FieldType::choice: {
      const bool known =
          value.is_text() && std::any_of(field.options.begin(), field.options.end(),
                                         [&](const Option& option) { return option.value == value.text(); });
      std::string list;
      for (const Option& option : field.options) list += (list.empty() ? "one of " : ", ") + option.value;
      return known ? Result<void>() : Result<void>(unfit(field, value, list));
    }
    case FieldType::date:
      return value.is_text() && parse_day(value.text())
                 ? Result<void>()
                 : Result<void>(unfit(field, value, "a date as YYYY-MM-DD"));
    case FieldType::instant:
      return value.is_text() && parse_instant(value.text())
                 ? Result<void>()
                 : Result<void>(unfit(field, value, "an RFC 3339 time with a zone"));
    case FieldType::photos:
      return check_photos(field, value);
  }
  return {};
}

Json schema_of(const Field& field) {
  Json schema = Json::object();
  switch (field.type) {
    case FieldType::text:
    case FieldType::long_text:
      schema.set("type", "string").set("minLength", field.low).set("maxLength", field.high);
      break;
    case FieldType::email:
      schema.set("type", "string")
          .set("format", "email")
          .set("maxLength", static_cast<std::int64_t>(mail_address_bytes_max));
      break;
    case FieldType::integer:
      schema.set("type", "integer").set("minimum", field.low).set("maximum", field.high);
      break;
    case FieldType::decimal:
      schema.set("type", "number").set("minimum", field.low).set("maximum", field.high);
      break;
    case FieldType::boolean:
      schema.set("type", "boolean");
      break;
    case FieldType::choice: {
      schema.set("type", "string");
      Json values = Json::array();
      Json titles = Json::object();
      for (const Option& option : field.options) {
        values.push(option.value);
        titles.set(option.value, Json::object().set("zh", option.title.zh).set("en", option.title.en));
      }
      schema.set("enum", std::move(values)).set("x-options", std::move(titles));
      break;
    }
    case FieldType::date:
      schema.set("type", "string").set("format", "date");
      break;
    case FieldType::instant:
      schema.set("type", "string").set("format", "date-time");
      break;
    case FieldType::photos:
      schema.set("type", "array").set("maxItems", field.high);
      schema.set("items", Json::object().set("type", "string").set("pattern", "^[0-9a-f]{64}$"));
      break;
  }
  schema.set("x-title", Json::object().set("zh", field.title.zh).set("en", field.title.en));
  schema.set("x-type", name_of(field.type));
  if (field.personal) schema.set("x-personal", true);
  return schema;
}

}  // namespace

Result<Json> check_fields(const CaseType& type, const std::vector<std::string>& asked,
                          const std::vector<std::string>& required, const Json& values) {
  if (!values.is_null() && !values.is_object())
    return invalid("fields-unreadable", "fields", values.dump(), "an object of field and value");
  Json checked = Json::object();
  if (values.is_object()) {
    for (const auto& [name, value] : values.members()) {
      if (std::find(asked.begin(), asked.end(), name) == asked.end()) {
        std::string list;
        for (const auto& known : asked) list += (list.empty() ? "one of " : ", ") + known;
        return invalid("field-unknown", "fields/" + name, "", list.empty() ? "no fields here" : list,
                       "leave it out");
      }
    }
  }
  for (const auto& name : asked) {
    const Json& value = values[name];
    const bool needed = std::find(required.begin(), required.end(), name) != required.end();
    const bool empty = value.is_null() || (value.is_text() && value.text().empty()) ||
                       (value.is_array() && value.items().empty());
    if (empty) {
      if (needed) return invalid("field-required", "fields/" + name, "", "a value", "fill it in");
      continue;
    }
    QIPAN_CHECK(check_value(*type.field(name), value));
    checked.set(name, value);
  }
  return checked;
}

Json form_schema(const CaseType& type, const std::vector<std::string>& asked,
                 const std::vector<std::string>& required) {
  Json schema = Json::object();
  schema.set("$schema", "https://json-schema.org/draft/2020-12/schema")
      .set("type", "object")
      .set("additionalProperties", false);
  Json properties = Json::object();
  for (const auto& name : asked) properties.set(name, schema_of(*type.field(name)));
  Json needed = Json::array();
  for (const auto& name : required) needed.push(name);
  return schema.set("properties", std::move(properties)).set("required", std::move(needed));
}

}  // namespace qipan::cases
