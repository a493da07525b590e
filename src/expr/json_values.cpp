#include "expr/json_values.hpp"

#include "expr/type.hpp"

namespace qipan::expr {

Value value_of(const Json& json) {
  if (json.is_bool()) return json.boolean();
  if (json.is_text()) return json.text();
  if (json.is_integer()) return json.integer();
  if (json.is_decimal()) return Decimal::parse(json.number_text());
  if (json.is_array()) {
    List items;
    items.reserve(json.items().size());
    for (const Json& item : json.items()) items.push_back(value_of(item));
    return items;
  }
  if (!json.is_object()) return {};
  auto keys = std::make_shared<std::vector<std::string>>();
  Context context;
  for (const auto& member : json.members()) {
    keys->push_back(member.key);
    context.values.push_back(value_of(member.value));
  }
  context.keys = std::move(keys);
  return context;
}

namespace {

/// Plain digits where they are few and have a point; else with an exponent, which readers of JSON take for a
/// number that is no integer of theirs.
Json json_number(const Decimal& number) {
  constexpr std::size_t plain_bytes_max = 40;
  std::string digits = number.text();
  const auto point = digits.find('.');
  if (point != std::string::npos && digits.size() <= plain_bytes_max) return Json::Decimal{digits};
  const bool negative = digits.front() == '-';
  auto exponent =
      point == std::string::npos ? std::int64_t{0} : -static_cast<std::int64_t>(digits.size() - point - 1);
  if (point != std::string::npos) digits.erase(point, 1);
  digits.erase(0, digits.find_first_not_of("-0"));
  const auto last = digits.find_last_not_of('0');
  exponent += static_cast<std::int64_t>(digits.size() - last - 1);
  digits.erase(last + 1);
  const std::string text = (negative ? "-" : "") + digits + "E" + std::to_string(exponent);
  // Numbers that a double cannot reach are none for most readers of JSON.
  constexpr std::int64_t exponent_max = 300;
  if (exponent + static_cast<std::int64_t>(digits.size()) > exponent_max) return text;
  return Json::Decimal{text};
}

}  // namespace

Json json_of(const Value& value) {
  if (value.is_null()) return {};
  if (value.boolean() != nullptr) return *value.boolean();
  if (value.text() != nullptr) return *value.text();
  if (value.number() != nullptr) {
    if (const auto integer = value.number()->integer()) return *integer;
    return json_number(*value.number());
  }
  if (value.list() != nullptr) {
    Json items = Json::array();
    for (const Value& item : *value.list()) items.push(json_of(item));
    return items;
  }
  if (value.context() != nullptr) {
    Json object = Json::object();
    const Context& context = *value.context();
    for (std::size_t i = 0; i < context.values.size(); ++i)
      object.set((*context.keys)[i], json_of(context.values[i]));
    return object;
  }
  return text_of(value);
}

namespace {

Value temporal_of(const std::string& text, Type::Kind kind) {
  switch (kind) {
    case Type::Kind::date:
      return parse_date(text);
    case Type::Kind::time:
      return parse_time(text);
    case Type::Kind::date_time:
      return parse_date_time(text);
    case Type::Kind::years_months:
      return parse_years_months(text);
    case Type::Kind::days_time:
      return parse_days_time(text);
    default:
      return {};
  }
}

}  // namespace

Value typed_value(const Value& value, const Type& type) {
  if (const std::string* text = value.text(); text != nullptr) {
    Value temporal = temporal_of(*text, type.kind);
    return temporal.is_null() ? value : temporal;
  }
  if (const List* list = value.list(); list != nullptr && type.element != nullptr) {
    List items;
    for (const Value& item : *list) items.push_back(typed_value(item, *type.element));
    return items;
  }
  if (const Context* context = value.context(); context != nullptr && !type.fields.empty()) {
    Context made{context->keys, context->values};
    for (std::size_t i = 0; i < made.values.size(); ++i) {
      const Type::Field* field = type.field((*made.keys)[i]);
      if (field != nullptr) made.values[i] = typed_value(made.values[i], *field->type);
    }
    return made;
  }
  return value;
}

}  // namespace qipan::expr
