#include "cmd/demo_player.hpp"

#include <algorithm>

#include "cases/row.hpp"
#include "cmd/demo_rates.hpp"
#include "units/queries.hpp"

namespace qipan::cmd {

using board::Command;

namespace {

constexpr std::int64_t minute = 60 * microseconds_per_second;
constexpr std::int64_t rain_every = 9;
/// Of demo_classes: drains, ponded water, broken roads.
constexpr std::array<std::size_t, 3> rain_classes = {8, 17, 9};
constexpr const char* air_causes[] = {"traffic", "construction", "weather", "industry", "burning"};

Command command(std::string kind, std::string actor) {
  Command made;
  made.kind = std::move(kind);
  made.actor = std::move(actor);
  return made;
}

std::string person(Database& reader, const std::string& login) {
  auto statement = reader.prepare("SELECT id FROM unit_people WHERE login=?");
  statement.bind(login);
  return statement.step() ? "person:" + std::to_string(statement.integer(0)) : "operator";
}

/// Somebody with the post of handler at the responsible unit or the nearest one above it.
std::string handler_of(Database& reader, UnitId unit) {
  auto statement = reader.prepare(
      "WITH RECURSIVE above(id, depth) AS (SELECT ?, 0 UNION ALL SELECT u.parent, depth+1 FROM above JOIN "
      "unit_units u ON u.id=above.id WHERE u.parent IS NOT NULL) "
      "SELECT p.person FROM above JOIN unit_posts p ON p.unit=above.id AND p.role='handler' ORDER BY depth, "
      "p.person LIMIT 1");
  statement.bind(unit.value);
  return statement.step() ? "person:" + std::to_string(statement.integer(0)) : "operator";
}

}  // namespace

template <std::size_t Size>
std::size_t DemoPlayer::pick(const std::array<int, Size>& weights) {
  int sum = 0;
  for (const int weight : weights) sum += weight;
  auto left = static_cast<int>(random_() % static_cast<std::uint64_t>(sum));
  for (std::size_t i = 0; i < Size; ++i) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return Size - 1;
}

std::int64_t DemoPlayer::minutes_between(int low, int high) {
  return (low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1))) * minute +
         static_cast<std::int64_t>(random_() % minute);
}

