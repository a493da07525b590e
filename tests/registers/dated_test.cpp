// Values with a day from which they hold: to come, of today, and corrections of what is known of the past.
#include <gtest/gtest.h>

#include "registers/tables.hpp"
#include "registers/timelines.hpp"
#include "support/command_table.hpp"

using namespace qipan;
using namespace qipan::test::registers;

namespace {

constexpr Day today = 20'601;  // 2026-05-28

class Dated : public testing::Test {
 protected:
  Dated() : scratch_(china_midnight(today) + 9 * 3'600 * microseconds_per_second) {
    pack::Problems problems;
    scratch_.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    for (const auto& [name, text] :
         {std::pair("posts", posts), std::pair("firms", firms), std::pair("keepers", keepers)})
      scratch_.install(
          *pack::from_files({{"pack.toml", "name = \"" + std::string(name) +
                                               "\"\nversion = 1\ntitle = { zh = \"册\", en = \"R\" }\n"},
                             {"registers/r.toml", text}},
                            name, problems),
          true, problems);
    EXPECT_TRUE(problems.empty()) << problems.front().line();
    EXPECT_EQ(test::hold_commands(scratch_, R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
register.add | {"register":"post","values":{"code":"P1","height":8,"lamps":1}} | has {"unit":1}
)"),
              2);
  }
  void wait(Day days) {
    scratch_.clock().advance(days * microseconds_per_day);
    scratch_.board().tick();
  }
  [[nodiscard]] std::string text(const char* column) {
    auto statement =
        scratch_.database().prepare(std::string("SELECT ") + column + " FROM register_post WHERE id=1");
    return statement.step() && !statement.is_null(0) ? std::string(statement.text(0)) : "none";
  }
  [[nodiscard]] registers::Timelines timelines(Instant known = instant_max) {
    return registers::timelines_of(scratch_.database(), "post:1", known,
                                   [](const log::FactRecord& fact) { return log::body_of(fact); });
  }
  [[nodiscard]] std::string at(const registers::Timelines& lines, const char* name, Day day) {
    const registers::Stretch* stretch = lines.at(name, day);
    return stretch == nullptr ? "nothing" : stretch->value.dump();
  }
  cmd::Scratch scratch_;
};

}  // namespace

TEST_F(Dated, CommandsAreHeldAgainstTheirDay) {
  EXPECT_EQ(test::hold_commands(scratch_, R"(
# To come: it waits, and stands nowhere yet.
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{"lamps":2},"reason":"改造"} | {"from":"2026-06-01","values":{"lamps":2},"reason":"改造"}
# Of today is as without a day.
register.change | {"register":"post","id":1,"from":"2026-05-28","values":{"height":9}} | {"was":{"values":{"height":8}},"now":{"values":{"height":9}}}
# Of a day gone by asks why; what was changed since stays.
register.change | {"register":"post","id":1,"from":"2026-05-01","values":{"lamps":3}} | field-required reason
register.change | {"register":"post","id":1,"from":"2026-05-01","values":{"lamps":3},"reason":"现场复核"} | {"from":"2026-05-01","was":{"values":{"lamps":1}},"now":{"values":{"lamps":3}},"reason":"现场复核"}
register.change | {"register":"post","id":1,"from":"2026-05-02","values":{"height":7,"lamps":3},"reason":"补录"} | {"from":"2026-05-02","past":{"values":{"height":7}},"reason":"补录"}
register.change | {"register":"post","id":1,"from":"2026-05-03","values":{"lamps":3},"reason":"补录"} | nothing-changes values
# What cannot be dated.
register.change | {"register":"post","id":1,"from":"2026-05-01","values":{"code":"P2"},"reason":"误"} | change-dated values/code
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{},"x":10,"y":10} | change-dated x
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{}} | nothing-to-change values
register.change | {"register":"post","id":1,"from":"1 June","values":{"lamps":2}} | field-unfit from
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{"lamps":10}} | field-unfit values/lamps
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{"nothing":1}} | field-unknown values/nothing
register.change | {"register":"post","id":9,"from":"2026-06-01","values":{"lamps":2}} | entry-unknown id
register.withdraw | {"register":"post","id":1,"plan":1,"reason":"不做了"} | plan-unknown plan
)"),
            14);
  EXPECT_EQ(text("lamps"), "3");
  EXPECT_EQ(text("height"), "9000000");
}

