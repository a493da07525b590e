// The app API in process: who may do what, what bad requests are told, and what must never be shown.
#include "face/app/app.hpp"

#include <gtest/gtest.h>

#include "face/app/photo.hpp"
#include "log/receipt.hpp"
#include "support/app_world.hpp"

using namespace qipan;
using namespace qipan::face;
using test::code_of;
using test::World;

TEST(App, AnonymousSeesNothingOfCases) {
  auto& world = World::get();
  const auto id = world.report("不该被看见");
  for (const std::string& target :
       {std::string("/api/v1/cases"), std::string("/api/v1/cases.csv"), std::string("/api/v1/cases-summary"),
        "/api/v1/cases/" + std::to_string(id), "/api/v1/cases/" + std::to_string(id) + "/history",
        std::string("/api/v1/photos/") + std::string(64, 'a')}) {
    EXPECT_EQ(world.send("GET", target).status, 401) << target;
  }
  EXPECT_EQ(world.send("GET", "/api/v1/log/receipts/0").status, 404);
  EXPECT_EQ(world.send("POST", "/api/v1/cases", "{}").status, 401);
}

TEST(App, LoginNeedsTheRightPasswordAndTokenGuardsWrites) {
  auto& world = World::get();
  EXPECT_EQ(code_of(world.send("POST", "/api/v1/session", R"({"login":"leader","password":"wrong"})")),
            "login-wrong");
  EXPECT_EQ(code_of(world.send("POST", "/api/v1/session", R"({"login":"nobody","password":"wrong"})")),
            "login-wrong");
  const auto login = world.log_in("leader");
  const auto id = world.report("要立案的");
  const std::string target = "/api/v1/cases/" + std::to_string(id) + "/transitions/file";
  EXPECT_EQ(code_of(world.send("POST", target, "{}", login.cookie)), "csrf-missing");
  EXPECT_EQ(world.send("POST", target, "{}", login.cookie, login.csrf).status, 201);
  std::string forged = login.cookie;
  forged[3] = forged[3] == 'a' ? 'b' : 'a';
  EXPECT_EQ(world.send("GET", "/api/v1/cases", "", forged).status, 401);
  EXPECT_EQ(world.send("DELETE", "/api/v1/session", "", login.cookie, login.csrf).status, 204);
  EXPECT_EQ(world.send("GET", "/api/v1/cases", "", login.cookie).status, 401) << "logged out for good";
}

TEST(App, ScopesHoldForListsDetailsAndExports) {
  auto& world = World::get();
  const auto id = world.report("江南的一件");
  const auto lile = world.log_in("worker-lile");
  const auto jiangnan = world.log_in("worker-jiangnan");
  const std::string target = "/api/v1/cases/" + std::to_string(id);
  EXPECT_EQ(world.send("GET", target, "", lile.cookie).status, 404);
  EXPECT_EQ(world.send("GET", target, "", jiangnan.cookie).status, 200);
  EXPECT_EQ(world.send("GET", "/api/v1/cases", "", lile.cookie).body.find("江南的一件"), std::string::npos);
  EXPECT_EQ(world.send("GET", "/api/v1/cases.csv", "", lile.cookie).body.find("江南的一件"),
            std::string::npos);
  EXPECT_NE(world.send("GET", "/api/v1/cases.csv", "", jiangnan.cookie).body.find("江南的一件"),
            std::string::npos);
}

TEST(App, PersonalValuesShowOnlyByARecordedReveal) {
  auto& world = World::get();
  const auto id = world.report("有电话的");
  const auto login = world.log_in("intake");
  const std::string target = "/api/v1/cases/" + std::to_string(id);
  for (const char* part : {"", "/history"})
    EXPECT_EQ(world.send("GET", target + part, "", login.cookie).body.find("13800001111"), std::string::npos);
  EXPECT_EQ(code_of(world.send("POST", target + "/reveal", R"({"field":"reporter_telephone","purpose":""})",
                               login.cookie, login.csrf)),
            "field-required");
  const auto shown =
      world.send("POST", target + "/reveal", R"({"field":"reporter_telephone","purpose":"call back"})",
                 login.cookie, login.csrf);
  EXPECT_NE(shown.body.find("13800001111"), std::string::npos) << shown.body;
  EXPECT_NE(world.send("GET", target + "/history", "", login.cookie).body.find("call back"),
            std::string::npos);
  const auto worker = world.log_in("worker-jiangnan");
  EXPECT_EQ(world
                .send("POST", target + "/reveal", R"({"field":"reporter_telephone","purpose":"curious"})",
                      worker.cookie, worker.csrf)
                .status,
            403);
}

