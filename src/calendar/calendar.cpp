#include "calendar/calendar.hpp"

#include <algorithm>
#include <charconv>

#include "base/assert.hpp"

namespace qipan::calendar {

namespace {

constexpr std::int64_t micros_per_minute = 60 * microseconds_per_second;
/// A guard against calendars without a working day: nobody waits a thousand years.
constexpr Day search_days_max = 366 * 1'000;

constexpr std::pair<Kind, std::string_view> kind_names[] = {{Kind::urgent_hours, "urgent-hours"},
                                                            {Kind::working_hours, "working-hours"},
                                                            {Kind::working_days, "working-days"},
                                                            {Kind::natural_days, "natural-days"}};

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

/// Monday is 0; 1970-01-01 was a Thursday.
std::size_t weekday(Day day) {
  return static_cast<std::size_t>(((day + 3) % 7 + 7) % 7);
}

}  // namespace

std::string_view name_of(Kind kind) {
  for (const auto& [value, name] : kind_names) {
    if (value == kind) return name;
  }
  return "unknown";
}

Result<Kind> parse_kind(std::string_view text) {
  for (const auto& [value, name] : kind_names) {
    if (name == text) return value;
  }
  return invalid("time-kind-unknown", "kind", text,
                 "urgent-hours, working-hours, working-days or natural-days");
}

Result<Amount> parse_amount(std::string_view kind_text, std::string_view text) {
  QIPAN_TRY(kind, parse_kind(kind_text));
  const auto refused = [&] {
    return invalid("amount-unreadable", "amount", text,
                   counts_days(kind) ? "whole days from 1 to 36500"
                                     : "hours from 0.02 to 100000 that are whole minutes");
  };
  std::int64_t hundredths = 0;
  const auto dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view part = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  if (whole.empty() || whole.size() > 6 || part.size() > 2 || (dot != std::string_view::npos && part.empty()))
    return refused();
  const std::string digits = std::string(whole) + std::string(part) + std::string(2 - part.size(), '0');
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), hundredths);
  if (code != std::errc() || stop != digits.data() + digits.size() || hundredths <= 0) return refused();
  if (counts_days(kind)) {
    if (hundredths % 100 != 0 || hundredths / 100 > amount_days_max) return refused();
    return Amount{kind, hundredths / 100};
  }
  if (hundredths * 60 % 100 != 0 || hundredths * 60 / 100 > amount_minutes_max) return refused();
  return Amount{kind, hundredths * 60 / 100};
}

Calendar::Calendar(Declaration declaration) : declaration_(std::move(declaration)) {
  for (Day day = declaration_.first; day <= declaration_.last; ++day) {
    days_.push_back(declaration_.weekdays[weekday(day)]);
  }
  for (const auto& [day, working] : declaration_.exceptions) {
    days_[static_cast<std::size_t>(day - declaration_.first)] = working;
  }
  for (const Shift& shift : declaration_.shifts)
    day_micros_ += (shift.to - shift.from) * microseconds_per_second;
}

Result<Calendar> Calendar::make(Declaration declaration) {
  std::int32_t end = 0;
  for (const Shift& shift : declaration.shifts) {
    if (shift.from < end || shift.to <= shift.from || shift.to > 86'400) {
      return invalid("calendar-hours", declaration.name, "",
                     "hours in order, each with an end after its start, within a day");
    }
    end = shift.to;
  }
  const bool works =
      std::find(declaration.weekdays.begin(), declaration.weekdays.end(), true) != declaration.weekdays.end();
  if (declaration.shifts.empty() || declaration.weekdays.size() != 7 || !works) {
    return invalid("calendar-hours", declaration.name, "", "working hours on at least one of seven weekdays");
  }
  if (declaration.offset_seconds < -50'400 || declaration.offset_seconds > 50'400) {
    return invalid("calendar-offset", declaration.name, std::to_string(declaration.offset_seconds),
                   "an offset within 14 hours");
  }
  if (declaration.last < declaration.first || declaration.last - declaration.first > 366 * 200) {
    return invalid("calendar-range", declaration.name, "",
                   "a first day before its last, at most 200 years apart");
  }
  std::sort(declaration.exceptions.begin(), declaration.exceptions.end());
  for (std::size_t i = 0; i < declaration.exceptions.size(); ++i) {
    const auto& [day, working] = declaration.exceptions[i];
    if (day < declaration.first || day > declaration.last) {
      return invalid("calendar-day-outside", declaration.name, format_day(day),
                     "a day that the calendar covers");
    }
    if (i > 0 && declaration.exceptions[i - 1].first == day) {
      return invalid("calendar-day-twice", declaration.name, format_day(day), "each day once");
    }
  }
  return Calendar(std::move(declaration));
}