double DemoPlayer::handling_share() {
  const double place = static_cast<double>(random_() % 20'000) / 1'000.0;
  const auto low = static_cast<std::size_t>(place);
  const double from = handling_shares[low];
  return (from + (handling_shares[low + 1] - from) * (place - static_cast<double>(low))) / 1'000.0;
}

void DemoPlayer::add(Instant at, Do what, std::int64_t id, std::size_t kind) {
  events_.push({at, order_++, what, id, kind});
}

void DemoPlayer::plan(Instant from, Instant to) {
  const double mean_weight = 1'000.0 / 7;
  for (Instant day = (from + china_offset) / microseconds_per_day * microseconds_per_day - china_offset;
       day < to; day += microseconds_per_day) {
    const auto weekday = static_cast<std::size_t>(((day + china_offset) / microseconds_per_day + 3) % 7);
    const auto count = static_cast<int>(reports_a_day_ * weekday_weights[weekday] / mean_weight);
    for (int i = 0; i < count; ++i) {
      const auto hour = static_cast<std::int64_t>(pick(hour_weights));
      const Instant at = day + hour * 60 * minute + static_cast<std::int64_t>(random_() % (60 * minute));
      if (at >= from && at < to) add(at, Do::report, 0, pick(class_weights));
    }
    // Every ninth day it rains, and drains and roads are told of.
    const std::int64_t number = (day + china_offset) / microseconds_per_day;
    if (number % rain_every != 0) continue;
    for (int i = 0; i < count / 4; ++i) {
      const Instant at = day + static_cast<std::int64_t>(random_() % (24 * 60 * minute));
      if (at >= from && at < to) add(at, Do::report, 0, rain_classes[random_() % rain_classes.size()]);
    }
  }
}

void DemoPlayer::plan_air(DemoAir air, Instant from, Instant to) {
  air_ = std::move(air);
  hours_ = air_->hours(from, to);
  for (std::size_t i = 0; i < hours_.size(); ++i) add(hours_[i].at, Do::observe, 0, i);
}

std::optional<Instant> DemoPlayer::next() const {
  return events_.empty() ? std::nullopt : std::optional(events_.top().at);
}

board::Outcome DemoPlayer::send(const Decide& decide, Command made, Instant at, bool assert_time) {
  if (assert_time) made.at = at;
  auto outcome = decide(std::move(made));
  refused_ += outcome ? 0 : 1;
  return outcome;
}

void DemoPlayer::took(const std::string& stage, std::int64_t id, Instant at) {
  const auto known = last_step_.find(id);
  if (known != last_step_.end()) stages_[stage].push_back((at - known->second) / microseconds_per_second);
  last_step_[id] = at;
}

std::optional<geo::Point> DemoPlayer::somewhere(Database& reader) {
  constexpr std::uint64_t busy = 12;
  constexpr std::int64_t parts = 1'000;
  if (!grids_) {
    grids_.emplace();
    units::each_outline(reader, "grid", [this](const units::Outline& outline) {
      const auto polygon = geo::polygon_from_json(outline.rings);
      if (polygon && !polygon->empty() && polygon->front().size() > 2) grids_->push_back(polygon->front());
    });
  }
  if (grids_->empty()) return std::nullopt;
  const std::uint64_t chosen = random_() % 4 == 0 ? (random_() % busy) * 41 : random_();
  const geo::Ring& ring = (*grids_)[chosen % grids_->size()];
  const std::size_t at = random_() % ring.size();
  const geo::Point& from = ring[at];
  const geo::Point& to = ring[(at + 1) % ring.size()];
  const auto part = static_cast<std::int64_t>(random_() % parts);
  const auto between = [part](std::int64_t a, std::int64_t b) { return a + (b - a) * part / parts; };
  return geo::Point{static_cast<std::int32_t>(between(from.x, to.x)),
                    static_cast<std::int32_t>(between(from.y, to.y))};
}

void DemoPlayer::report(const Event& event, Database& reader, const Decide& decide, bool assert_time) {
  const DemoClass& what = demo_classes[event.kind];
  Command made = command("case.create", "anonymous");
  made.body.set("type", "grid_event").set("source", random_() % 3 == 0 ? "worker" : "resident");
  const auto point =
      static_cast<int>(random_() % 1'000) >= placeless_per_thousand ? somewhere(reader) : std::nullopt;
  const DemoPlaces::Near near = point ? places_.near(*point) : DemoPlaces::Near();
  made.body.set("fields", Json::object()
                              .set("description", demo_wording(what.description, near, random_()))
                              .set("condition", what.condition));
  if (random_() % 10 < 7) made.body.set("class", what.code);
  if (point) made.body.set("x", point->x).set("y", point->y);
  if (!near.road.empty())
    made.body.set("place", near.road + (near.landmark.empty() ? "" : "近" + near.landmark));
  const auto outcome = send(decide, std::move(made), event.at, assert_time);
  const auto answer = outcome ? parse_json(outcome->answer) : Result<Json>(Json());
  if (!outcome || !answer) return;
  const std::int64_t id = answer->integer_or("case", 0);
  last_step_[id] = event.at;
  add(event.at + minutes_between(2, random_() % 12 == 0 ? 150 : 45), Do::dispatch, id, event.kind);
}

void DemoPlayer::dispatch(const Event& event, Database& reader, const Decide& decide, bool assert_time) {
  const std::string leader = person(reader, "leader");
  const auto chance = static_cast<int>(random_() % 1'000);
  Command made = command("case.transition", leader);
  made.body.set("id", event.id);
  if (chance < duplicates_per_thousand && event.id > 1) {
    made.body.set("transition", "merge").set("parent", event.id - 1);
    if (send(decide, made, event.at, assert_time)) return;
    --refused_;  // the one before was merged itself: this one goes its way
  } else if (chance < duplicates_per_thousand + 15) {
    made.body.set("transition", "withdraw").set("comment", "现场核实无此情况");
    std::ignore = send(decide, std::move(made), event.at, assert_time);
    return;
  }
  made.body.set("transition", "file_and_dispatch").set("class", demo_classes[event.kind].code);
  if (send(decide, std::move(made), event.at, assert_time)) {
    took("dispatch", event.id, event.at);
    add(event.at + minutes_between(3, 90), Do::accept, event.id, event.kind);
  }
}

void DemoPlayer::handle(const Event& event, Database& reader, const Decide& decide, bool assert_time) {
  const auto row = cases::find_case(reader, {event.id});
  if (!row) return;
  Command made = command("case.transition", handler_of(reader, row->responsible));
  made.body.set("id", event.id);
  if (event.what == Do::accept) {
    made.body.set("transition", "accept");
    if (!send(decide, std::move(made), event.at, assert_time)) return;
    took("accept", event.id, event.at);
    const double allowed =
        static_cast<double>(std::max<Instant>(30 * minute, row->due.value_or(event.at) - event.at));
    add(event.at + minutes_between(5, 30) + static_cast<Instant>(allowed * handling_share()), Do::resolve,
        event.id, event.kind);
    return;
  }
  Json fields = Json::object().set("result", "已处理完毕，恢复正常");
  if (row->type == "air_excess") fields.set("cause", air_causes[random_() % std::size(air_causes)]);
  made.body.set("transition", "resolve").set("fields", std::move(fields));
  if (!send(decide, std::move(made), event.at, assert_time)) return;
  took("resolve", event.id, event.at);
  add(event.at + minutes_between(10, 300), Do::check, event.id, event.kind);
}

void DemoPlayer::check(const Event& event, Database& reader, const Decide& decide, bool assert_time) {
  Command made = command("case.transition", person(reader, "leader"));
  made.body.set("id", event.id);
  if (random_() % 25 == 0) {
    made.body.set("transition", "rework").set("comment", "核查发现未处理到位");
    if (send(decide, std::move(made), event.at, assert_time))
      add(event.at + minutes_between(30, 400), Do::resolve, event.id, event.kind);
    return;
  }
  made.body.set("transition", "close");
  const auto row = cases::find_case(reader, {event.id});
  if (row && row->type == "grid_event")
    made.body.set("fields", Json::object().set("satisfaction", static_cast<std::int64_t>(3 + random_() % 3)));
  if (send(decide, std::move(made), event.at, assert_time)) took("close", event.id, event.at);
}

void DemoPlayer::observe(const Event& event, Database& reader, const Decide& decide, bool assert_time) {
  Command made = air_->command(reader, hours_[event.kind]);
  if (made.block.empty()) return;
  const auto outcome = send(decide, std::move(made), event.at, assert_time);
  if (!outcome) return;
  // Alarms of what was measured, and of stations that have been silent since.
  auto alarms = reader.prepare("SELECT id FROM sensing_alarms WHERE id>? AND state<>'pending' ORDER BY id");
  alarms.bind(last_alarm_);
  while (alarms.step()) {
    last_alarm_ = alarms.integer(0);
    add(event.at + minutes_between(3, 50), Do::acknowledge, last_alarm_, 0);
  }
  // The cases that they became: dispatched already, so the department is next.
  auto statement = reader.prepare("SELECT id FROM case_cases WHERE source='alarm' AND id>? ORDER BY id");
  statement.bind(last_alarm_case_);
  while (statement.step()) {
    last_alarm_case_ = statement.integer(0);
    last_step_[last_alarm_case_] = event.at;
    add(event.at + minutes_between(5, 60), Do::accept, last_alarm_case_, 0);
  }
}

void DemoPlayer::acknowledge(const Event& event, Database& reader, const Decide& decide, bool assert_time) {
  Command made = command("sensing.acknowledge", person(reader, "leader"));
  made.body.set("id", event.id);
  std::ignore = send(decide, std::move(made), event.at, assert_time);
}

void DemoPlayer::step(Database& reader, const Decide& decide, bool assert_time) {
  const Event event = events_.top();
  events_.pop();
  switch (event.what) {
    case Do::report:
      return report(event, reader, decide, assert_time);
    case Do::dispatch:
      return dispatch(event, reader, decide, assert_time);
    case Do::accept:
    case Do::resolve:
      return handle(event, reader, decide, assert_time);
    case Do::check:
      return check(event, reader, decide, assert_time);
    case Do::observe:
      return observe(event, reader, decide, assert_time);
    case Do::acknowledge:
      return acknowledge(event, reader, decide, assert_time);
  }
}

}  // namespace qipan::cmd
