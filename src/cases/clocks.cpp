#include <algorithm>

#include "cases/steps.hpp"

namespace qipan::cases {

LimitState* Clocks::find(std::string_view name) {
  for (LimitState& limit : limits) {
    if (limit.name == name) return &limit;
  }
  return nullptr;
}

void Clocks::touch(const std::string& name) {
  if (std::find(changed.begin(), changed.end(), name) == changed.end()) changed.push_back(name);
}

void Clocks::write_to(Json& body) const {
  Json list = Json::array();
  std::optional<Instant> timer;
  std::optional<Instant> running_due;
  std::optional<Instant> main_due;
  std::int64_t lamp = 0;
  bool missed = false;
  for (const LimitState& limit : limits) {
    if (std::find(changed.begin(), changed.end(), limit.name) != changed.end()) list.push(limit.to_json());
    if (const auto next = limit.next_mark(); next && (!timer || *next < *timer)) timer = next;
    if (limit.running() && (!running_due || limit.due < *running_due)) running_due = limit.due;
    if (limit.main) main_due = limit.due;
    if (limit.running() || limit.main) lamp = std::max(lamp, limit.level);
    missed = missed || (limit.main && (limit.missed || limit.level >= 2));
  }
  if (!list.items().empty()) body.set("limits", std::move(list));
  const auto due = running_due ? running_due : main_due;
  body.set("due", due ? Json(*due) : Json());
  body.set("timer", timer ? Json(*timer) : Json());
  body.set("lamp", lamp);
  if (missed) body.set("late", true);
}

Result<void> move_clocks(Clocks& clocks, const CaseType& type, std::string_view state, Instant at,
                         const std::optional<calendar::Amount>& standard,
                         const std::optional<Instant>& asserted_due, const std::string& calendar_name,
                         const Calendars& calendars) {
  for (const Limit& declared : type.limits) {
    const bool runs = std::find(declared.runs.begin(), declared.runs.end(), state) != declared.runs.end();
    LimitState* limit = clocks.find(declared.name);
    if (!runs) {
      if (limit != nullptr && limit->running()) {
        stop(*limit, at);
        clocks.touch(declared.name);
      }
      continue;
    }
    // The main limit goes on where it stood, so that rework and sending back give nobody fresh time; another
    // filing standard begins anew. A stage's own limit begins anew at each visit: it measures that visit.
    const bool restarts =
        limit != nullptr && !limit->asserted &&
        (declared.main ? standard.has_value() && *standard != limit->amount : !limit->running());
    if (limit != nullptr && !restarts) {
      if (limit->running()) continue;
      resume(*limit, calendars.version(limit->calendar, limit->calendar_version), at);
      clocks.touch(declared.name);
      continue;
    }
    if (restarts) {
      std::erase_if(clocks.limits, [&](const LimitState& one) { return one.name == declared.name; });
    }
    if (declared.asserted) {
      if (asserted_due)
        clocks.limits.push_back(assert_limit(declared.name, declared.main, at, *asserted_due));
    } else if (const auto amount = declared.amount ? declared.amount : standard) {
      const auto* calendar = calendars.newest(calendar_name);
      if (calendar == nullptr)
        return invalid("calendar-missing", "calendar", calendar_name, "a calendar that is installed",
                       "install the pack that brings it");
      clocks.limits.push_back(start_limit(declared.name, declared.main, *amount, *calendar, at));
    }
    if (clocks.find(declared.name) != nullptr) clocks.touch(declared.name);
  }
  return {};
}

}  // namespace qipan::cases
