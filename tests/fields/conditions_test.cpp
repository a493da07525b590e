// What fields say of themselves and of each other, as a table: what a form comes to, or why it is refused.
#include <gtest/gtest.h>

#include "fields/conditions.hpp"
#include "fields/declaration.hpp"
#include "fields/field_table.hpp"
#include "fields/types/serial.hpp"

using namespace qipan;
using fields::Absent;
using fields::Field;

namespace {

constexpr Instant november = 1'795'737'600'000'000;  // 2026-11-27T00:00:00Z

constexpr const char* firm_toml = R"(
[[fields]]
name = "kind"
type = "choice"
required = true
options = ["company", "person"]
title = { zh = "类型", en = "Kind" }
[[fields]]
name = "capital"
type = "integer"
visible = 'kind = "company"'
required = 'kind = "company"'
title = { zh = "资本", en = "Capital" }
[[fields.checks]]
rule = "capital >= 10"
title = { zh = "至少十", en = "ten at least" }
[[fields]]
name = "founded"
type = "date"
default = "today"
title = { zh = "成立", en = "Founded" }
[[fields.checks]]
rule = "founded <= today"
title = { zh = "不晚于今天", en = "not after today" }
[[fields]]
name = "closed"
type = "date"
title = { zh = "注销", en = "Closed" }
[[fields.checks]]
rule = "closed >= founded"
title = { zh = "不早于成立", en = "not before it was founded" }
[[fields]]
name = "reason"
type = "text"
visible = "closed != null"
required = true
title = { zh = "原因", en = "Reason" }
[[fields]]
name = "share"
type = "integer"
default = 'if kind = "company" then capital * 2 else null'
title = { zh = "份额", en = "Share" }
[[fields]]
name = "owner"
type = "telephone"
sensitivity = "personal"
visible = 'kind = "person"'
title = { zh = "电话", en = "Telephone" }
)";

// before | said | what it comes to; `*` before what was said: a change.
constexpr const char* forms = R"(
{} | {"kind":"company","capital":10} | {"kind":"company","capital":10,"founded":"2026-11-27","share":20}
{} | {"kind":"company","capital":10,"founded":"2026-11-01","share":5} | {"kind":"company","capital":10,"founded":"2026-11-01","share":5}
{} | {"kind":"person"} | {"kind":"person","founded":"2026-11-27"}
{} | {"capital":10} | field-required values/kind
{} | {"kind":"company"} | field-required values/capital
{} | {"kind":"person","capital":10} | field-hidden values/capital
{} | {"kind":"company","capital":9} | field-check values/capital
{} | {"kind":"person","founded":"2026-11-28"} | field-check values/founded
{} | {"kind":"person","founded":"2026-11-02","closed":"2026-11-01","reason":"r"} | field-check values/closed
{} | {"kind":"person","founded":"2026-11-02","closed":"2026-11-03"} | field-required values/reason
{} | {"kind":"person","founded":"2026-11-02","reason":"r"} | field-hidden values/reason
{} | {"kind":"person","founded":"2026-11-02","closed":"2026-11-03","reason":"r"} | {"kind":"person","founded":"2026-11-02","closed":"2026-11-03","reason":"r"}
{} | {"kind":"company","capital":10,"owner":{"vault":"a"}} | field-hidden values/owner
{} | {"kind":"person","founded":"2026-11-02","owner":{"vault":"a"}} | {"kind":"person","founded":"2026-11-02","owner":{"vault":"a"}}
# A change is held against what it comes to, and nothing is filled in.
{"kind":"company","capital":10} | *{"capital":12} | {"capital":12}
{"kind":"company","capital":10} | *{"capital":null} | field-required values/capital
{"kind":"company","capital":10} | *{"kind":"person"} | field-hidden values/capital
{"kind":"company","capital":10} | *{"kind":"person","capital":null} | {"kind":"person","capital":null}
{"kind":"person"} | *{"kind":"company"} | field-required values/capital
{"kind":"person"} | *{"kind":"company","capital":11} | {"kind":"company","capital":11}
{"kind":"person","founded":"2026-11-02"} | *{"closed":"2026-10-01","reason":"r"} | field-check values/closed
{"kind":"person","founded":"2026-11-02","closed":"2026-11-05","reason":"r"} | *{"founded":"2026-11-09"} | field-check values/closed
{"kind":"person","closed":"2026-11-05","reason":"r"} | *{"reason":null} | field-required values/reason
# A step asks for its own fields, and what it changes is held against all.
{"kind":"company","capital":10} | >{"kind":"person"} | {"kind":"person"}
{"kind":"person","founded":"2026-11-02","closed":"2026-11-05"} | >{"kind":"person"} | {"kind":"person"}
{"kind":"person","founded":"2026-11-02","closed":"2026-11-01"} | >{"kind":"person"} | field-check values/closed
)";

