#include "sensing/compact.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.hpp"
#include "sensing/streams.hpp"

namespace qipan::sensing {

namespace {

constexpr std::size_t chunk_samples_max = 512;

/// Samples of one stream that came together.
struct Run {
  StreamId stream;
  Instant at = 0;
  std::size_t begin = 0;
  std::size_t count = 0;
};
struct Arrived {
  std::vector<Sample> samples;
  std::vector<Run> runs;  // stream by stream, of each in order of arrival
};

struct Chunk {
  Instant first = 0;
  std::vector<Sample> samples;
};

std::int64_t hour_of(Instant time) {
  const std::int64_t hour = time / microseconds_per_hour;
  return time < 0 && time % microseconds_per_hour != 0 ? hour - 1 : hour;
}

Arrived take_tail(Database& database) {
  Arrived arrived;
  arrived.samples.reserve(tail_samples_max);
  {
    auto tail = database.prepare("SELECT at, block FROM sensing_tail ORDER BY position");
    while (tail.step()) {
      const Instant at = tail.integer(0);
      const auto shown = each_in_block(tail.blob(1), [&](StreamId stream, std::span<const Sample> samples) {
        arrived.runs.push_back({stream, at, arrived.samples.size(), samples.size()});
        arrived.samples.insert(arrived.samples.end(), samples.begin(), samples.end());
      });
      QIPAN_ASSERT(shown.has_value());
    }
  }
  database.prepare("DELETE FROM sensing_tail").run();
  std::stable_sort(arrived.runs.begin(), arrived.runs.end(),
                   [](const Run& a, const Run& b) { return a.stream < b.stream; });
  return arrived;
}

/// Of one stream, in order of time; of several at one instant the one that came last stands.
void gather(const std::vector<Sample>& all, std::span<const Run> runs, std::vector<Sample>& samples) {
  const auto by_time = [](const Sample& a, const Sample& b) { return a.time < b.time; };
  samples.clear();
  for (const Run& run : runs)
    for (const Sample& sample : std::span(all).subspan(run.begin, run.count)) samples.push_back(sample);
  if (!std::is_sorted(samples.begin(), samples.end(), by_time))
    std::stable_sort(samples.begin(), samples.end(), by_time);
  std::size_t count = 0;
  for (const Sample& sample : samples) {
    if (count > 0 && samples[count - 1].time == sample.time) --count;
    samples[count++] = sample;
  }
  samples.resize(count);
}

/// The chunk that `time` belongs into: the last that begins at or before it, else the first.
std::optional<Chunk> chunk_for(Database& database, StreamId stream, Instant time) {
  for (const std::string_view sql :
       {"SELECT first, samples FROM sensing_chunks WHERE stream=? AND first<=? ORDER BY first DESC LIMIT 1",
        "SELECT first, samples FROM sensing_chunks WHERE stream=? AND first>? ORDER BY first LIMIT 1"}) {
    auto statement = database.prepare(sql);
    statement.bind(stream.value).bind(time);
    if (!statement.step()) continue;
    auto samples = decode_samples(statement.blob(1));
    QIPAN_ASSERT(samples.has_value());
    return Chunk{statement.integer(0), std::move(*samples)};
  }
  return std::nullopt;
}

void write_chunk(Database& database, StreamId stream, std::span<const Sample> samples) {
  database
      .prepare("INSERT OR REPLACE INTO sensing_chunks(stream, first, last, count, samples) VALUES(?,?,?,?,?)")
      .bind(stream.value)
      .bind(samples.front().time)
      .bind(samples.back().time)
      .bind(static_cast<std::int64_t>(samples.size()))
      .bind_blob(encode_samples(samples))
      .run();
}

/// Writes a chunk's samples again, in full pieces; `before` is the key under which it stood.
void write_pieces(Database& database, StreamId stream, std::optional<Instant> before,
                  std::span<const Sample> samples) {
  if (before && *before != samples.front().time) {
    database.prepare("DELETE FROM sensing_chunks WHERE stream=? AND first=?")
        .bind(stream.value)
        .bind(*before)
        .run();
  }
  for (std::size_t i = 0; i < samples.size(); i += chunk_samples_max)
    write_chunk(database, stream, samples.subspan(i, std::min(chunk_samples_max, samples.size() - i)));
}

constexpr std::string_view add_hour_sql =

