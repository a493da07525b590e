// Decisions as engines ask for them: explained, dated, examined before they are published.
#include <gtest/gtest.h>

#include "support/dmn.hpp"

using namespace qipan;

namespace {

const std::string subsidy = test::dmn(
    test::input_data("floor area", "number") + test::input_data("registered", "boolean") +
    test::input_data("applied", "date") + test::input_data("area_max", "number") +
    "<decision name=\"grant\">" + test::needs("floor area") + test::needs("registered") +
    test::needs("area_max") +
    "<decisionTable hitPolicy=\"FIRST\">"
    "<input label=\"建筑面积\"><inputExpression typeRef=\"number\"><text>floor "
    "area</text></inputExpression></input>"
    "<input label=\"已登记\"><inputExpression "
    "typeRef=\"boolean\"><text>registered</text></inputExpression></input>"
    "<output name=\"granted\" typeRef=\"boolean\"/><output name=\"reason\" typeRef=\"string\"/><annotation "
    "name=\"source\"/>"
    "<rule id=\"g1\"><inputEntry><text>&lt;= "
    "area_max</text></inputEntry><inputEntry><text>true</text></inputEntry>"
    "<outputEntry><text>true</text></outputEntry><outputEntry><text>\"ok\"</text></"
    "outputEntry><annotationEntry><text>第三条</text></annotationEntry></rule>"
    "<rule id=\"g2\"><inputEntry><text>-</text></inputEntry><inputEntry><text>false</text></inputEntry>"
    "<outputEntry><text>false</text></outputEntry><outputEntry><text>\"not "
    "registered\"</text></outputEntry><annotationEntry><text>第四条</text></annotationEntry></rule>"
    "<rule id=\"g3\"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>"
    "<outputEntry><text>false</text></outputEntry><outputEntry><text>\"too "
    "large\"</text></outputEntry><annotationEntry><text>第五条</text></annotationEntry></rule>"
    "</decisionTable></decision>");

const std::string parameters = R"([[parameters]]
name = "area_max"
title = { zh = "面积上限", en = "largest area" }
unit = "m2"
values = [
  { from = "2024-01-01", value = 100, source = "区规〔2023〕8号" },
  { from = "2026-07-01", value = "120", source = "区规〔2026〕2号" },
]
)";

std::shared_ptr<const expr::DecisionModel> loaded() {
  const auto model =
      rules::load_decisions({{"rules/s.dmn", subsidy}, {"parameters/s.toml", parameters}}, "rules/s.dmn");
  EXPECT_TRUE(model) << model.error().line();
  return *model;
}

const Json case_of(std::string_view text) {
  return *parse_json(text);
}

}  // namespace

TEST(Decision, UsesTheParametersOfItsDay) {
  const auto model = loaded();
  const Json inputs = case_of(R"({"floor area":110,"registered":true})");
  const auto before = model->decide("grant", inputs, *parse_day("2026-06-30"));
  const auto after = model->decide("grant", inputs, *parse_day("2026-07-01"));
  EXPECT_EQ(before->outputs.dump(), R"({"granted":false,"reason":"too large"})");
  EXPECT_EQ(after->outputs.dump(), R"({"granted":true,"reason":"ok"})");
  ASSERT_EQ(after->parameters.size(), 1U);
  EXPECT_EQ(after->parameters[0].from, "2026-07-01");
  EXPECT_EQ(after->parameters[0].source, "区规〔2026〕2号");
  EXPECT_EQ(after->annotation, "第三条");
  EXPECT_EQ(after->rules, std::vector<std::string>{"g1"});
  // Before the first day there is no threshold, so nothing is within it.
  EXPECT_EQ(model->decide("grant", inputs, *parse_day("2020-01-01"))->outputs["granted"], Json(false));
  EXPECT_EQ(model->inputs("grant"), (std::vector<std::string>{"floor area", "registered"}));
}

