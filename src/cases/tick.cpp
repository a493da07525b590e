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
  decision.record("case.supervised", row->subject(), std::move(fact));
  return {};
}

namespace {

/// Which deadlines a recomputation means: those that end in [from, to), or the provisional ones.
struct Wanted {
  bool provisional = true;
  Instant from = instant_min;
  Instant to = instant_max;
  [[nodiscard]] bool covers(const LimitState& limit) const {
    return provisional ? limit.provisional : !limit.asserted && limit.due >= from && limit.due < to;
  }
};

Result<Wanted> wanted_of(const Decision& decision) {
  const Json& body = decision.body();
  if (!body.has("due_from") && !body.has("due_to")) return Wanted{};
  const auto from = parse_instant(body.text_or("due_from", ""));
  const auto to = parse_instant(body.text_or("due_to", ""));
  if (!from || !to || *from >= *to) {
    return invalid("range-unreadable", "due_from, due_to",
                   body["due_from"].dump() + ", " + body["due_to"].dump(), "both, the first earlier",
                   "name the range of deadlines to move");
  }
  return Wanted{false, *from, *to};
}

/// Open cases, with their types, that have such a deadline and a newer calendar to compute it by; one more
/// than fit in a command.
std::vector<std::pair<std::int64_t, std::string>> cases_to_recompute(Database& database, const Wanted& wanted,
                                                                     const Calendars& calendars) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  auto statement = database.prepare(
      "SELECT l.case_id, l.calendar, l.calendar_version, c.type FROM case_limits l JOIN case_cases c ON "
      "c.id=l.case_id WHERE " +
      std::string(wanted.provisional ? "l.provisional=1"
                                     : "c.open=1 AND l.calendar<>'' AND l.due>=? AND l.due<?") +
      " ORDER BY l.case_id");
  if (!wanted.provisional) statement.bind(wanted.from).bind(wanted.to);
  while (statement.step() && found.size() <= recompute_at_once_max) {
    const auto* newest = calendars.newest(std::string(statement.text(1)));
    if (newest != nullptr && newest->version() > statement.integer(2) &&
        (found.empty() || found.back().first != statement.integer(0))) {
      found.emplace_back(statement.integer(0), statement.text(3));
    }
  }
  return found;
}

}  // namespace

Result<void> decide_recompute(Decision& decision, const Lookups& lookups) {
  if (!decision.actor().starts_with("system:"))
    QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "calendar", {}));
  QIPAN_TRY(wanted, wanted_of(decision));
  auto found = cases_to_recompute(decision.database(), wanted, lookups.calendars);
  const bool more = found.size() > recompute_at_once_max;
  if (more) found.pop_back();
  for (const auto& [id, type] : found) {
    Clocks clocks{limits_of(decision.database(), {id}), {}};
    for (LimitState& limit : clocks.limits) {
      const auto* newest = lookups.calendars.newest(limit.calendar);
      if (!wanted.covers(limit) || newest == nullptr || newest->version() <= limit.calendar_version) continue;
      recompute(limit, *newest, decision.at());
      clocks.touch(limit.name);
    }
    Json fact = Json::object();
    clocks.write_to(fact);
    decision.record("case.recomputed", board::subject_of(type, id), std::move(fact));
  }
  // The provisional ones go on by timer until none is left; of a named range the sender is told the rest.
  Json rest = Json::object();
  rest.set("count", static_cast<std::int64_t>(found.size()))
      .set("timer", more && wanted.provisional ? Json(decision.at()) : Json());
  decision.answer(Json::object().set("count", static_cast<std::int64_t>(found.size())).set("more", more));
  decision.record("case.recompute_done", "case:0", std::move(rest));
  return {};
}

}  // namespace qipan::cases
