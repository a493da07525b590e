#include "board/directory.hpp"
#include "cases/steps.hpp"

namespace qipan::cases {

using board::Decision;

namespace {

constexpr std::size_t recompute_at_once_max = 100;

/// Who is told at a level: who answers (or whose place it is, so that cases nobody was given escalate too),
/// the unit above, the district.
UnitId supervisor(const CaseRow& row, const board::Directory& directory, std::int64_t level) {
  const UnitId own = row.responsible ? row.responsible : row.unit;
  const board::Unit* unit = directory.unit(own);
  if (level <= 1 || unit == nullptr) return own;
  return level == 2 && unit->parent ? unit->parent : directory.root();
}

}  // namespace

Result<void> decide_tick(Decision& decision, const Lookups& lookups) {
  const CaseId id{decision.body().integer_or("id", 0)};
  if (id.value == 0) return decide_recompute(decision, lookups);
  const auto row = find_case(decision.database(), id);
  if (!row)
    return refuse({Problem::Kind::not_found, "case-unknown", "id", std::to_string(id.value),
                   "the number of a case", ""});
  Clocks clocks{limits_of(decision.database(), id), {}};
  Json raised = Json::array();
  for (LimitState& limit : clocks.limits) {
    const auto next = limit.next_mark();
    if (!next || *next > decision.at()) continue;
    // After a standstill several marks may have passed: one fact says the highest.
    while (limit.next_mark() && *limit.next_mark() <= decision.at()) ++limit.level;
    limit.missed = limit.missed || limit.level >= 2;
    clocks.touch(limit.name);
    Json one = Json::object();
    one.set("limit", limit.name)
        .set("level", limit.level)
        .set("mark", *next)
        .set("unit", supervisor(*row, decision.directory(), limit.level).value);
    raised.push(std::move(one));
  }
  if (raised.items().empty())
    return invalid("nothing-due", "id", std::to_string(id.value), "a limit whose mark has passed");
  Json fact = Json::object();
  fact.set("raised", std::move(raised));
  clocks.write_to(fact);
  decision.record("case.supervised", board::subject_of("case", id.value), std::move(fact));
  return {};
}

Result<void> decide_recompute(Decision& decision, const Lookups& lookups) {
  if (!decision.actor().starts_with("system:"))
    QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "calendar", {}));
  std::vector<std::int64_t> ids;
  {
    auto statement = decision.database().prepare(
        "SELECT DISTINCT case_id, calendar, calendar_version FROM case_limits WHERE provisional=1 ORDER BY "
        "case_id");
    while (statement.step() && ids.size() <= recompute_at_once_max) {
      const auto* newest = lookups.calendars.newest(std::string(statement.text(1)));
      if (newest != nullptr && newest->version() > statement.integer(2) &&
          (ids.empty() || ids.back() != statement.integer(0))) {
        ids.push_back(statement.integer(0));
      }
    }
  }
  const bool more = ids.size() > recompute_at_once_max;
  if (more) ids.pop_back();
  for (const std::int64_t id : ids) {
    Clocks clocks{limits_of(decision.database(), {id}), {}};
    for (LimitState& limit : clocks.limits) {
      const auto* newest = lookups.calendars.newest(limit.calendar);
      if (!limit.provisional || newest == nullptr || newest->version() <= limit.calendar_version) continue;
      recompute(limit, *newest, decision.at());
      clocks.touch(limit.name);
    }
    Json fact = Json::object();
    clocks.write_to(fact);
    decision.record("case.recomputed", board::subject_of("case", id), std::move(fact));
  }
  Json rest = Json::object();
  rest.set("count", static_cast<std::int64_t>(ids.size())).set("timer", more ? Json(decision.at()) : Json());
  decision.record("case.recompute_done", "case:0", std::move(rest));
  return {};
}

}  // namespace qipan::cases