TEST(App, AnErasedValueIsGoneAndTheLogStillProves) {
  auto& world = World::get();
  const auto id = world.report("要删除的");
  const std::string target = "/api/v1/cases/" + std::to_string(id);
  const auto intake = world.log_in("intake");
  const auto admin = world.log_in("admin");
  const std::string body = R"({"field":"reporter_telephone","purpose":"asked by the person"})";
  EXPECT_EQ(world.send("POST", target + "/erase", body, intake.cookie, intake.csrf).status, 403);
  EXPECT_EQ(world.send("POST", target + "/erase", body, admin.cookie, admin.csrf).status, 200);
  EXPECT_EQ(code_of(world.send("POST", target + "/reveal", body, intake.cookie, intake.csrf)),
            "reveal-field");
  EXPECT_EQ(code_of(world.send("POST", target + "/erase", body, admin.cookie, admin.csrf)), "reveal-field");
  EXPECT_NE(world.send("GET", target + "/history", "", intake.cookie).body.find("asked by the person"),
            std::string::npos);
}

TEST(App, AReadMayAskForAPosition) {
  auto& world = World::get();
  EXPECT_EQ(world.send("GET", "/healthz", "", "", "", "", "", "0").status, 200);
  EXPECT_EQ(code_of(world.send("GET", "/healthz", "", "", "", "", "", "99999999")), "position-not-reached");
}

TEST(App, ReportersFollowByTokenAndGetReceipts) {
  auto& world = World::get();
  const auto answer = parse_json(
      world.send("POST", "/api/v1/reports", R"({"type":"grid_event","fields":{"description":"跟踪"}})").body);
  const std::string token = answer->text_or("token", "");
  const auto followed = parse_json(world.send("GET", "/api/v1/reports/" + token).body);
  EXPECT_EQ((*followed)["state"].text(), "reported");
  const auto position = (*followed)["steps"].items()[0]["position"].integer();
  const auto receipt =
      world.send("GET", "/api/v1/log/receipts/" + std::to_string(position) + "?token=" + token);
  EXPECT_EQ(receipt.status, 200);
  const auto told = log::verify_receipt(receipt.body, nullptr);
  ASSERT_TRUE(told) << told.error().line();
  EXPECT_FALSE(told->command) << "who took it, and what was answered, is the office's";
  const auto body = log::body_of(told->fact);
  EXPECT_EQ((*body)["fields"]["description"].text(), "跟踪");
  EXPECT_FALSE(body->has("unit")) << "so is where it was put";
  EXPECT_EQ(
      world.send("GET", "/api/v1/log/receipts/" + std::to_string(position - 1) + "?token=" + token).status,
      404);
  std::string other = token;
  other.back() = other.back() == '0' ? '1' : '0';
  EXPECT_EQ(world.send("GET", "/api/v1/reports/" + other).status, 404);
}

TEST(App, NoPersonalValueReachesTheLogByAnyRoad) {
  auto& world = World::get();
  const auto intake = world.log_in("intake");
  const auto made = world.send(
      "POST", "/api/v1/cases",
      R"({"type":"grid_event","fields":{"description":"by phone","reporter_telephone":"13877776666"}})",
      intake.cookie, intake.csrf);
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(
      world
          .send(
              "POST", "/api/v1/cases",
              R"({"type":"grid_event","fields":{"description":"ab","reporter_telephone":{"vault":"00","hash":"00"}}})",
              intake.cookie, intake.csrf)
          .status,
      422)
      << "somebody else's reference";
  board::Command direct;
  direct.kind = "case.create";
  direct.actor = "operator";
  direct.body = *parse_json(
      R"({"type":"grid_event","fields":{"description":"ab","reporter_telephone":"13877776666"}})");
  EXPECT_EQ(world.writer().run(direct).error().code, "personal-not-sealed");
  auto reader = world.district().readers().borrow();
  auto batches =
      reader->prepare("SELECT count(*) FROM log_batches WHERE instr(bytes, CAST('13877776666' AS BLOB))>0");
  ASSERT_TRUE(batches.step());
  EXPECT_EQ(batches.integer(0), 0);
}

