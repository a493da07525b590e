// Cases: what each command leaves in the log, or why it is refused; one line a case.
#include "cmd/engines.hpp"
#include "support/command_table.hpp"

using namespace qipan;

namespace {

constexpr const char* type = R"(
name = "task"
title = { zh = "任务", en = "Task" }
initial = "open"

[create]
roles = ["anonymous", "intake"]
fields = ["description", "count", "until", "idn"]
required = ["description"]

[[fields]]
name = "description"
type = "text"
title = { zh = "描述", en = "Description" }
[[fields]]
name = "count"
type = "integer"
title = { zh = "数量", en = "Count" }
[[fields]]
name = "until"
type = "date"
title = { zh = "期限", en = "Until" }
[[fields]]
name = "about"
type = "reference"
title = { zh = "所涉单位", en = "About" }
to = ["unit"]
[[fields]]
name = "idn"
type = "citizen_number"
title = { zh = "公民身份号码", en = "Citizen number" }
[[fields]]
name = "result"
type = "text"
title = { zh = "结果", en = "Result" }

[[states]]
name = "open"
title = { zh = "待办", en = "Open" }
[[states]]
name = "done"
title = { zh = "办结", en = "Done" }
final = true
[[states]]
name = "merged"
title = { zh = "并入", en = "Merged" }
final = true
[[states]]
name = "refused"
title = { zh = "不予受理", en = "Refused" }
final = true
void = true

[[transitions]]
name = "note"
title = { zh = "补充", en = "Note" }
from = ["open"]
roles = ["intake"]
fields = ["count", "result", "about"]
[[transitions]]
name = "finish"
title = { zh = "办结", en = "Finish" }
from = ["open"]
to = "done"
roles = ["intake"]
fields = ["result"]
required = ["result"]
guard = "(until = null or until < @\"2027-01-01\") and count > 0"
guard_title = { zh = "有数量", en = "there is a count" }
[[transitions]]
name = "merge"
title = { zh = "并入", en = "Merge" }
from = ["open"]
to = "merged"
roles = ["intake"]
effects = ["merge"]
[[transitions]]
name = "refuse"
title = { zh = "不予受理", en = "Refuse" }
from = ["open"]
to = "refused"
roles = ["intake"]
comment_required = true

[[limits]]
name = "finish"
title = { zh = "办结时限", en = "To be finished" }
runs = ["open"]
main = true
kind = "working-days"
amount = 2
)";

