#include "sensing/queries.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "sensing/declaration.hpp"
#include "sensing/streams.hpp"

namespace qipan::sensing {

bool keeps_entries_of(std::string_view register_kind) {
  return register_kind == "thing" || register_kind == "datastream";
}

namespace {

std::vector<Sample> decoded(std::string_view bytes) {
  auto samples = decode_samples(bytes);
  QIPAN_ASSERT(samples.has_value());
  return std::move(*samples);
}

/// Calls `visit(stream, sample, at)` for what is not yet in chunks, in order of arrival.
template <class Visit>
void each_in_tail(Database& reader, Visit visit) {
  auto tail = reader.prepare("SELECT at, block FROM sensing_tail ORDER BY position");
  while (tail.step()) {
    const auto shown = each_in_block(tail.blob(1), [&](StreamId stream, std::span<const Sample> samples) {
      for (const Sample& sample : samples) visit(stream, sample, tail.integer(0));
    });
    QIPAN_ASSERT(shown.has_value());
  }
}

Instant begin_of(Instant time, std::int64_t length, std::int64_t offset) {
  const Instant shifted = time + offset;
  std::int64_t index = shifted / length;
  if (shifted < 0 && shifted % length != 0) --index;
  return index * length - offset;
}

void add_sample(Aggregate& aggregate, const Sample& sample) {
  if (!is_valid(sample)) return;
  aggregate.low = aggregate.count == 0 ? sample.value : std::min(aggregate.low, sample.value);
  aggregate.high = aggregate.count == 0 ? sample.value : std::max(aggregate.high, sample.value);
  aggregate.sum += sample.value;
  ++aggregate.count;
}

void append_ids(std::string& json, const std::vector<UnitId>& units) {
  for (const UnitId unit : units) json += (json.size() > 1 ? "," : "") + std::to_string(unit.value);
}

std::string scope_json(const board::Scope& scope) {
  std::string json = "[";
  append_ids(json, scope.units);
  return json + "]";
}

StreamRow stream_row(const Statement& statement) {
  StreamRow row;
  row.id = {statement.integer(0)};
  row.code = statement.text(1);
  row.title_zh = statement.text(2);
  row.title_en = statement.text(3);
  row.property = statement.text(4);
  row.kind = statement.text(5);
  row.decimals = static_cast<int>(statement.integer(6));
  row.unit_symbol = statement.text(7);
  row.thing = statement.text(8);
  row.thing_zh = statement.text(9);
  row.thing_en = statement.text(10);
  row.unit = {statement.integer(11)};
  if (!statement.is_null(12)) row.x = statement.integer(12);
  if (!statement.is_null(13)) row.y = statement.integer(13);
  if (!statement.is_null(14)) {
    row.newest = Sample{statement.integer(14), statement.integer(15),
                        static_cast<std::uint8_t>(statement.integer(16))};
    row.heard = statement.integer(17);
  }
  row.area_class = statement.text(18);
  return row;
}

constexpr std::string_view stream_columns =
    "SELECT s.id, s.code, s.title_zh, s.title_en, s.property, s.kind, s.decimals, s.unit_symbol, s.thing, "
    "coalesce(t.title_zh,''), coalesce(t.title_en,''), coalesce(t.unit,s.unit), t.x, t.y, l.time, l.value, "
    "l.flags, l.at, coalesce(t.area_class,'') "
    "FROM sensing_streams s LEFT JOIN sensing_things t ON t.code=s.thing AND t.retired=0 LEFT JOIN "
    "sensing_latest l ON "
    "l.stream=s.id ";

void take_newer(StreamRow& row, const Sample& sample, Instant at) {
  if (!row.newest || sample.time >= row.newest->time) row.newest = sample;
  row.heard = std::max(row.heard.value_or(at), at);
}

}  // namespace

std::vector<Sample> series_of(Database& reader, StreamId stream, Instant from, Instant to, std::size_t most) {
  std::map<Instant, Sample> by_time;
  const auto take = [&](const Sample& sample) {
    if (sample.time < from || sample.time >= to) return;
    by_time[sample.time] = sample;
    if (by_time.size() > most) by_time.erase(std::prev(by_time.end()));
  };
  {
    auto chunks = reader.prepare(
        "SELECT samples FROM sensing_chunks WHERE stream=? AND first<? AND last>=? ORDER BY first");
    chunks.bind(stream.value).bind(to).bind(from);
    while (by_time.size() < most && chunks.step()) {
      for (const Sample& sample : decoded(chunks.blob(0))) take(sample);
    }
  }
  each_in_tail(reader, [&](StreamId id, const Sample& sample, Instant) {
    if (id == stream) take(sample);
  });
  std::vector<Sample> samples;
  samples.reserve(by_time.size());
  for (const auto& [time, sample] : by_time) samples.push_back(sample);
  return samples;
}

std::vector<Aggregate> hours_of(Database& reader, StreamId stream, Instant from, Instant to) {
  std::map<Instant, Aggregate> hours;
  {
    auto statement = reader.prepare(
        "SELECT hour, count, sum, low, high FROM sensing_hours WHERE stream=? AND hour>=? AND hour<? ORDER "
        "BY hour");
    statement.bind(stream.value)
        .bind(begin_of(from, microseconds_per_hour, 0) / microseconds_per_hour)
        .bind((begin_of(to - 1, microseconds_per_hour, 0) / microseconds_per_hour) + 1);
    while (statement.step()) {
      const Instant begin = statement.integer(0) * microseconds_per_hour;
      hours[begin] = {begin, statement.integer(1), statement.integer(2), statement.integer(3),
                      statement.integer(4)};
    }
  }
  // Hours that newer values touch are summed anew, as these may correct older ones.
  std::map<Instant, bool> touched;
  each_in_tail(reader, [&](StreamId id, const Sample& sample, Instant) {
    if (id == stream && sample.time >= begin_of(from, microseconds_per_hour, 0) && sample.time < to)
      touched[begin_of(sample.time, microseconds_per_hour, 0)] = true;
  });
  if (!touched.empty()) {
    for (const auto& [begin, yes] : touched) hours[begin] = {begin};
    for (const Sample& sample : series_of(reader, stream, touched.begin()->first,
                                          touched.rbegin()->first + microseconds_per_hour, 1'000'000)) {
      const Instant begin = begin_of(sample.time, microseconds_per_hour, 0);
      if (touched.contains(begin)) add_sample(hours[begin], sample);
    }
  }
  std::vector<Aggregate> list;
  for (const auto& [begin, aggregate] : hours) {
    if (aggregate.count > 0) list.push_back(aggregate);
  }
  return list;
}

std::vector<Aggregate> days_of(Database& reader, StreamId stream, Instant from, Instant to,
                               std::int64_t offset) {
  std::vector<Aggregate> days;
  for (const Aggregate& hour : hours_of(reader, stream, from, to)) {
    const Instant begin = begin_of(hour.begin, microseconds_per_day, offset);
    if (days.empty() || days.back().begin != begin) days.push_back({begin, 0, 0, hour.low, hour.high});
    Aggregate& day = days.back();
    day.low = std::min(day.low, hour.low);
    day.high = std::max(day.high, hour.high);
    day.count += hour.count;
    day.sum += hour.sum;
    ++day.hours;
    day.hour_means += mean_thousandths(hour.sum, hour.count);
  }
  return days;
}

std::vector<StreamRow> list_streams(Database& reader, const StreamFilter& filter, const board::Scope& scope) {
  std::vector<StreamRow> rows;
  {
    auto statement = reader.prepare(
        std::string(stream_columns) +
        "WHERE s.retired=0 AND s.id>?1 AND (?2='' OR s.thing=?2) AND (?3='' OR s.property=?3) AND (?4=1 OR "
        "coalesce(t.unit,s.unit) IN (SELECT value FROM json_each(?5))) AND (?7='[]' OR s.id IN (SELECT value "
        "FROM json_each(?7))) ORDER BY s.id LIMIT ?6");
    statement.bind(filter.after).bind(filter.thing).bind(filter.property);
    statement.bind(scope.all ? 1 : 0).bind(scope_json(scope)).bind(filter.limit);
    std::string only = "[";
    for (const StreamId id : filter.only) only += (only.size() > 1 ? "," : "") + std::to_string(id.value);
    statement.bind(only + "]");
    while (statement.step()) rows.push_back(stream_row(statement));
  }
  each_in_tail(reader, [&](StreamId id, const Sample& sample, Instant at) {
    const auto found = std::lower_bound(
        rows.begin(), rows.end(), id, [](const StreamRow& row, StreamId wanted) { return row.id < wanted; });
    if (found != rows.end() && found->id == id) take_newer(*found, sample, at);
  });
  return rows;
}

std::optional<StreamRow> find_stream_alone(Database& reader, StreamId id) {
  auto statement = reader.prepare(std::string(stream_columns) + "WHERE s.id=?");
  statement.bind(id.value);
  return statement.step() ? std::optional(stream_row(statement)) : std::nullopt;
}

std::optional<StreamRow> find_stream(Database& reader, StreamId id) {
  auto row = find_stream_alone(reader, id);
  if (!row) return row;
  each_in_tail(reader, [&](StreamId other, const Sample& sample, Instant at) {
    if (other == id) take_newer(*row, sample, at);
  });
  return row;
}

std::vector<std::string> categories_of(Database& reader, StreamId id) {
  std::vector<std::string> list;
  auto statement = reader.prepare("SELECT text FROM sensing_categories WHERE stream=? ORDER BY number");
  statement.bind(id.value);
  while (statement.step()) list.emplace_back(statement.text(0));
  return list;
}

std::vector<AlarmRow> list_alarms(Database& reader, const AlarmFilter& filter, const board::Scope& scope) {
  auto statement = reader.prepare(
      "SELECT id, stream, limit_name, state, since, raised, cleared, value, threshold, grade, unit, "
      "acknowledged, "
      "acknowledged_at, position, source FROM sensing_alarms WHERE state<>'pending' AND (?1=0 OR id<?1) AND "
      "(?2=-1 "
      "OR "
      "(state='active')=?2) AND (?3=-1 OR (acknowledged_at IS NOT NULL)=?3) AND (?4=0 OR stream=?4) AND "
      "(?5=1 OR unit IN "
      "(SELECT value FROM json_each(?6))) ORDER BY id DESC LIMIT ?7");
  const auto flag = [](const std::optional<bool>& value) { return value ? (*value ? 1 : 0) : -1; };
  statement.bind(filter.before).bind(flag(filter.active)).bind(flag(filter.acknowledged));
  statement.bind(filter.stream ? filter.stream->value : 0).bind(scope.all ? 1 : 0).bind(scope_json(scope));
  statement.bind(filter.limit);
  std::vector<AlarmRow> rows;
  while (statement.step()) {
    AlarmRow row;
    row.id = {statement.integer(0)};
    row.stream = {statement.integer(1)};
    row.limit = statement.text(2);
    row.state = statement.text(3);
    row.since = statement.integer(4);
    row.raised = statement.integer(5);
    if (!statement.is_null(6)) row.cleared = statement.integer(6);
    row.value = statement.text(7);
    row.threshold = statement.text(8);
    row.grade = statement.integer(9);
    row.unit = {statement.integer(10)};
    row.acknowledged = {statement.integer(11)};
    if (!statement.is_null(12)) row.acknowledged_at = statement.integer(12);
    row.position = static_cast<Position>(statement.integer(13));
    row.source = statement.text(14);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<Title> title_of_stream(Database& reader, StreamId id) {
  auto statement = reader.prepare("SELECT title_zh, title_en FROM sensing_streams WHERE id=?");
  statement.bind(id.value);
  if (!statement.step()) return std::nullopt;
  return Title{std::string(statement.text(0)), std::string(statement.text(1))};
}

std::optional<StreamId> find_stream_by_code(Database& reader, std::string_view code) {
  auto statement = reader.prepare("SELECT id FROM sensing_streams WHERE code=? AND retired=0");
  statement.bind(code);
  return statement.step() ? std::optional(StreamId{statement.integer(0)}) : std::nullopt;
}

std::vector<Limit> list_limits(Database& reader) {
  std::vector<Limit> limits;
  auto statement = reader.prepare("SELECT body FROM sensing_limits ORDER BY name");
  while (statement.step()) limits.push_back(limit_from_json(parse_json(statement.text(0)).value_or(Json())));
  return limits;
}

std::optional<Title> title_of_limit(Database& reader, std::string_view name) {
  auto statement = reader.prepare("SELECT body FROM sensing_limits WHERE name=?");
  statement.bind(name);
  if (!statement.step()) return std::nullopt;
  return limit_from_json(parse_json(statement.text(0)).value_or(Json())).title;
}

}  // namespace qipan::sensing
