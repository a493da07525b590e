#include <array>

#include "base/assert.hpp"
#include "query/filter.hpp"

// Filters in both forms, as strangers send them: refused or read, and what was read reads again as it was.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qipan;
  using namespace qipan::query;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::array<Column, 4> columns = {
      Column{.name = "name", .sql = "name"},
      Column{.name = "floors", .kind = Kind::number, .stored = Stored::scaled, .sql = "floors"},
      Column{.name = "seen", .kind = Kind::moment, .stored = Stored::moment, .sql = "seen"},
      Column{.name = "at", .kind = Kind::geometry, .stored = Stored::point, .sql = "x", .sql_north = "y"}};
  const auto json = parse_json(text);
  const auto read = json ? read_json(*json) : read_text(text);
  if (!read) return 0;
  const auto again = read_json(to_json(*read));
  QIPAN_ASSERT(again.has_value() && *again == *read);
  const auto filter = Filter::bind(*read, columns);
  if (!filter) return 0;
  Where where;
  filter->add_to(where);
  const std::array<Value, 4> row = {std::string("解放路"), Decimal(std::int64_t{5}), Moment{0},
                                    Geometry::point(113, 22)};
  (void)filter->holds(row);
  return 0;
}
