// Who is away and who stands in: rights by the moment of the command, and whose they were in the fact.
#include <gtest/gtest.h>

#include "board/refold.hpp"
#include "cases/queries.hpp"
#include "log/log.hpp"
#include "notices/queries.hpp"
#include "support/command_table.hpp"

using namespace qipan;

namespace {

constexpr Instant monday = 1'780'272'000'000'000;  // 2026-06-01T00:00:00Z
constexpr Instant hour = 3'600 * microseconds_per_second;

// 2026-06-01T00:00:00Z is 1780272000.
constexpr const char* absences = R"(
unit.set_deputy | {"login":"hw","role":"handler","unit":"D-HW","deputy":"hw2"} | {"role":"handler","unit":2,"was":0,"now":3}
unit.set_deputy | {"login":"hw","role":"handler","unit":"D-HW","deputy":"hw2"} | nothing-changes deputy
unit.set_deputy | {"login":"hw","role":"handler","unit":"X","deputy":"hw2"} | post-not-held role
unit.set_deputy | {"login":"hw","role":"handler","unit":"D-HW","deputy":"hw"} | deputy-unfit deputy
unit.set_deputy | {"login":"hw","role":"handler","unit":"D-HW","deputy":"nobody"} | not-known deputy
unit.set_deputy@person:2 | {"login":"hw","role":"handler","unit":"D-HW","deputy":"hw2"} | not-permitted 
# Standing in is having: nobody comes to two administrations by it, in whichever order, or names themselves.
unit.set_deputy | {"login":"sys","role":"administrator","unit":"X","deputy":"safe"} | administrations-apart role
unit.set_deputy | {"login":"sys","role":"administrator","unit":"X","deputy":"hw2"} | has {"now":3}
unit.give_post | {"login":"hw2","role":"auditor","unit":"X"} | administrations-apart role
unit.set_deputy@person:5 | {"login":"hw","role":"handler","unit":"D-HW","deputy":"safe"} | own-post deputy
unit.set_deputy@person:5 | {"login":"sys","role":"administrator","unit":"X","deputy":null} | has {"was":3,"now":0}
# Absences: one's own, or by who keeps the accounts.
unit.set_absence@person:2 | {"login":"hw","from":"2026-06-02T00:00:00Z","until":"2026-06-04T00:00:00Z"} | field-required reason
unit.set_absence@person:2 | {"login":"hw","from":"2026-06-04T00:00:00Z","until":"2026-06-02T00:00:00Z","reason":"leave"} | absence-span until
unit.set_absence@person:2 | {"login":"hw","from":"2026-01-04T00:00:00Z","until":"2026-02-02T00:00:00Z","reason":"leave"} | absence-span until
unit.set_absence@person:2 | {"login":"hw","from":"2026-06-04T00:00:00Z","until":"2028-06-02T00:00:00Z","reason":"leave"} | absence-span until
unit.set_absence@person:2 | {"login":"hw","from":"2026-06-02 00:00","until":"2026-06-04T00:00:00Z","reason":"leave"} | field-unfit from
unit.set_absence@person:2 | {"login":"hw2","from":"2026-06-02T00:00:00Z","until":"2026-06-04T00:00:00Z","reason":"leave"} | not-permitted 
unit.set_absence@person:2 | {"login":"hw","from":"2026-06-02T00:00:00Z","until":"2026-06-04T00:00:00Z","reason":"leave"} | {"absence":1,"from":1780358400000000,"until":1780531200000000,"reason":"leave"}
unit.set_absence@person:4 | {"login":"hw","from":"2026-06-03T00:00:00Z","until":"2026-06-05T00:00:00Z","reason":"leave"} | absence-known from
unit.set_absence@person:4 | {"login":"hw2","from":"2026-06-08T00:00:00Z","until":"2026-06-09T00:00:00Z","reason":"leave"} | has {"absence":2}
unit.end_absence@person:3 | {"login":"hw","absence":1} | not-permitted 
unit.end_absence@person:3 | {"login":"hw2","absence":1} | not-known absence
unit.end_absence@person:3 | {"login":"hw2","absence":2} | {"absence":2,"was":1780963200000000,"now":1780876800000000}
)";

