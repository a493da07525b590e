// What senders are told: misspelt members and wrong types by name; and what refusals, hashes and old cookies
// do not tell.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.hpp"
#include "face/app/guards.hpp"
#include "support/app_world.hpp"

using namespace qipan;
using namespace qipan::face;
using test::World;

// What a sender misspelt, or wrote in another type, is told and not dropped.
TEST(App, UnknownMembersAndWrongTypesAreTold) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const auto admin = world.log_in("admin");
  const auto told = [&](const std::string& route, const std::string& body, const World::Login& who) {
    const auto answer = parse_json(world.send("POST", route, body, who.cookie, who.csrf).body);
    return answer->text_or("code", "") + " " + answer->text_or("field", "");
  };
  const std::string id = std::to_string(world.report("成员"));
  struct {
    std::string path;
    std::string body;
    const World::Login& who;
    std::string wanted;
  } cases[] = {
      {"/api/v1/cases", R"({"type":"grid_event","external":4711,"fields":{"description":"ab"}})", leader,
       "field-unfit external"},
      {"/api/v1/cases", R"({"type":"grid_event","feilds":{"description":"ab"}})", leader,
       "field-unknown feilds"},
      {"/api/v1/cases",
       R"({"type":"grid_event","occurred":"2900-01-01T00:00:00Z","fields":{"description":"ab"}})", leader,
       "occurred-range occurred"},
      {"/api/v1/cases",
       R"({"type":"grid_event","occurred":"0001-01-01T00:00:00Z","fields":{"description":"ab"}})", leader,
       "occurred-range occurred"},
      {"/api/v1/cases", R"({"type":"grid_event","place":"a\u0000b","fields":{"description":"ab"}})", leader,
       "field-unfit place"},
      {"/api/v1/cases", R"({"type":"grid_event","fields":{"description":"a\u0000b"}})", leader,
       "field-unfit fields/description"},
      {"/api/v1/cases/" + id + "/comments", R"({"text":"x","Text":"y"})", leader, "field-unknown Text"},
      {"/api/v1/cases/" + id + "/transitions/file", R"({"class":7})", leader, "field-unfit class"},
      {"/api/v1/units/add_person", R"({"login":"admin ","unit":"440704","title_zh":"甲","title_en":"A"})",
       admin, "login-unfit login"},
      {"/api/v1/units/add_person", R"({"login":"Admin","unit":"440704","title_zh":"甲","title_en":"A"})",
       admin, "login-known login"},
      {"/api/v1/units/add_person", R"({"login":"nul","unit":"440704","title_zh":"甲\u0000","title_en":"A"})",
       admin, "field-unfit title_zh"},
      {"/api/v1/units/create",
       R"({"code":"Z","kind":"department","parent":"440704","title_zh":"甲","title_en":"A","titel":1})",
       admin, "field-unknown titel"},
  };
  for (const auto& one : cases) EXPECT_EQ(told(one.path, one.body, one.who), one.wanted) << one.body;
  // Bounds are characters, whatever bytes they take.
  std::string most;
  for (int i = 0; i < 2'000; ++i) most += "字";
  EXPECT_EQ(world
                .send("POST", "/api/v1/cases/" + id + "/comments", R"({"text":")" + most + R"("})",
                      leader.cookie, leader.csrf)
                .status,
            201);
  EXPECT_EQ(told("/api/v1/cases/" + id + "/comments", R"({"text":")" + most + R"(字"})", leader),
            "field-unfit text");
}