constexpr const char* table = R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
unit.add_person | {"login":"in","unit":"X","title_zh":"受理","title_en":"Intake"} | has {"login":"in"}
unit.give_post | {"login":"in","role":"intake","unit":"X"} | has {"role":"intake"}
# Reported, by whom it may be and with what is asked.
case.create@anonymous | {"type":"task","fields":{"description":"一","until":"2026-02-30"}} | field-unfit fields/until
case.create@anonymous | {"type":"task","fields":{"description":"一"}} | has {"type":"task","state":"open","open":true,"fields":{"description":"一"},"lamp":0}
# A personal value is sealed by whoever takes it in, on every way.
case.create@anonymous | {"type":"task","fields":{"description":"一","idn":"11010519491231002X"}} | personal-not-sealed fields/idn
case.archive | {"type":"task","source":"s","external":"1","created":1767225600000000,"fields":{"description":"一","idn":"11010519491231002X"}} | personal-not-sealed fields/idn
case.archive | {"type":"task","source":"s","external":"1","created":1767225600000000,"fields":{"description":"一","idn":{"vault":"00","hash":"00"}}} | personal-not-sealed fields/idn
case.create@anonymous | {"type":"task","fields":{"count":1}} | field-required fields/description
case.create@anonymous | {"type":"task","fields":{"description":"一","result":"完"}} | field-unknown fields/result
case.create@anonymous | {"type":"task","fields":{"description":1}} | field-unfit fields/description
case.create@anonymous | {"type":"other","fields":{"description":"一"}} | case-type-unknown type
case.create@anonymous | {"type":"task","fields":{"description":"一"},"class":"S1"} | class-unknown class
case.create@anonymous | {"type":"task","fields":{"description":"一"},"x":1900000000,"y":0} | longitude-outside x
case.create@anonymous | {"type":"task","fields":{"description":"一"},"signal":"s"} | signal-not-permitted signal
case.create@anonymous | {"type":"task","fields":{"description":"一"},"who":"me"} | field-unknown who
# A step tells the fields that are other than before, and only those.
case.transition@person:1 | {"id":1,"transition":"note","fields":{"count":2}} | has {"was":{"fields":{"count":null}},"now":{"fields":{"count":2}},"from":"open","state":"open"}
case.transition@person:1 | {"id":1,"transition":"note","fields":{"count":2,"result":"半"}} | has {"was":{"fields":{"result":null}},"now":{"fields":{"result":"半"}}}
case.transition@person:1 | {"id":1,"transition":"note","fields":{"count":2}} | has {"transition":"note","was":null,"now":null}
case.transition@person:1 | {"id":1,"transition":"note","fields":{"count":0}} | has {"was":{"fields":{"count":2}},"now":{"fields":{"count":0}}}
case.transition@person:1 | {"id":1,"transition":"finish","fields":{"result":"完"}} | guard-not-met transition
case.transition@person:1 | {"id":1,"transition":"note","fields":{"count":1}} | has {"now":{"fields":{"count":1}}}
case.transition@person:1 | {"id":1,"transition":"finish"} | field-required fields/result
case.transition@anonymous | {"id":1,"transition":"finish","fields":{"result":"完"}} | login-needed
case.transition@person:1 | {"id":1,"transition":"start"} | transition-unknown transition
case.transition@person:1 | {"id":9,"transition":"finish"} | case-unknown id
case.transition@person:1 | {"id":1,"transition":"finish","fields":{"result":"完"},"responsible":"X"} | responsible-not-here responsible
case.transition@person:1 | {"id":1,"transition":"finish","fields":{"result":"完"}} | has {"from":"open","state":"done","open":false,"now":{"fields":{"result":"完"}}}
case.transition@person:1 | {"id":1,"transition":"finish","fields":{"result":"完"}} | transition-not-now transition
# Duplicates, and what nobody acts on.
case.create@anonymous | {"type":"task","fields":{"description":"二"}} | has {"state":"open"}
case.create@anonymous | {"type":"task","fields":{"description":"三"}} | has {"state":"open"}
case.transition@person:1 | {"id":2,"transition":"merge","parent":2} | parent-unknown parent
case.transition@person:1 | {"id":2,"transition":"merge"} | parent-unknown parent
case.transition@person:1 | {"id":3,"transition":"refuse"} | comment-required comment
case.transition@person:1 | {"id":3,"transition":"refuse","comment":"不在本区"} | has {"state":"refused","comment":"不在本区"}
case.transition@person:1 | {"id":2,"transition":"merge","parent":3} | parent-void parent
case.transition@person:1 | {"id":2,"transition":"merge","parent":1} | has {"state":"merged","was":{"parent":0},"now":{"parent":1}}
# Dates are dates in guards.
case.create@anonymous | {"type":"task","fields":{"description":"四","count":1,"until":"2027-01-01"}} | has {"fields":{"description":"四","count":1,"until":"2027-01-01"}}
case.transition@person:1 | {"id":4,"transition":"note","fields":{"about":"unit:7"}} | reference-unknown fields/about
case.transition@person:1 | {"id":4,"transition":"note","fields":{"about":"task:1"}} | field-unfit fields/about
case.transition@person:1 | {"id":4,"transition":"note","fields":{"about":"unit:1"}} | has {"now":{"fields":{"about":"unit:1"}}}
case.transition@person:1 | {"id":4,"transition":"finish","fields":{"result":"完"}} | guard-not-met transition
# Comments.
case.comment@person:1 | {"id":1,"text":"看过"} | {"text":"看过"}
case.comment@person:1 | {"id":1,"text":""} | field-required text
case.comment@anonymous | {"id":1,"text":"看过"} | login-needed
case.reveal@person:1 | {"id":1,"field":"description","purpose":"核对"} | reveal-field field
)";

}  // namespace

TEST(Cases, CommandsLeaveWhatTheyChangeOrAreRefused) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
  scratch.install(
      *pack::from_files({{"pack.toml", "name = \"tasks\"\ntitle = { zh = \"任务\", en = \"Tasks\" }\n"},
                         {"cases/task.toml", type}},
                        "tasks", problems),
      true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(test::hold_commands(scratch, table), 46);
  EXPECT_EQ(board::history_of(scratch.database(), "task:1").size(), 8U);
  EXPECT_EQ(scratch.database().integer("SELECT count(*) FROM case_cases WHERE id=1 AND fields="
                                       "'{\"description\":\"一\",\"count\":1,\"result\":\"完\"}'"),
            1);
}

