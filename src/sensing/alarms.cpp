#include <algorithm>

#include "board/directory.hpp"
#include "sensing/steps.hpp"

namespace qipan::sensing {

using board::Decision;

namespace {

/// What a limit compares, and the value that is told: in steps, or in thousandths of steps of a mean.
struct Look {
  Metric metric;
  std::int64_t told = 0;
};

Look look_at(const Stream& stream, const Limit& limit, const Sample& sample) {
  if (limit.mean_hours == 0) return {{true, sample.value * 1'000, 1}, sample.value};
  const Hours::Mean mean = stream.hours->mean(limit.mean_hours);
  if (mean.hours == 0 || mean.hours < limit.valid_hours) return {};
  return {{true, mean.thousandths, mean.hours}, mean.thousandths / mean.hours};
}

/// Whether the same value has stood for longer than anything that is measured does.
bool is_flat(const Stream& stream, const Limit& limit, const Sample& sample) {
  if (!stream.same_since || stream.same_since->value != sample.value) return false;
  if (sample.time - stream.same_since->time < limit.flat_minutes * 60 * microseconds_per_second) return false;
  bool rounded = false;
  return !limit.flat_allows || to_steps(*limit.flat_allows, stream.decimals, rounded) != sample.value;
}

std::string value_text(const Stream& stream, const StreamLimit& one, std::int64_t value) {
  return steps_text(value, stream.decimals + (one.limit->mean_hours > 0 ? 3 : 0));
}

Json raised_body(const AlarmChange& change) {
  const Stream& stream = *change.stream;
  const Limit& limit = *change.limit->limit;
  Json body = Json::object();
  body.set("stream", stream.id.value).set("limit", limit.name).set("since", change.limit->since);
  body.set("time", change.time).set("grade", limit.grade).set("unit", stream.unit.value);
  const StreamBound* bound = limit.compares() ? change.limit->at(change.time) : nullptr;
  if (limit.side != Limit::Side::silent) body.set("value", value_text(stream, *change.limit, change.value));
  if (bound != nullptr) {
    body.set("threshold", steps_text(bound->threshold, stream.decimals + 3));
    if (limit.mean_hours > 0) body.set("mean_hours", limit.mean_hours);
  }
  // The clause by which it was judged: tables change, and the alarm keeps what held at its time.
  body.set("source", bound != nullptr ? bound->bound->source : limit.source);
  if (limit.case_type.empty()) return body;
  // All that the case needs stands here, so that the reaction reads nothing.
  Json report = Json::object();
  report.set("type", limit.case_type).set("class", limit.case_class);
  if (stream.x) report.set("x", *stream.x).set("y", *stream.y);
  report.set("place", stream.thing.zh.empty() ? stream.code : stream.thing.zh);
  report.set("signal", "stream:" + std::to_string(stream.id.value) + "/" + limit.name);
  Json fields = Json::object();
  fields.set("stream", stream.code).set("limit", limit.name).set("grade", limit.grade);
  const std::string what = stream.title.zh + " " + limit.title.zh;
  if (bound == nullptr) {
    fields.set("description", what);
  } else {
    const bool reached = bound->bound->reached;
    const std::string side =
        limit.side == Limit::Side::above ? (reached ? " ≥ " : " > ") : (reached ? " ≤ " : " < ");
    fields.set("description", what + "：" + body["value"].text() + side + body["threshold"].text() + " " +
                                  stream.unit_symbol);
    fields.set("value", body["value"]).set("threshold", body["threshold"]);
  }
  return body.set("case", report.set("fields", std::move(fields)));
}

}  // namespace

void judge(Stream& stream, const Sample& sample, std::vector<AlarmChange>& changes, bool& more) {
  for (StreamLimit& one : stream.limits) {
    const Limit& limit = *one.limit;
    if (limit.side == Limit::Side::silent) continue;
    const bool flat = limit.side == Limit::Side::flat;
    const Look look = flat ? Look{{true, 0, 1}, sample.value} : look_at(stream, limit, sample);
    if (!look.metric.known) continue;
    const bool over = flat ? is_flat(stream, limit, sample) : one.is_over(look.metric, sample.time);
    AlarmChange change{AlarmChange::Kind::raised, &stream, &one, sample.time, look.told};
    const Instant minimum = limit.minimum_minutes * 60 * microseconds_per_second;
    if (one.state == AlarmState::active) {
      if (over || (!flat && one.goes_on(look.metric, sample.time))) continue;
      change.kind = AlarmChange::Kind::cleared;
    } else if (one.state == AlarmState::pending) {
      if (over && sample.time - one.since < minimum) continue;
      change.kind = over ? AlarmChange::Kind::raised : AlarmChange::Kind::dropped;
    } else {
      if (!over) continue;
      change.kind = minimum > 0 ? AlarmChange::Kind::pending : AlarmChange::Kind::raised;
    }
    if (changes.size() >= alarms_a_command_max) {
      more = true;
      continue;
    }
    if (one.state == AlarmState::none) one.since = flat ? stream.same_since->time : sample.time;
    one.state = change.kind == AlarmChange::Kind::raised    ? AlarmState::active
                : change.kind == AlarmChange::Kind::pending ? AlarmState::pending
                                                            : AlarmState::none;
    changes.push_back(change);
  }
}

namespace {

/// Ends the active alarms of the limits that `ends` picks.
template <class Ends>
void clear_where(Ends ends, Stream& stream, Instant time, std::int64_t value,
                 std::vector<AlarmChange>& changes, bool& more) {
  for (StreamLimit& one : stream.limits) {
    if (one.state != AlarmState::active || !ends(*one.limit)) continue;
    if (changes.size() >= alarms_a_command_max) {
      more = true;
      continue;
    }
    one.state = AlarmState::none;
    changes.push_back({AlarmChange::Kind::cleared, &stream, &one, time, value});
  }
}

}  // namespace

void hear(Stream& stream, Instant time, std::vector<AlarmChange>& changes, bool& more) {
  clear_where([](const Limit& limit) { return limit.side == Limit::Side::silent; }, stream, time, 0, changes,
              more);
}

void withdraw(Stream& stream, Instant time, std::vector<AlarmChange>& changes, bool& more) {
  clear_where([](const Limit& limit) { return limit.compares() && limit.mean_hours == 0; }, stream, time,
              stream.judged->value, changes, more);
}

void record_alarms(Decision& decision, const std::vector<AlarmChange>& changes, Json& raised) {
  if (changes.empty()) return;
  std::int64_t next = decision.database().integer("SELECT coalesce(max(id),0)+1 FROM sensing_alarms", 1);
  for (const AlarmChange& change : changes) {
    StreamLimit& one = *change.limit;
    if (!one.alarm) one.alarm = {next++};
    const std::string subject = board::subject_of("alarm", one.alarm.value);
    Json body = Json::object();
    body.set("stream", change.stream->id.value).set("limit", one.limit->name).set("time", change.time);
    switch (change.kind) {
      case AlarmChange::Kind::pending:
        decision.record("sensing.alarm_pending", subject, body.set("unit", change.stream->unit.value));
        break;
      case AlarmChange::Kind::raised:
        raised.push(one.alarm.value);
        decision.record("sensing.alarm_raised", subject, raised_body(change));
        break;
      case AlarmChange::Kind::dropped:
        decision.record("sensing.alarm_dropped", subject, std::move(body));
        one.alarm = {};
        break;
      case AlarmChange::Kind::cleared:
        if (one.limit->side != Limit::Side::silent)
          body.set("value", value_text(*change.stream, one, change.value));
        if (!one.limit->case_type.empty())
          body.set("signal", "stream:" + std::to_string(change.stream->id.value) + "/" + one.limit->name);
        decision.record("sensing.alarm_cleared", subject, std::move(body));
        one.alarm = {};
        break;
    }
  }
}

Result<void> decide_acknowledge(Decision& decision) {
  const auto scope = decision.directory().scope(decision.actor(), "acknowledge", "alarm");
  const std::int64_t id = decision.body().integer_or("id", 0);
  auto statement = decision.database().prepare(
      "SELECT unit, acknowledged, state FROM sensing_alarms WHERE id=? AND state<>'pending'");
  statement.bind(id);
  // Whether there is one is told to nobody else.
  if (!statement.step() || !scope.has({statement.integer(0)})) {
    return refuse({Problem::Kind::not_found, "alarm-unknown", "id", std::to_string(id),
                   "the number of an alarm that you may acknowledge", "see GET /api/v1/alarms"});
  }
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "acknowledge", "alarm", {statement.integer(0)}));
  if (statement.integer(1) != 0) {
    return refuse({Problem::Kind::conflict, "alarm-acknowledged", "id", std::to_string(id),
                   "an alarm that nobody acknowledged yet", "nothing is left to do"});
  }
  Json body = Json::object();
  body.set("person", decision.directory().person_of(decision.actor()).value);
  if (decision.body().has("comment")) body.set("comment", decision.body()["comment"]);
  decision.record("sensing.alarm_acknowledged", board::subject_of("alarm", id), std::move(body));
  return {};
}

std::optional<Instant> next_silence(Streams& streams) {
  std::optional<Instant> next;
  for (const Stream& stream : streams.all()) {
    if (stream.retired || stream.silence == 0 || stream.heard == 0) continue;
    bool silent = true;
    for (const StreamLimit& one : stream.limits) {
      if (one.limit->side == Limit::Side::silent) silent = one.state == AlarmState::active;
    }
    const Instant due = stream.heard + stream.silence;
    if (!silent && (!next || due < *next)) next = due;
  }
  return next;
}

Result<void> decide_tick(Decision& decision, Streams& streams) {
  streams.refresh(decision.database());
  streams.touch();
  std::vector<AlarmChange> changes;
  bool more = false;
  for (Stream& stream : streams.all()) {
    if (stream.retired) continue;
    // What an overfull command left: looked at again as it stands now.
    if (stream.judged && is_valid(*stream.judged)) judge(stream, *stream.judged, changes, more);
    if (stream.silence == 0 || stream.heard == 0) continue;
    // Heard again, in a command that had too many to tell of.
    const bool again = std::any_of(stream.limits.begin(), stream.limits.end(), [&](const StreamLimit& one) {
      return one.limit->side == Limit::Side::silent && one.state == AlarmState::active &&
             stream.heard > one.since;
    });
    if (again) hear(stream, decision.at(), changes, more);
    if (stream.heard + stream.silence > decision.at()) continue;
    for (StreamLimit& one : stream.limits) {
      if (one.limit->side != Limit::Side::silent || one.state != AlarmState::none) continue;
      if (changes.size() >= alarms_a_command_max) {
        more = true;
        break;
      }
      one.state = AlarmState::active;
      one.since = stream.heard;
      changes.push_back({AlarmChange::Kind::raised, &stream, &one, decision.at(), 0});
    }
  }
  Json raised = Json::array();
  record_alarms(decision, changes, raised);
  const std::optional<Instant> next = more ? std::optional(decision.at()) : next_silence(streams);
  streams.kept(decision.record("sensing.watched", "sensing:0",
                               Json::object().set("timer", next ? Json(*next) : Json())));
  return {};
}

}  // namespace qipan::sensing
