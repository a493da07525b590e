#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/json.hpp"
#include "calendar/calendar.hpp"

namespace qipan::cases {

/// Calendars of a district, every version that was ever installed: an open case keeps the one it was given.
class Calendars {
 public:
  void load(Database& database);
  /// The newest of that name, or nullptr.
  [[nodiscard]] const calendar::Calendar* newest(const std::string& name) const;
  [[nodiscard]] const calendar::Calendar* version(const std::string& name, std::int64_t version) const;

 private:
  std::map<std::pair<std::string, std::int64_t>, calendar::Calendar> calendars_;
};

/// A limit of one case: its clock, its deadline, and how far it is used up. Stands as JSON in facts and in
/// case_limits.
struct LimitState {
  std::string name;
  bool main = false;
  bool asserted = false;  // the deadline was given by the sender; no calendar knows it
  calendar::Amount amount;
  std::string calendar;
  std::int64_t calendar_version = 0;
  Instant basis = 0;
  Instant since = 0;  // when the clock last began to run
  std::vector<calendar::Pause> pauses;
  std::optional<Instant> stopped;  // since when it stands; none: it runs
  Instant due = 0;
  bool provisional = false;
  std::int64_t level = 0;  // 0 below 80 %, 1 from 80, 2 from 100, 3 from 300
  calendar::Calendar::Marks marks;
  bool missed = false;  // ran past its deadline at least once

  [[nodiscard]] bool running() const { return !stopped; }
  [[nodiscard]] Json to_json() const;
  [[nodiscard]] static LimitState from_json(const Json& json);
  /// When the level rises next; none when it stands or is at 3.
  [[nodiscard]] std::optional<Instant> next_mark() const;
};

/// Starts a clock at `at`.
[[nodiscard]] LimitState start_limit(std::string name, bool main, calendar::Amount amount,
                                     const calendar::Calendar& calendar, Instant at);
/// The same for a deadline that the sender asserts.
[[nodiscard]] LimitState assert_limit(std::string name, bool main, Instant at, Instant due);

/// How far the limit was used up at an instant, for reports whose times their source asserts.
void mark(LimitState& limit, Instant at);
void stop(LimitState& limit, Instant at);
/// Runs again: the time in which it stood is a pause. The calendar is the one the limit keeps.
void resume(LimitState& limit, const calendar::Calendar* calendar, Instant at);
/// More time of the same kind.
[[nodiscard]] Result<void> extend(LimitState& limit, const calendar::Calendar* calendar,
                                  const calendar::Amount& more, Instant at);
/// Anew by a newer calendar: only for provisional deadlines. What was marked late by the provisional deadline
/// alone is not.
void recompute(LimitState& limit, const calendar::Calendar& calendar, Instant at);

}  // namespace qipan::cases
