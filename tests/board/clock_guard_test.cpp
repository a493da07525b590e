#include "board/clock_guard.hpp"

#include <gtest/gtest.h>

using namespace qipan;
using board::ClockGuard;

namespace {
constexpr std::int64_t second = microseconds_per_second;
constexpr std::int64_t year = std::int64_t{365} * 86'400 * second;
constexpr Instant start = 1'780'000'000'000'000;
}  // namespace

TEST(ClockGuard, RefusesAJumpAheadUntilTheClockIsRightAgain) {
  ClockGuard guard;
  EXPECT_FALSE(guard.refuses(start, 100 * second));
  EXPECT_FALSE(guard.refuses(start + 60 * second, 160 * second));
  EXPECT_TRUE(guard.refuses(start + year, 161 * second));
  EXPECT_TRUE(guard.is_ahead());
  EXPECT_TRUE(guard.refuses(start + year + 5 * second, 166 * second))
      << "a wrong clock that runs on is still wrong";
  EXPECT_FALSE(guard.refuses(start + 70 * second, 170 * second));
  EXPECT_FALSE(guard.is_ahead());
}

TEST(ClockGuard, TakesTimeThatPassedAndClocksThatAreSetALittleOrBack) {
  ClockGuard guard;
  EXPECT_FALSE(guard.refuses(start, 0));
  EXPECT_FALSE(guard.refuses(start + 30 * 86'400 * second, 30 * 86'400 * second))
      << "nobody asked for a month";
  EXPECT_FALSE(guard.refuses(start + 30 * 86'400 * second + 599 * second, 30 * 86'400 * second));
  EXPECT_FALSE(guard.refuses(start, 30 * 86'400 * second + second)) << "back is no jump ahead";
  EXPECT_FALSE(guard.refuses(start + second, 30 * 86'400 * second + 2 * second));
}