TEST(App, WhatBreaksACommandCostsThatCommandOnly) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  EXPECT_EQ(world
                .send("POST", "/api/v1/units/change", R"({"code":"440704001","title_zh":null})", admin.cookie,
                      admin.csrf)
                .status,
            422);
  EXPECT_EQ(world
                .send("POST", "/api/v1/units/change", R"({"code":"440704001","calendar":null})", admin.cookie,
                      admin.csrf)
                .status,
            409)
      << "it has none of its own";
  EXPECT_EQ(
      world.send("POST", "/api/v1/units/set_password", R"({"login":"admin","password":"xxxxxxxx"})").status,
      401);
  const std::string name(300, 'n');
  EXPECT_EQ(
      code_of(world.send(
          "POST", "/api/v1/units/install_calendar",
          R"({"calendar":{"name":")" + name +
              R"(","version":1,"shifts":[0,10],"weekdays":[true,true,true,true,true,true,true],"first":"2026-01-01","last":"2026-01-02","off":[],"on":[]}})",
          admin.cookie, admin.csrf)),
      "fact-unfit");
  EXPECT_EQ(world.send("GET", "/healthz").status, 200);
}

TEST(App, ANewPasswordEndsOlderSessions) {
  auto& world = World::get();
  const auto before = world.log_in("worker-lile");
  const auto me = [&](const std::string& cookie) {
    return (*parse_json(world.send("GET", "/api/v1/session", "", cookie).body))["person"].is_object();
  };
  EXPECT_TRUE(me(before.cookie));
  EXPECT_EQ(world
                .send("POST", "/api/v1/units/set_password",
                      R"({"login":"worker-lile","password":"a good password"})", before.cookie, before.csrf)
                .status,
            403)
      << "without the present one";
  EXPECT_EQ(
      code_of(world.send(
          "POST", "/api/v1/units/set_password",
          R"({"login":"worker-lile","password":"a good password","present_password":"another password"})",
          before.cookie, before.csrf)),
      "password-wrong");
  EXPECT_EQ(
      world
          .send(
              "POST", "/api/v1/units/set_password",
              R"({"login":"worker-lile","password":"a good password","present_password":"a good password"})",
              before.cookie, before.csrf)
          .status,
      200);
  EXPECT_FALSE(me(before.cookie));
  EXPECT_EQ(world.send("POST", "/api/v1/cases", "{}", before.cookie, before.csrf).status, 401);
  EXPECT_TRUE(me(world.log_in("worker-lile").cookie));
}

TEST(App, APhotoIsSeenOnlyThroughACaseThatOneMaySee) {
  auto& world = World::get();
  const auto hash = world.district().content().put("\xFF\xD8\xFFphoto");
  ASSERT_TRUE(hash);
  const Response made = world.send(
      "POST", "/api/v1/reports",
      R"({"type":"grid_event","x":1131050000,"y":225050000,"class":"S0102","fields":{"description":"有照片","photos":[")" +
          *hash + R"("]}})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = std::to_string(parse_json(made.body)->integer_or("case", 0));
  const std::string other = std::to_string(world.report("没有照片"));
  const auto leader = world.log_in("leader");
  EXPECT_EQ(world.send("GET", "/api/v1/photos/" + *hash + "?case=" + id, "", leader.cookie).status, 200);
  EXPECT_EQ(world.send("GET", "/api/v1/photos/" + *hash + "?case=" + other, "", leader.cookie).status, 404);
  EXPECT_EQ(world.send("GET", "/api/v1/photos/" + *hash, "", leader.cookie).status, 404);
  const auto elsewhere = world.log_in("worker-lile");
  EXPECT_EQ(world.send("GET", "/api/v1/photos/" + *hash + "?case=" + id, "", elsewhere.cookie).status, 404);
}

