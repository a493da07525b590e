#include "query/through.hpp"

#include "query/names.hpp"

namespace qipan::query {

namespace {

/// Rows of these units; written out, as it stands within what columns are.
std::string scope_sql(const Collection& collection, const UnitSet& units) {
  if (units.all || collection.units.empty()) return "1";
  std::string ids;
  for (const std::int64_t unit : units.ids) ids += (ids.empty() ? "" : ",") + std::to_string(unit);
  std::string sql = "(0";
  for (const std::string& column : collection.units)
    sql.append(" OR ").append(column).append(" IN (").append(ids).append(")");
  return sql + ")";
}

/// The value of `wanted` in the row of the target whose number `id_sql` says. Its names are none of the row
/// outside, which `id_sql` speaks of.
std::string value_sql(const Target& target, const Property& wanted, const std::string& id_sql,
                      std::size_t hops) {
  const Collection& collection = *target.collection;
  const std::string own = "through" + std::to_string(hops);
  std::string sql = "(SELECT " + own + "_value FROM (SELECT " + wanted.sql + " AS " + own + "_value, id AS " +
                    own + "_id FROM " + collection.table + " WHERE " +
                    scope_sql(collection, target.sight->finds);
  if (!collection.condition.empty()) sql += " AND (" + collection.condition + ")";
  if (is_sensitive(&wanted)) sql += " AND " + scope_sql(collection, target.sight->sees);
  return sql + ") WHERE " + own + "_id=" + id_sql + ")";
}

/// Whether the two lie in their tables alike, so that one column can be either.
bool are_alike(const Property& left, const Property& right) {
  return left.field.type == right.field.type && left.field.digits == right.field.digits &&
         left.in_json == right.in_json && left.member == right.member && left.null_as == right.null_as &&
         left.of_unit == right.of_unit;
}

std::optional<Property> find(const Collection& collection, const Sight& sight, std::string_view name,
                             std::size_t hops);

/// Of the kinds that the reference may name, those that have it.
std::optional<Property> behind(const Property& reference, const Sight& sight, std::string_view rest,
                               std::size_t hops) {
  const auto column = reference.column();
  if (sight.targets == nullptr || !column) return std::nullopt;
  const std::vector<std::string> kinds =
      reference.of_unit ? std::vector<std::string>{"unit"} : reference.field.to;
  std::optional<Property> made;
  std::string sql;
  for (const std::string& kind : kinds) {
    const auto target = sight.targets->target(kind);
    auto wanted = target ? find(*target->collection, *target->sight, rest, hops + 1) : std::nullopt;
    if (!wanted || !wanted->column()) continue;
    if (!wanted->in_json) wanted->member.clear();
    if (made && !are_alike(*made, *wanted)) return std::nullopt;
    const std::string id = reference.of_unit ? column->value_sql()
                                             : "CASE WHEN substr(" + column->value_sql() + ",1," +
                                                   std::to_string(kind.size() + 1) + ")='" + kind +
                                                   ":' THEN CAST(substr(" + column->value_sql() + "," +
                                                   std::to_string(kind.size() + 2) + ") AS INTEGER) END";
    sql += ", " + value_sql(*target, *wanted, id, hops);
    made = std::move(wanted);
  }
  if (!made) return std::nullopt;
  made->sql = "coalesce(NULL" + sql + ")";
  // What is hidden of the subject is nothing here already; what the row itself hides is its own matter.
  made->field.sensitivity =
      is_sensitive(&reference) ? fields::Sensitivity::sensitive : fields::Sensitivity::internal;
  made->field.title = {reference.field.title.zh + "·" + made->field.title.zh,
                       reference.field.title.en + ": " + made->field.title.en};
  made->searchable = false;
  return made;
}

std::optional<Property> find(const Collection& collection, const Sight& sight, std::string_view name,
                             std::size_t hops) {
  const auto point = name.find('.');
  const Property* own = collection.property(name.substr(0, point));
  if (own == nullptr || hops > hops_max) return std::nullopt;
  std::optional<Property> found = *own;
  if (point == std::string_view::npos) {
    if (found->in_json && found->member.empty()) found->member = found->field.name;
  } else {
    found = behind(*own, sight, name.substr(point + 1), hops);
  }
  if (found) found->field.name = name;
  return found;
}

}  // namespace

std::optional<Property> through(const Collection& collection, const Sight& sight, std::string_view name) {
  return name.find('.') == std::string_view::npos ? std::nullopt : find(collection, sight, name, 0);
}

}  // namespace qipan::query
