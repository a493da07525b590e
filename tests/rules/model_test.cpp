#include "rules/model.hpp"

#include <gtest/gtest.h>

#include "rules/evaluation.hpp"
#include "support/dmn.hpp"

using namespace qipan;
using qipan::test::decided;
using qipan::test::dmn;
using qipan::test::input_data;
using qipan::test::needs;

namespace {

std::string literal(const std::string& text) {
  return "<literalExpression><text>" + text + "</text></literalExpression>";
}

std::string decision(const std::string& name, const std::string& inner) {
  return "<decision id=\"d-" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"/>" + inner +
         "</decision>";
}

std::string first_problem(const std::string& xml) {
  const auto model = rules::load_decisions({{"m.dmn", xml}}, "m.dmn");
  if (!model) return model.error().code + " " + model.error().field;
  // What is null when it is evaluated is told, but refused only where packs are checked.
  auto told = (*model)->problems();
  for (Problem& warning : (*model)->warnings()) told.push_back(std::move(warning));
  return told.empty() ? "none" : told[0].code + " " + told[0].field;
}

}  // namespace

TEST(Model, ReadsTheOlderNamespaces) {
  const std::string body = input_data("x", "number") + decision("d", needs("x") + literal("x + 1"));
  for (const char* name_space :
       {"http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/"}) {
    EXPECT_EQ(decided(dmn(body, name_space), "d", R"({"x":1})"), R"({"d":2})") << name_space;
  }
  EXPECT_EQ(first_problem(dmn(body, "urn:other")), "dmn-namespace m.dmn");
  const std::string prefixed =
      "<p:definitions xmlns:p=\"http://www.omg.org/spec/DMN/20180521/MODEL/\" "
      "xmlns:feel=\"http://www.omg.org/spec/FEEL/20140401\" "
      "namespace=\"t\" name=\"t\"><p:inputData id=\"i\" name=\"x\"><p:variable name=\"x\" "
      "typeRef=\"feel:number\"/></p:inputData>"
      "<p:decision name=\"d\"><p:informationRequirement><p:requiredInput "
      "href=\"#i\"/></p:informationRequirement>"
      "<p:literalExpression><p:text>x * 2</p:text></p:literalExpression></p:decision></p:definitions>";
  EXPECT_EQ(decided(prefixed, "d", R"({"x":4})"), R"({"d":8})");
}

TEST(Model, BoxedExpressions) {
  const auto one = [](const std::string& logic) {
    return decided(dmn(input_data("x", "number") + decision("d", needs("x") + logic)), "d", R"({"x":3})");
  };
  EXPECT_EQ(one("<context><contextEntry><variable name=\"a b\"/>" + literal("x + 1") +
                "</contextEntry><contextEntry>" + literal("a b * 2") + "</contextEntry></context>"),
            R"({"d":8})");
  EXPECT_EQ(one("<list>" + literal("x") + literal("\"t\"") + "</list>"), R"({"d":[3,"t"]})");
  EXPECT_EQ(one("<relation><column name=\"a\"/><column name=\"b\"/><row>" + literal("1") + literal("x") +
                "</row></relation>"),
            R"({"d":[{"a":1,"b":3}]})");
  EXPECT_EQ(one("<conditional><if>" + literal("x > 2") + "</if><then>" + literal("\"y\"") + "</then><else>" +
                literal("\"n\"") + "</else></conditional>"),
            R"({"d":"y"})");
  EXPECT_EQ(
      one("<filter><in>" + literal("[1, x, 5]") + "</in><match>" + literal("item > 2") + "</match></filter>"),
      R"({"d":[3,5]})");
  EXPECT_EQ(one("<for iteratorVariable=\"i\"><in>" + literal("1..x") + "</in><return>" + literal("i * i") +
                "</return></for>"),
            R"({"d":null})");
  EXPECT_EQ(one("<for iteratorVariable=\"i\"><in>" + literal("[1..x]") + "</in><return>" + literal("i * i") +
                "</return></for>"),
            R"({"d":[1,4,9]})");
  EXPECT_EQ(
      one("<context><contextEntry><variable name=\"l\"/><for iteratorVariable=\"i\"><in>" +
          literal("[1..20000]") + "</in><return>" + literal("i") +
          "</return></for></contextEntry><contextEntry>" + literal("count(l)") + "</contextEntry></context>"),
      R"({"d":20000})");
  EXPECT_EQ(one("<some iteratorVariable=\"i\"><in>" + literal("[1, 2]") + "</in><satisfies>" +
                literal("i = x") + "</satisfies></some>"),
            R"({"d":false})");
  EXPECT_EQ(one("<context><contextEntry><variable name=\"f\"/><functionDefinition><formalParameter "
                "name=\"n\" typeRef=\"number\"/>" +
                literal("if n = 0 then 1 else n * f(n - 1)") +
                "</functionDefinition></contextEntry><contextEntry>" + "<invocation>" + literal("f") +
                "<binding><parameter name=\"n\"/>" + literal("x") +
                "</binding></invocation></contextEntry></context>"),
            R"({"d":6})");
}

