#include "rules/table.hpp"

#include <gtest/gtest.h>

#include "support/dmn.hpp"

using namespace qipan;
using qipan::test::decided;

namespace {

/// Two inputs, one output, and four rules of which the second and third hold for x = 5.
std::string table(const std::string& policy, const std::string& output = "<output name=\"y\"/>",
                  const std::vector<std::string>& results = {"1", "30", "20", "20"}) {
  const char* tests[] = {"&lt; 0", "[0..10]", "[5..20]", "&gt; 20"};
  std::string rules;
  for (std::size_t i = 0; i < results.size(); ++i) {
    rules +=
        "<rule id=\"r" + std::to_string(i + 1) + "\"><inputEntry><text>" + tests[i] + "</text></inputEntry>";
    rules += "<outputEntry><text>" + results[i] + "</text></outputEntry><annotationEntry><text>clause " +
             std::to_string(i + 1) + "</text></annotationEntry></rule>";
  }
  return test::dmn(test::input_data("x", "number") + "<decision name=\"d\">" + test::needs("x") +
                   "<decisionTable " + policy +
                   "><input><inputExpression typeRef=\"number\"><text>x</text>"
                   "</inputExpression></input>" +
                   output + rules + "</decisionTable></decision>");
}

const std::string ordered =
    "<output name=\"y\" "
    "typeRef=\"string\"><outputValues><text>\"high\",\"low\",\"none\"</text></outputValues></output>";
const std::vector<std::string> words = {"\"none\"", "\"low\"", "\"high\"", "\"low\""};

}  // namespace

TEST(HitPolicy, EachOfThem) {
  struct Row {
    const char* policy;
    std::string five;  // two rules hold
    std::string two;   // one
  };
  const Row rows[] = {{"hitPolicy=\"UNIQUE\"", "rules-overlap", "{\"y\":30}"},
                      {"", "rules-overlap", "{\"y\":30}"},
                      {"hitPolicy=\"ANY\"", "rules-overlap", "{\"y\":30}"},
                      {"hitPolicy=\"FIRST\"", "{\"y\":30}", "{\"y\":30}"},
                      {"hitPolicy=\"RULE ORDER\"", "{\"y\":[30,20]}", "{\"y\":[30]}"},
                      {"hitPolicy=\"COLLECT\"", "{\"y\":[30,20]}", "{\"y\":[30]}"},
                      {"hitPolicy=\"COLLECT\" aggregation=\"SUM\"", "{\"y\":50}", "{\"y\":30}"},
                      {"hitPolicy=\"COLLECT\" aggregation=\"MIN\"", "{\"y\":20}", "{\"y\":30}"},
                      {"hitPolicy=\"COLLECT\" aggregation=\"MAX\"", "{\"y\":30}", "{\"y\":30}"},
                      {"hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", "{\"y\":2}", "{\"y\":1}"}};
  for (const Row& row : rows) {
    EXPECT_EQ(decided(table(row.policy), "d", R"({"x":5})"), row.five) << row.policy;
    EXPECT_EQ(decided(table(row.policy), "d", R"({"x":2})"), row.two) << row.policy;
  }
  EXPECT_EQ(
      decided(table("hitPolicy=\"ANY\"", "<output name=\"y\"/>", {"1", "2", "2", "3"}), "d", R"({"x":5})"),
      "{\"y\":2}");
  EXPECT_EQ(decided(table("hitPolicy=\"PRIORITY\"", ordered, words), "d", R"({"x":5})"), "{\"y\":\"high\"}");
  EXPECT_EQ(decided(table("hitPolicy=\"OUTPUT ORDER\"", ordered, words), "d", R"({"x":5})"),
            "{\"y\":[\"high\",\"low\"]}");
}

TEST(HitPolicy, NothingHolds) {
  const std::vector<std::string> two = {"1", "30"};
  EXPECT_EQ(decided(table("hitPolicy=\"UNIQUE\"", "<output name=\"y\"/>", two), "d", R"({"x":99})"),
            "{\"y\":null}");
  EXPECT_EQ(decided(table("hitPolicy=\"COLLECT\"", "<output name=\"y\"/>", two), "d", R"({"x":99})"),
            "{\"y\":[]}");
  EXPECT_EQ(decided(table("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", "<output name=\"y\"/>", two), "d",
                    R"({"x":99})"),
            "{\"y\":0}");
  const std::string fallback =
      "<output name=\"y\"><defaultOutputEntry><text>7</text></defaultOutputEntry></output>";
  EXPECT_EQ(decided(table("hitPolicy=\"FIRST\"", fallback, two), "d", R"({"x":99})"), "{\"y\":7}");
  EXPECT_EQ(decided(table("hitPolicy=\"FIRST\"", fallback, two), "d", "{}"), "{\"y\":7}");
}

TEST(Table, ChecksInputAndOutputValues) {
  const auto model = [](const std::string& values) {
    return test::dmn(
        test::input_data("k", "string") + "<decision name=\"d\">" + test::needs("k") +
        "<decisionTable><input><inputExpression typeRef=\"string\"><text>k</text></inputExpression>"
        "<inputValues><text>\"a\",\"b\"</text></inputValues></input><output name=\"y\">" +
        values +
        "</output><rule><inputEntry><text>-</text></inputEntry><outputEntry><text>k + \"!\"</text>"
        "</outputEntry></rule></decisionTable></decision>");
  };
  EXPECT_EQ(decided(model(""), "d", R"({"k":"a"})"), R"({"y":"a!"})");
  EXPECT_EQ(decided(model(""), "d", R"({"k":"c"})"), R"({"y":null})");
  EXPECT_EQ(decided(model("<outputValues><text>\"b!\"</text></outputValues>"), "d", R"({"k":"a"})"),
            R"({"y":null})");
  EXPECT_EQ(decided(model("<outputValues><text>\"b!\"</text></outputValues>"), "d", R"({"k":"b"})"),
            R"({"y":"b!"})");
}

TEST(Table, SeveralOutputsMakeAContext) {
  const std::string xml = test::dmn(
      test::input_data("x", "number") + "<decision name=\"d\">" + test::needs("x") +
      "<decisionTable hitPolicy=\"COLLECT\"><input><inputExpression><text>x</text></inputExpression></input>"
      "<output name=\"a\"/><output name=\"b\" typeRef=\"string\"/><rule><inputEntry><text>1, "
      "2</text></inputEntry><outputEntry><text>x * 2</text>"
      "</outputEntry><outputEntry><text>string(x)</text></outputEntry></rule></decisionTable></decision>"
      "<decision name=\"e\"><informationRequirement><requiredDecision "
      "href=\"#none\"/></informationRequirement></decision>");
  EXPECT_NE(decided(xml, "d", R"({"x":2})").find("#none"), std::string::npos);
  std::string whole = xml.substr(0, xml.find("<decision name=\"e\"")) + "</definitions>";
  const auto model = rules::load_decisions({{"m.dmn", whole}}, "m.dmn");
  ASSERT_TRUE(model) << model.error().line();
  EXPECT_EQ((*model)->outputs("d"), (std::vector<std::string>{"a", "b"}));
}
