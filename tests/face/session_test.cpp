// Sessions that are locked, passwords that somebody else knows, second factors.
#include <set>

#include "base/one_time_code.hpp"
#include "support/app_world.hpp"

using namespace qipan;
using test::code_of;
using test::World;

namespace {

face::Response log_in(const std::string& login, const std::string& password, const std::string& code = "") {
  return World::get().send(
      "POST", "/api/v1/session",
      Json::object().set("login", login).set("password", password).set("code", code).dump());
}

World::Login session_of(const face::Response& response) {
  World::Login login;
  for (const auto& [header, value] : response.headers)
    if (header == "Set-Cookie") login.cookie = value.substr(14, value.find(';') - 14);
  login.csrf = parse_json(response.body)->text_or("csrf", "");
  return login;
}

face::Response send(const World::Login& by, const char* method, const std::string& to,
                    const std::string& body = "") {
  return World::get().send(method, "/api/v1/" + to, body, by.cookie, by.csrf);
}

Json json_of(const face::Response& response) {
  return *parse_json(response.body);
}

void add(const std::string& login) {
  const auto admin = World::get().log_in("admin");
  EXPECT_EQ(send(admin, "POST", "units/add_person",
                 R"({"login":")" + login + R"(","unit":"440704","title_zh":"某人","title_en":"Somebody",
                    "password":"told by another"})")
                .status,
            200);
}

}  // namespace

TEST(Sessions, AreLockedAfterAWhileAndByHand) {
  ManualClock clock{1'000'000 * microseconds_per_second};
  face::Sessions sessions("key", clock, "", 600);
  const std::string cookie = sessions.open({PersonId{1}, 0});
  const auto locked = [&] { return sessions.is_locked(cookie, *sessions.check(cookie)); };
  const auto wait = [&](std::int64_t seconds) { clock.set(clock.now() + seconds * microseconds_per_second); };
  EXPECT_FALSE(locked());
  wait(599);
  sessions.touch(cookie);
  wait(600);
  EXPECT_FALSE(locked());
  wait(1);
  EXPECT_TRUE(locked());
  sessions.unlock(cookie);
  EXPECT_FALSE(locked());
  sessions.lock(cookie);
  sessions.touch(cookie);
  EXPECT_TRUE(locked()) << "what was under way opens nothing";
  // After a restart nobody knows since when: it counts from the beginning.
  face::Sessions again("key", clock, "", 600);
  EXPECT_TRUE(again.is_locked(cookie, *again.check(cookie)));
  face::Sessions never("key", clock, "", 0);
  EXPECT_FALSE(never.is_locked(cookie, *never.check(cookie)));
}

TEST(Sessions, ALockedOneIsOpenForItsPasswordAlone) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const auto other = world.log_in("leader");
  EXPECT_EQ(send(leader, "POST", "session/lock").status, 204);
  EXPECT_EQ(code_of(send(leader, "GET", "cases")), "session-locked");
  EXPECT_EQ(code_of(send(leader, "GET", "session/second-factor")), "session-locked");
  EXPECT_EQ(code_of(send(leader, "POST", "cases", R"({"type":"grid_event"})")), "session-locked");
  EXPECT_EQ(json_of(send(leader, "GET", "session"))["limited"].text(), "session-locked");
  EXPECT_EQ(send(other, "GET", "cases").status, 200) << "at another desk";
  EXPECT_EQ(code_of(send(leader, "POST", "session/unlock", R"({"present_password":"wrong"})")),
            "password-wrong");
  EXPECT_EQ(code_of(send(leader, "GET", "cases")), "session-locked");
  const auto open = send(leader, "POST", "session/unlock", R"({"present_password":"a good password"})");
  EXPECT_EQ(open.status, 200) << open.body;
  EXPECT_TRUE(json_of(open)["limited"].is_null());
  EXPECT_EQ(send(leader, "GET", "cases").status, 200);
  EXPECT_EQ(send({}, "POST", "session/lock").status, 204) << "nobody's";
  EXPECT_EQ(code_of(send({}, "POST", "session/unlock", R"({"present_password":"x"})")), "session-needed");
}