TEST(App, ANamedRangeOfDeadlinesMovesByANewerCalendar) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto leader = world.log_in("leader");
  const auto id = world.report("期限要重算");
  const std::string target = "/api/v1/cases/" + std::to_string(id);
  ASSERT_EQ(world.send("POST", target + "/transitions/file", "{}", leader.cookie, leader.csrf).status, 201);
  const auto versions = [&] {
    auto loan = world.district().readers().borrow();
    auto statement =
        loan->prepare("SELECT min(calendar_version) FROM case_limits WHERE case_id=? AND running=1");
    statement.bind(id);
    return statement.step() ? statement.integer(0) : 0;
  };
  const auto before = versions();
  Json body = Json::object();
  {
    auto loan = world.district().readers().borrow();
    auto statement =
        loan->prepare("SELECT calendar FROM case_limits WHERE case_id=? AND calendar<>'' LIMIT 1");
    statement.bind(id);
    ASSERT_TRUE(statement.step());
    auto newest = loan->prepare("SELECT body FROM unit_calendars WHERE name=? ORDER BY version DESC LIMIT 1");
    newest.bind(statement.text(0));
    ASSERT_TRUE(newest.step());
    Json calendar = *parse_json(newest.text(0));
    calendar.set("version", calendar["version"].integer() + 1);
    body.set("calendar", std::move(calendar)).set("source", "test");
  }
  ASSERT_EQ(
      world.send("POST", "/api/v1/units/install_calendar", body.dump(), admin.cookie, admin.csrf).status,
      200);
  EXPECT_EQ(versions(), before);
  const std::string range = R"({"due_from":"2020-01-01T00:00:00Z","due_to":"2099-01-01T00:00:00Z"})";
  EXPECT_EQ(world.send("POST", "/api/v1/cases-recompute", range, leader.cookie, leader.csrf).status, 403);
  EXPECT_EQ(world
                .send("POST", "/api/v1/cases-recompute", R"({"due_to":"2099-01-01T00:00:00Z"})", admin.cookie,
                      admin.csrf)
                .status,
            422);
  const Response moved = world.send("POST", "/api/v1/cases-recompute", range, admin.cookie, admin.csrf);
  ASSERT_EQ(moved.status, 201) << moved.body;
  EXPECT_GE(parse_json(moved.body)->integer_or("count", 0), 1);
  EXPECT_EQ(versions(), before + 1);
}

TEST(App, TheLogHoldsNoSecret) {
  auto& world = World::get();
  const auto answer = parse_json(
      world
          .send("POST", "/api/v1/reports",
                R"({"type":"grid_event","fields":{"description":"密","reporter_telephone":"13811112222"}})")
          .body);
  EXPECT_EQ(answer->text_or("code", ""), "field-unfit");
  const auto login = world.log_in("leader");
  std::ignore = world.send("GET", "/api/v1/reports/sometoken123");
  std::ignore = world.send("GET", "/api/v1/cases?state=filed", "", login.cookie);
  EXPECT_NE(world.logged.find("/api/v1/cases"), std::string::npos);
  EXPECT_NE(world.logged.find(R"("login":"leader")"), std::string::npos) << "who was tried";
  std::ignore = world.send("POST", "/api/v1/session", R"({"login":"typed in the wrong box","password":"x"})");
  EXPECT_EQ(world.logged.find("wrong box"), std::string::npos);
  EXPECT_NE(world.logged.find(R"("login":"unknown")"), std::string::npos);
  EXPECT_NE(world.logged.find(R"("code":"field-unfit")"), std::string::npos)
      << "and why something was refused";
  for (const std::string& secret : {std::string("sometoken123"), std::string("13811112222"), login.cookie,
                                    std::string("a good password"), std::string("state=filed")}) {
    EXPECT_EQ(world.logged.find(secret), std::string::npos) << secret;
  }
}

