// What came goes into chunks, hourly sums and newest values: whatever the order, what a plain map says.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "sensing/compact.hpp"
#include "sensing/queries.hpp"
#include "sensing/sensing_engine.hpp"
#include "sensing/streams.hpp"

using namespace qipan;
using namespace qipan::sensing;

namespace {

using Known = std::map<std::pair<std::int64_t, Instant>, Sample>;

/// Of one stream, as its chunks have it; each begins behind the one before it and is as it says of itself.
std::vector<Sample> chunks_of(Database& database, std::int64_t stream) {
  std::vector<Sample> all;
  auto statement = database.prepare(
      "SELECT first, last, count, samples FROM sensing_chunks WHERE stream=? ORDER BY first");
  statement.bind(stream);
  while (statement.step()) {
    const auto samples = decode_samples(statement.blob(3));
    EXPECT_TRUE(samples);
    if (!samples || samples->empty()) return all;
    EXPECT_EQ(samples->front().time, statement.integer(0));
    EXPECT_EQ(samples->back().time, statement.integer(1));
    EXPECT_EQ(std::ssize(*samples), statement.integer(2));
    EXPECT_LE(samples->size(), 512U);
    EXPECT_TRUE(all.empty() || all.back().time < samples->front().time);
    all.insert(all.end(), samples->begin(), samples->end());
  }
  return all;
}

void expect_hours(Database& database, std::int64_t stream, const std::vector<Sample>& samples) {
  std::map<std::int64_t, std::array<std::int64_t, 4>> hours;
  for (const Sample& sample : samples) {
    if (!is_valid(sample)) continue;
    auto& [count, sum, low, high] = hours
                                        .try_emplace(sample.time / microseconds_per_hour,
                                                     std::array<std::int64_t, 4>{0, 0, INT64_MAX, INT64_MIN})
                                        .first->second;
    ++count;
    sum += sample.value;
    low = std::min(low, sample.value);
    high = std::max(high, sample.value);
  }
  auto statement =
      database.prepare("SELECT hour, count, sum, low, high FROM sensing_hours WHERE stream=? ORDER BY hour");
  statement.bind(stream);
  std::size_t seen = 0;
  for (; statement.step(); ++seen) {
    const std::array<std::int64_t, 4> told = {statement.integer(1), statement.integer(2),
                                              statement.integer(3), statement.integer(4)};
    EXPECT_EQ(told, hours[statement.integer(0)]) << stream << " hour " << statement.integer(0);
  }
  EXPECT_EQ(seen, hours.size());
}

}  // namespace

TEST(Compact, IsWhatAPlainMapSays) {
  constexpr std::int64_t streams = 4;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937_64 random(seed);
    Database database(":memory:");
    SensingEngine().create_tables(database);
    Known model;
    std::array<Instant, streams + 1> front{};
    std::int64_t position = 0;
    for (int round = 0; round < 25; ++round) {
      for (int block = 0; block < 12; ++block) {
        std::vector<Series> series;
        for (std::int64_t stream = 1; stream <= streams; ++stream) {
          if (random() % 3 == 0) continue;
          Series one{{stream}, {}};
          // Seeds differ in how often something is late, and how late.
          const bool late = random() % (1 + seed % 6) == 0;
          Instant time = late ? static_cast<Instant>(random() % (1 + front[stream])) : front[stream];
          for (std::uint64_t i = 0; i < 1 + random() % 40; ++i) {
            time += 1'000'000 * static_cast<Instant>(1 + random() % (round % 3 == 0 ? 900 : 20));
            const auto flags = static_cast<std::uint8_t>(random() % 9 == 0 ? out_of_range : good);
            one.samples.push_back({time, static_cast<std::int64_t>(random() % 500) - 100, flags});
            model[{stream, time}] = one.samples.back();
          }
          front[stream] = std::max(front[stream], time);
          series.push_back(std::move(one));
        }
        if (series.empty()) continue;
        ++position;
        database.prepare("INSERT INTO sensing_tail(position, at, block) VALUES(?,?,?)")
            .bind(position)
            .bind(position * 1'000)
            .bind_blob(encode_block(series))
            .run();
      }
      compact(database);
      EXPECT_EQ(database.integer("SELECT count(*) FROM sensing_tail"), 0);
    }
    for (std::int64_t stream = 1; stream <= streams; ++stream) {
      std::vector<Sample> wanted;
      for (const auto& [key, sample] : model)
        if (key.first == stream) wanted.push_back(sample);
      ASSERT_GT(wanted.size(), 1'000U);
      EXPECT_EQ(chunks_of(database, stream), wanted) << "seed " << seed;
      expect_hours(database, stream, wanted);
      auto latest = database.prepare("SELECT time, value, flags FROM sensing_latest WHERE stream=?");
      latest.bind(stream);
      ASSERT_TRUE(latest.step());
      EXPECT_EQ(latest.integer(0), wanted.back().time);
      EXPECT_EQ(latest.integer(1), wanted.back().value);
      EXPECT_EQ(latest.integer(2), wanted.back().flags);
    }
  }
}
