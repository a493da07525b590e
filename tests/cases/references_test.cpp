// References are followed: values of what they name in guards, checks and decisions, entries that steps
// change, cases that they open; and what a pack may not say of them.
#include "cases/queries.hpp"
#include "cmd/engines.hpp"
#include "registers/queries.hpp"
#include "support/command_table.hpp"

using namespace qipan;

namespace {

constexpr const char* firm_toml = R"(
name = "firm"
title = { zh = "企业", en = "Firms" }
key = "code"
[[fields]]
name = "code"
type = "text"
required = true
title = { zh = "代码", en = "Code" }
[[fields]]
name = "workers"
type = "integer"
title = { zh = "人数", en = "Workers" }
[[fields]]
name = "permit_until"
type = "date"
title = { zh = "许可到期", en = "Permit until" }
[[fields]]
name = "level"
type = "choice"
options = ["A", "B", "C"]
changed_by = "cases"
title = { zh = "级别", en = "Level" }
[[fields]]
name = "remark"
type = "text"
title = { zh = "备注", en = "Remark" }
[[fields]]
name = "opinion"
type = "text"
sensitivity = "sensitive"
title = { zh = "评语", en = "Opinion" }
)";

constexpr const char* visit_toml = R"toml(
name = "visit"
title = { zh = "检查", en = "Visit" }
initial = "open"
subject = "firm"
[create]
roles = ["intake"]
fields = ["firm", "faults", "secret"]
[[fields]]
name = "firm"
type = "reference"
to = ["firm"]
title = { zh = "企业", en = "Firm" }
[[fields]]
name = "faults"
type = "integer"
title = { zh = "问题数", en = "Faults" }
[[fields.checks]]
rule = "faults <= firm.workers"
title = { zh = "问题数不超过人数", en = "no more faults than workers" }
[[fields]]
name = "grade"
type = "choice"
options = ["A", "B", "C"]
title = { zh = "评定", en = "Grade" }
[[fields]]
name = "word"
type = "text"
title = { zh = "评语", en = "In words" }
computed = 'if grade != null then "评为" + grade else if faults > 50 then "待评" else null'
[[fields]]
name = "secret"
type = "text"
sensitivity = "sensitive"
title = { zh = "线索", en = "Hint" }
[[states]]
name = "open"
title = { zh = "待办", en = "Open" }
[[states]]
name = "done"
title = { zh = "办结", en = "Done" }
final = true
[[decisions]]
name = "grading"
model = "rules/grade.dmn"
decision = "grading"
follows = ["firm.workers"]
[[transitions]]
name = "grade"
title = { zh = "评定", en = "Grade" }
from = ["open"]
roles = ["intake"]
asks = ["grading"]
[[transitions]]
name = "finish"
title = { zh = "办结", en = "Finish" }
from = ["open"]
to = "done"
roles = ["intake"]
guard = "firm.permit_until >= today and firm != \"firm:2\" and grade != null"
guard_title = { zh = "许可有效且已评定", en = "the permit holds and the firm is graded" }
[[transitions.changes]]
set = { level = "grade", remark = "if grade = \"C\" then \"查\" + string(faults) else firm.remark" }
[[transitions.opens]]
type = "repair"
set = { firm = "firm", visit = "self", until = "today + duration(\"P30D\")", text = "firm.code + \" \" + state" }
[[transitions]]
name = "drop"
title = { zh = "作废", en = "Drop" }
from = ["open"]
to = "done"
roles = ["intake"]
)toml";

constexpr const char* repair_toml = R"(
name = "repair"
title = { zh = "整改", en = "Repair" }
initial = "open"
[create]
roles = ["intake"]
fields = ["firm", "visit", "until", "text"]
required = ["firm"]
[[fields]]
name = "firm"
type = "reference"
to = ["firm"]
title = { zh = "企业", en = "Firm" }
[[fields]]
name = "visit"
type = "reference"
to = ["visit"]
title = { zh = "检查", en = "Visit" }
[[fields]]
name = "until"
type = "date"
title = { zh = "期限", en = "Until" }
[[fields]]
name = "text"
type = "text"
title = { zh = "说明", en = "Text" }
[[states]]
name = "open"
title = { zh = "待办", en = "Open" }
[[states]]
name = "done"
title = { zh = "办结", en = "Done" }
final = true
[[transitions]]
name = "end"
title = { zh = "办结", en = "End" }
from = ["open"]
to = "done"
roles = ["intake"]
guard = "visit.state = \"done\""
guard_title = { zh = "检查已办结", en = "the visit is done" }
)";

