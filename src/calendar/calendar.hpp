#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::calendar {

/// Kinds of time that filing standards name.
enum class Kind {
  urgent_hours,   // 紧急工作时: the wall clock, day and night
  working_hours,  // 工作时: only while the unit works
  working_days,   // 工作日: the day of the basis is not counted; ends when work ends on the last day
  natural_days,  // 自然日: the same over all days; ends at midnight, a last day off moves to the next working
                 // day
};

[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] Result<Kind> parse_kind(std::string_view text);
[[nodiscard]] inline bool counts_days(Kind kind) {
  return kind == Kind::working_days || kind == Kind::natural_days;
}

/// How long: minutes for the kinds that count hours, days for those that count days. "0.5" hours is 30.
struct Amount {
  Kind kind = Kind::urgent_hours;
  std::int64_t count = 0;
  bool operator==(const Amount&) const = default;
};

/// Amount of hours (at most two decimals) or whole days, from a pack or a rule's output.
[[nodiscard]] Result<Amount> parse_amount(std::string_view kind, std::string_view amount);

inline constexpr std::int64_t amount_minutes_max = 100'000 * 60;
inline constexpr std::int64_t amount_days_max = 36'500;

struct Pause {
  Instant from = 0;
  Instant to = 0;
};

struct Deadline {
  Instant due = 0;
  /// The calendar ends before the deadline, so the days behind it were taken as plain weeks: installing a
  /// later calendar may move it.
  bool provisional = false;
  bool operator==(const Deadline&) const = default;
};

/// Part of a day in seconds since local midnight, [from, to).
struct Shift {
  std::int32_t from = 0;
  std::int32_t to = 0;
};

/// Working time of a unit: days off and made up (调休), and daily hours, in a fixed offset (China keeps
/// +08:00 all year). Immutable once made; a new version is a new calendar.
class Calendar {
 public:
  struct Declaration {
    std::string name;
    std::int64_t version = 1;
    std::int32_t offset_seconds = 8 * 3600;
    std::vector<Shift> shifts;
    std::vector<bool> weekdays = {true, true, true, true, true, false, false};  // Monday first
    Day first = 0;                                                              // days that the notices cover
    Day last = 0;
    std::vector<std::pair<Day, bool>> exceptions;  // working or not, against the plain week
  };

  /// Refuses overlapping or empty shifts and exceptions outside [first, last].
  [[nodiscard]] static Result<Calendar> make(Declaration declaration);
  /// As it stands in a fact or a table.
  [[nodiscard]] static Result<Calendar> from_json(const Json& json);
  [[nodiscard]] Json to_json() const;

  [[nodiscard]] const std::string& name() const { return declaration_.name; }
  [[nodiscard]] std::int64_t version() const { return declaration_.version; }
  [[nodiscard]] Day last() const { return declaration_.last; }

  [[nodiscard]] bool is_working(Day day) const;

  /// When `amount` counted from `basis` is over, with the pauses taken out, in order; a pause after the
  /// deadline changes nothing.
  [[nodiscard]] Deadline deadline(Instant basis, Amount amount, const std::vector<Pause>& pauses = {}) const;

  /// Working time in microseconds between two instants, 0 when `to` is not later.
  [[nodiscard]] std::int64_t working_between(Instant from, Instant to) const;

  /// When 80, 100 and 300 per cent of a limit are used up. `from` is when its clock last began to run (the
  /// basis, or the end of the last pause), `due` its deadline now. Working kinds are measured in working
  /// time, others by the wall clock.
  struct Marks {
    Instant at_80 = 0;
    Instant at_100 = 0;
    Instant at_300 = 0;
  };
  [[nodiscard]] Marks marks(Instant basis, Amount amount, Instant from, Instant due) const;

 private:
  struct Local {
    Day day = 0;
    std::int64_t micros = 0;  // since local midnight
  };
  explicit Calendar(Declaration declaration);
  [[nodiscard]] Local local(Instant instant) const;
  [[nodiscard]] Instant instant(Day day, std::int64_t micros) const;
  [[nodiscard]] Instant close_of(Day day) const;
  [[nodiscard]] Instant add_working(Instant basis, std::int64_t micros) const;
  /// The day on which `count` days are over, days off included; end_of() moves it.
  [[nodiscard]] Day last_day(Day start, std::int64_t count, bool working) const;
  [[nodiscard]] Instant end_of(Day last, bool working) const;
  [[nodiscard]] Instant deadline_in_days(Instant basis, Amount amount,
                                         const std::vector<Pause>& pauses) const;
  [[nodiscard]] Instant deadline_in_hours(Instant basis, Amount amount,
                                          const std::vector<Pause>& pauses) const;
  [[nodiscard]] std::int64_t counted_days(Day after, Day until, bool working) const;

  Declaration declaration_;
  std::vector<bool> days_;  // working or not, from declaration_.first to last
  std::int64_t day_micros_ = 0;
};

}  // namespace qipan::calendar
