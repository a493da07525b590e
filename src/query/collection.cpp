#include "query/collection.hpp"

#include <algorithm>

namespace qipan::query {

const Property* Collection::property(std::string_view wanted) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const Property& one) { return one.field.name == wanted; });
  return found == properties.end() ? nullptr : &*found;
}

std::optional<Column> Property::column() const {
  if (of_unit)
    return Column{.name = field.name, .kind = Kind::text, .stored = Stored::unit, .sql = sql, .null_as = "0"};
  fields::Field lying = field;
  if (!member.empty()) lying.name = member;
  auto made = column_of(lying, sql, in_json);
  if (!made) return made;
  made->name = field.name;
  made->null_as = null_as;
  return made;
}

std::string Property::told_sql() const {
  if (in_json) return "NULLIF(" + sql + "->'$.\"" + (member.empty() ? field.name : member) + "\"','null')";
  return null_as.empty() ? sql : "NULLIF(" + sql + "," + null_as + ")";
}

bool UnitSet::has(std::int64_t unit) const {
  return all || std::binary_search(ids.begin(), ids.end(), unit);
}

}  // namespace qipan::query