    "INSERT INTO sensing_hours(stream, hour, count, sum, low, high) VALUES(?,?,?,?,?,?) ON "
    "CONFLICT(stream, hour) DO "
    "UPDATE SET count=count+excluded.count, sum=sum+excluded.sum, low=min(low,excluded.low), "
    "high=max(high,excluded.high)";

void add_hours(Database& database, StreamId stream, std::span<const Sample> samples) {
  for (std::size_t i = 0; i < samples.size();) {
    const std::int64_t hour = hour_of(samples[i].time);
    std::int64_t count = 0;
    std::int64_t sum = 0;
    std::int64_t low = INT64_MAX;
    std::int64_t high = INT64_MIN;
    for (; i < samples.size() && hour_of(samples[i].time) == hour; ++i) {
      if (!is_valid(samples[i])) continue;
      ++count;
      sum += samples[i].value;
      low = std::min(low, samples[i].value);
      high = std::max(high, samples[i].value);
    }
    if (count > 0)
      database.prepare(add_hour_sql)
          .bind(stream.value)
          .bind(hour)
          .bind(count)
          .bind(sum)
          .bind(low)
          .bind(high)
          .run();
  }
}

/// An hour anew from its samples: for corrections.
void sum_hour(Database& database, StreamId stream, std::int64_t hour) {
  database.prepare("DELETE FROM sensing_hours WHERE stream=? AND hour=?").bind(stream.value).bind(hour).run();
  const Instant from = hour * microseconds_per_hour;
  const Instant to = from + microseconds_per_hour;
  std::vector<Sample> inside;
  {
    auto statement = database.prepare(
        "SELECT samples FROM sensing_chunks WHERE stream=? AND first<? AND last>=? ORDER BY first");
    statement.bind(stream.value).bind(to).bind(from);
    while (statement.step()) {
      const auto samples = decode_samples(statement.blob(0));
      QIPAN_ASSERT(samples.has_value());
      std::copy_if(samples->begin(), samples->end(), std::back_inserter(inside),
                   [&](const Sample& sample) { return sample.time >= from && sample.time < to; });
    }
  }
  add_hours(database, stream, inside);
}

/// The usual case: all newer than what is there.
void append(Database& database, StreamId stream, std::optional<Chunk> last, std::vector<Sample> samples) {
  add_hours(database, stream, samples);
  std::optional<Instant> before;
  if (last && last->samples.size() < chunk_samples_max) {
    before = last->first;
    samples.insert(samples.begin(), last->samples.begin(), last->samples.end());
  }
  write_pieces(database, stream, before, samples);
}

/// Where the chunk behind the one that begins at `first` begins.
Instant next_chunk(Database& database, StreamId stream, Instant first) {
  auto statement = database.prepare("SELECT min(first) FROM sensing_chunks WHERE stream=? AND first>?");
  statement.bind(stream.value).bind(first);
  return statement.step() && !statement.is_null(0) ? statement.integer(0) : instant_max + 1;
}

/// Two runs in order of time as one; where both have an instant, `newer` stands, and its hour is noted.
std::vector<Sample> merged(std::span<const Sample> older, std::span<const Sample> newer,
                           std::set<std::int64_t>& corrected) {
  std::vector<Sample> all;
  all.reserve(older.size() + newer.size());
  std::size_t i = 0;
  for (const Sample& sample : newer) {
    while (i < older.size() && older[i].time < sample.time) all.push_back(older[i++]);
    if (i < older.size() && older[i].time == sample.time) {
      corrected.insert(hour_of(sample.time));
      ++i;
    }
    all.push_back(sample);
  }
  all.insert(all.end(), older.begin() + static_cast<std::ptrdiff_t>(i), older.end());
  return all;
}

/// Into their places, chunk by chunk; `last` is the last of them.
void insert(Database& database, StreamId stream, std::optional<Chunk> last, std::vector<Sample>& samples) {
  std::set<std::int64_t> corrected;
  for (std::span<const Sample> left = samples; !left.empty();) {
    const bool at_the_end = last && left.front().time >= last->first;
    const auto chunk =
        at_the_end ? std::exchange(last, std::nullopt) : chunk_for(database, stream, left.front().time);
    const Instant end = at_the_end || !chunk ? instant_max + 1 : next_chunk(database, stream, chunk->first);
    std::size_t count = 0;
    while (count < left.size() && left[count].time < end) ++count;
    if (chunk) {
      write_pieces(database, stream, chunk->first, merged(chunk->samples, left.first(count), corrected));
    } else {
      write_pieces(database, stream, std::nullopt, left.first(count));
    }
    left = left.subspan(count);
  }
  // Late values are added to their hours; hours in which one was corrected are summed anew.
  std::erase_if(samples, [&](const Sample& one) { return corrected.contains(hour_of(one.time)); });
  add_hours(database, stream, samples);
  for (const std::int64_t hour : corrected) sum_hour(database, stream, hour);
}

void write_latest(Database& database, StreamId stream, const Sample& newest, Instant at) {
  database
      .prepare(
          "INSERT INTO sensing_latest(stream, time, value, flags, at) VALUES(?1,?2,?3,?4,?5) ON "
          "CONFLICT(stream) DO UPDATE "
          "SET value=CASE WHEN ?2>=time THEN ?3 ELSE value END, flags=CASE WHEN ?2>=time THEN ?4 ELSE flags "
          "END, "
          "time=max(time,?2), at=max(at,?5)")
      .bind(stream.value)
      .bind(newest.time)
      .bind(newest.value)
      .bind(static_cast<int>(newest.flags))
      .bind(at)
      .run();
}

}  // namespace

void compact(Database& database) {
  const Arrived arrived = take_tail(database);
  std::vector<Sample> samples;
  for (std::span<const Run> left = arrived.runs; !left.empty();) {
    const StreamId stream = left.front().stream;
    std::size_t count = 0;
    Instant at = 0;
    for (; count < left.size() && left[count].stream == stream; ++count) at = std::max(at, left[count].at);
    gather(arrived.samples, left.first(count), samples);
    left = left.subspan(count);
    if (samples.empty()) continue;
    write_latest(database, stream, samples.back(), at);
    auto last = chunk_for(database, stream, instant_max);
    if (!last || samples.front().time > last->samples.back().time) {
      append(database, stream, std::move(last), samples);
    } else {
      insert(database, stream, std::move(last), samples);
    }
  }
}

}  // namespace qipan::sensing