class Deputies : public testing::Test {
 protected:
  Deputies() : scratch_(monday) {
    pack::Problems problems;
    for (const char* name : {"base", "grid-events"})
      scratch_.install(*pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems), true,
                       problems);
    EXPECT_TRUE(problems.empty());
    run("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"District"})");
    run("unit.create",
        R"({"code":"D-HW","kind":"department","parent":"X","title_zh":"环卫","title_en":"Sanitation"})");
    person("leader", "X", "shift_leader");
    person("hw", "D-HW", "handler");
    person("hw2", "X", "");
    person("sys", "X", "administrator");
    person("safe", "X", "security_administrator");
    run("notice.set_mail",
        R"({"host":"m","port":25,"security":"none","from":"q@example.org","site":"https://q.example"})");
  }
  void person(const std::string& login, const std::string& unit, const std::string& role) {
    board::Command add = made("unit.add_person", R"({"login":")" + login + R"(","unit":")" + unit +
                                                     R"(","title_zh":"人","title_en":"Person"})");
    add.personal.push_back({"email", login + "@example.org"});
    EXPECT_TRUE(scratch_.board().decide(std::move(add)));
    if (!role.empty())
      run("unit.give_post",
          R"({"login":")" + login + R"(","unit":")" + unit + R"(","role":")" + role + R"("})");
  }
  static board::Command made(const std::string& kind, const std::string& body,
                             const std::string& actor = "operator") {
    board::Command command;
    command.kind = kind;
    command.actor = actor;
    command.body = *parse_json(body);
    return command;
  }
  std::string run(const std::string& kind, const std::string& body, const std::string& actor = "operator") {
    scratch_.clock().advance(microseconds_per_second);
    const auto outcome = scratch_.board().decide(made(kind, body, actor));
    first_ = outcome ? outcome->first : 0;
    answer_ = outcome ? *parse_json(outcome->answer) : Json();
    return outcome ? "" : outcome.error().code;
  }
  /// A case that waits for the department.
  std::string dispatched() {
    run("case.create", R"({"type":"grid_event","class":"S0102","fields":{"description":"有垃圾"}})");
    const std::string id = std::to_string(answer_.integer_or("case", 0));
    EXPECT_EQ(run("case.transition",
                  R"({"id":)" + id + R"(,"transition":"file_and_dispatch","responsible":"D-HW"})"),
              "");
    return id;
  }
  std::string accept(const std::string& id, const std::string& actor) {
    return run("case.transition", R"({"id":)" + id + R"(,"transition":"accept"})", actor);
  }
  Json said() { return *log::body_of(log::Log::find(scratch_.database(), first_)->fact); }
  std::set<std::string> told() {
    std::set<std::string> targets;
    for (const auto& row : notices::list_notices(scratch_.database(), {"", 0, 0, 100}))
      if (row.channel == "mail") targets.insert(row.target);
    return targets;
  }

  cmd::Scratch scratch_;
  Position first_ = 0;
  Json answer_;
};

// People: leader 1, hw 2, hw2 3, sys 4, safe 5.
TEST_F(Deputies, AreSetAndAbsencesToldOrRefused) {
  EXPECT_EQ(test::hold_commands(scratch_, absences), 23);
}

TEST_F(Deputies, ActByTheMomentAndItStandsInTheFact) {
  run("unit.set_deputy", R"({"login":"hw","role":"handler","unit":"D-HW","deputy":"hw2"})");
  run("unit.set_absence",
      R"({"login":"hw","from":"2026-06-02T00:00:00Z","until":"2026-06-03T00:00:00Z","reason":"leave"})",
      "person:2");
  EXPECT_EQ(answer_["without_deputy"].dump(), "[]");
  const std::string id = dispatched();
  EXPECT_EQ(accept(id, "person:3"), "not-permitted") << "not yet";
  scratch_.clock().set(monday + 24 * hour);
  EXPECT_EQ(accept(id, "person:3"), "");
  EXPECT_EQ(said()["acting_for"].dump(), R"(["person:2"])");
  EXPECT_TRUE(
      scratch_.board().directory(monday + 36 * hour).permits_somewhere("person:3", "comment", "case"));
  EXPECT_FALSE(scratch_.board().directory(monday + 2 * hour).permits_somewhere("person:3", "comment", "case"))
      << "also where a clock is set back";
  // Whoever is away may look in, and acts as themselves.
  EXPECT_EQ(accept(dispatched(), "person:2"), "");
  EXPECT_FALSE(said().has("acting_for"));
  scratch_.clock().set(monday + 48 * hour);
  EXPECT_EQ(accept(dispatched(), "person:3"), "not-permitted") << "no more, without any fact or timer";
  const auto verified = board::verify(scratch_.database(), ":memory:", scratch_.board().engines(),
                                      [](std::string_view, Position) {});
  EXPECT_TRUE(verified) << verified.error().line();
}