TEST(App, TheSameKeyMakesOneCase) {
  auto& world = World::get();
  const std::string body =
      R"({"type":"grid_event","fields":{"description":"同一件","reporter_telephone":"13800000001"}})";
  // The test's client has another address each time, as a telephone on its way has: a key of one's own holds.
  const std::string key = "0f3a9c51d2b84e67";
  const auto first = parse_json(world.send("POST", "/api/v1/reports", body, "", "", key).body);
  const auto again = parse_json(world.send("POST", "/api/v1/reports", body, "", "", key).body);
  EXPECT_EQ((*first)["case"], (*again)["case"]);
  EXPECT_EQ((*first)["token"], (*again)["token"]);
  // One that anybody may think of is another's elsewhere: neither his case nor in his way.
  const auto mine = parse_json(world.send("POST", "/api/v1/reports", body, "", "", "1").body);
  const auto other = world.send("POST", "/api/v1/reports",
                                R"({"type":"grid_event","fields":{"description":"另一件"}})", "", "", "1");
  EXPECT_EQ(other.status, 201) << other.body;
  EXPECT_NE((*mine)["case"], (*parse_json(other.body))["case"]);
}

TEST(App, BadRequestsAreToldFieldAndRule) {
  auto& world = World::get();
  const auto login = world.log_in("leader");
  const std::pair<const char*, const char*> bodies[] = {
      {"", "json-unreadable"},
      {"[]", "body-unreadable"},
      {R"({"type":"nothing"})", "case-type-unknown"},
      {R"({"type":"grid_event"})", "field-required"},
      {R"({"type":"grid_event","fields":{"description":"ab","nope":1}})", "field-unknown"},
      {R"({"type":"grid_event","fields":{"description":"a"}})", "field-unfit"},
      {R"({"type":"grid_event","class":"X","fields":{"description":"ab"}})", "class-unknown"},
      {R"({"type":"grid_event","x":1,"fields":{"description":"ab"}})", "place-unreadable"},
      {R"({"type":"grid_event","x":99999999999,"y":1,"fields":{"description":"ab"}})", "longitude-outside"},
      {R"({"type":"grid_event","fields":{"description":"ab","condition":"x"}})", "field-unfit"},
      {R"({"type":"grid_event","due":5,"fields":{"description":"ab"}})", "field-unknown"},
      {R"({"type":"grid_event","unit":"'; DROP TABLE case_cases;--","fields":{"description":"ab"}})",
       "unit-unknown"},
      {R"({"type":"grid_event","type":"grid_event"})", "json-unreadable"}};
  for (const auto& [body, code] : bodies)
    EXPECT_EQ(code_of(world.send("POST", "/api/v1/cases", body, login.cookie, login.csrf)), code) << body;
  for (const char* query : {"limit=0", "limit=x", "after=zzz", "lamp=blue", "sort=up", "open=maybe",
                            "unit=nowhere", "surprise=1", "from=yesterday"}) {
    EXPECT_EQ(world.send("GET", std::string("/api/v1/cases?") + query, "", login.cookie).status, 422)
        << query;
  }
  EXPECT_EQ(world.send("GET", "/api/v1/cases/99999999999999999999", "", login.cookie).status, 404);
  EXPECT_EQ(world.send("PUT", "/api/v1/cases", "{}", login.cookie, login.csrf).status, 404);
  EXPECT_EQ(world.send("GET", "/../../etc/passwd").status, 404);
}

TEST(App, PagesByKey) {
  auto& world = World::get();
  for (int i = 0; i < 7; ++i) world.report("第" + std::to_string(i) + "件");
  const auto login = world.log_in("leader");
  for (const std::string sort : {"newest", "due"}) {
    std::set<std::int64_t> seen;
    std::string after;
    for (int pages = 0; pages < 100; ++pages) {
      const auto page = parse_json(
          world
              .send("GET",
                    "/api/v1/cases?open=true&limit=3&sort=" + sort + (after.empty() ? "" : "&after=" + after),
                    "", login.cookie)
              .body);
      for (const Json& item : (*page)["items"].items())
        EXPECT_TRUE(seen.insert(item["id"].integer()).second) << "twice in " << sort;
      if ((*page)["next"].is_null()) break;
      after = (*page)["next"].text();
    }
    auto reader = world.district().readers().borrow();
    EXPECT_EQ(static_cast<std::int64_t>(seen.size()),
              reader->integer("SELECT count(*) FROM case_cases WHERE open=1"));
  }
}

