// Lists that people keep: for themselves, for a unit, changed by who may, and the same after a refold.
#include <gtest/gtest.h>

#include "board/refold.hpp"
#include "cmd/scratch.hpp"
#include "saved/queries.hpp"
#include "saved/saved_engine.hpp"

using namespace qipan;

namespace {

constexpr Instant start = 1'780'000'000'000'000;

/// A district with a leader, who may share, and two workers, one of them at a unit below.
class Kept : public testing::Test {
 protected:
  Kept() : scratch_(start) {
    pack::Problems problems;
    scratch_.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    EXPECT_TRUE(problems.empty());
    run("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"District"})");
    run("unit.create", R"({"code":"X1","kind":"street","parent":"X","title_zh":"街","title_en":"Street"})");
    for (const auto& [login, role, unit] :
         {std::tuple("leader", "shift_leader", "X"), {"near", "handler", "X1"}, {"far", "handler", "X"}}) {
      const Json person =
          Json::object().set("login", login).set("unit", unit).set("title_zh", login).set("title_en", login);
      run("unit.add_person", person.dump());
      run("unit.give_post", Json::object().set("login", login).set("role", role).set("unit", unit).dump());
    }
  }

  board::Outcome attempt(const std::string& kind, const std::string& body,
                         const std::string& actor = "operator") {
    board::Command command;
    command.kind = kind;
    command.actor = actor;
    command.body = *parse_json(body);
    command.at = now_;
    return scratch_.board().decide(std::move(command));
  }
  std::int64_t run(const std::string& kind, const std::string& body, const std::string& actor = "operator") {
    const auto outcome = attempt(kind, body, actor);
    EXPECT_TRUE(outcome) << kind << " " << (outcome ? "" : outcome.error().line());
    return outcome ? parse_json(outcome->answer)->integer_or("saved", 0) : 0;
  }
  std::string code_of(const std::string& kind, const std::string& body, const std::string& actor) {
    const auto outcome = attempt(kind, body, actor);
    return outcome ? "" : outcome.error().code;
  }
  std::vector<std::string> titles(PersonId person, const std::vector<UnitId>& units,
                                  const std::string& about = "") {
    std::vector<std::string> found;
    for (const auto& one : saved::list(scratch_.database(), person, units, "", about))
      found.push_back(one.title);
    return found;
  }
  static std::string list(const std::string& title, const std::string& more = "") {
    return R"({"form":"list","about":"case","title":")" + title + R"(","content":{"sort":"due"})" + more +
           "}";
  }

  static constexpr const char* leader = "person:1";
  static constexpr const char* near = "person:2";
  static constexpr const char* far = "person:3";
  cmd::Scratch scratch_;
  Instant now_ = start;
};

using Titles = std::vector<std::string>;

}  // namespace

TEST_F(Kept, IsTheOwnersAloneUnlessItIsShared) {
  run("saved.keep", list("近处的"), near);
  const UnitId district = scratch_.board().directory(now_).root();
  run("saved.keep", list("今天到期", R"(,"unit":"X")"), leader);
  EXPECT_EQ(titles({2}, {district}), (Titles{"近处的", "今天到期"}));
  EXPECT_EQ(titles({3}, {district}), Titles{"今天到期"});
  EXPECT_EQ(titles({3}, {}), Titles{});
  EXPECT_EQ(titles({2}, {district}, "firm"), Titles{}) << "of another collection";
  EXPECT_EQ(code_of("saved.keep", list("给大家", R"(,"unit":"X")"), near), "not-permitted");
}

TEST_F(Kept, IsChangedAndDroppedByWhoMay) {
  const std::int64_t own = run("saved.keep", list("我的"), near);
  const std::string id = R"(,"id":)" + std::to_string(own);
  EXPECT_EQ(code_of("saved.keep", list("别人的", id), far), "saved-unknown") << "not even told to be there";
  EXPECT_EQ(code_of("saved.drop", R"({"id":)" + std::to_string(own) + "}", leader), "saved-unknown");
  EXPECT_EQ(code_of("saved.drop", R"({"id":99})", near), "saved-unknown");
  run("saved.keep", list("改名", id), near);
  EXPECT_EQ(saved::find(scratch_.database(), own)->title, "改名");
  EXPECT_EQ(code_of("saved.keep",
                    R"({"id":)" + std::to_string(own) +
                        R"(,"form":"list","about":"firm","title":"x","content":{}})",
                    near),
            "saved-other");
  run("saved.drop", R"({"id":)" + std::to_string(own) + "}", near);
  EXPECT_FALSE(saved::find(scratch_.database(), own));
  EXPECT_EQ(run("saved.keep", list("下一个"), near), own + 1) << "a number is given once";
}

TEST_F(Kept, ABoardIsArrangedOnceAUnit) {
  const auto board = [](const std::string& unit, const std::string& more = "") {
    return R"({"form":"board","about":"grid-events","title":"排列","content":{"order":[1,0]})" +
           (unit.empty() ? "" : R"(,"unit":")" + unit + "\"") + more + "}";
  };
  EXPECT_EQ(code_of("saved.keep", board(""), leader), "saved-board");
  const std::int64_t id = run("saved.keep", board("X"), leader);
  EXPECT_EQ(code_of("saved.keep", board("X"), leader), "saved-twice");
  run("saved.keep", board("X", R"(,"id":)" + std::to_string(id)), "operator");
  run("saved.keep", board("X1"), leader);
}

TEST_F(Kept, WhatIsTooMuchOrNoListIsRefused) {
  EXPECT_EQ(code_of("saved.keep", list("", ""), near), "field-required");
  EXPECT_EQ(code_of("saved.keep", R"({"form":"list","about":"case","title":"a","content":[1]})", near),
            "saved-content");
  EXPECT_EQ(code_of("saved.keep",
                    R"({"form":"list","about":"case","title":"a","content":{"where":")" +
                        std::string(9'000, 'x') + "\"}}",
                    near),
            "saved-content");
  EXPECT_EQ(code_of("saved.keep", list("无人的"), "operator"), "person-needed");
  EXPECT_EQ(code_of("saved.keep", list("何处", R"(,"unit":"nowhere")"), leader), "unit-unknown");
  for (std::int64_t i = 0; i < saved::of_person_max; ++i) run("saved.keep", list("第几个"), far);
  EXPECT_EQ(code_of("saved.keep", list("再一个"), far), "saved-many");
}

TEST_F(Kept, IsTheSameAfterARefold) {
  const std::int64_t id = run("saved.keep", list("一"), near);
  run("saved.keep", list("二", R"(,"unit":"X1")"), leader);
  run("saved.drop", R"({"id":)" + std::to_string(id) + "}", near);
  const auto same = board::verify(scratch_.database(), ":memory:", scratch_.board().engines(),
                                  [](std::string_view, Position) {});
  EXPECT_TRUE(same) << same.error().line();
}
