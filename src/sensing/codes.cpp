#include "sensing/codes.hpp"

#include "sensing/declaration.hpp"

namespace qipan::sensing {

namespace {

/// Whether the table has rows of that kind at all, but not this one.
bool lacks(Database& database, const std::string& any, const std::string& one,
           std::initializer_list<std::string_view> values) {
  auto there = database.prepare(any);
  if (any.find('?') != std::string::npos) there.bind(*values.begin());
  if (!there.step()) return false;
  auto wanted = database.prepare(one);
  for (const std::string_view value : values) wanted.bind(value);
  return !wanted.step();
}

}  // namespace

pack::Problems unknown_codes(Database& database) {
  pack::Problems problems;
  auto statement = database.prepare("SELECT pack, body FROM sensing_limits ORDER BY pack, name");
  while (statement.step()) {
    const auto json = parse_json(statement.text(1));
    if (!json) continue;
    const Limit limit = limit_from_json(*json);
    const auto unknown = [&](const char* member, const std::string& value, std::string rule) {
      problems.push_back({Problem::Kind::invalid, "limit-code-unknown",
                          std::string(statement.text(0)) + "/sensing " + limit.name + "/" + member, value,
                          std::move(rule), "mend the code, or bring what it names in data/"});
    };
    if (limit.property != "*" && lacks(database, "SELECT 1 FROM sensing_streams LIMIT 1",
                                       "SELECT 1 FROM sensing_streams WHERE property=?", {limit.property}))
      unknown("property", limit.property, "the code of a property that a datastream observes");
    if (!limit.case_class.empty() && lacks(database, "SELECT 1 FROM case_classes WHERE type=?",
                                           "SELECT 1 FROM case_classes WHERE type=? AND code=? AND retired=0",
                                           {limit.case_type, limit.case_class}))
      unknown("case_class", limit.case_class, "the code of a class of " + limit.case_type);
  }
  return problems;
}

}  // namespace qipan::sensing
