// What a reader of rules is told: descriptions, and how two of them differ.
#include <gtest/gtest.h>

#include "rules/description.hpp"
#include "rules/review.hpp"
#include "support/dmn.hpp"

using namespace qipan;
using qipan::test::dmn;
using qipan::test::input_data;
using qipan::test::needs;

namespace {

std::string rule(const std::string& id, const std::string& test, const std::string& output) {
  return "<rule id=\"" + id + "\"><inputEntry><text>" + test + "</text></inputEntry><outputEntry><text>" +
         output + "</text></outputEntry><annotationEntry><text>§" + id + "</text></annotationEntry></rule>";
}

std::string model_of(const std::string& rules, const std::string& policy = "FIRST") {
  return dmn(
      input_data("x", "number") + "<decision id=\"d\" name=\"d\"><variable name=\"d\" typeRef=\"string\"/>" +
      needs("x") + "<decisionTable hitPolicy=\"" + policy +
      "\"><input label=\"X\"><inputExpression typeRef=\"number\"><text>x</text></inputExpression></input>"
      "<output name=\"o\" typeRef=\"string\"/><annotation name=\"source\"/>" +
      rules + "</decisionTable></decision>");
}

Json changes(const std::string& before, const std::string& after) {
  const auto one = rules::describe("m.dmn", before);
  const auto other = rules::describe("m.dmn", after);
  EXPECT_TRUE(one && other);
  return rules::difference_of(*one, *other);
}

std::string told(const Json& elements) {
  std::string all;
  for (const Json& element : elements.items()) {
    for (const Json& rule : element["rules"].items()) {
      all += rule.text_or("change", "") + " " + rule.text_or("id", "") + " at " +
             std::to_string(rule.integer_or("place", 0)) + ";";
    }
  }
  return all;
}

const std::string a = rule("a", "&lt; 1", "\"low\"");
const std::string b = rule("b", "[1..5]", "\"middle\"");
const std::string c = rule("c", "-", "\"high\"");

}  // namespace

TEST(Description, TellsTablesAsTheyAreWritten) {
  const auto described = rules::describe("m.dmn", model_of(a + c));
  ASSERT_TRUE(described);
  const Json& decision = (*described)["elements"].items()[1];
  EXPECT_EQ(decision.text_or("kind", ""), "decision");
  EXPECT_EQ(decision["requires"].dump(), R"(["x"])");
  EXPECT_EQ(decision["table"]["inputs"].dump(), R"([{"label":"X","text":"x","type":"number","values":""}])");
  EXPECT_EQ(decision["table"]["rules"].items()[0].dump(),
            R"({"id":"a","tests":["< 1"],"outputs":["\"low\""],"annotations":["§a"]})");
}

TEST(Description, RefusesWhatIsNoModel) {
  EXPECT_FALSE(rules::describe("m.dmn", "<a/>"));
  EXPECT_FALSE(rules::describe("m.dmn", "text"));
  EXPECT_FALSE(
      rules::describe("m.dmn", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>"));
}

TEST(Difference, NothingWhereOnlyTheWritingDiffers) {
  EXPECT_EQ(changes(model_of(a + b + c), model_of(a + "\n   " + b + c)).dump(), "[]");
}

TEST(Difference, NamesRulesThatCameWentChangedOrMoved) {
  EXPECT_EQ(told(changes(model_of(a + c), model_of(a + b + c))), "added b at 2;");
  EXPECT_EQ(told(changes(model_of(a + b + c), model_of(a + c))), "removed b at 2;");
  EXPECT_EQ(told(changes(model_of(a + b + c), model_of(b + c + a))), "moved a at 3;");
  const Json changed = changes(model_of(a + b), model_of(a + rule("b", "[1..7]", "\"middle\"")));
  EXPECT_EQ(told(changed), "changed b at 2;");
  EXPECT_EQ(changed.items()[0]["rules"].items()[0]["cells"].dump(),
            R"([{"column":"X","before":"[1..5]","after":"[1..7]"}])");
}

TEST(Difference, RulesWithoutIdsAreTheSameWhereTheySayTheSame) {
  const auto bare = [](const std::string& test) { return rule("", test, "\"o\""); };
  EXPECT_EQ(told(changes(model_of(bare("1") + bare("2")), model_of(bare("1") + bare("3") + bare("2")))),
            "added  at 2;");
}

TEST(Difference, NamesElementsAndTheirParts) {
  const Json policy = changes(model_of(a + b), model_of(a + b, "UNIQUE"));
  EXPECT_EQ(policy.items()[0]["parts"].dump(), R"([{"part":"policy","before":"FIRST","after":"UNIQUE"}])");
  const std::string literal =
      dmn("<decision id=\"e\" name=\"e\"><variable name=\"e\"/><literalExpression><text>1 + 1</text>"
          "</literalExpression></decision>");
  const Json other = changes(model_of(a), literal);
  ASSERT_EQ(other.items().size(), 3U);
  EXPECT_EQ(other.items()[0].text_or("change", ""), "removed");
  EXPECT_EQ(other.items()[2].dump(), R"({"change":"added","kind":"decision","name":"e"})");
}

TEST(Review, TellsProblemsTestsAndGapsOfAWholePack) {
  const std::string tests =
      "model = \"rules/m.dmn\"\n[[tests]]\nabout = \"low\"\ndecision = \"d\"\ngiven = { x = 0 }\n"
      "expect = { o = \"low\" }\n[[tests]]\ndecision = \"d\"\ngiven = { x = 3 }\nexpect = { o = \"low\" }\n";
  const expr::PackFiles files = {{"rules/m.dmn", model_of(a + b)}, {"rules/m.tests.toml", tests}};
  const rules::Review said = rules::review(files);
  ASSERT_EQ(said.tests.size(), 2U);
  EXPECT_TRUE(said.tests[0].passed);
  EXPECT_EQ(said.tests[0].about, "low");
  EXPECT_FALSE(said.tests[1].passed);
  ASSERT_EQ(said.problems.size(), 1U);
  EXPECT_EQ(said.problems[0].value, "\"middle\"");
  EXPECT_FALSE(said.notes.empty()) << "over 5 no rule holds";

  const rules::Review broken = rules::review({{"rules/m.dmn", model_of(rule("a", "1 +", "2"))}});
  EXPECT_FALSE(broken.problems.empty());
  const rules::Review parameter = rules::review({{"parameters/p.toml", "= 1"}, {"rules/m.dmn", model_of(a)}});
  EXPECT_FALSE(parameter.problems.empty());
}

TEST(Review, ListsFilesThatChanged) {
  const expr::PackFiles before = {
      {"rules/m.dmn", model_of(a)}, {"parameters/p.toml", "a"}, {"pack.toml", "1"}};
  const expr::PackFiles after = {{"rules/m.dmn", model_of(b)}, {"rules/n.dmn", "no XML"}, {"pack.toml", "2"}};
  const Json changed = rules::changed_files(before, after);
  ASSERT_EQ(changed.items().size(), 3U);
  EXPECT_EQ(changed.items()[0].dump(), R"({"path":"parameters/p.toml","change":"removed"})");
  EXPECT_EQ(changed.items()[1]["elements"].items()[0].text_or("name", ""), "d");
  EXPECT_FALSE(changed.items()[2].has("elements"));
}
