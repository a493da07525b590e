// Codes of second factors: the values of RFC 6238, appendix B, in their last six digits.
#include "base/one_time_code.hpp"

#include <gtest/gtest.h>

using namespace qipan;

namespace {

constexpr std::string_view secret = "12345678901234567890";

Instant at(std::int64_t seconds) {
  return seconds * microseconds_per_second;
}

}  // namespace

TEST(OneTimeCode, IsTheStandards) {
  const std::pair<std::int64_t, const char*> vectors[] = {{59, "287082"},
                                                          {1'111'111'109, "081804"},
                                                          {1'111'111'111, "050471"},
                                                          {1'234'567'890, "005924"},
                                                          {2'000'000'000, "279037"},
                                                          {20'000'000'000, "353130"}};
  for (const auto& [seconds, code] : vectors) {
    EXPECT_EQ(code_at(secret, at(seconds)), code);
    EXPECT_EQ(step_of_code(secret, code, at(seconds)), static_cast<std::uint64_t>(seconds / 30));
  }
}

TEST(OneTimeCode, IsOfThisHalfMinuteOrOneBesideIt) {
  const Instant now = at(1'234'567'890);
  for (const int beside : {-1, 0, 1})
    EXPECT_TRUE(step_of_code(secret, code_at(secret, now + at(30 * beside)), now)) << beside;
  for (const int away : {-2, 2, 40})
    EXPECT_FALSE(step_of_code(secret, code_at(secret, now + at(30 * away)), now)) << away;
}

TEST(OneTimeCode, NothingElseIsACode) {
  for (const char* text : {"", "00592", "0059240", "00592x", " 05924", "-05924", "005924\n"})
    EXPECT_FALSE(step_of_code(secret, text, at(1'234'567'890))) << text;
  EXPECT_FALSE(step_of_code("", "005924", at(1'234'567'890)));
  EXPECT_EQ(secret_text(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}
