#include "cases/limits.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace qipan::cases {

namespace {

void set_marks(LimitState& limit, const calendar::Calendar* calendar) {
  if (limit.asserted || calendar == nullptr) {
    const std::int64_t total = std::max<std::int64_t>(0, limit.due - limit.basis);
    limit.marks = {limit.basis + total / 5 * 4, limit.due + 1, limit.due + 1 + 2 * total};
    return;
  }
  limit.marks = calendar->marks(limit.basis, limit.amount, limit.since, limit.due);
}

void set_level(LimitState& limit, Instant at) {
  const auto& marks = limit.marks;
  limit.level = at >= marks.at_300 ? 3 : (at >= marks.at_100 ? 2 : (at >= marks.at_80 ? 1 : 0));
}

void set_deadline(LimitState& limit, const calendar::Calendar* calendar) {
  if (!limit.asserted && calendar != nullptr) {
    const auto deadline = calendar->deadline(limit.basis, limit.amount, limit.pauses);
    limit.due = deadline.due;
    limit.provisional = deadline.provisional;
  }
  set_marks(limit, calendar);
}

}  // namespace

void Calendars::load(Database& database) {
  calendars_.clear();
  auto statement = database.prepare("SELECT name, version, body FROM unit_calendars");
  while (statement.step()) {
    const auto json = parse_json(statement.text(2));
    QIPAN_ASSERT(json.has_value());
    auto calendar = calendar::Calendar::from_json(*json);
    QIPAN_ASSERT(calendar.has_value());
    calendars_.emplace(std::pair(std::string(statement.text(0)), statement.integer(1)), std::move(*calendar));
  }
}

const calendar::Calendar* Calendars::newest(const std::string& name) const {
  auto behind = calendars_.upper_bound({name, INT64_MAX});
  if (behind == calendars_.begin()) return nullptr;
  --behind;
  return behind->first.first == name ? &behind->second : nullptr;
}

const calendar::Calendar* Calendars::version(const std::string& name, std::int64_t version) const {
  const auto found = calendars_.find({name, version});
  return found == calendars_.end() ? nullptr : &found->second;
}

Json LimitState::to_json() const {
  Json json = Json::object();
  // What is as with most limits is left out: facts are kept for ever.
  json.set("name", name);
  if (main) json.set("main", true);
  json.set("basis", basis);
  if (since != basis) json.set("since", since);
  json.set("due", due);
  if (level != 0) json.set("level", level);
  json.set("marks", Json::array().push(marks.at_80).push(marks.at_100).push(marks.at_300));
  if (asserted) json.set("asserted", true);
  if (!asserted) {
    json.set("kind", calendar::name_of(amount.kind)).set("amount", amount.count);
    json.set("calendar", calendar).set("calendar_version", calendar_version);
  }
  if (!pauses.empty()) {
    Json list = Json::array();
    for (const auto& pause : pauses) {
      list.push(pause.from);
      list.push(pause.to);
    }
    json.set("pauses", std::move(list));
  }
  if (stopped) json.set("stopped", *stopped);
  if (provisional) json.set("provisional", true);
  if (missed) json.set("missed", true);
  return json;
}

LimitState LimitState::from_json(const Json& json) {
  const auto flag = [&](std::string_view key) { return json[key].is_bool() && json[key].boolean(); };
  LimitState limit;
  limit.name = json["name"].text();
  limit.main = flag("main");
  limit.asserted = flag("asserted");
  limit.provisional = flag("provisional");
  limit.missed = flag("missed");
  limit.basis = json["basis"].integer();
  limit.since = json.integer_or("since", limit.basis);
  limit.due = json["due"].integer();
  limit.level = json.integer_or("level", 0);
  const auto& marks = json["marks"].items();
  limit.marks = {marks[0].integer(), marks[1].integer(), marks[2].integer()};
  if (!limit.asserted) {
    const auto kind = calendar::parse_kind(json["kind"].text());
    QIPAN_ASSERT(kind.has_value());
    limit.amount = {*kind, json["amount"].integer()};
    limit.calendar = json["calendar"].text();
    limit.calendar_version = json["calendar_version"].integer();
  }
  if (json["pauses"].is_array()) {
    const auto& list = json["pauses"].items();
    for (std::size_t i = 0; i + 1 < list.size(); i += 2)
      limit.pauses.push_back({list[i].integer(), list[i + 1].integer()});
  }
  if (json["stopped"].is_integer()) limit.stopped = json["stopped"].integer();
  return limit;
}

std::optional<Instant> LimitState::next_mark() const {
  if (!running() || level >= 3) return std::nullopt;
  return level == 0 ? marks.at_80 : (level == 1 ? marks.at_100 : marks.at_300);
}

LimitState start_limit(std::string name, bool main, calendar::Amount amount,
                       const calendar::Calendar& calendar, Instant at) {
  LimitState limit;
  limit.name = std::move(name);
  limit.main = main;
  limit.amount = amount;
  limit.calendar = calendar.name();
  limit.calendar_version = calendar.version();
  limit.basis = at;
  limit.since = at;
  set_deadline(limit, &calendar);
  return limit;
}

LimitState assert_limit(std::string name, bool main, Instant at, Instant due) {
  LimitState limit;
  limit.name = std::move(name);
  limit.main = main;
  limit.asserted = true;
  limit.basis = at;
  limit.since = at;
  limit.due = due;
  set_marks(limit, nullptr);
  return limit;
}

void mark(LimitState& limit, Instant at) {
  set_level(limit, at);
}

void stop(LimitState& limit, Instant at) {
  if (!limit.running()) return;
  limit.missed = limit.missed || at > limit.due;
  limit.stopped = at;
}

void resume(LimitState& limit, const calendar::Calendar* calendar, Instant at) {
  if (limit.running()) return;
  limit.pauses.push_back({*limit.stopped, at});
  limit.stopped.reset();
  limit.since = at;
  if (limit.asserted) return;
  set_deadline(limit, calendar);
}

Result<void> extend(LimitState& limit, const calendar::Calendar* calendar, const calendar::Amount& more,
                    Instant at) {
  if (limit.asserted || calendar == nullptr || more.kind != limit.amount.kind) {
    return invalid("extension-kind", "extension", calendar::name_of(more.kind),
                   limit.asserted ? "a limit of this district's own"
                                  : "the limit's own kind of time, " +
                                        std::string(calendar::name_of(limit.amount.kind)));
  }
  limit.amount.count += more.count;
  const std::int64_t most =
      calendar::counts_days(more.kind) ? calendar::amount_days_max : calendar::amount_minutes_max;
  if (limit.amount.count > most)
    return invalid("extension-too-long", "extension", std::to_string(more.count),
                   "a limit that stays within its kind's maximum");
  set_deadline(limit, calendar);
  // The lamp goes back only as far as the new deadline says.
  set_level(limit, at);
  return {};
}

void recompute(LimitState& limit, const calendar::Calendar& calendar, Instant at) {
  limit.calendar_version = calendar.version();
  set_deadline(limit, &calendar);
  const Instant until = limit.stopped.value_or(at);
  limit.missed = until > limit.due;
  set_level(limit, until);
}

}  // namespace qipan::cases