TEST(Decision, SaysWhatWouldHavePassed) {
  const auto model = loaded();
  const auto explained =
      model->explain("grant", case_of(R"({"floor area":110,"registered":true})"), *parse_day("2026-06-30"));
  ASSERT_TRUE(explained);
  const Json& alternatives = (*explained)["alternatives"];
  ASSERT_GE(alternatives.items().size(), 1U);
  const Json& nearest = alternatives.items()[0];
  EXPECT_EQ(nearest.text_or("id", ""), "g1");
  ASSERT_EQ(nearest["changes"].items().size(), 1U);
  const Json& change = nearest["changes"].items()[0];
  EXPECT_EQ(change.text_or("input", ""), "floor area");
  EXPECT_EQ(change["from"], Json(110));
  EXPECT_EQ(change["to"], Json(100));
  EXPECT_EQ(change.text_or("test", ""), "<= area_max");
  EXPECT_EQ((*explained)["steps"].items()[0]["tables"].items()[0]["rules"].items()[0].text_or("id", ""),
            "g3");
  EXPECT_EQ((*explained)["parameters"].items()[0].text_or("source", ""), "区规〔2023〕8号");
  // Both are wrong: two changes.
  const auto both =
      model->explain("grant", case_of(R"({"floor area":500,"registered":false})"), *parse_day("2026-06-30"));
  bool passes = false;
  for (const Json& one : (*both)["alternatives"].items())
    passes = passes || (one.text_or("id", "") == "g1" && one["changes"].items().size() == 2);
  EXPECT_TRUE(passes);
}

TEST(Decision, RefusesFaultyParameters) {
  const auto problem = [](const std::string& toml) {
    const auto model =
        rules::load_decisions({{"rules/s.dmn", subsidy}, {"parameters/s.toml", toml}}, "rules/s.dmn");
    return model ? std::string("none") : model.error().field + " " + model.error().rule;
  };
  EXPECT_EQ(problem("[[parameters]]\nname = \"a\"\ntitle = { zh = \"a\", en = \"a\" }\nvalues = [{ from = "
                    "\"2024-13-01\", value = 1, source = \"s\" }]\n")
                .substr(0, 19),
            "parameters/s.toml:4");
  EXPECT_NE(problem("[[parameters]]\nname = \"a\"\ntitle = { zh = \"a\", en = \"a\" }\nvalues = [{ from = "
                    "\"2024-01-01\", value = \"1 +\", source = \"s\" }]\n")
                .find("FEEL literal"),
            std::string::npos);
  EXPECT_NE(problem("[[parameters]]\nname = \"a\"\ntitle = { zh = \"a\", en = \"a\" }\n")
                .find("at least one value"),
            std::string::npos);
}

TEST(Publishing, NamesGapsAndOverlaps) {
  const auto findings = [](const std::string& policy, const std::string& first, const std::string& second) {
    const std::string xml = test::dmn(
        test::input_data("x", "number") + test::input_data("k", "string") + "<decision name=\"d\">" +
        test::needs("x") + test::needs("k") + "<decisionTable hitPolicy=\"" + policy +
        "\"><input><inputExpression typeRef=\"number\"><text>x</text></inputExpression></input>"
        "<input><inputExpression "
        "typeRef=\"string\"><text>k</text></inputExpression><inputValues><text>\"a\",\"b\"</text></"
        "inputValues></input><output name=\"y\"/>"
        "<rule id=\"r1\"><inputEntry><text>" +
        first +
        "</text></inputEntry><inputEntry><text>\"a\"</text></inputEntry><outputEntry><text>1</text></"
        "outputEntry></rule>"
        "<rule id=\"r2\"><inputEntry><text>" +
        second +
        "</text></inputEntry><inputEntry><text>\"a\"</text></inputEntry><outputEntry><text>2</text></"
        "outputEntry></rule>"
        "<rule "
        "id=\"r3\"><inputEntry><text>-</text></inputEntry><inputEntry><text>\"b\"</text></"
        "inputEntry><outputEntry><text>3</text></outputEntry></rule>"
        "</decisionTable></decision>");
    const auto model = rules::load_decisions({{"m.dmn", xml}}, "m.dmn");
    std::string all;
    for (const Problem& problem : (*model)->warnings()) all += problem.code + " " + problem.value + "; ";
    return all;
  };
  EXPECT_EQ(findings("UNIQUE", "&lt; 10", "&gt;= 10"), "");
  EXPECT_EQ(findings("UNIQUE", "&lt; 10", "&gt; 10"), "dmn-gap d: no rule answers for x = 10, k = \"a\"; ");
  EXPECT_EQ(findings("UNIQUE", "&lt;= 10", "&gt;= 10"),
            "dmn-overlap d: rules r1 and r2 for x = 10, k = \"a\"; ");
  EXPECT_EQ(findings("FIRST", "&lt;= 10", "&gt;= 10"), "");
  EXPECT_EQ(
      findings("UNIQUE", "[1..5]", "(5..9]"),
      "dmn-gap d: no rule answers for x = 0, k = \"a\"; dmn-gap d: no rule answers for x = 10, k = \"a\"; ");
  EXPECT_EQ(findings("UNIQUE", "&lt; string length(k)", "-").substr(0, 16), "dmn-not-examined");
}