TEST(Sessions, APasswordThatAnotherSetIsToBeChangedFirst) {
  add("newcomer");
  const auto first = log_in("newcomer", "told by another");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(json_of(first)["limited"].text(), "password-to-change");
  const auto me = session_of(first);
  EXPECT_EQ(code_of(send(me, "GET", "cases")), "password-to-change");
  EXPECT_EQ(code_of(send(
                me, "POST", "units/set_password",
                R"({"login":"newcomer","password":"told by another","present_password":"told by another"})")),
            "password-same");
  // Whoever set it must not bind an authenticator of theirs to it, nor be given an administration by it.
  EXPECT_EQ(code_of(send(me, "GET", "session/second-factor")), "password-to-change");
  EXPECT_EQ(code_of(send(me, "POST", "units/set_second_factor", "{}")), "password-to-change");
  EXPECT_EQ(code_of(send(World::get().log_in("security"), "POST", "units/give_post",
                         R"({"login":"newcomer","unit":"440704","role":"auditor"})")),
            "account-shared");
  EXPECT_EQ(send(me, "POST", "units/set_password",
                 R"({"login":"newcomer","password":"only mine 2026","present_password":"told by another"})")
                .status,
            200);
  const auto second = log_in("newcomer", "only mine 2026");
  EXPECT_TRUE(json_of(second)["limited"].is_null());
  EXPECT_NE(code_of(send(session_of(second), "GET", "cases")), "password-to-change");
  // Set by another once more.
  const auto admin = World::get().log_in("admin");
  EXPECT_EQ(send(admin, "POST", "units/set_password",
                 R"({"login":"newcomer","password":"set once more","present_password":"a good password"})")
                .status,
            200);
  EXPECT_EQ(json_of(log_in("newcomer", "set once more"))["limited"].text(), "password-to-change");
}

TEST(SecondFactor, IsAskedForBesideThePassword) {
  auto& world = World::get();
  const auto clock = [&] { return world.district().clock().now(); };
  auto me = world.log_in("d-gd");
  const Json offered = json_of(send(me, "GET", "session/second-factor"));
  EXPECT_EQ(json_of(send(me, "GET", "session/second-factor"))["secret"], offered["secret"]);
  EXPECT_NE(json_of(send(world.log_in("d-rq"), "GET", "session/second-factor"))["secret"], offered["secret"]);
  EXPECT_NE(offered["uri"].text().find("otpauth://totp/Qipan%3Ad-gd?secret=" + offered["secret"].text()),
            std::string::npos);
  EXPECT_EQ(send({}, "GET", "session/second-factor").status, 401);
  const std::string secret = *test::from_authenticator(offered["secret"].text());
  const auto set = [&](const std::string& login, const std::string& code, const std::string& more = "") {
    return send(me, "POST", "units/set_second_factor",
                R"({"login":")" + login + R"(","code":")" + code +
                    R"(","present_password":"a good password")" + more + "}");
  };
  EXPECT_EQ(code_of(set("d-gd", "000000")), "second-factor-wrong");
  EXPECT_EQ(code_of(set("d-gd", "")), "second-factor-needed");
  EXPECT_EQ(code_of(set("d-gd", code_at(secret, clock()), R"(,"secret":"mine")")), "field-unknown");
  const std::string first = code_at(secret, clock());
  const auto done = set("d-gd", first);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(code_of(send(me, "GET", "cases")), "login-needed") << "sessions from before it end";
  // A code counts once; the next one is of another half minute.
  EXPECT_EQ(code_of(log_in("d-gd", "a good password")), "second-factor-needed");
  EXPECT_EQ(code_of(log_in("d-gd", "another password")), "login-wrong") << "told to who knows the password";
  EXPECT_EQ(code_of(log_in("d-gd", "a good password", first)), "second-factor-wrong");
  const auto in = log_in("d-gd", "a good password", code_at(secret, clock() + 30 * microseconds_per_second));
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(json_of(in)["second_factor"], Json(true));
  me = session_of(in);
  // Nobody sets another's, and a lost one is taken away by who gives posts.
  const auto security = world.log_in("security");
  const std::string lost =
      R"({"login":"d-gd","reason":"telephone lost","present_password":"a good password"})";
  EXPECT_EQ(code_of(send(world.log_in("leader"), "POST", "units/clear_second_factor", lost)),
            "not-permitted");
  EXPECT_EQ(send(security, "POST", "units/clear_second_factor", lost).status, 200);
  EXPECT_EQ(code_of(send(security, "POST", "units/clear_second_factor", lost)), "second-factor-unset");
  EXPECT_EQ(log_in("d-gd", "a good password").status, 200);
}

