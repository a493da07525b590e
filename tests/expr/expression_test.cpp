#include "expr/expression.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/table_model.hpp"

using namespace qipan;
using namespace qipan::expr;

namespace {

const Scope scope = {{"amount", Type::number},
                     {"class", Type::text},
                     {"urgent", Type::boolean},
                     {"tags", Type::list},
                     {"面积", Type::number}};
const std::vector<Value> values = {Decimal(12), "0101", true, Value::List{"a", "b"}, Decimal(3)};

std::string run(std::string_view text) {
  const auto expression = Expression::parse(text, scope);
  return expression ? json_of(expression->evaluate(values)).dump() : "refused: " + expression.error().line();
}

bool test(std::string_view text, Value value, Type type = Type::any) {
  const auto tests = Expression::parse_unary_tests(text, {{"?", type}});
  if (!tests) throw std::runtime_error(tests.error().line());
  return tests->evaluate(std::vector<Value>{std::move(value)}).is_true();
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
      {"class = \"0101\"", "true"},
      {"class in (\"0102\", \"0101\")", "true"},
      {"amount in [1..12]", "true"},
      {"amount in [1..12)", "false"},
      {"amount between 5 and 12", "true"},
      {"if amount > 20 then \"a\" else \"b\"", "\"b\""},
      {"count(tags)", "2"},
      {"list contains(tags, \"b\")", "true"},
      {"string length(\"积水\")", "2"},
      {"starts with(class, \"01\")", "true"},
      {"is defined(class) and amount = 12.0", "true"},
      {"面积 * 2", "6"},
      {"max(1, 5, 3)", "5"},
      {"sum([1, 2, 3])", "6"},
      {"min([4, 2])", "2"},
      {"\"a\" + \"b\"", "\"ab\""},
      {"abs(-3)", "3"},
      {"null = null", "true"},
      {"class = null", "false"},
      {"upper case(\"ab\")", "\"AB\""},
      {"[]", "[]"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(run(text), expected) << text;
}

TEST(Expression, RefusesWithPlaceAndRule) {
  for (const char* text : {"", "1 +", "amount = \"a\"", "amount and urgent", "class + 1", "nothing", "foo(1)",
                           "count(1, 2)", "\"open", "1 2", "(1", "[1..2", "if urgent then 1", "amount in",
                           "\"\\x\"", "a.b", "not(1)", "-class"}) {
    EXPECT_FALSE(Expression::parse(text, scope)) << text;
  }
  const auto refused = Expression::parse("amount > hight", scope);
  EXPECT_EQ(refused.error().field, "column 10");
  EXPECT_FALSE(Expression::parse("amount", scope, Type::boolean));
  EXPECT_FALSE(Expression::parse(std::string(200, '(') + "1" + std::string(200, ')'), scope));
}

TEST(UnaryTests, Match) {
  EXPECT_TRUE(test("-", Decimal(1)));
  EXPECT_TRUE(test("< 5", Decimal(1)));
  EXPECT_FALSE(test("< 5", Decimal(5)));
  EXPECT_TRUE(test("\"a\", \"b\"", "b"));
  EXPECT_FALSE(test("not(\"a\", \"b\")", "b"));
  EXPECT_TRUE(test("[1..5]", Decimal(5)));
  EXPECT_FALSE(test("(1..5)", Decimal(5)));
  EXPECT_FALSE(test("]1..5[", Decimal(1)));
  EXPECT_TRUE(test("? > 2 and ? < 4", Decimal(3)));
  EXPECT_TRUE(test("starts with(?, \"01\")", "0102"));
  EXPECT_TRUE(test("null", {}));
  EXPECT_FALSE(test("< 5", {}));
  EXPECT_TRUE(test("(1 + 2), 7", Decimal(3)));
  EXPECT_FALSE(Expression::parse_unary_tests("< \"a\"", {{"?", Type::number}}));
}

RC_GTEST_PROP(Expression, NoTextBreaksTheParser, (const std::string& text)) {
  static const std::string alphabet = "12.+-*/=<>()[],\"?ab notinifthenelse";
  std::string shaped;
  for (const char c : text) shaped += alphabet[static_cast<unsigned char>(c) % alphabet.size()];
  const auto expression = Expression::parse(shaped, scope);
  if (expression) std::ignore = expression->evaluate(values);
  std::ignore = Expression::parse_unary_tests(text, {{"?", Type::any}});
}

TEST(Decimal, IsExactAndPlain) {
  EXPECT_EQ(Decimal::parse("1.10")->text(), "1.1");
  EXPECT_EQ(Decimal::parse("1e3")->text(), "1000");
  EXPECT_EQ(Decimal::parse("-0.001")->text(), "-0.001");
  EXPECT_EQ(Decimal(7).over(Decimal(2))->text(), "3.5");
  EXPECT_FALSE(Decimal(1).over(Decimal(0)));
  EXPECT_FALSE(Decimal::parse("abc"));
  EXPECT_FALSE(Decimal::parse("Infinity"));
  EXPECT_EQ(Decimal::parse("1.0")->integer(), 1);
  EXPECT_FALSE(Decimal::parse("1.5")->integer());
}

TEST(TableModel, DecidesAndExplains) {
  const std::string xml =
      R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m"><decision name="limit">
<decisionTable hitPolicy="FIRST"><input><inputExpression typeRef="string"><text>class</text></inputExpression></input>
<input><inputExpression typeRef="number"><text>depth</text></inputExpression></input><output name="hours"/>
<rule id="r1"><inputEntry><text>"0101"</text></inputEntry><inputEntry><text>&gt; 10</text></inputEntry><outputEntry><text>2</text></outputEntry><annotationEntry><text>clause 1</text></annotationEntry></rule>
<rule id="r2"><inputEntry><text>-</text></inputEntry><inputEntry><text></text></inputEntry><outputEntry><text>if depth = null then 8 else 4</text></outputEntry></rule>
</decisionTable></decision></definitions>)";
  const auto model = rules::load_tables("m.dmn", xml);
  ASSERT_TRUE(model) << model.error().line();
  const auto one = (*model)->decide("limit", *parse_json(R"({"class":"0101","depth":12})"));
  EXPECT_EQ(one->outputs.dump(), R"({"hours":2})");
  EXPECT_EQ(one->rules, std::vector<std::string>{"r1"});
  EXPECT_EQ(one->annotation, "clause 1");
  EXPECT_EQ((*model)->decide("limit", *parse_json(R"({"class":"x"})"))->outputs.dump(), R"({"hours":8})");
  std::string unique = xml;
  unique.replace(unique.find("FIRST"), 5, "UNIQUE");
  EXPECT_EQ((*rules::load_tables("m.dmn", unique))
                ->decide("limit", *parse_json(R"({"class":"0101","depth":12})"))
                .error()
                .code,
            "rules-overlap");
  std::string broken = xml;
  broken.replace(broken.find("&gt; 10"), 7, "&gt; &gt;");
  EXPECT_EQ(rules::load_tables("m.dmn", broken).error().field.substr(0, 7), "m.dmn:4");
  EXPECT_FALSE(rules::load_tables("m.dmn", "<!DOCTYPE a [<!ENTITY x \"y\">]><a/>"));
  EXPECT_FALSE(rules::load_tables("m.dmn", "<a>"));
}
