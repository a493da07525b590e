#include "base/json.hpp"

#include <gtest/gtest.h>

using qipan::Json;
using qipan::parse_json;

TEST(Json, KeepsNumbersAsTheyCame) {
  const auto value =
      parse_json(R"({"a":1,"b":1.50,"c":[true,null,"x\u4e2d\n"],"d":-0,"e":12345678901234567890})");
  ASSERT_TRUE(value) << value.error().line();
  EXPECT_EQ((*value)["a"].integer(), 1);
  EXPECT_EQ((*value)["b"].number_text(), "1.50");
  EXPECT_EQ((*value)["d"].number_text(), "-0");
  EXPECT_EQ((*value)["e"].number_text(), "12345678901234567890");
  EXPECT_EQ(value->dump(), R"({"a":1,"b":1.50,"c":[true,null,"x中\n"],"d":-0,"e":12345678901234567890})");
}

TEST(Json, ReadsLoneScalars) {
  EXPECT_EQ(parse_json(" 12 ")->integer(), 12);
  EXPECT_EQ(parse_json("\"a\"")->text(), "a");
  EXPECT_TRUE(parse_json("null")->is_null());
  EXPECT_TRUE(parse_json("true")->boolean());
}

TEST(Json, RefusesWhatIsNotOneValue) {
  for (const char* text :
       {"",    "{",     "[1,]",    "01",           "1 2",     "{} {}",     "{\"a\":1,\"a\":2}",
        "nul", "truex", "\"a\" 1", "\"\x80\"",     "[1e999]", "{\"a\" 1}", "[1 2]",
        "+1",  "tru",   "12a",     "{\"a\":nope}", "[nul]",   "{\"a\":n"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
}

TEST(Json, BoundsDepthAndSize) {
  EXPECT_TRUE(parse_json(std::string(20, '[') + std::string(20, ']')));
  EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')));
  EXPECT_FALSE(parse_json("\"" + std::string(100, 'a') + "\"", {.bytes_max = 50}));
  EXPECT_FALSE(parse_json("[1,2,3,4]", {.values_max = 3}));
}
