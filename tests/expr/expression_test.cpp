#include "expr/expression.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "expr/json_values.hpp"
#include "support/feel.hpp"

using namespace qipan;
using namespace qipan::expr;

namespace {

using Kind = Type::Kind;

const std::vector<Name> names = numbered({{"amount", type_of(Kind::number)},
                                          {"class", type_of(Kind::text)},
                                          {"urgent", type_of(Kind::boolean)},
                                          {"tags", type_of(Kind::list)},
                                          {"面积", type_of(Kind::number)},
                                          {"建筑 高度", type_of(Kind::number)},
                                          {"floor-area", type_of(Kind::number)}});
const std::vector<Value> values = {12, "0101", true, List{"a", "b"}, 3, 40, 7};

std::string run(std::string_view text) {
  const auto expression = Expression::parse(text, names);
  return expression ? json_of(expression->evaluate(values)).dump() : "refused: " + expression.error().line();
}

}  // namespace

TEST(Expression, Evaluates) {
  const std::pair<const char*, const char*> table[] = {
      {"1 + 2 * 3", "7"},
      {"(1 + 2) * 3", "9"},
      {"0.1 + 0.2", "0.3"},
      {"1 / 3 * 3 = 1", "false"},
      {"-amount", "-12"},
      {"10 / 4", "2.5"},
      {"1 / 0", "null"},
      {"amount > 10 and urgent", "true"},
      {"amount > 10 and null", "null"},
      {"false and null", "false"},
      {"null or true", "true"},
      {"not(urgent)", "false"},
      {"class in (\"0102\", \"0101\")", "true"},
      {"amount in [1..12]", "true"},
      {"amount in [1..12)", "false"},
      {"amount between 5 and 12", "true"},
      {"if amount > 20 then \"a\" else \"b\"", "\"b\""},
      {"list contains(tags, \"b\")", "true"},
      {"string length(\"积水\")", "2"},
      {"is defined(class) and amount = 12.0", "true"},
      {"面积 * 2", "6"},
      {"建筑 高度 + 建筑   高度", "80"},
      {"floor-area - 1", "6"},
      {"sum([1, 2, 3])", "6"},
      {"null = null", "true"},
      {"class = null", "false"},
      {"[]", "[]"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(run(text), expected) << text;
}

TEST(Expression, RefusesWithPlaceAndRule) {
  for (const char* text : {"",
                           "1 +",
                           "amount = \"a\"",
                           "amount and urgent",
                           "class + 1",
                           "nothing",
                           "foo(1)",
                           "count(1, 2)",
                           "\"open",
                           "1 2",
                           "(1",
                           "[1..2",
                           "if urgent then 1",
                           "amount in",
                           "not(1)",
                           "-class",
                           "string length(amount)",
                           "substring(\"a\")",
                           "amount(1)",
                           "contains(match: \"a\", text: \"b\")",
                           "@\"2026-02-30\"",
                           "{a: 1, a: 2}",
                           "if class then 1 else 2",
                           "1 instance of nothing"}) {
    EXPECT_FALSE(Expression::parse(text, names)) << text;
  }
  const auto refused = Expression::parse("amount > hight", names);
  EXPECT_EQ(refused.error().field, "column 10");
  EXPECT_EQ(refused.error().value, "hight");
  EXPECT_FALSE(Expression::parse("amount", names, Kind::boolean));
  EXPECT_FALSE(Expression::parse(std::string(5'000, ' ') + "1", names));
}

RC_GTEST_PROP(Expression, NoTextBreaksTheParser, (const std::string& text)) {
  static const std::string alphabet = "12.+-*/=<>()[]{},:\"?@ab notinifthenelseforsome";
  std::string shaped;
  for (const char c : text) shaped += alphabet[static_cast<unsigned char>(c) % alphabet.size()];
  const auto expression = Expression::parse(shaped, names);
  if (expression) std::ignore = expression->evaluate(values);
  std::ignore = test::feel_test(text, 1);
}

TEST(JsonValues, NumbersReadBack) {
  for (const char* text : {"0", "-1.5", "9223372036854775808", "-12345678901234567890123", "1E299",
                           "-1.5E-6000", "0.1", "7777777777777777777777777777777777E35", "1E-40"}) {
    const Decimal number = *Decimal::parse(text);
    const auto json = parse_json(json_of(Value(number)).dump());
    ASSERT_TRUE(json) << text;
    ASSERT_NE(value_of(*json).number(), nullptr) << text;
    EXPECT_EQ(*value_of(*json).number(), number) << text;
  }
  EXPECT_EQ(json_of(Value(*Decimal::parse("1E6000"))).dump(), "\"1E6000\"");
}

TEST(UnaryTests, Match) {
  using test::feel_test;
  EXPECT_TRUE(feel_test("-", 1));
  EXPECT_TRUE(feel_test("< 5", 1));
  EXPECT_FALSE(feel_test("< 5", 5));
  EXPECT_TRUE(feel_test("\"a\", \"b\"", "b"));
  EXPECT_FALSE(feel_test("not(\"a\", \"b\")", "b"));
  EXPECT_TRUE(feel_test("[1..5]", 5));
  EXPECT_FALSE(feel_test("(1..5)", 5));
  EXPECT_FALSE(feel_test("]1..5[", 1));
  EXPECT_TRUE(feel_test("? > 2 and ? < 4", 3));
  EXPECT_TRUE(feel_test("starts with(?, \"01\")", "0102"));
  EXPECT_TRUE(feel_test("null", {}));
  EXPECT_FALSE(feel_test("< 5", {}));
  EXPECT_TRUE(feel_test("(1 + 2), 7", 3));
  EXPECT_TRUE(feel_test("[1, 2, 3]", 2));
  EXPECT_TRUE(feel_test("[1..3], [5..7]", 6));
  EXPECT_FALSE(feel_test("true", {}));
  EXPECT_TRUE(feel_test("false", false));
  EXPECT_FALSE(feel_test("false", true));
  EXPECT_TRUE(feel_test("count(?) > 1", List{1, 2}));
  EXPECT_TRUE(feel_test("@\"2026-01-01\"", Date{days_of({2026, 1, 1})}));
  EXPECT_TRUE(feel_test("some x in ? satisfies x = 2", List{1, 2}));
}
