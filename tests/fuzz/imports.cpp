// CSV and GeoJSON entries, report maps, amounts, times and numbers: all that comes in files.
#include "base/assert.hpp"
#include "base/decimal.hpp"
#include "calendar/calendar.hpp"
#include "cmd/report_map.hpp"
#include "cmd/seeds.hpp"
#include "fields/type.hpp"
#include "geo/polygons.hpp"

namespace {

/// A field of each type, as wide as may be, named like its type.
std::vector<qipan::fields::Field> all_fields() {
  using namespace qipan::fields;
  std::vector<Field> all;
  for (const Type* type : all_types()) {
    const Attributes takes = type->attributes();
    Field field;
    field.name = type->name();
    field.type = type;
    if (takes.bounds) std::tie(field.low, field.high) = std::pair(takes.bounds->low, takes.bounds->high);
    field.digits = takes.digits.value_or(0);
    if (takes.options) field.options = {{"a", {}}, {"b", {}}};
    if (takes.to) field.to = {"unit"};
    if (takes.columns) field.columns = {all.front(), all.at(2)};
    all.push_back(std::move(field));
  }
  return all;
}

/// What is kept is kept again, and comes back from a cell.
void hold_values(const std::vector<qipan::fields::Field>& all, const qipan::Json& value) {
  for (const auto& field : all) {
    const auto kept = field.type->read(field, value, "x");
    if (!kept) continue;
    QIPAN_ASSERT(field.type->read(field, *kept, "x") == *kept);
    const auto cell = field.type->cell(field, *kept);
    const auto back = field.type->from_cell(field, cell, "x");
    QIPAN_ASSERT(cell.empty() || (back && field.type->read(field, *back, "x") == *kept));
    std::ignore = field.type->expression_value(field, *kept);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  using namespace qipan;
  registers::Register declared;
  declared.name = "r";
  declared.key = "text";
  declared.geometry = "polygon";
  static const auto all = all_fields();
  declared.fields = all;
  pack::Problems problems;
  std::ignore = cmd::register_rows(declared, "a.csv", std::string(text), problems);
  std::ignore = cmd::register_rows(declared, "a.geojson", std::string(text), problems);
  std::ignore = cmd::ReportMap::parse("m.toml", text, problems);
  std::ignore = calendar::parse_amount("working-hours", text);
  std::ignore = geo::parse_degrees(text, 180);
  if (const auto instant = parse_instant(text))
    QIPAN_ASSERT(parse_instant(format_instant(*instant)) == *instant);
  if (const auto json = parse_json(text)) {
    QIPAN_ASSERT(parse_json(json->dump(), {.bytes_max = 10U << 20U, .depth_max = 40}) == *json);
    hold_values(all, *json);
  }
  hold_values(all, text);
  if (const auto number = Decimal::parse(text)) {
    if (number->text().size() < 80) QIPAN_ASSERT(Decimal::parse(number->text()) == *number);
  }
  return 0;
}