TEST(App, TokensActForTheirPersonUntilRevoked) {
  auto& world = World::get();
  const auto security = world.log_in("security");
  const auto issued =
      parse_json(world
                     .send("POST", "/api/v1/units/issue_token", R"({"login":"dispatcher","purpose":"map"})",
                           security.cookie, security.csrf)
                     .body);
  const std::string secret = issued->text_or("secret", "");
  ASSERT_TRUE(secret.starts_with("qpt_"));
  const auto as_token = [&](const std::string& token) {
    return world.send("GET", "/api/v1/cases", "", "", "", "", token).status;
  };
  EXPECT_EQ(as_token(secret), 200);
  EXPECT_EQ(as_token(secret + "x"), 401);
  EXPECT_EQ(world
                .send("POST", "/api/v1/units/revoke_token",
                      R"({"token":)" + std::to_string((*issued)["token"].integer()) + "}", security.cookie,
                      security.csrf)
                .status,
            200);
  EXPECT_EQ(as_token(secret), 401);
  EXPECT_EQ(world
                .send("POST", "/api/v1/units/issue_token", R"({"login":"admin","purpose":"x"})",
                      world.log_in("leader").cookie, world.log_in("leader").csrf)
                .status,
            403);
}

TEST(App, KeysDoNoMoreThanTheyWereGranted) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto security = world.log_in("security");
  const auto issue = [&](const std::string& body) {
    return *parse_json(
        world.send("POST", "/api/v1/units/issue_token", body, security.cookie, security.csrf).body);
  };
  EXPECT_EQ(issue(R"({"login":"dispatcher","purpose":"map","roles":["administrator"]})").text_or("code", ""),
            "key-roles");
  const std::string key = issue(R"({"login":"security","purpose":"script"})").text_or("secret", "");
  const auto with_key = [&](const std::string& secret, const std::string& path, const std::string& body) {
    return code_of(world.send("POST", path, body, "", "", "", secret));
  };
  EXPECT_EQ(with_key(key, "/api/v1/units/set_password", R"({"login":"security","password":"taken over"})"),
            "session-needed");
  EXPECT_EQ(with_key(key, "/api/v1/units/set_contact", R"({"login":"security","email":"x@example.org"})"),
            "session-needed");
  EXPECT_EQ(with_key(key, "/api/v1/units/issue_token", R"({"login":"security","purpose":"another"})"),
            "session-needed");

  // A device's key: no role that may open a case, so none is opened though anonymous reports are taken.
  const auto add = [&](const std::string& command, const std::string& body) {
    const auto& by = command == "give_post" ? security : admin;
    EXPECT_EQ(world.send("POST", "/api/v1/units/" + command, body, by.cookie, by.csrf).status, 200) << body;
  };
  add("add_person", R"({"login":"probe-1","unit":"440704","title_zh":"探头","title_en":"Probe"})");
  add("give_post", R"({"login":"probe-1","unit":"440704","role":"device"})");
  const std::string device =
      issue(R"({"login":"probe-1","purpose":"probe","roles":["device"]})").text_or("secret", "");
  ASSERT_FALSE(device.empty());
  const std::string report = R"({"type":"grid_event","fields":{"description":"一件事"}})";
  EXPECT_EQ(with_key(device, "/api/v1/cases", report), "not-permitted");
  add("retire_person", R"({"login":"probe-1","reason":"removed"})");
  EXPECT_EQ(with_key(device, "/api/v1/cases", report), "token-unknown") << "a key ends with its person";
}

TEST(App, TheLastAdministratorStays) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto security = world.log_in("security");
  const auto code = [&](const std::string& command, const std::string& body) {
    const auto& by = command == "take_post" ? security : admin;
    return code_of(world.send("POST", "/api/v1/units/" + command, body, by.cookie, by.csrf));
  };
  EXPECT_EQ(code("retire_person", R"({"login":"admin","reason":"x"})"), "last-administrator");
  EXPECT_EQ(code("take_post", R"({"login":"admin","unit":"440704","role":"administrator"})"),
            "last-administrator");
  EXPECT_EQ(code("retire", R"({"code":"440704","reason":"x"})"), "unit-root");
  EXPECT_EQ(code("change", R"({"code":"440704001","calendar":"no such"})"), "not-known");
}

