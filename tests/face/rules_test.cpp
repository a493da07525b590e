// Rules from the page: seen, drafted, tried, reviewed, replayed and put in force.
#include "support/app_world.hpp"

using namespace qipan;
using qipan::test::code_of;
using qipan::test::World;

namespace {

const std::string path = "rules/dispatch.dmn";

/// The dispatch rules as they are in force, with one text for another.
std::string dispatch_with(World& world, const World::Login& login, const std::string& from,
                          const std::string& to) {
  const auto response = world.send("GET", "/api/v1/rules/grid-events", "", login.cookie);
  EXPECT_EQ(response.status, 200) << response.body;
  std::string text = (*parse_json(response.body))["files"].text_or(path, "");
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

std::int64_t version_of(World& world, const World::Login& login) {
  return parse_json(world.send("GET", "/api/v1/rules/grid-events", "", login.cookie).body)
      ->integer_or("version", 0);
}

struct Draft {
  std::int64_t id = 0;
  std::int64_t revision = 0;
};

Draft begin(World& world, const World::Login& login, const std::string& dmn) {
  Json body = Json::object();
  body.set("pack", "grid-events").set("base", version_of(world, login)).set("title", "环卫的归口");
  body.set("files", Json::object().set(path, dmn));
  const auto response = world.send("POST", "/api/v1/rule-drafts", body.dump(), login.cookie, login.csrf);
  EXPECT_EQ(response.status, 201) << response.body;
  const auto answer = parse_json(response.body);
  return {answer->integer_or("draft", 0), answer->integer_or("revision", 0)};
}

std::string end_body(const Draft& draft) {
  return R"({"comment":"职责调整通知","revision":)" + std::to_string(draft.revision) + "}";
}

std::string target(const Draft& draft, const std::string& what = "") {
  return "/api/v1/rule-drafts/" + std::to_string(draft.id) + what;
}

}  // namespace

TEST(Rules, AreSeenByThoseWhoMay) {
  World& world = World::get();
  EXPECT_EQ(world.send("GET", "/api/v1/rules").status, 401);
  EXPECT_EQ(world.send("GET", "/api/v1/rules", "", world.log_in("worker-lile").cookie).status, 403);
  const auto keeper = world.log_in("rules");
  const auto list = world.send("GET", "/api/v1/rules", "", keeper.cookie);
  ASSERT_EQ(list.status, 200) << list.body;
  const auto body = parse_json(list.body);
  EXPECT_TRUE((*body)["may_draft"].boolean());
  EXPECT_FALSE((*body)["may_publish"].boolean());
  const auto one = world.send("GET", "/api/v1/rules/grid-events", "", keeper.cookie);
  const auto rules = parse_json(one.body);
  EXPECT_EQ((*rules)["models"].items()[0]["decisions"].items()[0].dump(),
            R"({"name":"dispatch","inputs":["class","condition"],"outputs":["department"]})");
  EXPECT_TRUE((*rules)["files"].has("rules/dispatch.tests.toml"))
      << "tests are in the log beside their rules";
  EXPECT_FALSE((*rules)["files"].has("pack.toml"));
  EXPECT_EQ(world.send("GET", "/api/v1/rules/nothing", "", keeper.cookie).status, 404);
  EXPECT_EQ(world.send("GET", "/api/v1/rules/grid-events?version=999", "", keeper.cookie).status, 404);
  EXPECT_EQ(world.send("GET", "/api/v1/rules/grid-events?version=x", "", keeper.cookie).status, 422);
}

TEST(Rules, ATrialTellsWhyAndKeepsNothing) {
  World& world = World::get();
  const auto leader = world.log_in("leader");
  const auto before = world.writer().position();
  const auto ask = [&](const std::string& input) {
    return world.send(
        "POST", "/api/v1/rule-trials",
        R"({"pack":"grid-events","path":"rules/dispatch.dmn","decision":"dispatch","input":)" + input + "}",
        leader.cookie, leader.csrf);
  };
  const auto said = ask(R"({"class":"B0101"})");
  ASSERT_EQ(said.status, 200) << said.body;
  EXPECT_EQ((*parse_json(said.body))["outputs"].text_or("department", ""), "D-SZGS");
  EXPECT_EQ(code_of(ask(R"({"clas":"B0101"})")), "decide-input");
  EXPECT_EQ(code_of(ask("[]")), "decide-input");
  EXPECT_EQ(world.writer().position(), before);
  // Rules that one wrote oneself are run for those who may write them.
  EXPECT_EQ(world
                .send("POST", "/api/v1/rule-trials",
                      R"({"pack":"grid-events","files":{},"path":"rules/dispatch.dmn","decision":"dispatch",)"
                      R"("input":{}})",
                      leader.cookie, leader.csrf)
                .status,
            403);
  EXPECT_EQ(world.send("POST", "/api/v1/rule-trials", "{}", leader.cookie).status, 403) << "no CSRF token";
}

TEST(Rules, AReviewNamesProblemsTestsAndDifferences) {
  World& world = World::get();
  const auto keeper = world.log_in("rules");
  const auto review = [&](const std::string& dmn) {
    Json body = Json::object();
    body.set("pack", "grid-events").set("files", Json::object().set(path, dmn));
    return parse_json(
        world.send("POST", "/api/v1/rule-reviews", body.dump(), keeper.cookie, keeper.csrf).body);
  };
  const auto missed = review(dispatch_with(world, keeper, "D-SZGS", "D-SW"));
  ASSERT_EQ((*missed)["problems"].items().size(), 1U) << missed->dump();
  EXPECT_EQ((*missed)["problems"].items()[0].text_or("expected", ""), "\"D-SZGS\"");
  EXPECT_EQ(
      (*missed)["changes"].items()[0]["elements"].items()[0]["rules"].items()[0]["cells"].items()[0].dump(),
      R"({"column":"department","before":"\"D-SZGS\"","after":"\"D-SW\""})");
  const auto broken = review("<definitions");
  EXPECT_FALSE((*broken)["problems"].items().empty());
  EXPECT_TRUE((*broken)["tests"].items().empty());
  EXPECT_EQ(code_of(world.send("POST", "/api/v1/rule-reviews",
                               R"({"pack":"grid-events","files":{"../../etc/passwd":"x"}})", keeper.cookie,
                               keeper.csrf)),
            "draft-path");
}

