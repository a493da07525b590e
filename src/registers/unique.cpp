#include <algorithm>
#include <limits>
#include <set>

#include "fields/column.hpp"
#include "registers/steps.hpp"

// Values that may stand in one entry alone, on each day (design §4b.11): what is planned is held against what
// stands now and against what else is planned.

namespace qipan::registers {

using board::Decision;

namespace {

constexpr Day for_ever = std::numeric_limits<Day>::max();

/// Days on which an entry has a value: from the first, before the second.
struct Span {
  Day from;
  Day until;
};

/// When the entry is to have the value of the field, by what stands now and is planned.
std::vector<Span> spans_of(Database& database, const Register& declared, const Entry& entry,
                           const Field& field, const Json& value) {
  std::vector<Span> spans;
  bool has = entry.values[field.name] == value;
  Day from = std::numeric_limits<Day>::min();
  const auto add = [&](Day until) {
    if (has && until > from) spans.push_back({from, until});
  };
  for (const Plan& plan : plans_of(database, declared.name, entry.id)) {
    if (!plan.values.has(field.name)) continue;
    add(plan.from);
    has = plan.values[field.name] == value;
    from = plan.from;
  }
  add(for_ever);
  return spans;
}

/// The next day on which something else is planned for the field.
Day until_next_plan(Database& database, const Register& declared, std::int64_t entry, const Field& field,
                    Day from) {
  for (const Plan& plan : plans_of(database, declared.name, entry))
    if (plan.from > from && plan.values.has(field.name)) return plan.from;
  return for_ever;
}

/// The entry that is not retired and has the value now; 0 for none.
std::int64_t holder_of(Database& database, const Register& declared, const Field& field, const Json& value,
                       std::int64_t except) {
  auto statement =
      database.prepare("SELECT id FROM " + quoted_name(declared.table()) + " WHERE retired=0 AND id<>? AND " +
                       quoted_name(field.name) + "=? LIMIT 1");
  statement.bind(except);
  fields::bind_column(field, statement, value);
  return statement.step() ? statement.integer(0) : 0;
}

Problem held(const Register& declared, const Field& field, const Json& value, std::int64_t holder) {
  return {Problem::Kind::conflict,
          field.name == declared.key ? "entry-known" : "value-known",
          "values/" + field.name,
          shortened(field.type->cell(field, value)),
          "a value that no other entry has",
          "change entry " + std::to_string(holder) + " instead"};
}

Result<void> hold_span(Decision& decision, const Register& declared, const Field& field, const Json& value,
                       std::int64_t entry, Day from) {
  Database& database = decision.database();
  std::set<std::int64_t> others;
  if (const std::int64_t holder = holder_of(database, declared, field, value, entry)) others.insert(holder);
  auto claims = database.prepare(
      "SELECT entry FROM register_claims WHERE register=? AND field=? AND value=? AND entry<>?");
  claims.bind(declared.name).bind(field.name).bind(value.dump()).bind(entry);
  while (claims.step()) others.insert(claims.integer(0));
  if (others.empty()) return {};
  const Day until = until_next_plan(database, declared, entry, field, from);
  for (const std::int64_t id : others) {
    const auto other = find_entry(database, declared, id);
    if (!other || other->retired) continue;
    for (const Span& span : spans_of(database, declared, *other, field, value)) {
      if (span.from >= until || span.until <= from) continue;
      Problem problem = held(declared, field, value, id);
      if (span.from > from) problem.rule += ", nor is to have from " + format_day(span.from) + " on";
      return refuse(std::move(problem));
    }
  }
  return {};
}

}  // namespace

bool is_unique(const Register& declared, const Field& field) {
  return field.unique || field.name == declared.key;
}

Result<void> check_unique(Decision& decision, const Register& declared, const Json& values,
                          std::int64_t except) {
  for (const Field& field : declared.fields) {
    const Json& value = values[field.name];
    if (value.is_null() || !is_unique(declared, field)) continue;
    if (const std::int64_t holder = holder_of(decision.database(), declared, field, value, except))
      return refuse(held(declared, field, value, holder));
  }
  return {};
}

Result<void> check_unique_from(Decision& decision, const Register& declared, const Json& values,
                               std::int64_t entry, Day from) {
  for (const Field& field : declared.fields) {
    const Json& value = values[field.name];
    if (value.is_null() || !is_unique(declared, field)) continue;
    QIPAN_CHECK(hold_span(decision, declared, field, value, entry, from));
  }
  return {};
}

std::int64_t who_gives_way(Database& database, const Register& declared, const Json& values,
                           std::int64_t entry, Day today) {
  for (const Field& field : declared.fields) {
    const Json& value = values[field.name];
    if (value.is_null() || !is_unique(declared, field)) continue;
    const std::int64_t holder = holder_of(database, declared, field, value, entry);
    if (holder == 0) continue;
    const auto plans = plans_of(database, declared.name, holder);
    const bool gives = std::any_of(plans.begin(), plans.end(), [&](const Plan& plan) {
      return plan.from <= today && plan.values.has(field.name) && plan.values[field.name] != value;
    });
    if (gives) return holder;
  }
  return 0;
}

}  // namespace qipan::registers