// Whoever keeps the system, says who may what, or looks after both: never one person.
TEST(App, TheThreeAdministrationsStayApart) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto security = world.log_in("security");
  const auto auditor = world.log_in("auditor");
  const auto code = [&](const World::Login& by, const std::string& command, const std::string& body) {
    return code_of(world.send("POST", "/api/v1/units/" + command, body, by.cookie, by.csrf));
  };
  const auto post = [](const char* login, const char* role) {
    return R"({"login":")" + std::string(login) + R"(","unit":"440704001","role":")" + role + R"("})";
  };
  // At whatever unit, and not by themselves.
  EXPECT_EQ(code(security, "give_post", post("admin", "security_administrator")), "administrations-apart");
  EXPECT_EQ(code(security, "give_post", post("auditor", "administrator")), "administrations-apart");
  EXPECT_EQ(code(security, "give_post", post("security", "shift_leader")), "own-post");
  EXPECT_EQ(code(admin, "give_post", post("leader", "collector")), "not-permitted");
  EXPECT_EQ(code(admin, "issue_token", R"({"login":"leader","purpose":"x"})"), "not-permitted");
  EXPECT_EQ(code(security, "add_person", R"({"login":"a","unit":"440704","title_zh":"a","title_en":"a"})"),
            "not-permitted");
  // Nor by a password that one sets for another.
  for (const char* other : {"security", "auditor"}) {
    EXPECT_EQ(code(admin, "set_password",
                   R"({"login":")" + std::string(other) +
                       R"(","password":"another password","present_password":"a good password"})"),
              "administrations-apart");
    EXPECT_EQ(code(admin, "retire_person", R"({"login":")" + std::string(other) + R"(","reason":"x"})"),
              "administrations-apart");
  }
  EXPECT_EQ(code(security, "issue_token", R"({"login":"admin","purpose":"x"})"), "administrations-apart");
  // What they did is the auditor's to read, and nobody else's.
  for (const auto* other : {&admin, &security}) {
    EXPECT_EQ(world.send("GET", "/api/v1/audit", "", other->cookie).status, 403);
  }
  const auto read = [&](const std::string& query) {
    return *parse_json(world.send("GET", "/api/v1/audit" + query, "", auditor.cookie).body);
  };
  ASSERT_EQ(code(security, "give_post", post("leader", "collector")), "");
  ASSERT_EQ(code(security, "take_post", post("leader", "collector")), "");
  const Json taken = read("?login=security&kind=unit.post_taken&limit=1");
  ASSERT_EQ(taken["items"].items().size(), 1U);
  const Json& newest = taken["items"].items()[0];
  EXPECT_EQ(newest["body"]["role"].text(), "collector");
  EXPECT_EQ(newest["actor"].text_or("title_en", ""), "Example security administrator");
  const Json page = read("?kind=unit&limit=2");
  ASSERT_EQ(page["items"].items().size(), 2U);
  const Json behind = read("?kind=unit&limit=2&before=" + page["next"].text());
  EXPECT_LT(behind["items"].items()[0]["position"].integer(), page["items"].items()[1]["position"].integer());
  EXPECT_TRUE(read("?login=nobody")["items"].items().empty());
  EXPECT_EQ(code_of(world.send("GET", "/api/v1/audit?before=x", "", auditor.cookie)), "parameter-unreadable");
}

TEST(App, EventsAreForWhoIsLoggedInAndBounded) {
  auto& world = World::get();
  EXPECT_EQ(world.send("GET", "/api/v1/events").status, 401);
  const auto leader = world.log_in("leader");
  std::vector<Response> open;
  for (int i = 0; i < face::StreamCounter::a_caller_max; ++i) {
    open.push_back(world.send("GET", "/api/v1/events", "", leader.cookie));
    EXPECT_TRUE(open.back().events);
  }
  EXPECT_EQ(code_of(world.send("GET", "/api/v1/events", "", leader.cookie)), "too-many-streams");
  open.pop_back();
  EXPECT_TRUE(world.send("GET", "/api/v1/events", "", leader.cookie).events);
}