namespace {

constexpr const char* order_type = R"toml(
name = "order"
title = { zh = "订单", en = "Order" }
initial = "open"
[create]
roles = ["anonymous"]
fields = ["pieces", "urgent_because", "wanted"]
[[fields]]
name = "number"
type = "serial_number"
pattern = "DD{year}{month}{number:3}"
title = { zh = "单号", en = "Number" }
[[fields]]
name = "pieces"
type = "integer"
default = "1"
title = { zh = "件数", en = "Pieces" }
[[fields.checks]]
rule = "pieces > 0"
title = { zh = "至少一件", en = "one at least" }
[[fields]]
name = "wanted"
type = "date"
title = { zh = "交期", en = "Wanted by" }
[[fields]]
name = "urgent_because"
type = "text"
visible = "wanted < today + duration(\"P3D\")"
required = "pieces > 10"
title = { zh = "加急理由", en = "Why so soon" }
[[states]]
name = "open"
title = { zh = "待办", en = "Open" }
[[states]]
name = "done"
title = { zh = "办结", en = "Done" }
final = true
[[transitions]]
name = "amend"
title = { zh = "修改", en = "Amend" }
from = ["open"]
roles = ["intake"]
fields = ["pieces"]
[[transitions]]
name = "finish"
title = { zh = "办结", en = "Finish" }
from = ["open"]
to = "done"
roles = ["intake"]
)toml";

// The clock stands at 2026-05-29 in the district; a refused order takes no number.
constexpr const char* orders = R"(
case.create@anonymous | {"type":"order","fields":{}} | has {"fields":{"pieces":1,"number":"DD202605001"},"serials":[{"field":"number","period":"2026-05","number":1}]}
case.create@anonymous | {"type":"order"} | has {"fields":{"pieces":1,"number":"DD202605002"}}
case.create@anonymous | {"type":"order","fields":{"pieces":0}} | field-check fields/pieces
case.create@anonymous | {"type":"order","fields":{"number":"DD1"}} | field-unknown fields/number
case.create@anonymous | {"type":"order","fields":{"wanted":"2026-05-30","pieces":11}} | field-required fields/urgent_because
case.create@anonymous | {"type":"order","fields":{"wanted":"2026-05-30","pieces":11,"urgent_because":"flood"}} | has {"fields":{"pieces":11,"urgent_because":"flood","wanted":"2026-05-30","number":"DD202605003"}}
case.create@anonymous | {"type":"order","fields":{"wanted":"2026-07-30","pieces":11}} | has {"fields":{"pieces":11,"wanted":"2026-07-30","number":"DD202605004"}}
case.create@anonymous | {"type":"order","fields":{"wanted":"2026-07-30","urgent_because":"flood"}} | field-hidden fields/urgent_because
# A step is held against what the case comes to; its own form says what it asks.
case.transition | {"id":1,"transition":"amend","fields":{"pieces":-1}} | field-check fields/pieces
case.transition | {"id":1,"transition":"amend","fields":{"pieces":4}} | has {"was":{"fields":{"pieces":1}},"now":{"fields":{"pieces":4}}}
case.transition | {"id":1,"transition":"finish"} | has {"state":"done"}
)";

}  // namespace

TEST(Cases, FieldsSayOfThemselvesWhatTheyAsk) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
  scratch.install(
      *pack::from_files({{"pack.toml", "name = \"orders\"\ntitle = { zh = \"订单\", en = \"Orders\" }\n"},
                         {"cases/order.toml", order_type}},
                        "orders", problems),
      true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(test::hold_commands(scratch, std::string("unit.create | {\"code\":\"X\",\"kind\":\"district\","
                                                     "\"title_zh\":\"区\",\"title_en\":\"District\"} | has "
                                                     "{\"code\":\"X\"}") +
                                             orders),
            12);
}

// What a program of before wrote is read as this one writes it; what was, it did not say.
TEST(Cases, StepsOfVersionOneAreReadAsChanges) {
  const auto engines = cmd::make_engines();
  const board::FactType* moved = board::find_fact_type(engines, "case.moved");
  ASSERT_NE(moved, nullptr);
  const std::pair<const char*, const char*> bodies[] = {
      {R"({"from":"a","state":"b","class":"S1","x":1,"y":2,"grid":3,"unit":4,"responsible":5,"rework":1,"lamp":0})",
       R"({"from":"a","state":"b","lamp":0,"now":{"class":"S1","x":1,"y":2,"grid":3,"unit":4,"responsible":5,"rework":1}})"},
      {R"({"state":"b","assignee":7,"was":{"fields":{"a":1}},"now":{"fields":{"a":2}}})",
       R"({"state":"b","was":{"fields":{"a":1}},"now":{"fields":{"a":2},"assignee":7}})"},
      {R"({"state":"b","open":true})", R"({"state":"b","open":true})"},
      // A reader may get a part alone, and a substitute may stand anywhere.
      {R"({"state":"b","now":"[removed]","responsible":"[removed]"})",
       R"({"state":"b","now":{"responsible":"[removed]"}})"}};
  for (const auto& [old, newest] : bodies) {
    log::FactRecord fact{"case.moved", "task:1", {}, 1};
    const auto read = board::read_as_newest(moved, fact, *parse_json(old));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->dump(), newest);
  }
}
