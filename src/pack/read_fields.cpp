#include "pack/read_fields.hpp"

#include <algorithm>

#include "fields/type.hpp"
#include "fields/types/number.hpp"

namespace qipan::pack {

namespace {

using fields::Attributes;
using fields::Field;
using fields::Sensitivity;

const fields::Type* read_type(Fields& table) {
  std::vector<std::string> names;
  for (const fields::Type* type : fields::all_types()) names.emplace_back(type->name());
  return fields::type_of(table.choice("type", names, ""));
}

void read_bounds(Fields& table, const Attributes& takes, Field& field) {
  if (takes.digits) field.digits = table.integer("digits", *takes.digits, 0, fields::types::digits_max);
  if (!takes.bounds) return;
  // What a column of numbers can hold ends sooner with every digit behind the point.
  const std::int64_t widest = fields::types::widest(field.digits);
  const std::int64_t least = std::max(takes.bounds->least, -widest);
  const std::int64_t most = std::min(takes.bounds->most, widest);
  field.low = table.integer("min", std::max(takes.bounds->low, least), least, most);
  field.high = table.integer("max", std::min(takes.bounds->high, most), least, most);
  if (field.low > field.high)
    table.fault("min", std::to_string(field.low), "at most max, " + std::to_string(field.high));
}

/// Options with titles, or words that are their own titles.
void read_options(Fields& table, Field& field) {
  const Node* list = table.node().find("options");
  const bool words = list != nullptr && !list->items.empty() && list->items.front().type == Node::Type::text;
  if (words) {
    for (auto& value : table.texts("options")) field.options.push_back({value, {value, value}});
  } else {
    for (const Node* node : table.tables("options")) {
      Fields inner(*node, table.path(), table.problems());
      field.options.push_back({inner.text("value"), inner.title("title")});
    }
  }
  if (field.options.empty()) table.fault("options", "", "one option or more");
  for (auto one = field.options.begin(); one != field.options.end(); ++one) {
    const bool again =
        std::any_of(field.options.begin(), one, [&](const auto& other) { return other.value == one->value; });
    // In a cell a semicolon stands between several, and what is nested is JSON.
    if (again || one->value.empty() || one->value.find(';') != std::string::npos ||
        one->value.front() == '[' || one->value.front() == '{')
      table.fault("options", one->value,
                  "each value once, not empty, without a semicolon and not beginning with [ or {");
  }
}

void read_sensitivity(Fields& table, const Attributes& takes, const FieldPlace& place, Field& field) {
  std::vector<std::string> allowed;
  if (takes.personal != Attributes::Personal::always) {
    allowed.emplace_back(name_of(Sensitivity::internal));
    // A table in a field is read whole: the field says who by.
    if (place.shared) {
      for (const auto one : {Sensitivity::open, Sensitivity::party, Sensitivity::sensitive})
        allowed.emplace_back(name_of(one));
    }
  }
  if (takes.personal != Attributes::Personal::never && place.personal)
    allowed.emplace_back(name_of(Sensitivity::personal));
  if (allowed.empty()) {
    table.fault("type", field.type->name(),
                "a type whose values need not lie in the vault: this place has none");
    allowed.emplace_back(name_of(Sensitivity::personal));
  }
  const std::string chosen = table.choice("sensitivity", allowed, allowed.front());
  for (const auto one : {Sensitivity::internal, Sensitivity::open, Sensitivity::party, Sensitivity::sensitive,
                         Sensitivity::personal})
    if (name_of(one) == chosen) field.sensitivity = one;
}

std::optional<Field> read_field(const Node& node, Fields& above, const FieldPlace& place) {
  Fields table(node, above.path(), above.problems());
  Field field;
  field.name = table.name("name");
  if (std::find(place.taken.begin(), place.taken.end(), field.name) != place.taken.end())
    table.fault("name", field.name, "a name that is not used already by what has the field");
  field.title = table.title("title");
  field.help = table.title("help", false);
  field.required = table.boolean("required", false);
  field.type = read_type(table);
  if (field.type == nullptr) {
    table.skip_unasked();
    return std::nullopt;
  }
  const Attributes takes = field.type->attributes();
  if (takes.contents && !place.contents)
    table.fault("type", field.type->name(), "a type without photos and files: this place keeps none");
  read_bounds(table, takes, field);
  if (takes.unit) field.unit = table.text("unit", false);
  if (takes.options) read_options(table, field);
  if (takes.to) field.to = table.texts("to", true);
  if (takes.to && field.to.empty()) table.fault("to", "", "one kind or more that it may name");
  if (takes.columns) {
    field.columns = read_fields(table, "columns", {.shared = false});
    if (field.columns.empty()) table.fault("columns", "", "one column or more");
  }
  read_sensitivity(table, takes, place, field);
  if (takes.to && place.shared) field.party = table.boolean("party", false);
  if (field.party &&
      (field.sensitivity == Sensitivity::sensitive || field.sensitivity == Sensitivity::personal))
    table.fault("party", field.name, "a field that is not sensitive: its party is told what it is about");
  if (place.columns) {
    field.unique = table.boolean("unique", false);
    field.indexed = table.boolean("indexed", false);
  }
  return field;
}

}  // namespace

std::vector<Field> read_fields(Fields& table, std::string_view key, const FieldPlace& place) {
  std::vector<Field> read;
  for (const Node* node : table.tables(key)) {
    auto field = read_field(*node, table, place);
    if (!field) continue;
    if (fields::find(read, field->name) != nullptr)
      table.fault(*node, "name", field->name, "each field once");
    if (field->party && fields::party_field(read) != nullptr)
      table.fault(*node, "party", field->name, "one field that names the party");
    read.push_back(std::move(*field));
  }
  return read;
}

}  // namespace qipan::pack