TEST_F(Dated, WhatIsToComeTakesEffectOnItsDay) {
  EXPECT_EQ(test::hold_commands(scratch_, R"(
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{"lamps":2}} | {"from":"2026-06-01","values":{"lamps":2}}
register.change | {"register":"post","id":1,"from":"2026-05-30","values":{"lamps":4,"lit":true}} | {"from":"2026-05-30","values":{"lamps":4,"lit":true}}
)"),
            2);
  wait(1);
  EXPECT_EQ(text("lamps"), "1");
  wait(1);
  EXPECT_EQ(text("lamps"), "4");
  // Two days without the program: each in its turn.
  wait(10);
  EXPECT_EQ(text("lamps"), "2");
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_planned"), 0);
  const auto facts = board::history_of(scratch_.database(), "post:1");
  ASSERT_EQ(facts.size(), 5U);
  EXPECT_EQ(
      log::body_of(log::Log::find(scratch_.database(), facts[3])->fact)->dump(),
      R"({"plan":)" + std::to_string(facts[2]) +
          R"(,"from":"2026-05-30","was":{"values":{"lamps":1,"lit":null}},"now":{"values":{"lamps":4,"lit":true}}})");
  EXPECT_EQ(test::hold_commands(scratch_, ""), 0) << "and folds to the same";
}

TEST_F(Dated, StandOnceOnEachDay) {
  EXPECT_EQ(test::hold_commands(scratch_, R"(
register.add | {"register":"post","values":{"code":"P2","height":8}} | has {"unit":1}
register.add | {"register":"post","values":{"code":"P3","height":8}} | has {"unit":1}
# Who has it gives it up on a day: from then on it is another's, and not before.
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{"code":"P2"}} | entry-known values/code
register.change | {"register":"post","id":2,"from":"2026-06-01","values":{"code":"P9"}} | {"from":"2026-06-01","values":{"code":"P9"}}
register.change | {"register":"post","id":1,"from":"2026-05-31","values":{"code":"P2"}} | entry-known values/code
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{"code":"P2"}} | {"from":"2026-06-01","values":{"code":"P2"}}
register.change | {"register":"post","id":3,"from":"2026-06-05","values":{"code":"P2"}} | entry-known values/code
# What is planned is nobody else's meanwhile: it would stand twice then.
register.change | {"register":"post","id":3,"values":{"code":"P9"}} | entry-known values/code
register.add | {"register":"post","values":{"code":"P9","height":8}} | entry-known values/code
# Unless they have another by then.
register.change | {"register":"post","id":3,"from":"2026-05-30","values":{"code":"P8"}} | {"from":"2026-05-30","values":{"code":"P8"}}
register.change | {"register":"post","id":3,"values":{"code":"P9"}} | has {"now":{"values":{"code":"P9"}}}
register.add | {"register":"post","values":{"code":"P1","height":8}} | entry-known values/code
)"),
            12);
  // The first entry's timer fires first; the second has given way all the same.
  wait(10);
  EXPECT_EQ(text("code"), "P2");
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_post WHERE id=2 AND code='P9'"), 1);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_post WHERE id=3 AND code='P8'"), 1);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_planned"), 0);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_claims"), 0);
  EXPECT_EQ(test::hold_commands(scratch_, R"(
# What it was is free again, and a retired one claims nothing.
register.change | {"register":"post","id":2,"from":"2026-07-01","values":{"code":"P1"}} | {"from":"2026-07-01","values":{"code":"P1"}}
register.add | {"register":"post","values":{"code":"P1","height":8}} | entry-known values/code
register.retire | {"register":"post","id":2,"reason":"gone"} | {"reason":"gone"}
register.add | {"register":"post","values":{"code":"P1","height":8}} | has {"unit":1}
)"),
            4);
}