std::vector<Field> fields_of(const std::string& toml, pack::Problems& problems) {
  static const std::string path = "fields.toml";
  const auto document = pack::parse_toml(path, toml);
  EXPECT_TRUE(document) << toml;
  pack::Fields table(*document, path, problems);
  return pack::read_fields(table, "fields", test::everything);
}

std::string told(const std::vector<Field>& all, const std::string& before, const std::string& said) {
  const bool change = said.front() == '*';
  const bool step = said.front() == '>';
  const Absent absent = change ? Absent::unchanged : Absent::refused;
  const auto moment = change ? fields::Moment::change
                      : step ? fields::Moment::step
                             : fields::Moment::beginning;
  const fields::Form form = step ? fields::form_of(all, {"kind"}, {}) : fields::whole_form(all);
  auto given = fields::read_values(form, *parse_json(said.substr(change || step ? 1 : 0)), "values", absent);
  if (!given) return given.error().code + " " + given.error().field;
  const auto held =
      fields::hold_conditions(all, form, *parse_json(before), std::move(*given), "values", moment, november);
  return held ? held->dump() : held.error().code + " " + held.error().field;
}

}  // namespace

TEST(Conditions, FormsComeToWhatTheirFieldsSay) {
  pack::Problems problems;
  const std::vector<Field> all = fields_of(firm_toml, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  int held = 0;
  for (const auto& line : test::lines_of(forms)) {
    EXPECT_EQ(told(all, line[0], line[1]), line[2]) << line[1];
    ++held;
  }
  EXPECT_EQ(held, 26);
}

TEST(Conditions, StandInFactsAndAreReadAgain) {
  pack::Problems problems;
  const std::vector<Field> all = fields_of(firm_toml, problems);
  std::vector<Field> again;
  for (const Field& field : all) again.push_back(fields::from_json(fields::to_json(field)));
  EXPECT_EQ(told(again, "{}", R"({"kind":"company","capital":9})"), "field-required values/reason")
      << "what was not made ready lets nothing pass";
  EXPECT_TRUE(fields::compile_conditions(again).empty());
  for (const auto& line : test::lines_of(forms)) EXPECT_EQ(told(again, line[0], line[1]), line[2]);
}

TEST(Conditions, FaultsAreToldWithTheirLine) {
  const auto fault = [](const std::string& from, const std::string& to) {
    std::string toml = firm_toml;
    toml.replace(toml.find(from), from.size(), to);
    pack::Problems problems;
    std::ignore = fields_of(toml, problems);
    return problems.empty() ? std::string("none") : problems.front().line();
  };
  const auto names = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  EXPECT_TRUE(names(fault("visible = 'kind = \"company\"'", "visible = 'sort = 1'"), "fields.toml:8"));
  EXPECT_TRUE(names(fault("visible = \"closed != null\"", "visible = \"closed\""), "visible"));
  EXPECT_TRUE(names(fault("rule = \"capital >= 10\"", "rule = \"owner = null\""), "checks"))
      << "personal values are in no condition";
  EXPECT_TRUE(names(fault("default = \"today\"", "default = '\"soon\"'"), "default"));
  EXPECT_TRUE(names(fault("sensitivity = \"personal\"", "sensitivity = \"personal\"\ndefault = '\"1\"'"),
                    "lie in the vault"));
}

TEST(Conditions, AreToldToWhoFillsAFormIn) {
  pack::Problems problems;
  const std::vector<Field> all = fields_of(firm_toml, problems);
  const Json schema = fields::form_schema(fields::whole_form(all));
  EXPECT_EQ(schema["required"].dump(), R"(["kind"])");
  EXPECT_EQ(schema["properties"]["capital"]["x-visible"].text(), "kind = \"company\"");
  EXPECT_EQ(schema["properties"]["founded"]["x-default"].text(), "today");
  EXPECT_EQ(schema["properties"]["capital"]["x-checks"].items()[0]["title"]["en"].text(), "ten at least");
}

TEST(Serials, AreMadeByTheirPattern) {
  const std::vector<std::vector<std::string>> good = {
      {"QS{year}{number:4}", "2026", "QS20260007"},
      {"{year}-{month}-{number:2}", "2026-11", "2026-11-07"},
      {"{year}{month}{day}/{number:1}", "2026-11-27", "20261127/7"},
      {"粤{number:3}号", "", "粤007号"}};
  for (const auto& one : good) {
    EXPECT_EQ(fields::types::serial_pattern_fault(one[0]), std::nullopt) << one[0];
    EXPECT_EQ(fields::types::serial_period(one[0], "2026-11-27"), one[1]);
    EXPECT_EQ(fields::types::serial_text(one[0], "2026-11-27", 7), one[2]);
  }
  EXPECT_EQ(fields::types::serial_text("{number:2}", "2026-11-27", 1234), "1234");
  for (const char* bad : {"", "QS", "{number}", "{number:0}", "{number:12}", "{number:3}{number:3}",
                          "{number:3", "{day}{number:3}", "{month}{number:2}", "{week}{number:3}"})
    EXPECT_NE(fields::types::serial_pattern_fault(bad), std::nullopt) << bad;
}

// One default may need another, in whichever order they are declared; what is hidden in the end has none.
TEST(Conditions, DefaultsComeToRest) {
  pack::Problems problems;
  const std::vector<Field> all = fields_of(R"toml(
[[fields]]
name = "a"
type = "text"
visible = 'b = "x"'
default = '"deep"'
required = true
title = { zh = "甲", en = "A" }
[[fields]]
name = "b"
type = "text"
default = '"x"'
title = { zh = "乙", en = "B" }
[[fields]]
name = "c"
type = "text"
visible = 'd = null'
default = '"gone"'
title = { zh = "丙", en = "C" }
[[fields]]
name = "d"
type = "text"
default = 'if a = "deep" then "late" else null'
title = { zh = "丁", en = "D" }
)toml",
                                           problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(told(all, "{}", "{}"), R"({"a":"deep","b":"x","d":"late"})");
  EXPECT_EQ(told(all, "{}", R"({"b":"y"})"), R"({"b":"y","c":"gone"})");
}

// A refusal tells what was said, never what stood there and may not be the sender's to see.
TEST(Conditions, RefusalsTellNoOtherValue) {
  pack::Problems problems;
  const std::vector<Field> all = fields_of(R"(
[[fields]]
name = "pay"
type = "integer"
sensitivity = "sensitive"
title = { zh = "薪", en = "Pay" }
[[fields.checks]]
rule = "pay >= low"
title = { zh = "不低于", en = "not below" }
[[fields]]
name = "low"
type = "integer"
title = { zh = "低", en = "Low" }
)",
                                           problems);
  for (const char* said : {R"({"low":6000})", R"({"pay":5000,"low":6000})"}) {
    const auto form = fields::whole_form(all);
    const auto held = fields::hold_conditions(all, form, *parse_json(R"({"pay":5000})"), *parse_json(said),
                                              "values", fields::Moment::change, november);
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().line().find("5000"), std::string::npos) << held.error().line();
  }
}
