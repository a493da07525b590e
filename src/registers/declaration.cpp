#include "registers/declaration.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "base/text.hpp"

namespace qipan::registers {

namespace {

constexpr std::pair<FieldType, std::string_view> type_names[] = {
    {FieldType::text, "text"},       {FieldType::integer, "integer"}, {FieldType::decimal, "decimal"},
    {FieldType::boolean, "boolean"}, {FieldType::choice, "choice"},   {FieldType::date, "date"}};
/// Columns that every register has of its own.
constexpr std::string_view own_columns[] = {"id",      "unit",    "x",       "y",       "geometry",
                                            "retired", "created", "changed", "position"};

FieldType type_of(std::string_view name) {
  for (const auto& [type, text] : type_names) {
    if (text == name) return type;
  }
  return FieldType::text;
}

Field read_field(const pack::Node& node, const std::string& path, pack::Problems& problems) {
  pack::Fields fields(node, path, problems);
  Field field;
  field.name = fields.name("name");
  if (std::find(std::begin(own_columns), std::end(own_columns), field.name) != std::end(own_columns)) {
    fields.fault("name", field.name, "a name that the register does not use itself");
  }
  std::vector<std::string> names;
  for (const auto& [type, name] : type_names) names.emplace_back(name);
  field.type = type_of(fields.choice("type", names, ""));
  field.title = fields.title("title");
  field.required = fields.boolean("required", false);
  field.indexed = fields.boolean("indexed", false);
  const bool number = field.type == FieldType::integer || field.type == FieldType::decimal;
  const std::int64_t wide = 1'000'000'000'000'000;
  field.low = fields.integer("min", number ? -wide : 0, -wide, wide);
  field.high = fields.integer("max", number ? wide : 500, 0, number ? wide : 10'000);
  field.options = fields.texts("options");
  if ((field.type == FieldType::choice) == field.options.empty())
    fields.fault("options", "", "options for a choice, and only for a choice");
  return field;
}

tl::unexpected<Problem> unfit(const Field& field, std::string_view value, std::string rule) {
  return invalid("value-unfit", field.name, value, std::move(rule));
}

Result<void> check_value(const Field& field, const Json& value) {
  const std::string range = std::to_string(field.low) + " to " + std::to_string(field.high);
  switch (field.type) {
    case FieldType::text: {
      const bool fits = value.is_text() && is_text_of(value.text(), field.low, field.high, true);
      return fits ? Result<void>()
                  : Result<void>(unfit(field, value.dump(),
                                       "a text of " + range + " characters, and no control characters"));
    }
    case FieldType::integer:
    case FieldType::decimal: {
      const auto number = value.is_number() ? Decimal::parse(value.number_text()) : std::nullopt;
      const bool fits = number && (field.type == FieldType::decimal || value.is_integer()) &&
                        *number >= Decimal(field.low) && *number <= Decimal(field.high);
      return fits ? Result<void>() : Result<void>(unfit(field, value.dump(), "a number from " + range));
    }
    case FieldType::boolean:
      return value.is_bool() ? Result<void>() : Result<void>(unfit(field, value.dump(), "true or false"));
    case FieldType::date:
      return value.is_text() && parse_day(value.text())
                 ? Result<void>()
                 : Result<void>(unfit(field, value.dump(), "a date as YYYY-MM-DD"));
    case FieldType::choice: {
      const bool fits = value.is_text() && std::find(field.options.begin(), field.options.end(),
                                                     value.text()) != field.options.end();
      std::string list;
      for (const auto& option : field.options) list += (list.empty() ? "one of " : ", ") + option;
      return fits ? Result<void>() : Result<void>(unfit(field, value.dump(), list));
    }
  }
  return {};
}

}  // namespace

const Field* Register::field(std::string_view wanted) const {
  for (const Field& one : fields) {
    if (one.name == wanted) return &one;
  }
  return nullptr;
}

std::string_view name_of(FieldType type) {
  for (const auto& [value, name] : type_names) {
    if (value == type) return name;
  }
  return "text";
}

std::string_view sql_type(FieldType type) {
  // Decimals are kept as text: exact, and never a binary fraction.
  return type == FieldType::integer || type == FieldType::boolean ? "INTEGER" : "TEXT";
}

std::vector<Register> read_registers(const pack::Pack& pack, pack::Problems& problems) {
  std::vector<Register> registers;
  for (const std::string& path : pack.files_in("registers", ".toml")) {
    auto document = pack::parse_toml(path, pack.files.at(path));
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    pack::Fields fields(*document, path, problems);
    Register declared;
    declared.name = fields.name("name");
    declared.title = fields.title("title");
    declared.geometry = fields.choice("geometry", {"none", "point", "polygon"}, "none");
    for (const pack::Node* node : fields.tables("fields"))
      declared.fields.push_back(read_field(*node, path, problems));
    declared.key = fields.text("key");
    const Field* key = declared.field(declared.key);
    if (key == nullptr || key->type != FieldType::text || !key->required)
      fields.fault("key", declared.key, "the name of a required text field");
    // Columns that every entry has.
    static const std::set<std::string> own = {"id",      "unit",    "x",       "y",       "geometry",
                                              "retired", "created", "changed", "position"};
    std::set<std::string> names;
    for (const Field& field : declared.fields) {
      if (!names.insert(field.name).second) fields.fault("fields", field.name, "each field once");
      if (own.contains(field.name))
        fields.fault("fields", field.name, "a name that is not one of what every entry has");
    }
    registers.push_back(std::move(declared));
  }
  return registers;
}

Json to_json(const Register& declared) {
  Json json = Json::object();
  json.set("name", declared.name).set("title_zh", declared.title.zh).set("title_en", declared.title.en);
  json.set("key", declared.key).set("geometry", declared.geometry);
  Json fields = Json::array();
  for (const Field& field : declared.fields) {
    Json one = Json::object();
    one.set("name", field.name)
        .set("type", name_of(field.type))
        .set("title_zh", field.title.zh)
        .set("title_en", field.title.en);
    one.set("required", field.required)
        .set("indexed", field.indexed)
        .set("min", field.low)
        .set("max", field.high);
    Json options = Json::array();
    for (const auto& option : field.options) options.push(option);
    fields.push(one.set("options", std::move(options)));
  }
  return json.set("fields", std::move(fields));
}

Register from_json(const Json& json) {
  Register declared;
  declared.name = json["name"].text();
  declared.title = {json["title_zh"].text(), json["title_en"].text()};
  declared.key = json["key"].text();
  declared.geometry = json["geometry"].text();
  for (const Json& one : json["fields"].items()) {
    Field field;
    field.name = one["name"].text();
    field.type = type_of(one["type"].text());
    field.title = {one["title_zh"].text(), one["title_en"].text()};
    field.required = one["required"].boolean();
    field.indexed = one["indexed"].boolean();
    field.low = one["min"].integer();
    field.high = one["max"].integer();
    for (const Json& option : one["options"].items()) field.options.push_back(option.text());
    declared.fields.push_back(std::move(field));
  }
  return declared;
}

Result<Json> check_values(const Register& declared, const Json& values, bool partial) {
  if (!values.is_object())
    return invalid("values-unreadable", "values", values.dump(), "an object of field and value");
  for (const auto& [name, value] : values.members()) {
    if (declared.field(name) == nullptr)
      return invalid("field-unknown", "values/" + name, value.dump(), "a field of " + declared.name);
  }
  Json checked = Json::object();
  for (const Field& field : declared.fields) {
    const Json* value = values.find(field.name);
    if (value == nullptr && partial) continue;
    const bool empty = value == nullptr || value->is_null() || (value->is_text() && value->text().empty());
    if (empty) {
      if (field.required)
        return invalid("field-required", "values/" + field.name, "", "a value", "fill it in");
      if (partial) checked.set(field.name, Json());
      continue;
    }
    QIPAN_CHECK(check_value(field, *value));
    checked.set(field.name, *value);
  }
  return checked;
}

Result<Json> value_from_text(const Field& field, std::string_view text) {
  if (text.empty()) return Json();
  if (field.type == FieldType::integer) {
    std::int64_t value = 0;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || stop != text.data() + text.size()) return unfit(field, text, "a whole number");
    return Json(value);
  }
  if (field.type == FieldType::decimal) {
    const auto value = Decimal::parse(text);
    if (!value) return unfit(field, text, "a number");
    const std::string digits = value->text();
    return parse_json(digits);
  }
  if (field.type == FieldType::boolean) {
    if (text == "true" || text == "1" || text == "是") return Json(true);
    if (text == "false" || text == "0" || text == "否") return Json(false);
    return unfit(field, text, "true or false");
  }
  return Json(text);
}

}  // namespace qipan::registers