TEST(SecondFactor, OfAnAdministratorComesFirstWhereItIsAskedFor) {
  auto& world = World::get();
  world.ask_for_second_factor(face::SecondFactor::administrators);
  const auto admin = log_in("admin", "a good password");
  EXPECT_EQ(json_of(admin)["limited"].text(), "second-factor-missing");
  EXPECT_EQ(code_of(send(session_of(admin), "GET", "people")), "second-factor-missing");
  EXPECT_EQ(send(session_of(admin), "GET", "session/second-factor").status, 200);
  EXPECT_TRUE(json_of(log_in("leader", "a good password"))["limited"].is_null());
  world.ask_for_second_factor(face::SecondFactor::everybody);
  EXPECT_EQ(json_of(log_in("leader", "a good password"))["limited"].text(), "second-factor-missing");
  world.ask_for_second_factor(face::SecondFactor::nobody);
  EXPECT_EQ(send(session_of(admin), "GET", "people").status, 200);
}

// Who knows the password does not try all codes.
TEST(SecondFactor, IsNotGuessed) {
  auto& world = World::get();
  const auto clock = [&] { return world.district().clock().now(); };
  const auto me = world.log_in("d-zj");
  const std::string secret =
      *test::from_authenticator(json_of(send(me, "GET", "session/second-factor"))["secret"].text());
  ASSERT_EQ(send(me, "POST", "units/set_second_factor",
                 R"({"login":"d-zj","present_password":"a good password","code":")" +
                     code_at(secret, clock()) + R"("})")
                .status,
            200);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(code_of(log_in("d-zj", "a good password", "00000" + std::to_string(i))), "second-factor-wrong");
  EXPECT_EQ(
      code_of(log_in("d-zj", "a good password", code_at(secret, clock() + 30 * microseconds_per_second))),
      "too-many-requests");
}

// A key that was issued before comes to no administration with its person.
TEST(SecondFactor, KeysAdministerNothing) {
  auto& world = World::get();
  const auto security = world.log_in("security");
  const std::string key =
      json_of(send(security, "POST", "units/issue_token", R"({"login":"security","purpose":"x"})"))["secret"]
          .text();
  EXPECT_EQ(code_of(world.send("POST", "/api/v1/units/give_post",
                               R"({"login":"leader","unit":"440704","role":"intake"})", "", "", "", key)),
            "not-permitted");
}

TEST(TakenCodes, CountOnce) {
  face::TakenCodes taken;
  EXPECT_TRUE(taken.take(PersonId{1}, 100));
  EXPECT_FALSE(taken.take(PersonId{1}, 100));
  EXPECT_FALSE(taken.take(PersonId{1}, 99)) << "an older one that was overheard";
  EXPECT_TRUE(taken.take(PersonId{1}, 101));
  EXPECT_TRUE(taken.take(PersonId{2}, 100));
}

/// Accounts of a demonstration alone are told, one of each role; and that all is made up, in what is taken
/// out.
TEST(Sessions, TellTheAccountsOfADemonstration) {
  auto& world = World::get();
  const auto told = [&](const std::string& cookie) {
    return parse_json(world.send("GET", "/api/v1/session", "", cookie, "").body).value_or(Json());
  };
  EXPECT_TRUE(told("")["demonstration"].is_null());
  world.demonstrate("qipan-demo");
  const Json open = told("")["demonstration"];
  EXPECT_EQ(open["password"].text(), "qipan-demo");
  std::set<std::string> logins;
  for (const Json& one : open["people"].items()) logins.insert(one["login"].text());
  EXPECT_TRUE(logins.contains("leader") && logins.contains("auditor")) << open.dump();
  EXPECT_LT(logins.size(), 20U) << "one of each role";
  const auto leader = world.log_in("leader");
  EXPECT_TRUE(told(leader.cookie)["demonstration"].is_object()) << "every page says that all is made up";
  const auto name_of = [&] {
    for (const auto& [name, value] : world.send("GET", "/api/v1/cases.csv", "", leader.cookie).headers)
      if (name == "Content-Disposition") return value;
    return std::string();
  };
  EXPECT_EQ(name_of(), "attachment; filename=\"demonstration-cases.csv\"");
  world.demonstrate("");
  EXPECT_EQ(name_of(), "attachment; filename=\"cases.csv\"");
}
