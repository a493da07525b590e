#include "pack/read_fields.hpp"

#include <algorithm>
#include <map>

#include "fields/conditions.hpp"
#include "fields/type.hpp"
#include "fields/types/number.hpp"
#include "fields/types/serial.hpp"

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

/// A word, or a condition.
void read_required(Fields& table, const FieldPlace& place, Field& field) {
  const Node* node = table.node().find("required");
  if (node != nullptr && node->type == Node::Type::text && place.shared) {
    field.required_when.text = table.text("required");
  } else {
    field.required = table.boolean("required", false);
  }
}

/// What FEEL says of it; columns of a table in a field say nothing.
void read_conditions(Fields& table, const FieldPlace& place, Field& field) {
  if (!place.shared) return;
  field.visible.text = table.text("visible", false);
  field.otherwise.text = table.text("default", false);
  field.prefill = table.text("prefill", false);
  if (field.personal() && !field.otherwise.text.empty())
    table.fault("default", field.name, "no default where values lie in the vault");
  for (const Node* node : table.tables("checks")) {
    fields::Check check;
    Fields inner(*node, table.path(), table.problems());
    check.rule.text = inner.text("rule");
    check.title = inner.title("title");
    field.checks.push_back(std::move(check));
  }
}

void read_computed(Fields& table, const FieldPlace& place, const Attributes& takes, Field& field) {
  if (!place.shared) return;
  field.computed.text = table.text("computed", false);
  if (!field.is_computed()) return;
  if (takes.contents || takes.columns || field.personal())
    table.fault("computed", field.name, "a type of one value that does not lie in the vault");
  const bool said = field.required || !field.required_when.text.empty() || !field.visible.text.empty() ||
                    !field.otherwise.text.empty() || !field.prefill.empty();
  if (said)
    table.fault("computed", field.name, "neither required, visible, default nor prefill: nobody says it");
}

void read_serial(Fields& table, const FieldPlace& place, Field& field) {
  field.serial = table.text("pattern");
  if (!place.shared)
    table.fault("type", field.type->name(), "a field by itself: no column of a table is numbered");
  if (const auto fault = fields::types::serial_pattern_fault(field.serial))
    table.fault("pattern", field.serial, *fault);
  if (field.required || field.is_conditional())
    table.fault("required", field.name, "no conditions: the board gives the number");
}

std::optional<Field> read_field(const Node& node, Fields& above, const FieldPlace& place) {
  Fields table(node, above.path(), above.problems());
  Field field;
  field.name = table.name("name");
  if (std::find(place.taken.begin(), place.taken.end(), field.name) != place.taken.end())
    table.fault("name", field.name, "a name that is not used already by what has the field");
  field.title = table.title("title");
  field.help = table.title("help", false);
  read_required(table, place, field);
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
    // Files are lists of objects with one, and what they name must be there.
    if (fields::find(field.columns, "hash") != nullptr)
      table.fault("columns", "hash", "no column of this name: files have it");
  }
  read_sensitivity(table, takes, place, field);
  read_conditions(table, place, field);
  if (takes.serial) {
    read_serial(table, place, field);
  } else {
    read_computed(table, place, takes, field);
  }
  if (takes.to && place.shared) field.party = table.boolean("party", false);
  if (field.party &&
      (field.sensitivity == Sensitivity::sensitive || field.sensitivity == Sensitivity::personal))
    table.fault("party", field.name, "a field that is not sensitive: its party is told what it is about");
  if (field.party && (field.sensitivity == Sensitivity::party || !field.visible.text.empty()))
    table.fault(
        "party", field.name,
        "an internal or public field that is always asked for: of whom it was is not its new party's");
  if (place.columns) {
    field.unique = table.boolean("unique", false);
    field.indexed = table.boolean("indexed", false);
    field.by_cases = table.choice("changed_by", {"anybody", "cases"}, "anybody") == "cases";
    // A reference into the vault is another for each value, and says nothing of what it is.
    if (field.personal() && (field.unique || field.indexed))
      table.fault(field.unique ? "unique" : "indexed", field.name,
                  "no personal field: its values lie sealed");
  }
  return field;
}

/// What a prefill is taken from is named by a reference beside it; whether that has the field is known when
/// all packs are (board::PackCheck::check_prefills).
void check_prefill(const Field& field, const std::vector<Field>& all, Fields& table, const Node& node) {
  if (field.prefill.empty()) return;
  const Field* reference = fields::find(all, field.prefill.substr(0, field.prefill.find('.')));
  if (reference == nullptr || reference->to.empty() || field.prefill.find('.') == std::string::npos)
    table.fault(node, "prefill", field.prefill,
                "a reference beside it, a point, and a field of what it names");
}

}  // namespace

std::vector<Field> read_fields(Fields& table, std::string_view key, const FieldPlace& place) {
  std::vector<Field> read;
  std::map<std::string, const Node*> nodes;
  for (const Node* node : table.tables(key)) {
    auto field = read_field(*node, table, place);
    if (!field) continue;
    if (fields::find(read, field->name) != nullptr)
      table.fault(*node, "name", field->name, "each field once");
    if (field->party && fields::party_field(read) != nullptr)
      table.fault(*node, "party", field->name, "one field that names the party");
    nodes.emplace(field->name, node);
    read.push_back(std::move(*field));
  }
  for (const Field& field : read) check_prefill(field, read, table, *nodes.at(field.name));
  for (const fields::ConditionFault& fault : fields::compile_conditions(read))
    table.fault(*nodes.at(fault.field), fault.attribute, fault.text, fault.rule);
  return read;
}

}  // namespace qipan::pack