// Whether something exists, and how it stands, is told to those who may do something about it.
TEST(App, RefusalsTellNothingToWhoMayNotKnow) {
  auto& world = World::get();
  const std::string id = std::to_string(world.report("状态"));
  const auto handler = world.log_in("d-cg");
  const auto leader = world.log_in("leader");
  const auto code = [&](const std::string& route, const std::string& body, const World::Login* who) {
    const auto answer =
        world.send("POST", route, body, who == nullptr ? "" : who->cookie, who == nullptr ? "" : who->csrf);
    return std::to_string(answer.status) + " " + parse_json(answer.body)->text_or("code", "");
  };
  // A step that the case is not in the state for: the state stands in no answer to somebody unknown.
  const auto unknown = world.send("POST", "/api/v1/cases/" + id + "/transitions/close", "{}");
  EXPECT_EQ(unknown.status, 401) << unknown.body;
  EXPECT_EQ(unknown.body.find("reported"), std::string::npos) << unknown.body;
  // Logins, alarms and entries that are there and that are not: one answer.
  EXPECT_EQ(code("/api/v1/units/retire_person", R"({"login":"leader","reason":"x"})", &handler),
            code("/api/v1/units/retire_person", R"({"login":"nobody-here","reason":"x"})", &handler));
  EXPECT_EQ(code("/api/v1/units/issue_token", R"({"login":"leader","purpose":"x"})", &leader),
            code("/api/v1/units/issue_token", R"({"login":"nobody-here","purpose":"x"})", &leader));
  EXPECT_EQ(code("/api/v1/alarms/1/acknowledge", "{}", nullptr),
            code("/api/v1/alarms/999999/acknowledge", "{}", nullptr));
}

// A cookie that was logged out counts no more, also after a restart of the server.
TEST(Sessions, ALogoutOutlivesTheServer) {
  const std::string file =
      std::filesystem::temp_directory_path() / ("qipan-logouts-" + std::to_string(::getpid()));
  std::filesystem::remove(file);
  ManualClock clock{1'000'000'000};
  std::string cookie;
  std::string other;
  {
    face::Sessions sessions("key", clock, file);
    cookie = sessions.open({PersonId{1}, 0});
    other = sessions.open({PersonId{2}, 0});
    sessions.close(cookie);
    EXPECT_FALSE(sessions.check(cookie));
  }
  const auto kept = read_file(file);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->find(cookie), std::string::npos) << "nobody logs in with what is kept";
  face::Sessions again("key", clock, file);
  EXPECT_FALSE(again.check(cookie));
  EXPECT_TRUE(again.check(other));
  // When it would have expired anyway it is forgotten.
  clock.set(clock.now() + (face::Sessions::lifetime_seconds + 1) * microseconds_per_second);
  const face::Sessions later("key", clock, file);
  EXPECT_EQ(read_file(file).value_or("?"), "");
  std::filesystem::remove(file);
}

// A photo is opened by who has its bytes or may see a case that names it, never by its hash alone.
TEST(App, AKnownHashOpensNoPhotoOfOthers) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const auto hash = world.district().content().put("\xFF\xD8\xFF bytes of a photo");
  ASSERT_TRUE(hash);
  const std::string body =
      R"({"type":"grid_event","fields":{"description":"有照片","photos":[")" + *hash + R"("]}})";
  ASSERT_EQ(world.send("POST", "/api/v1/reports", body).status, 201) << "nobody named it yet";
  const auto again = world.send("POST", "/api/v1/reports", body);
  EXPECT_EQ(parse_json(again.body)->text_or("code", ""), "photo-unknown") << again.body;
  // The same request once more, from another address: its own answer.
  const auto own = world.district().content().put("\xFF\xD8\xFF bytes of another");
  const std::string mine =
      R"({"type":"grid_event","fields":{"description":"重发","photos":[")" + *own + R"("]}})";
  const std::string key = "6d1f0a7be9c34582";
  const auto first = world.send("POST", "/api/v1/reports", mine, "", "", key);
  const auto retried = world.send("POST", "/api/v1/reports", mine, "", "", key);
  EXPECT_EQ(retried.status, 200) << retried.body;
  EXPECT_EQ((*parse_json(first.body))["token"], (*parse_json(retried.body))["token"]);
  EXPECT_EQ(world.send("POST", "/api/v1/cases", body, leader.cookie, leader.csrf).status, 201)
      << "who may see the case may name its photo";
}