TEST_F(Dated, WhoWaitsForEachOtherWaitsForNobody) {
  EXPECT_EQ(test::hold_commands(scratch_, R"(
register.add | {"register":"post","values":{"code":"P2","height":8}} | has {"unit":1}
register.change | {"register":"post","id":2,"from":"2026-06-01","values":{"code":"P9"}} | {"from":"2026-06-01","values":{"code":"P9"}}
register.change | {"register":"post","id":1,"from":"2026-06-01","values":{"code":"P2"}} | {"from":"2026-06-01","values":{"code":"P2"}}
register.change | {"register":"post","id":2,"from":"2026-06-01","values":{"code":"P1"}} | {"from":"2026-06-01","values":{"code":"P1"}}
)"),
            4);
  const auto first = board::history_of(scratch_.database(), "post:2")[1];
  EXPECT_EQ(
      test::hold_commands(scratch_, R"(
register.withdraw | {"register":"post","id":2,"plan":)" +
                                        std::to_string(first) + R"(,"reason":"改了"} | has {"reason":"改了"}
)"),
      1);
  // Each is to have the other's: nothing stands twice, and nothing waits for ever.
  wait(10);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_planned"), 0);
  EXPECT_EQ(scratch_.database().integer("SELECT count(DISTINCT code) FROM register_post"), 2);
  EXPECT_EQ(test::hold_commands(scratch_, ""), 0) << "and folds to the same";
}

TEST_F(Dated, WhatIsToComeIsWithdrawn) {
  const auto plan = [&](const char* body) {
    const auto outcome =
        scratch_.board().decide({.kind = "register.change", .actor = "operator", .body = *parse_json(body)});
    EXPECT_TRUE(outcome) << outcome.error().line();
    return std::to_string(parse_json(outcome->answer)->integer_or("plan", 0));
  };
  const std::string first = plan(R"({"register":"post","id":1,"from":"2026-06-01","values":{"lamps":2}})");
  const std::string second = plan(R"({"register":"post","id":1,"from":"2026-06-02","values":{"lamps":5}})");
  const std::string lines = R"(
register.withdraw | {"register":"post","id":1,"plan":)" +
                            first + R"(} | field-required reason
register.withdraw | {"register":"post","id":1,"plan":)" +
                            first + R"(,"reason":"不做了"} | {"plan":)" + first + R"(,"reason":"不做了"}
register.withdraw | {"register":"post","id":1,"plan":)" +
                            first + R"(,"reason":"不做了"} | plan-unknown plan
)";
  EXPECT_EQ(test::hold_commands(scratch_, lines), 3);
  wait(4);
  EXPECT_EQ(text("lamps"), "1");
  const char* waiting = "SELECT coalesce(max(position),0) FROM register_planned";
  EXPECT_EQ(std::to_string(scratch_.database().integer(waiting)), second) << "the other one waits";
  EXPECT_EQ(test::hold_commands(scratch_, R"(
register.retire | {"register":"post","id":1,"reason":"拆除"} | {"reason":"拆除"}
)"),
            1);
  EXPECT_EQ(scratch_.database().integer(waiting), 0);
  wait(10);
  EXPECT_EQ(text("lamps"), "1") << "what is retired changes no more";
}