TEST(Rules, ADraftIsSavedReplayedAndPutInForce) {
  World& world = World::get();
  const auto keeper = world.log_in("rules");
  const auto admin = world.log_in("admin");
  const auto leader = world.log_in("leader");
  const std::int64_t id = world.report("果皮箱倒了");
  const std::string dispatched = "/api/v1/cases/" + std::to_string(id);
  ASSERT_EQ(
      world.send("POST", dispatched + "/transitions/file_and_dispatch", "{}", leader.cookie, leader.csrf)
          .status,
      201);
  Draft draft = begin(world, keeper, dispatch_with(world, keeper, "\"D-HW\"", "\"D-CG\""));

  const auto replayed = world.send(
      "POST", "/api/v1/rule-replays",
      R"({"path":"rules/dispatch.dmn","decision":"dispatch","draft":)" + std::to_string(draft.id) + "}",
      keeper.cookie, keeper.csrf);
  ASSERT_EQ(replayed.status, 200) << replayed.body;
  const auto replay = parse_json(replayed.body);
  EXPECT_TRUE((*replay)["next"].is_null());
  ASSERT_FALSE((*replay)["changes"].items().empty()) << replayed.body;
  const Json& change = (*replay)["changes"].items()[0];
  EXPECT_EQ(change["before"].dump() + change["after"].dump(),
            R"({"department":"D-HW"}{"department":"D-CG"})");
  EXPECT_EQ(change.text_or("class", ""), "S0102");
  EXPECT_FALSE(change.text_or("unit", "").empty());

  EXPECT_EQ(world.send("POST", target(draft, "/publish"), end_body(draft), keeper.cookie, keeper.csrf).status,
            403);
  EXPECT_EQ(
      world.send("POST", target(draft, "/publish"), R"({"revision":1})", admin.cookie, admin.csrf).status,
      422)
      << "it must be said why";
  const auto published =
      world.send("POST", target(draft, "/publish"), end_body(draft), admin.cookie, admin.csrf);
  ASSERT_EQ(published.status, 200) << published.body;
  const auto version = parse_json(published.body)->integer_or("version", 0);
  EXPECT_EQ(version_of(world, keeper), version);
  EXPECT_EQ(code_of(world.send("POST", target(draft, "/publish"), end_body(draft), admin.cookie, admin.csrf)),
            "draft-ended");
  const auto ended = parse_json(world.send("GET", target(draft), "", keeper.cookie).body);
  EXPECT_EQ(ended->text_or("state", ""), "published");
  EXPECT_EQ(ended->text_or("comment", ""), "职责调整通知");

  const auto former = world.send("GET", "/api/v1/rules/grid-events?version=" + std::to_string(version - 1),
                                 "", keeper.cookie);
  EXPECT_NE((*parse_json(former.body))["files"].text_or(path, "").find("\"D-HW\""), std::string::npos);

  // New cases go by it.
  const std::string next = "/api/v1/cases/" + std::to_string(world.report("又一个"));
  ASSERT_EQ(
      world.send("POST", next + "/transitions/file_and_dispatch", "{}", leader.cookie, leader.csrf).status,
      201);
  const auto why = world.send("GET", next + "/decisions", "", leader.cookie);
  EXPECT_NE(why.body.find(R"("department":"D-CG")"), std::string::npos) << why.body;

  // And back again, as the other tests of this district expect.
  draft = begin(world, keeper, dispatch_with(world, keeper, "\"D-CG\"", "\"D-HW\""));
  EXPECT_EQ(world.send("POST", target(draft, "/publish"), end_body(draft), admin.cookie, admin.csrf).status,
            200);
}