Json Calendar::to_json() const {
  Json json = Json::object();
  json.set("name", declaration_.name)
      .set("version", declaration_.version)
      .set("offset", std::int64_t{declaration_.offset_seconds});
  Json shifts = Json::array();
  for (const Shift& shift : declaration_.shifts) {
    shifts.push(std::int64_t{shift.from});
    shifts.push(std::int64_t{shift.to});
  }
  json.set("shifts", shifts);
  Json weekdays = Json::array();
  for (const bool works : declaration_.weekdays) weekdays.push(works);
  json.set("weekdays", weekdays);
  json.set("first", format_day(declaration_.first)).set("last", format_day(declaration_.last));
  Json off = Json::array();
  Json on = Json::array();
  for (const auto& [day, working] : declaration_.exceptions) (working ? on : off).push(format_day(day));
  return json.set("off", off).set("on", on);
}

Result<Calendar> Calendar::from_json(const Json& json) {
  const auto refused = [] {
    return invalid("calendar-unreadable", "", "", "a calendar as Calendar::to_json writes it");
  };
  Declaration declaration;
  declaration.name = json.text_or("name", "");
  declaration.version = json.integer_or("version", 0);
  declaration.offset_seconds = static_cast<std::int32_t>(json.integer_or("offset", 28'800));
  if (!json["shifts"].is_array() || json["shifts"].items().size() % 2 != 0 || !json["weekdays"].is_array())
    return refused();
  const auto& shifts = json["shifts"].items();
  for (std::size_t i = 0; i + 1 < shifts.size(); i += 2) {
    if (!shifts[i].is_integer() || !shifts[i + 1].is_integer()) return refused();
    declaration.shifts.push_back(
        {static_cast<std::int32_t>(shifts[i].integer()), static_cast<std::int32_t>(shifts[i + 1].integer())});
  }
  declaration.weekdays.clear();
  for (const Json& works : json["weekdays"].items())
    declaration.weekdays.push_back(works.is_bool() && works.boolean());
  QIPAN_TRY(first, parse_day(json.text_or("first", "")));
  QIPAN_TRY(last, parse_day(json.text_or("last", "")));
  declaration.first = first;
  declaration.last = last;
  for (const bool working : {false, true}) {
    const Json& list = json[working ? "on" : "off"];
    if (!list.is_array()) return refused();
    for (const Json& text : list.items()) {
      if (!text.is_text()) return refused();
      QIPAN_TRY(day, parse_day(text.text()));
      declaration.exceptions.emplace_back(day, working);
    }
  }
  return make(std::move(declaration));
}

Calendar::Local Calendar::local(Instant at) const {
  const std::int64_t shifted = at + declaration_.offset_seconds * microseconds_per_second;
  const std::int64_t day = floor_divide(shifted, microseconds_per_day);
  return {static_cast<Day>(day), shifted - day * microseconds_per_day};
}

Instant Calendar::instant(Day day, std::int64_t micros) const {
  return day * microseconds_per_day + micros - declaration_.offset_seconds * microseconds_per_second;
}

Instant Calendar::close_of(Day day) const {
  return instant(day, declaration_.shifts.back().to * microseconds_per_second);
}

bool Calendar::is_working(Day day) const {
  if (day < declaration_.first || day > declaration_.last) return declaration_.weekdays[weekday(day)];
  return days_[static_cast<std::size_t>(day - declaration_.first)];
}

Instant Calendar::add_working(Instant basis, std::int64_t micros) const {
  auto [day, now] = local(basis);
  const Day end = day + search_days_max;
  for (; day < end; ++day, now = 0) {
    if (!is_working(day)) continue;
    if (now == 0 && micros > day_micros_) {
      micros -= day_micros_;
      continue;
    }
    for (const Shift& shift : declaration_.shifts) {
      const std::int64_t from = std::max(now, shift.from * microseconds_per_second);
      const std::int64_t to = shift.to * microseconds_per_second;
      if (to <= from) continue;
      if (micros <= to - from) return instant(day, from + micros);
      micros -= to - from;
    }
  }
  return instant(end, 0);
}

Day Calendar::last_day(Day start, std::int64_t count, bool working) const {
  const Day end = start + search_days_max;
  Day day = start;
  for (std::int64_t left = count; left > 0 && day < end;) {
    ++day;
    if (!working || is_working(day)) --left;
  }
  return day;
}

Instant Calendar::end_of(Day last, bool working) const {
  // A last day off moves to the next working day (Civil Code, article 203).
  const Day end = last + search_days_max;
  while (!is_working(last) && last < end) ++last;
  return working ? close_of(last) : instant(last + 1, 0);
}

std::int64_t Calendar::counted_days(Day after, Day until, bool working) const {
  std::int64_t count = 0;
  for (Day day = after + 1; day <= until; ++day) count += !working || is_working(day) ? 1 : 0;
  return count;
}

Instant Calendar::deadline_in_days(Instant basis, Amount amount, const std::vector<Pause>& pauses) const {
  const bool working = amount.kind == Kind::working_days;
  // The last day is carried unmoved through all pauses: days off that it was moved over are not days that
  // were left.
  Day last = last_day(local(basis).day, amount.count, working);
  Instant due = end_of(last, working);
  for (const Pause& pause : pauses) {
    if (pause.from >= due || pause.to <= pause.from) continue;
    const std::int64_t left = counted_days(local(pause.from).day, last, working);
    const Day resumed = local(pause.to).day;
    Day moved = last_day(resumed, left, working);
    // Resumed after work on what would be the last day: that day cannot be used any more.
    if (end_of(moved, working) <= pause.to) moved = last_day(resumed, left + 1, working);
    last = std::max(last, moved);
    due = end_of(last, working);
  }
  return due;
}

Instant Calendar::deadline_in_hours(Instant basis, Amount amount, const std::vector<Pause>& pauses) const {
  const bool working = amount.kind == Kind::working_hours;
  const std::int64_t total = amount.count * micros_per_minute;
  Instant due = working ? add_working(basis, total) : basis + total;
  for (const Pause& pause : pauses) {
    if (pause.from >= due || pause.to <= pause.from) continue;
    due = working ? add_working(pause.to, working_between(pause.from, due)) : due + (pause.to - pause.from);
  }
  return due;
}

Deadline Calendar::deadline(Instant basis, Amount amount, const std::vector<Pause>& pauses) const {
  const Instant due = counts_days(amount.kind) ? deadline_in_days(basis, amount, pauses)
                                               : deadline_in_hours(basis, amount, pauses);
  const bool needs_calendar = amount.kind != Kind::urgent_hours;
  return {due, needs_calendar && local(due - 1).day > declaration_.last};
}

std::int64_t Calendar::working_between(Instant from, Instant to) const {
  if (to <= from) return 0;
  const Local start = local(from);
  const Local end = local(to);
  std::int64_t sum = 0;
  for (Day day = start.day; day <= end.day; ++day) {
    if (!is_working(day)) continue;
    const std::int64_t low = day == start.day ? start.micros : 0;
    const std::int64_t high = day == end.day ? end.micros : microseconds_per_day;
    for (const Shift& shift : declaration_.shifts) {
      const std::int64_t begin = std::max(low, shift.from * microseconds_per_second);
      const std::int64_t stop = std::min(high, shift.to * microseconds_per_second);
      sum += std::max<std::int64_t>(0, stop - begin);
    }
  }
  return sum;
}

Calendar::Marks Calendar::marks(Instant basis, Amount amount, Instant from, Instant due) const {
  const bool working = amount.kind == Kind::working_hours || amount.kind == Kind::working_days;
  const auto measure = [&](Instant start, Instant end) {
    return working ? working_between(start, end) : std::max<std::int64_t>(0, end - start);
  };
  const auto advance = [&](Instant start, std::int64_t by) {
    return working ? add_working(start, by) : start + by;
  };
  const std::int64_t total = measure(basis, deadline(basis, amount).due);
  const std::int64_t left = measure(from, due);
  Marks marks;
  marks.at_80 = left <= total / 5 ? std::min(from, due) : advance(from, left - total / 5);
  marks.at_100 = due + 1;  // red is more than 100 %: done at the very due instant is on time
  marks.at_300 = advance(due, 2 * total);
  return marks;
}

}  // namespace qipan::calendar