TEST(Model, KnowledgeAndServices) {
  const std::string xml =
      dmn(input_data("x", "number") +
          "<businessKnowledgeModel id=\"k\" name=\"fee\"><variable name=\"fee\" "
          "typeRef=\"number\"/><encapsulatedLogic>"
          "<formalParameter name=\"days\" typeRef=\"number\"/>" +
          literal("days * 2") + "</encapsulatedLogic></businessKnowledgeModel>" +
          decision("base", needs("x") + literal("x + 10")) +
          decision("d",
                   "<informationRequirement><requiredDecision href=\"#d-base\"/></informationRequirement>"
                   "<knowledgeRequirement><requiredKnowledge href=\"#k\"/></knowledgeRequirement>" +
                       literal("fee(base)")) +
          "<decisionService id=\"s\" name=\"quote\"><outputDecision href=\"#d-d\"/><inputDecision "
          "href=\"#d-base\"/></decisionService>" +
          decision("e", "<knowledgeRequirement><requiredKnowledge href=\"#s\"/></knowledgeRequirement>" +
                            literal("quote(base: 1) + quote(2)")));
  EXPECT_EQ(decided(xml, "d", R"({"x":5})"), R"({"d":30})");
  EXPECT_EQ(decided(xml, "e", R"({"x":5})"), R"({"e":6})");
  EXPECT_EQ(decided(xml, "e", "{}"), R"({"e":6})");
}

TEST(Model, ImportsByName) {
  const std::string types =
      "<definitions xmlns=\"" + std::string(test::dmn_15) +
      "\" namespace=\"lib\" name=\"lib\">"
      "<itemDefinition "
      "name=\"tArea\"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues></"
      "itemDefinition>"
      "<businessKnowledgeModel id=\"k\" name=\"twice it\"><encapsulatedLogic><formalParameter name=\"n\"/>" +
      literal("n * 2") + "</encapsulatedLogic></businessKnowledgeModel></definitions>";
  const std::string main = dmn(
      "<import namespace=\"lib\" name=\"lib\" importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>" +
      input_data("x", "lib.tArea") +
      decision("d", needs("x") +
                        "<knowledgeRequirement><requiredKnowledge href=\"lib#k\"/></knowledgeRequirement>" +
                        literal("lib.twice it(x)")));
  const auto model = rules::load_decisions({{"rules/m.dmn", main}, {"rules/lib.dmn", types}}, "rules/m.dmn");
  ASSERT_TRUE(model) << model.error().line();
  EXPECT_EQ((*model)->decide("d", *parse_json(R"({"x":7})"), 0)->outputs.dump(), R"({"d":14})");
  EXPECT_EQ((*model)->decide("d", *parse_json(R"({"x":700})"), 0)->outputs.dump(), R"({"d":null})");
  EXPECT_EQ(rules::load_decisions({{"rules/m.dmn", main}}, "rules/m.dmn").error().code, "dmn-import");
  // What is not imported does not matter, however broken.
  EXPECT_TRUE(rules::load_decisions(
      {{"rules/m.dmn", main}, {"rules/lib.dmn", types}, {"rules/a.dmn", "<broken"}}, "rules/m.dmn"));
}

TEST(Model, DecidesLazilyAndOnce) {
  const std::string xml = dmn(
      input_data("x", "number") + decision("never", literal("[1, 2][x > 1]")) +
      decision("d",
               needs("x") +
                   "<informationRequirement><requiredDecision href=\"#d-never\"/></informationRequirement>" +
                   literal("if x > 0 then x else never")));
  // `never` names x without requiring it, which is told where models are published...
  EXPECT_EQ(first_problem(xml).substr(0, 9), "feel-type");
  // ...and null where it is only evaluated.
  const auto model = rules::Model::load({{"m.dmn", xml}});
  rules::Evaluation evaluation(**model);
  expr::Machine machine(&evaluation);
  evaluation.set((*model)->index_of(*(*model)->find(rules::Element::Kind::input, "x")), 1);
  EXPECT_EQ(text_of(evaluation.at((*model)->index_of(*(*model)->find(rules::Element::Kind::decision, "d")),
                                  machine)),
            "1");
  EXPECT_TRUE(machine.diagnostics().empty());
}