TEST(App, CasesAreFoundByWhatTheySay) {
  auto& world = World::get();
  const auto id = world.report("榕树下的长椅断了");
  const auto leader = world.log_in("leader");
  const auto count = [&](const std::string& query) {
    return (*parse_json(world.send("GET", "/api/v1/cases?" + query, "", leader.cookie).body))["items"]
        .items()
        .size();
  };
  EXPECT_EQ(count("q=%E9%95%BF%E6%A4%85"), 1U) << "长椅";
  EXPECT_EQ(count("q=" + std::to_string(id)), 1U);
  EXPECT_EQ(count("q=13800001111"), 0U) << "personal values are found by nobody";
  EXPECT_EQ(count("q=nothing%20like%20it"), 0U);
  const auto csv = [&](const std::string& language) {
    return world.send("GET", "/api/v1/cases.csv?q=%E9%95%BF%E6%A4%85" + language, "", leader.cookie).body;
  };
  EXPECT_NE(csv("&language=zh").find("编号,类型,状态"), std::string::npos);
  EXPECT_NE(csv("&language=zh").find("网格事件,已上报"), std::string::npos);
  EXPECT_NE(csv("&language=en").find("Number,Type,State"), std::string::npos);
  EXPECT_NE(csv("").find("grid_event,reported"), std::string::npos);
  EXPECT_EQ(code_of(world.send("GET", "/api/v1/cases.csv?language=fr", "", leader.cookie)),
            "parameter-unreadable");
}

TEST(Photo, KeepsWhichWayIsUpAndNothingElse) {
  // A little-endian EXIF directory with orientation 6 and a place behind it, in a picture of no size to speak
  // of.
  const std::string exif(
      "Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0"
      "gps!\0\0\0\0",
      6 + 8 + 2 + 12 + 12 + 4);
  const auto segment = [](char marker, const std::string& body) {
    const std::size_t length = body.size() + 2;
    return std::string("\xFF") + marker + static_cast<char>(length >> 8U) +
           static_cast<char>(length & 0xFFU) + body;
  };
  const std::string rest = segment('\xDB', "qq") + segment('\xDA', "ss") + "data\xFF\xD9";
  const auto clean = clean_photo("\xFF\xD8" + segment('\xE1', exif) + rest);
  ASSERT_TRUE(clean) << clean.error().line();
  EXPECT_EQ(clean->bytes.find("gps!"), std::string::npos);
  EXPECT_NE(clean->bytes.find(std::string("\x01\x12\0\x03\0\0\0\x01\0\x06", 10)), std::string::npos);
  const auto upright = clean_photo(clean->bytes);
  ASSERT_TRUE(upright);
  EXPECT_EQ(upright->bytes, clean->bytes) << "cleaned again it is the same";
  const std::string huge("\x08\xEA\x60\xEA\x60\x01", 6);
  EXPECT_EQ(clean_photo("\xFF\xD8" + segment('\xC0', huge) + rest).error().code, "photo-size");
}

TEST(Photo, LosesItsMetadata) {
  const auto clean =
      clean_photo(std::string("\xFF\xD8\xFF\xE1\x00\x08"
                              "Exif\x00\x00"
                              "\xFF\xFE\x00\x06gps!\xFF\xDB\x00\x04qq\xFF\xDA\x00\x04ss"
                              "data\xFF\xD9trailer",
                              12 + 8 + 6 + 6 + 6 + 7));
  ASSERT_TRUE(clean) << clean.error().line();
  for (const char* gone : {"Exif", "gps!", "trailer"})
    EXPECT_EQ(clean->bytes.find(gone), std::string::npos) << gone;
  EXPECT_NE(clean->bytes.find("data"), std::string::npos);
  EXPECT_EQ(clean_photo("GIF89a").error().code, "photo-type");
  EXPECT_EQ(clean_photo("<svg onload=x>").error().code, "photo-type");
  EXPECT_EQ(clean_photo(std::string("\xFF\xD8\xFF\xE1\xFF\xFF", 6)).error().code, "photo-broken");
  EXPECT_EQ(clean_photo("\x89PNG\r\n\x1a\n\x7F\xFF\xFF\xFFIHDR").error().code, "photo-broken");
  EXPECT_EQ(clean_photo(std::string(photo_bytes_max + 1, 'x')).error().code, "photo-too-large");
}