TEST_F(Deputies, GoWithThePostAndWithThePerson) {
  run("unit.set_deputy", R"({"login":"hw","role":"handler","unit":"D-HW","deputy":"hw2"})");
  const auto away = [&](const char* from) {
    return run("unit.set_absence", R"({"login":"hw","from":")" + std::string(from) +
                                       R"(","until":"2026-06-20T00:00:00Z","reason":"leave"})");
  };
  ASSERT_EQ(away("2026-06-01T00:00:00Z"), "");
  EXPECT_EQ(accept(dispatched(), "person:3"), "");
  EXPECT_EQ(run("unit.end_absence", R"({"login":"hw","absence":1})"), "");
  EXPECT_EQ(accept(dispatched(), "person:3"), "not-permitted");
  scratch_.clock().set(monday + 2 * hour);
  ASSERT_EQ(away("2026-06-01T01:00:00Z"), "");
  EXPECT_EQ(accept(dispatched(), "person:3"), "");
  run("unit.take_post", R"({"login":"hw","role":"handler","unit":"D-HW"})");
  run("unit.give_post", R"({"login":"hw","role":"handler","unit":"D-HW"})");
  EXPECT_EQ(accept(dispatched(), "person:3"), "not-permitted") << "a post that is given anew has no deputy";
  EXPECT_EQ(run("unit.end_absence", R"({"login":"hw","absence":2})"), "");
  run("unit.set_absence",
      R"({"login":"hw","from":"2026-06-02T00:00:00Z","until":"2026-06-03T00:00:00Z","reason":"leave"})");
  EXPECT_EQ(answer_["without_deputy"].dump(), R"([{"role":"handler","unit":"D-HW"}])");
}

TEST_F(Deputies, AreToldInThePlaceOfWhoIsAway) {
  run("unit.set_deputy", R"({"login":"hw","role":"handler","unit":"D-HW","deputy":"hw2"})");
  dispatched();
  EXPECT_EQ(told(), std::set<std::string>{"person:2"});
  run("unit.set_absence",
      R"({"login":"hw","from":"2026-06-01T00:00:00Z","until":"2026-06-02T00:00:00Z","reason":"leave"})");
  dispatched();
  EXPECT_EQ(told(), (std::set<std::string>{"person:2", "person:3"}));
}

// Whoever is away and has no deputy is passed by: who has the role above is told.
TEST_F(Deputies, WithoutOneTheNextAboveIsTold) {
  person("chief", "X", "handler");
  run("unit.set_absence",
      R"({"login":"hw","from":"2026-06-01T00:00:00Z","until":"2026-06-02T00:00:00Z","reason":"leave"})");
  dispatched();
  EXPECT_EQ(told(), std::set<std::string>{"person:6"});
}

// Not its own person's posts alone: a key that stood in would outlive what it stands in for.
TEST_F(Deputies, KeysStandInForNobody) {
  run("unit.set_deputy", R"({"login":"hw","role":"handler","unit":"D-HW","deputy":"hw2"})");
  run("unit.set_absence",
      R"({"login":"hw","from":"2026-06-01T00:00:00Z","until":"2026-06-02T00:00:00Z","reason":"leave"})");
  run("unit.issue_token",
      R"({"login":"hw2","purpose":"x","hash":"0000000000000000000000000000000000000000000000000000000000000000"})");
  EXPECT_EQ(accept(dispatched(), "token:1"), "not-permitted");
}

}  // namespace