/// What holds no more on its day, by what others changed meanwhile, is withdrawn and says why.
TEST_F(Dated, WhatNoLongerFitsIsWithdrawnOnItsDay) {
  EXPECT_EQ(test::hold_commands(scratch_, R"(
register.add | {"register":"firm","values":{"code":"91440704M3HETHHP2H"}} | has {"unit":1}
register.change | {"register":"firm","id":1,"from":"2026-06-01","values":{"lamp":"post:1"}} | has {"from":"2026-06-01"}
register.change | {"register":"firm","id":1,"from":"2026-05-01","values":{"licence":"A"},"reason":"误"} | change-dated values/licence
register.add | {"register":"keeper","values":{"code":"1"}} | has {"unit":1}
register.change | {"register":"keeper","id":1,"from":"2026-06-01","values":{},"sealed":{"values/contact":"张三"}} | change-dated values/contact
register.change | {"register":"keeper","id":1,"from":"2026-06-01","values":{"called":true}} | field-required values/telephone
register.add | {"register":"keeper","values":{"code":"2"},"sealed":{"values/telephone":"13800000001"}} | has {"unit":1}
register.change | {"register":"keeper","id":2,"from":"2026-06-01","values":{"called":true}} | {"from":"2026-06-01","values":{"called":true}}
register.change | {"register":"keeper","id":2,"values":{"telephone":null}} | has {}
)"),
            9);
  wait(5);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_firm WHERE lamp='post:1'"), 1);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_keeper WHERE called=1"), 0);
  const Position last = board::history_of(scratch_.database(), "keeper:2").back();
  const auto fact = log::Log::find(scratch_.database(), last);
  EXPECT_EQ(fact->fact.kind, "register.plan_withdrawn");
  EXPECT_NE(log::body_of(fact->fact)->text_or("reason", "").find("field-required"), std::string::npos);
}

TEST_F(Dated, BothTimesAreKept) {
  const auto moment = [&] {
    scratch_.clock().advance(microseconds_per_second);
    const Instant now = scratch_.clock().now();
    scratch_.clock().advance(microseconds_per_second);
    return now;
  };
  const Instant first = moment();
  test::hold_commands(scratch_, R"(
register.change | {"register":"post","id":1,"values":{"lamps":2}} | has {}
register.change | {"register":"post","id":1,"from":"2026-06-10","values":{"lamps":6}} | has {"from":"2026-06-10"}
)");
  const Instant second = moment();
  wait(3);
  test::hold_commands(scratch_, R"(
register.change | {"register":"post","id":1,"from":"2026-05-10","values":{"lamps":5},"reason":"补录"} | has {"past":{"values":{"lamps":5}}}
register.change | {"register":"post","id":1,"values":{"lamps":3},"x":10,"y":20} | has {}
)");
  const Instant third = moment();
  struct Line {
    Instant known;
    Day day;
    const char* lamps;
  };
  const Day may_10 = *parse_day("2026-05-10");
  const Line lines[] = {
      {first, may_10, "1"},     {first, today, "1"},     {first, today + 400, "1"}, {second, may_10, "1"},
      {second, today - 1, "1"}, {second, today, "2"},    {second, today + 12, "2"}, {second, today + 13, "6"},
      {third, may_10 - 1, "1"}, {third, may_10, "5"},    {third, today - 1, "5"},   {third, today, "2"},
      {third, today + 2, "2"},  {third, today + 3, "3"}, {third, today + 13, "6"},
  };
  for (const Line& line : lines)
    EXPECT_EQ(at(timelines(line.known), "lamps", line.day), line.lamps)
        << format_instant(line.known) << " " << format_day(line.day);
  EXPECT_EQ(at(timelines(second), "x", today + 5), "nothing");
  EXPECT_EQ(at(timelines(third), "x", today + 3), "10");
  EXPECT_TRUE(timelines(third).at("lamps", today + 13)->planned);
  wait(20);
  EXPECT_FALSE(timelines().at("lamps", today + 13)->planned);
  EXPECT_EQ(text("lamps"), "6");
  EXPECT_FALSE(timelines(1).added);
  EXPECT_TRUE(timelines(first).added);
}