constexpr const char* grade_dmn = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="g" name="g" namespace="urn:g">
  <inputData id="i1" name="firm"><variable id="v1" name="firm"/></inputData>
  <inputData id="i2" name="faults"><variable id="v2" name="faults" typeRef="number"/></inputData>
  <decision id="d" name="grading">
    <variable name="grading"/>
    <informationRequirement id="r1"><requiredInput href="#i1"/></informationRequirement>
    <informationRequirement id="r2"><requiredInput href="#i2"/></informationRequirement>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="c1"><inputExpression id="e1" typeRef="number"><text>firm.workers</text></inputExpression></input>
      <input id="c2"><inputExpression id="e2" typeRef="number"><text>faults</text></inputExpression></input>
      <output id="o1" name="grade" typeRef="string"/>
      <rule id="R1"><inputEntry><text>&gt; 100</text></inputEntry><inputEntry><text>&gt; 2</text></inputEntry><outputEntry><text>"C"</text></outputEntry></rule>
      <rule id="R2"><inputEntry><text>-</text></inputEntry><inputEntry><text>0</text></inputEntry><outputEntry><text>"A"</text></outputEntry></rule>
      <rule id="R3"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>"B"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
)";

std::map<std::string, std::string> files() {
  return {{"pack.toml", "name = \"visits\"\ntitle = { zh = \"检查\", en = \"Visits\" }\n"},
          {"registers/firm.toml", firm_toml},
          {"cases/visit.toml", visit_toml},
          {"cases/repair.toml", repair_toml},
          {"rules/grade.dmn", grade_dmn}};
}

// The clock stands at 2026-05-29 in the district.
constexpr const char* steps = R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
register.add | {"register":"firm","values":{"code":"F1","workers":200,"permit_until":"2026-12-31","level":"B"}} | has {"unit":1}
register.add | {"register":"firm","values":{"code":"F2","workers":5,"permit_until":"2026-05-28","opinion":"weak"}} | has {"unit":1}
# Checks see what a reference names; without one they have nothing to hold against.
case.create | {"type":"visit","fields":{"firm":"firm:2","faults":6}} | field-check fields/faults
case.create | {"type":"visit","fields":{"firm":"firm:2","faults":5}} | has {"fields":{"firm":"firm:2","faults":5}}
case.create | {"type":"visit","fields":{"faults":6}} | has {"fields":{"faults":6}}
case.create | {"type":"visit","fields":{"firm":"firm:1","faults":3}} | has {"fields":{"firm":"firm:1","faults":3}}
case.create | {"type":"visit","fields":{"firm":"firm:9","faults":3}} | reference-unknown fields/firm
# A decision asked by name fills a field and says why.
case.transition | {"id":1,"transition":"grade"} | has {"now":{"fields":{"grade":"B","word":"评为B"}}}
case.transition | {"id":3,"transition":"finish"} | guard-not-met transition
case.transition | {"id":3,"transition":"grade"} | has {"now":{"fields":{"grade":"C","word":"评为C"}}}
case.transition | {"id":1,"transition":"finish"} | guard-not-met transition
# What hands may not change, cases do.
register.change | {"register":"firm","id":1,"values":{"level":"A"}} | field-by-cases values/level
register.change | {"register":"firm","id":1,"values":{"level":"B","remark":"x"}} | has {"now":{"values":{"remark":"x"}}}
case.transition | {"id":3,"transition":"finish"} | has {"state":"done","effects":[{"command":"register.change","body":{"register":"firm","id":1,"values":{"level":"C","remark":"查3"},"reason":"visit:3 finish"}},{"command":"case.create","body":{"type":"repair","fields":{"firm":"firm:1","text":"F1 done","until":"2026-06-28","visit":"visit:3"},"source":"visit","unit":"X"}}]}
case.transition | {"id":4,"transition":"end"} | has {"state":"done"}
)";

}  // namespace

TEST(References, AreFollowedByRulesAndSteps) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
  scratch.install(*pack::from_files(files(), "visits", problems), true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(test::hold_commands(scratch, steps), 16);
  const auto declared = registers::find_register(scratch.database(), "firm");
  EXPECT_EQ(registers::find_entry(scratch.database(), *declared, 1)->values.dump(),
            R"({"code":"F1","workers":200,"permit_until":"2026-12-31","level":"C","remark":"查3"})");
  // Who did it, and after what.
  const auto changes = board::history_of(scratch.database(), "firm:1");
  const auto last = log::Log::find(scratch.database(), changes.back());
  EXPECT_EQ(last->command.actor, "system:case/effect");
  ASSERT_TRUE(last->command.cause.has_value());
  EXPECT_EQ(log::Log::find(scratch.database(), *last->command.cause)->fact.subject, "visit:3");
  // Why, and from what it was: nothing that is sensitive of who was named.
  const auto graded = board::history_of(scratch.database(), "visit:1")[1];
  const Json told = *log::body_of(log::Log::find(scratch.database(), graded)->fact);
  const Json& why = told["decisions"]["grading"];
  EXPECT_EQ(why["rules"].dump(), R"(["R3"])");
  EXPECT_EQ(why["inputs"]["firm"]["workers"].integer(), 5);
  EXPECT_EQ(why["inputs"]["firm"].dump(), R"({"workers":5})") << "no more than it was given";
}

