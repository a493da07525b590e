// The codec of observations and the arithmetic under it: examples, then properties, then hostile bytes.
#include "sensing/series.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "sensing/incoming.hpp"
#include "sensing/streams.hpp"

using namespace qipan;
using namespace qipan::sensing;

namespace {

std::vector<Series> hourly(std::int64_t hours) {
  Series series{{7}, {}};
  for (std::int64_t i = 0; i < hours; ++i)
    series.samples.push_back({1'362'067'200'000'000 + i * microseconds_per_hour, 40 + i % 5, 0});
  return {series};
}

}  // namespace

TEST(Series, HourlyWholeNumbersTakeAFewBytes) {
  const auto series = hourly(1'000);
  const Bytes bytes = encode_block(series);
  EXPECT_LT(bytes.size(), 2'100U);
  EXPECT_EQ(*decode_block(bytes), series);
  EXPECT_NE(bytes.front(), '{');
}

TEST(Series, AnyBlockReadsBackAsItWas) {
  rc::check([](const std::vector<std::pair<
                   std::uint16_t, std::vector<std::tuple<std::int64_t, std::int64_t, std::uint8_t>>>>& made) {
    std::vector<Series> series;
    for (const auto& [id, samples] : made) {
      Series one{{id + 1}, {}};
      for (const auto& [time, value, flags] : samples)
        one.samples.push_back({time % instant_max, value % value_max, flags});
      for (Sample& sample : one.samples) sample.time = std::max(sample.time, instant_min);
      series.push_back(std::move(one));
    }
    const auto back = decode_block(encode_block(series));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == series);
  });
}

TEST(Series, EveryCutAndEveryChangedByteIsRefusedOrReadsAsAnother) {
  const auto series = hourly(40);
  const Bytes bytes = encode_block(series);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_block(bytes.substr(0, size))) << size;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x15);
    const auto back = decode_block(changed);
    EXPECT_TRUE(!back || *back != series) << i;
  }
  EXPECT_FALSE(decode_block(bytes + "x"));
  EXPECT_FALSE(decode_block("{}"));
}

TEST(Numbers, AreTakenAsTheirDigitsHaveThem) {
  bool rounded = false;
  EXPECT_EQ(to_steps(*parse_number("12.5"), 1, rounded), 125);
  EXPECT_EQ(to_steps(*parse_number("-0.3"), 3, rounded), -300);
  EXPECT_EQ(to_steps(*parse_number("1e3"), 0, rounded), 1'000);
  EXPECT_EQ(to_steps(*parse_number("2.50E-1"), 2, rounded), 25);
  EXPECT_FALSE(rounded);
  // Half to even.
  EXPECT_EQ(to_steps(*parse_number("0.25"), 1, rounded), 2);
  EXPECT_TRUE(rounded);
  EXPECT_EQ(to_steps(*parse_number("0.35"), 1, rounded), 4);
  EXPECT_EQ(to_steps(*parse_number("-0.35"), 1, rounded), -4);
  EXPECT_EQ(to_steps(*parse_number("-0.251"), 1, rounded), -3);
  EXPECT_EQ(to_steps(*parse_number("0.30000000000000004"), 4, rounded), 3'000);
  EXPECT_FALSE(to_steps(*parse_number("1e20"), 0, rounded));
  EXPECT_FALSE(to_steps(*parse_number("10000000"), 6, rounded));
  for (const char* bad : {"", "-", ".", "x", "1x", "1e", "1e9999", "--1", "NaN"})
    EXPECT_FALSE(parse_number(bad)) << bad;
  EXPECT_EQ(steps_text(-5, 2), "-0.05");
  EXPECT_EQ(steps_text(1'200, 2), "12");
  EXPECT_EQ(steps_text(0, 3), "0");
}

TEST(Numbers, StepsAndTextAreInverse) {
  rc::check([](std::int64_t value, std::uint8_t places) {
    const int decimals = places % 7;
    const std::int64_t steps = value % value_max;
    bool rounded = false;
    RC_ASSERT(to_steps(*parse_number(steps_text(steps, decimals)), decimals, rounded) == steps);
    RC_ASSERT(!rounded);
  });
}

TEST(Incoming, ReadsBackAsItWasWritten) {
  Incoming incoming;
  incoming.stream(3);
  incoming.number(1'000'000, {125, -1, true});
  incoming.text(2'000'000, "东北");
  incoming.stream(4);
  incoming.boolean(std::nullopt, true);
  EXPECT_EQ(incoming.count(), 3U);
  const Bytes block = incoming.take();
  const auto read = read_incoming(block);
  ASSERT_TRUE(read);
  const auto& series = read->series;
  ASSERT_EQ(series.size(), 2U);
  EXPECT_EQ(series[0].values[0].number.mantissa, 125);
  EXPECT_EQ(series[0].values[0].number.exponent, -1);
  EXPECT_EQ(series[0].values[1].text, "东北");
  EXPECT_EQ(series[0].values[1].time, 2'000'000);
  EXPECT_FALSE(series[1].values[0].time);
  EXPECT_TRUE(series[1].values[0].boolean);
  for (std::size_t size = 1; size < block.size(); ++size) std::ignore = read_incoming(block.substr(0, size));
  EXPECT_FALSE(read_incoming("\x02\x02"));
}

TEST(Hours, MeansAreOfHoursNotOfValues) {
  Hours hours;
  // Twenty values in one hour weigh no more than one in the next.
  for (int i = 0; i < 20; ++i) hours.add({i * 60'000'000LL, 10, 0});
  hours.add({microseconds_per_hour, 40, 0});
  EXPECT_EQ(hours.mean(24).hours, 2);
  EXPECT_EQ(hours.mean(24).thousandths, 50'000);
  EXPECT_EQ(hours.mean(1).thousandths, 40'000);
  // A day later both are gone.
  hours.add({30 * microseconds_per_hour, 1, 0});
  EXPECT_EQ(hours.mean(24).hours, 1);
}
