#include "fields/types/listed.hpp"

#include "expr/json_values.hpp"

namespace qipan::fields::types {

std::size_t place_among(const std::vector<Option>& options, std::string_view value) {
  std::size_t place = 0;
  while (place < options.size() && options[place].value != value) ++place;
  return place;
}

std::string listed(const std::vector<Option>& options) {
  std::string list;
  for (const Option& option : options) list += (list.empty() ? "" : ", ") + option.value;
  return list;
}

void describe_options(const std::vector<Option>& options, Json& of_value, Json& of_field) {
  Json values = Json::array();
  Json titles = Json::object();
  for (const Option& option : options) {
    values.push(option.value);
    titles.set(option.value, Json::object().set("zh", option.title.zh).set("en", option.title.en));
  }
  of_value.set("enum", std::move(values));
  of_field.set("x-options", std::move(titles));
}

void ListType::bind(const Field&, Statement& statement, const Json& value) const {
  statement.bind(value.dump());
}

Json ListType::stored(const Field&, const Statement& statement, int column) const {
  return parse_json(statement.text(column)).value_or(Json());
}

std::string ListType::cell(const Field&, const Json& value) const {
  std::string text;
  if (!value.is_array()) return value.dump();
  for (const Json& item : value.items()) {
    if (!item.is_text()) return value.dump();
    if (!text.empty()) text += between_items;
    text += item.text();
  }
  return text;
}

Result<Json> ListType::from_cell(const Field& field, std::string_view text, const std::string& path) const {
  if (text.starts_with('[') || text.starts_with('{')) {
    auto read = parse_json(text);
    if (!read) return unfit(field, text, path, "a value as JSON");
    return read;
  }
  Json items = Json::array();
  while (true) {
    const auto end = text.find(between_items);
    items.push(text.substr(0, end));
    if (end == std::string_view::npos) return items;
    text.remove_prefix(end + 1);
  }
}

expr::TypePtr ListType::expression_type(const Field&) const {
  return expr::type_of(expr::Type::Kind::list);
}

expr::Value ListType::expression_value(const Field&, const Json& value) const {
  return expr::value_of(value);
}

std::strong_ordering ListType::compare(const Field&, const Json& left, const Json& right) const {
  return left.dump() <=> right.dump();
}

Result<Json> ListType::read_items(const Field& field, const Json& value, const std::string& path,
                                  const std::string& rule,
                                  const std::function<Result<Json>(const Json&)>& one) {
  if (!value.is_array() || static_cast<std::int64_t>(value.items().size()) < field.low ||
      static_cast<std::int64_t>(value.items().size()) > field.high) {
    return unfit(field, value, path,
                 std::to_string(field.low) + " to " + std::to_string(field.high) + " " + rule);
  }
  Json items = Json::array();
  for (const Json& item : value.items()) {
    QIPAN_TRY(read, one(item));
    items.push(std::move(read));
  }
  return items;
}

void ListType::describe_count(const Field& field, Json& schema) {
  schema.set("type", "array").set("minItems", field.low).set("maxItems", field.high);
}

}  // namespace qipan::fields::types