TEST(References, ConsequencesThatAreRefusedLeaveTheStep) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
  scratch.install(*pack::from_files(files(), "visits", problems), true, problems);
  EXPECT_EQ(test::hold_commands(scratch, R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
register.add | {"register":"firm","values":{"code":"F1","workers":200,"permit_until":"2026-12-31"}} | has {"unit":1}
case.create | {"type":"visit","fields":{"firm":"firm:1","faults":0}} | has {"type":"visit"}
case.transition | {"id":1,"transition":"grade"} | has {"now":{"fields":{"grade":"A","word":"评为A"}}}
register.retire | {"register":"firm","id":1,"reason":"gone"} | {"reason":"gone"}
case.transition | {"id":1,"transition":"finish"} | has {"state":"done"}
)"),
            6);
  // The entry is gone: told beside the step, which stands; the other consequence came.
  std::int64_t refused = 0;
  std::ignore = log::Log::read(scratch.database(), 0, [&](const log::Batch& batch) {
    for (const auto& command : batch.commands)
      for (const auto& fact : command.facts) {
        if (fact.kind != "board.reaction_refused") continue;
        ++refused;
        EXPECT_EQ((*log::body_of(fact))["code"].text(), "entry-retired");
      }
    return true;
  });
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(cases::find_case(scratch.database(), CaseId{2})->type, "repair");
}

TEST(References, PacksAreHeldAgainstWhatTheyName) {
  struct Row {
    const char* path;
    const char* from;
    const char* to;
    const char* value;  // of the problem
  };
  const Row rows[] = {
      {"cases/visit.toml", "firm.permit_until", "firm.permit_untli", "firm.permit_untli"},
      {"cases/visit.toml", "firm.permit_until >= today", "firm.opinion != null", "firm.opinion"},
      {"cases/visit.toml", "faults <= firm.workers", "faults <= firm.worker", "firm.worker"},
      {"cases/visit.toml", "subject = \"firm\"", "subject = \"faults\"", "faults"},
      {"cases/visit.toml", "set = { level", "set = { levle", "levle"},
      {"cases/visit.toml", "remark = \"if", "remark = \"secret + if",
       "secret + if grade = \"C\" then \"查\" + string(faults) else firm.remark"},
      {"cases/visit.toml", "type = \"repair\"", "type = \"repairs\"", "repairs"},
      {"cases/visit.toml", "set = { firm = \"firm\",", "set = {", "repair"},
      {"cases/visit.toml", "visit = \"self\"", "visitor = \"self\"", "visitor"},
      {"cases/visit.toml", "asks = [\"grading\"]", "asks = [\"judging\"]", "judging"},
      {"cases/visit.toml", "follows = [\"firm.workers\"]", "follows = [\"grade\"]", "grade"},
      {"cases/visit.toml", "follows = [\"firm.workers\"]", "follows = [\"firm.opinion\"]", "firm.opinion"},
      {"cases/visit.toml", "name = \"grading\"", "name = \"dispatch\"", "dispatch"},
      {"rules/grade.dmn", "name=\"grade\" typeRef", "name=\"note\" typeRef", "grading"},
      {"cases/visit.toml", "to = [\"firm\"]", "to = [\"firm\", \"unit\"]", "firm"},
      {"cases/repair.toml", "visit.state", "visit.stat", "visit.stat"},
  };
  for (const Row& row : rows) {
    cmd::Scratch scratch(1'780'000'000'000'000);
    pack::Problems problems;
    scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    auto changed = files();
    std::string& text = changed[row.path];
    const auto at = text.find(row.from);
    ASSERT_NE(at, std::string::npos) << row.from;
    text.replace(at, std::string(row.from).size(), row.to);
    if (const auto pack = pack::from_files(changed, "visits", problems))
      scratch.install(*pack, true, problems);
    const bool told = std::any_of(problems.begin(), problems.end(),
                                  [&](const Problem& problem) { return problem.value == row.value; });
    std::string all;
    for (const Problem& problem : problems) all += problem.line() + "\n";
    EXPECT_TRUE(told) << row.to << "\n" << all;
  }
}