// XML 1.0, 4.3.3: a file says its encoding, and a byte that is none of it ends the reading.
TEST(Model, ReadsTheEncodingThatAFileSays) {
  const auto with = [](const std::string& encoding, const std::string& text) {
    std::string xml = dmn(decision("d", literal("\"" + text + "\"")));
    const auto end = xml.find("?>");
    if (end != std::string::npos) xml.erase(0, end + 2);
    return "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + xml;
  };
  EXPECT_EQ(decided(with("UTF-8", "水"), "d", "{}"), R"({"d":"水"})");
  EXPECT_EQ(decided(with("GB18030", "\xCB\xAE"), "d", "{}"), R"({"d":"水"})");
  EXPECT_EQ(decided(with("gb2312", "\xCB\xAE"), "d", "{}"), R"({"d":"水"})");
  EXPECT_EQ(decided(with("ISO-8859-1", "\xE9"), "d", "{}"), R"({"d":"é"})");
  EXPECT_EQ(first_problem(with("UTF-8", "\xD6\xD0")), "dmn-encoding m.dmn");
  EXPECT_EQ(first_problem(with("GB18030", "\xFF\xFF")), "dmn-encoding m.dmn");
  EXPECT_EQ(first_problem(with("x-nobody-knows", "a")), "dmn-encoding m.dmn");
}

TEST(Model, RefusesHostileFiles) {
  EXPECT_EQ(first_problem("<!DOCTYPE a [<!ENTITY x \"y\">]><a/>"), "dmn-doctype m.dmn");
  EXPECT_EQ(first_problem("<!doctype a><a/>"), "dmn-doctype m.dmn");
  EXPECT_EQ(first_problem("<a>"), "dmn-unreadable m.dmn:1");
  EXPECT_EQ(first_problem(""), "dmn-unreadable m.dmn:1");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  EXPECT_EQ(first_problem(dmn(deep)), "dmn-too-large m.dmn");
  EXPECT_EQ(first_problem(std::string(5U << 20U, ' ')), "dmn-too-large m.dmn");
  const auto needs_decision = [](const std::string& name) {
    return "<informationRequirement><requiredDecision href=\"#d-" + name + "\"/></informationRequirement>";
  };
  EXPECT_EQ(first_problem(dmn(decision("a", needs_decision("b") + literal("b")) +
                              decision("b", needs_decision("a") + literal("a"))))
                .substr(0, 10),
            "dmn-circle");
  // A chain as long as a file can be is compiled without going deep, and fails as null where it is too long
  // to follow.
  std::string chain = decision("c0", literal("1"));
  for (int i = 1; i < 12'000; ++i)
    chain += decision("c" + std::to_string(i), needs_decision("c" + std::to_string(i - 1)) +
                                                   literal("c" + std::to_string(i - 1) + " + 1"));
  EXPECT_EQ(decided(dmn(chain), "c400", "{}"), R"({"c400":401})");
  EXPECT_EQ(decided(dmn(chain), "c11999", "{}"), R"({"c11999":null})");
  std::string boxes;
  for (int i = 0; i < 55; ++i) boxes += "<list>";
  for (int i = 0; i < 55; ++i) boxes += "</list>";
  EXPECT_EQ(first_problem(dmn(decision("a", boxes))).substr(0, 11), "dmn-missing");
  EXPECT_EQ(first_problem(dmn(decision("a", literal("1 +")))).substr(0, 11), "feel-syntax");
  EXPECT_EQ(first_problem(dmn(decision("a", "<decisionTable hitPolicy=\"LAST\"><output/></decisionTable>")))
                .substr(0, 14),
            "dmn-hit-policy");
  EXPECT_EQ(first_problem(dmn("<itemDefinition name=\"t\"><typeRef>t</typeRef></itemDefinition>" +
                              input_data("x", "t") + decision("a", literal("1")))),
            "dmn-type m.dmn:1");
}
