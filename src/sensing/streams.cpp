#include "sensing/streams.hpp"

#include <algorithm>
#include <set>

#include "base/assert.hpp"

namespace qipan::sensing {

namespace {

std::int64_t hour_number(Instant time) {
  const std::int64_t hour = time / microseconds_per_hour;
  return time < 0 && time % microseconds_per_hour != 0 ? hour - 1 : hour;
}

std::optional<std::int64_t> bound_of(const Statement& statement, int column, int decimals) {
  if (statement.is_null(column)) return std::nullopt;
  const auto number = parse_number(statement.text(column));
  bool rounded = false;
  return number ? to_steps(*number, decimals, rounded) : std::nullopt;
}

/// A threshold in thousandths of the stream's steps. One finer than that is cut towards the side where the
/// comparison stays right.
std::int64_t in_thousandths(const Number& number, int decimals, bool downwards) {
  bool rounded = false;
  const auto fine = to_steps(number, decimals + 3, rounded);
  if (!fine) {
    // Larger than a value can be in thousandths: then whole steps are fine enough.
    const auto coarse = to_steps(number, decimals, rounded);
    return coarse ? *coarse * 1'000 : (number.mantissa < 0 ? -value_max : value_max) * 1'000;
  }
  if (!rounded) return *fine;
  bool again = false;
  const auto finer = to_steps(number, decimals + 9, again);
  const auto cut = to_steps({*fine, -decimals - 3, true}, decimals + 9, again);
  if (!finer || !cut) return *fine;
  if (downwards) return *finer < *cut ? *fine - 1 : *fine;
  return *finer > *cut ? *fine + 1 : *fine;
}

/// Whether the sum is on the bad side of `factor` times the bound.
bool is_beyond(const Metric& metric, std::int64_t bound, Limit::Side side, bool reached) {
  const std::int64_t scaled = bound * metric.factor;
  if (side == Limit::Side::above) return reached ? metric.sum >= scaled : metric.sum > scaled;
  return reached ? metric.sum <= scaled : metric.sum < scaled;
}

}  // namespace

StreamLimit stream_limit(std::shared_ptr<const Limit> limit, const Stream& stream) {
  StreamLimit one{std::move(limit), {}, AlarmState::none, {}, 0};
  for (const Bound* bound : one.limit->bounds_for(stream.area_class)) {
    // "Over" is greater than: what is cut off upwards would be let through. "At or over" the other way round.
    const bool downwards = (one.limit->side == Limit::Side::above) != bound->reached;
    one.bounds.push_back({bound, in_thousandths(bound->threshold, stream.decimals, downwards),
                          in_thousandths(bound->clears_at, stream.decimals, downwards)});
  }
  return one;
}

const StreamBound* StreamLimit::at(Instant time) const {
  for (const StreamBound& one : bounds) {
    if (time >= one.bound->from && time < one.bound->until) return &one;
  }
  return nullptr;
}

bool StreamLimit::is_over(const Metric& metric, Instant time) const {
  const StreamBound* bound = at(time);
  return bound != nullptr && is_beyond(metric, bound->threshold, limit->side, bound->bound->reached);
}

bool StreamLimit::goes_on(const Metric& metric, Instant time) const {
  const StreamBound* bound = at(time);
  return bound != nullptr && is_beyond(metric, bound->clears_at, limit->side, bound->bound->reached);
}

std::int64_t mean_thousandths(std::int64_t sum, std::int64_t count) {
  return sum / count * 1'000 + sum % count * 1'000 / count;
}

bool Stream::looks_back() const {
  return change_max.has_value() || std::any_of(limits.begin(), limits.end(), [](const StreamLimit& one) {
           return one.limit->side == Limit::Side::flat;
         });
}

StreamKind stream_kind(std::string_view name) {
  if (name == "count") return StreamKind::count;
  if (name == "truth") return StreamKind::truth;
  if (name == "category") return StreamKind::category;
  return StreamKind::measurement;
}

void Hours::add(const Sample& sample) {
  add(hour_number(sample.time), 1, sample.value);
}

void Hours::add(std::int64_t hour, std::int64_t count, std::int64_t sum) {
  if (hour + 24 <= newest_) return;
  newest_ = std::max(newest_, hour);
  Bucket& bucket = buckets_[static_cast<std::size_t>(((hour % 24) + 24) % 24)];
  if (bucket.hour != hour) bucket = {hour, 0, 0};
  bucket.count += count;
  bucket.sum += sum;
}

Hours::Mean Hours::mean(std::int64_t hours) const {
  Mean mean;
  for (const Bucket& bucket : buckets_) {
    if (bucket.count == 0 || bucket.hour <= newest_ - hours) continue;
    ++mean.hours;
    mean.thousandths += mean_thousandths(bucket.sum, bucket.count);
  }
  return mean;
}

void Streams::refresh(Database& database) {
  if (position_ != -1 && position_ == database.integer("SELECT position FROM sensing_state", -2)) return;
  load(database);
}

Stream* Streams::find(StreamId id) {
  const auto found =
      std::lower_bound(streams_.begin(), streams_.end(), id,
                       [](const Stream& stream, StreamId wanted) { return stream.id < wanted; });
  return found == streams_.end() || found->id != id || found->retired ? nullptr : &*found;
}

Stream* Streams::find(std::string_view code) {
  const auto found = by_code_.find(code);
  return found == by_code_.end() ? nullptr : find(found->second);
}

void Streams::put(Stream& stream, const Sample& sample) {
  std::vector<Sample>& recent = stream.recent;
  if (recent.empty() || recent.back().time < sample.time) {
    recent.push_back(sample);
    return;
  }
  const auto place = std::lower_bound(recent.begin(), recent.end(), sample.time,
                                      [](const Sample& one, Instant time) { return one.time < time; });
  // One by one into the middle would move all that is behind it each time.
  place->time == sample.time ? static_cast<void>(*place = sample) : stream.late.push_back(sample);
}

void Streams::arrange(Stream& stream) {
  if (stream.late.empty()) return;
  const auto by_time = [](const Sample& a, const Sample& b) { return a.time < b.time; };
  std::stable_sort(stream.late.begin(), stream.late.end(), by_time);
  std::vector<Sample>& recent = stream.recent;
  const auto from = std::lower_bound(recent.begin(), recent.end(), stream.late.front(), by_time);
  const std::vector<Sample> behind(from, recent.end());
  recent.erase(from, recent.end());
  // Of one instant the one that came last stands, and all of these came after those.
  const auto add = [&](const Sample& sample) {
    if (!recent.empty() && recent.back().time == sample.time) recent.pop_back();
    recent.push_back(sample);
  };
  auto late = stream.late.begin();
  for (const Sample& sample : behind) {
    while (late != stream.late.end() && late->time < sample.time) add(*late++);
    add(sample);
    while (late != stream.late.end() && late->time == sample.time) add(*late++);
  }
  while (late != stream.late.end()) add(*late++);
  stream.late = {};
}

std::optional<Sample> Streams::known(Database& database, Stream& stream, Instant time) {
  const auto of_time = [&](std::span<const Sample> samples) -> std::optional<Sample> {
    const auto place = std::lower_bound(samples.begin(), samples.end(), time,
                                        [](const Sample& one, Instant wanted) { return one.time < wanted; });
    return place != samples.end() && place->time == time ? std::optional(*place) : std::nullopt;
  };
  if (const auto found = of_time(stream.recent)) return found;
  if (!stream.recent_from) {
    auto last =
        database.prepare("SELECT last FROM sensing_chunks WHERE stream=? ORDER BY first DESC LIMIT 1");
    last.bind(stream.id.value);
    stream.recent_from = last.step() ? last.integer(0) + 1 : instant_min;
  }
  if (time >= *stream.recent_from) return std::nullopt;
  auto chunk = database.prepare(
      "SELECT samples FROM sensing_chunks WHERE stream=? AND first<=? ORDER BY first DESC LIMIT 1");
  chunk.bind(stream.id.value).bind(time);
  if (!chunk.step()) return std::nullopt;
  const auto samples = decode_samples(chunk.blob(0));
  QIPAN_ASSERT(samples.has_value());
  return of_time(*samples);
}

void Streams::settled(Database& database) {
  if (database.integer("SELECT rows FROM sensing_state", 0) > 0) return;
  // What several senders send at once comes a little out of order: the last few stay at hand.
  const std::size_t most = std::min<std::size_t>(64, 1'000'000 / (streams_.size() + 1));
  for (Stream& stream : streams_) {
    if (stream.recent.size() <= most) continue;
    const auto first = stream.recent.end() - static_cast<std::ptrdiff_t>(most);
    if (stream.recent_from && most > 0) stream.recent_from = std::max(*stream.recent_from, first->time);
    if (most == 0) stream.recent_from = std::nullopt;
    stream.recent = std::vector<Sample>(first, stream.recent.end());
  }
}

void Streams::note(Stream& stream, const Sample& sample, Instant at) {
  put(stream, sample);
  stream.heard = std::max(stream.heard, at);
  const bool fresh = !stream.newest || sample.time >= stream.newest->time;
  if (fresh) stream.newest = sample;
  if (is_valid(sample)) note_valid(stream, sample, fresh);
  if (stream.hours && is_valid(sample)) stream.hours->add(sample);
}

void Streams::note_valid(Stream& stream, const Sample& sample, bool fresh) {
  // What was silent in between may have moved and come back.
  const bool heard_again =
      fresh && stream.silence > 0 && stream.valid && sample.time - stream.valid->time > stream.silence;
  if (fresh) stream.valid = sample;
  const bool other =
      stream.same_since && sample.value != stream.same_since->value && sample.time >= stream.same_since->time;
  if (!stream.same_since || heard_again || other) stream.same_since = stream.valid;
}

void Streams::load(Database& database) {
  streams_.clear();
  by_code_.clear();
  load_streams(database);
  load_limits(database);
  load_values(database);
  position_ = database.integer("SELECT position FROM sensing_state", -1);
}

void Streams::load_streams(Database& database) {
  auto statement = database.prepare(
      "SELECT s.id, s.code, s.title_zh, s.title_en, s.property, s.kind, s.decimals, s.unit_symbol, s.low, "
      "s.high, "
      "s.silence, s.thing, t.title_zh, t.title_en, coalesce(t.unit,s.unit), t.x, t.y, s.retired, "
      "s.change_max, coalesce(t.area_class,'') "
      "FROM sensing_streams s LEFT JOIN sensing_things t ON t.code=s.thing AND t.retired=0 ORDER BY s.id");
  while (statement.step()) {
    Stream stream;
    stream.id = {statement.integer(0)};
    stream.code = statement.text(1);
    stream.title = {std::string(statement.text(2)), std::string(statement.text(3))};
    stream.property = statement.text(4);
    stream.kind = stream_kind(statement.text(5));
    stream.decimals = static_cast<int>(statement.integer(6));
    stream.unit_symbol = statement.text(7);
    stream.low = bound_of(statement, 8, stream.decimals);
    stream.high = bound_of(statement, 9, stream.decimals);
    stream.silence = statement.integer(10);
    stream.thing_code = statement.text(11);
    stream.thing = {std::string(statement.text(12)), std::string(statement.text(13))};
    stream.unit = {statement.integer(14)};
    if (!statement.is_null(15)) stream.x = statement.integer(15);
    if (!statement.is_null(16)) stream.y = statement.integer(16);
    stream.retired = statement.integer(17) != 0;
    stream.change_max = bound_of(statement, 18, stream.decimals);
    stream.area_class = statement.text(19);
    if (!stream.retired) by_code_[stream.code] = stream.id;
    streams_.push_back(std::move(stream));
  }
  auto categories = database.prepare("SELECT stream, text FROM sensing_categories ORDER BY stream, number");
  while (categories.step()) {
    if (Stream* stream = find(StreamId{categories.integer(0)}))
      stream->categories.emplace_back(categories.text(1));
  }
}

void Streams::load_limits(Database& database) {
  std::multimap<std::string, std::shared_ptr<const Limit>, std::less<>> by_property;
  {
    auto statement = database.prepare("SELECT body FROM sensing_limits ORDER BY name");
    while (statement.step()) {
      const auto json = parse_json(statement.text(0));
      QIPAN_ASSERT(json.has_value());
      auto limit = std::make_shared<const Limit>(limit_from_json(*json));
      by_property.emplace(limit->property, limit);
    }
  }
  for (Stream& stream : streams_) {
    const auto add = [&](const std::shared_ptr<const Limit>& limit) {
      if (limit->side == Limit::Side::silent && stream.silence == 0) return;
      const bool numbers = stream.kind == StreamKind::measurement || stream.kind == StreamKind::count;
      if (limit->side == Limit::Side::flat && !numbers) return;
      stream.limits.push_back(stream_limit(limit, stream));
      if (limit->mean_hours > 0 && !stream.hours) stream.hours = std::make_unique<Hours>();
    };
    for (auto [one, end] = by_property.equal_range(stream.property); one != end; ++one) add(one->second);
    for (auto [one, end] = by_property.equal_range("*"); one != end; ++one) add(one->second);
  }
  auto alarms = database.prepare(
      "SELECT id, stream, limit_name, state, since FROM sensing_alarms WHERE state<>'cleared' ORDER BY id");
  while (alarms.step()) {
    Stream* stream = find(StreamId{alarms.integer(1)});
    if (stream == nullptr) continue;
    for (StreamLimit& one : stream->limits) {
      if (one.limit->name != alarms.text(2)) continue;
      one.alarm = {alarms.integer(0)};
      one.state = alarms.text(3) == "active" ? AlarmState::active : AlarmState::pending;
      one.since = alarms.integer(4);
    }
  }
}

void Streams::load_values(Database& database) {
  {
    auto statement = database.prepare("SELECT stream, time, value, flags, at FROM sensing_latest");
    while (statement.step()) {
      Stream* stream = find(StreamId{statement.integer(0)});
      if (stream == nullptr) continue;
      stream->newest =
          Sample{statement.integer(1), statement.integer(2), static_cast<std::uint8_t>(statement.integer(3))};
      stream->heard = std::max(stream->heard, statement.integer(4));
    }
  }
  {
    auto tail = database.prepare("SELECT at, block FROM sensing_tail ORDER BY position");
    while (tail.step()) {
      const auto shown = each_in_block(tail.blob(1), [&](StreamId id, std::span<const Sample> samples) {
        Stream* stream = find(id);
        if (stream == nullptr) return;
        for (const Sample& sample : samples) note(*stream, sample, tail.integer(0));
      });
      QIPAN_ASSERT(shown.has_value());
    }
  }
  for (Stream& stream : streams_) {
    arrange(stream);
    if (stream.newest && stream.newest->time <= stream.heard) stream.judged = stream.newest;
    if (stream.hours && stream.newest) load_hours(database, stream);
    if (stream.looks_back() && stream.newest) load_before(database, stream);
  }
}

std::map<Instant, Sample> Streams::samples_since(Database& database, const Stream& stream, Instant from) {
  std::map<Instant, Sample> samples;
  auto chunks =
      database.prepare("SELECT samples FROM sensing_chunks WHERE stream=? AND last>=? ORDER BY first");
  chunks.bind(stream.id.value).bind(from);
  while (chunks.step()) {
    const auto decoded = decode_samples(chunks.blob(0));
    QIPAN_ASSERT(decoded.has_value());
    for (const Sample& sample : *decoded) samples[sample.time] = sample;
  }
  for (const Sample& sample : stream.recent) samples[sample.time] = sample;
  return samples;
}

void Streams::load_before(Database& database, Stream& stream) {
  std::int64_t minutes = 24 * 60;
  for (const StreamLimit& one : stream.limits) minutes = std::max(minutes, one.limit->flat_minutes);
  stream.valid = stream.same_since = std::nullopt;
  // Twice as far: values do not come on the minute.
  const Instant from = stream.newest->time - 2 * minutes * 60 * microseconds_per_second;
  for (const auto& [time, sample] : samples_since(database, stream, from)) {
    if (is_valid(sample)) note_valid(stream, sample, true);
  }
}

void Streams::load_hours(Database& database, Stream& stream) {
  *stream.hours = Hours();
  const std::int64_t oldest = hour_number(stream.newest->time) - 23;
  // What arrived may correct what is in chunks, so hours that it touches are summed from the samples.
  std::map<Instant, Sample> samples;
  std::set<std::int64_t> touched;
  for (const Sample& sample : stream.recent) {
    if (hour_number(sample.time) >= oldest) touched.insert(hour_number(sample.time));
  }
  if (!touched.empty()) samples = samples_since(database, stream, *touched.begin() * microseconds_per_hour);
  for (const auto& [time, sample] : samples) {
    if (touched.contains(hour_number(time)) && is_valid(sample)) stream.hours->add(sample);
  }
  auto statement =
      database.prepare("SELECT hour, count, sum FROM sensing_hours WHERE stream=? AND hour>=? ORDER BY hour");
  statement.bind(stream.id.value).bind(oldest);
  while (statement.step()) {
    if (!touched.contains(statement.integer(0)))
      stream.hours->add(statement.integer(0), statement.integer(1), statement.integer(2));
  }
}

void Streams::correct(Stream& stream, const Sample& before, const Sample& after, Instant at) {
  if (stream.hours && is_valid(before)) stream.hours->add(hour_number(before.time), -1, -before.value);
  // What was withdrawn is no neighbour any more, and no line is flat with it: both begin anew.
  if (is_valid(before) && !is_valid(after) && stream.same_since && before.time >= stream.same_since->time)
    stream.valid = stream.same_since = std::nullopt;
  note(stream, after, at);
}

}  // namespace qipan::sensing
