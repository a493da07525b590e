// CSV and GeoJSON entries, report maps, amounts, times and numbers: all that comes in files.
#include "base/assert.hpp"
#include "base/decimal.hpp"
#include "calendar/calendar.hpp"
#include "cmd/report_map.hpp"
#include "cmd/seeds.hpp"
#include "geo/polygons.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  using namespace qipan;
  registers::Register declared;
  declared.name = "r";
  declared.key = "code";
  declared.geometry = "polygon";
  declared.fields = {{"code", registers::FieldType::text, {}, true, false, 0, 100, {}},
                     {"n", registers::FieldType::decimal, {}, false, false, -100, 100, {}}};
  pack::Problems problems;
  std::ignore = cmd::register_rows(declared, "a.csv", text, problems);
  std::ignore = cmd::register_features(declared, "a.geojson", text, problems);
  std::ignore = cmd::ReportMap::parse("m.toml", text, problems);
  std::ignore = calendar::parse_amount("working-hours", text);
  std::ignore = geo::parse_degrees(text, 180);
  if (const auto instant = parse_instant(text))
    QIPAN_ASSERT(parse_instant(format_instant(*instant)) == *instant);
  if (const auto json = parse_json(text))
    QIPAN_ASSERT(parse_json(json->dump(), {.bytes_max = 10U << 20U, .depth_max = 40}) == *json);
  if (const auto number = Decimal::parse(text)) {
    if (number->text().size() < 80) QIPAN_ASSERT(Decimal::parse(number->text()) == *number);
  }
  return 0;
}