TEST(Rules, WhatMissesItsTestsStaysADraft) {
  World& world = World::get();
  const auto admin = world.log_in("admin");
  const auto before = version_of(world, admin);
  const Draft own = begin(world, admin, dispatch_with(world, admin, "\"D-HW\"", "\"D-CG\""));
  EXPECT_EQ(code_of(world.send("POST", target(own, "/publish"), end_body(own), admin.cookie, admin.csrf)),
            "draft-own")
      << "four eyes";
  const auto keeper = world.log_in("rules");
  const Draft draft = begin(world, keeper, dispatch_with(world, keeper, "D-SZGS", "D-SW"));
  const auto refused =
      world.send("POST", target(draft, "/publish"), end_body(draft), admin.cookie, admin.csrf);
  EXPECT_EQ(refused.status, 422) << refused.body;
  EXPECT_NE(refused.body.find("D-SZGS"), std::string::npos);
  EXPECT_EQ(version_of(world, admin), before);
  EXPECT_EQ(world.send("POST", target(draft, "/drop"), end_body(draft), admin.cookie, admin.csrf).status,
            200);
  EXPECT_EQ(world.send("POST", target(draft, "/drop"), end_body(draft), admin.cookie, admin.csrf).status,
            409);
}

TEST(Rules, TwoWhoSaveOneDraftDoNotOverwriteEachOther) {
  World& world = World::get();
  const auto keeper = world.log_in("rules");
  const std::string dmn = dispatch_with(world, keeper, "本区自定：环卫", "环卫");
  const Draft draft = begin(world, keeper, dmn);
  Json body = Json::object();
  body.set("revision", draft.revision).set("base", version_of(world, keeper)).set("title", "改");
  body.set("files", Json::object().set(path, dmn));
  const auto save = [&] {
    return world.send("POST", target(draft), body.dump(), keeper.cookie, keeper.csrf);
  };
  EXPECT_EQ(save().status, 200);
  EXPECT_EQ(code_of(save()), "draft-changed");
  body.set("revision", draft.revision + 1).set("base", 1);
  EXPECT_EQ(code_of(save()), "draft-base");
  body.set("base", version_of(world, keeper)).set("title", " ");
  EXPECT_EQ(code_of(save()), "field-required");
  const auto list = world.send("GET", "/api/v1/rule-drafts?open=true&limit=1", "", keeper.cookie);
  EXPECT_EQ((*parse_json(list.body))["items"].items()[0].integer_or("id", 0), draft.id);
  EXPECT_EQ(world.send("GET", "/api/v1/rule-drafts?limit=0", "", keeper.cookie).status, 422);
  EXPECT_EQ(world.send("GET", "/api/v1/rule-drafts/99999", "", keeper.cookie).status, 404);
}
