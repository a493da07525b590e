// What the board's page stands on: open cases in few bytes, what changed since a position, alarms that became
// cases, whose task is what.
#include <gtest/gtest.h>

#include "support/app_world.hpp"

using namespace qipan;
using test::code_of;
using test::World;

namespace {

constexpr const char* board_target = "/api/v1/board/cases";

Json get(const std::string& target, const World::Login& login) {
  const auto response = World::get().send("GET", target, "", login.cookie);
  EXPECT_EQ(response.status, 200) << target << " " << response.body;
  return *parse_json(response.body);
}

face::Response post(const std::string& target, const std::string& body, const World::Login& login) {
  return World::get().send("POST", target, body, login.cookie, login.csrf);
}

/// Place of a component in the board's rows.
std::size_t index_of(const Json& page, std::string_view name) {
  const auto& names = page["components"].items();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].text() == name) return i;
  }
  ADD_FAILURE() << "no component " << name;
  return 0;
}

bool has_row(const Json& page, std::int64_t id) {
  for (const Json& row : page["rows"].items()) {
    if (row.items()[0].integer() == id) return true;
  }
  return false;
}

std::int64_t stream_id(const World::Login& login, std::string_view code) {
  const Json page = get("/api/v1/datastreams?limit=5000", login);
  for (const Json& stream : page["items"].items()) {
    if (stream["code"].text() == code) return stream["@iot.id"].integer();
  }
  ADD_FAILURE() << "no stream " << code;
  return 0;
}

}  // namespace

TEST(BoardFace, TellsWhatIsOpenAndWhatChangedSince) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const auto id = world.report("板上的一件");
  const Json all = get(board_target, leader);
  ASSERT_TRUE(has_row(all, id));
  EXPECT_TRUE(all["next"].is_null());
  const std::string since = "/api/v1/board/changes?since=" + std::to_string(all["position"].integer());
  const Json quiet = get(since, leader);
  EXPECT_TRUE(quiet["rows"].items().empty() && quiet["gone"].items().empty() &&
              !quiet["everything"].boolean());

  ASSERT_EQ(post("/api/v1/cases/" + std::to_string(id) + "/transitions/file_and_dispatch",
                 R"({"class":"S0102"})", leader)
                .status,
            201);
  const Json changed = get(since, leader);
  ASSERT_EQ(changed["rows"].items().size(), 1U);
  const Json& row = changed["rows"].items()[0];
  EXPECT_EQ(row.items()[index_of(changed, "state")].text(), "dispatched");
  EXPECT_EQ(row.items()[index_of(changed, "responsible")].text(), "D-HW");
  EXPECT_EQ(row.items()[index_of(changed, "summary")].text(), "板上的一件");

  ASSERT_EQ(
      post("/api/v1/cases/" + std::to_string(id) + "/transitions/withdraw", R"({"comment":"不是"})", leader)
          .status,
      201);
  const Json gone = get(since, leader);
  ASSERT_EQ(gone["gone"].items().size(), 1U);
  EXPECT_EQ(gone["gone"].items()[0].integer(), id);
}

// What is nothing of the board's makes nobody read it all again; what moves its frame does.
TEST(BoardFace, IsReadAnewOnlyForWhatChangesIt) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const auto admin = world.log_in("admin");
  const auto security = world.log_in("security");
  const auto everything_after = [&](const World::Login& by, const char* path, const std::string& body) {
    const auto before = get(board_target, leader)["position"].integer();
    const auto answer = post(path, body, by);
    EXPECT_TRUE(answer.status == 200 || answer.status == 201) << answer.body;
    return get("/api/v1/board/changes?since=" + std::to_string(before), leader)["everything"].boolean();
  };
  EXPECT_FALSE(everything_after(
      admin, "/api/v1/units/add_person",
      R"({"login":"nothing-of-the-board","unit":"440704","title_zh":"某人","title_en":"Somebody"})"));
  EXPECT_FALSE(everything_after(security, "/api/v1/units/give_post",
                                R"({"login":"nothing-of-the-board","unit":"440704","role":"intake"})"));
  EXPECT_FALSE(everything_after(admin, "/api/v1/registers/observed_property/entries",
                                R"({"values":{"code":"none","title_zh":"无","title_en":"None"}})"));
  // The reader's own posts, and units, are its frame.
  const std::string own = R"({"login":"leader","unit":"440704","role":"intake"})";
  EXPECT_TRUE(everything_after(security, "/api/v1/units/give_post", own));
  EXPECT_TRUE(everything_after(security, "/api/v1/units/take_post", own));
  EXPECT_TRUE(everything_after(admin, "/api/v1/units/change",
                               R"({"code":"440704001","title_en":"Jiangnan, as renamed"})"));
}

TEST(BoardFace, ShowsNobodyMoreThanTheirScope) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const auto lile = world.log_in("worker-lile");
  const auto before = get(board_target, leader)["position"].integer();
  const auto id = world.report("江南才看得见");
  EXPECT_TRUE(has_row(get(board_target, leader), id));
  EXPECT_FALSE(has_row(get(board_target, lile), id));
  const Json changes = get("/api/v1/board/changes?since=" + std::to_string(before), lile);
  EXPECT_TRUE(changes["rows"].items().empty());
  EXPECT_TRUE(changes["gone"].items().empty()) << "not even that something changed";
  EXPECT_EQ(world.send("GET", board_target).status, 401);
  EXPECT_EQ(world.send("GET", "/api/v1/board/changes?since=0").status, 401);
  EXPECT_EQ(world.send("GET", "/api/v1/alarms").status, 401);
}

TEST(BoardFace, RefusesPositionsThatAreNone) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  for (const char* since : {"", "x", "-1", "999999999"})
    EXPECT_EQ(
        code_of(world.send("GET", std::string("/api/v1/board/changes?since=") + since, "", leader.cookie)),
        "position-unreadable")
        << since;
  // What is too far behind is told to read everything anew.
  EXPECT_TRUE(get("/api/v1/board/changes?since=0", leader)["everything"].boolean());
}

TEST(BoardFace, AnExcessIsOnTheBoardAsValueAlarmAndCase) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto leader = world.log_in("leader");
  const auto stream = stream_id(leader, "aq-jn-no2");
  const auto before = get(board_target, leader)["position"].integer();
  ASSERT_EQ(
      post("/api/v1/datastreams/" + std::to_string(stream) + "/observations", R"({"result":240})", admin)
          .status,
      201);
  const Json changes = get("/api/v1/board/changes?since=" + std::to_string(before), leader);
  EXPECT_TRUE(changes["alarms"].boolean());
  ASSERT_EQ(changes["values"].items().size(), 1U);
  const auto& value = changes["values"].items()[0].items();
  EXPECT_EQ(value[0].integer(), stream);
  EXPECT_EQ(value[2].number_text(), "240");
  EXPECT_EQ(value[3].text(), "good");
  ASSERT_EQ(changes["rows"].items().size(), 1U);
  const auto case_id = changes["rows"].items()[0].items()[0].integer();
  EXPECT_EQ(changes["rows"].items()[0].items()[index_of(changes, "type")].text(), "air_excess");

  const Json alarms = get("/api/v1/alarms?active=true&acknowledged=false", leader);
  ASSERT_EQ(alarms["items"].items().size(), 1U);
  EXPECT_EQ(alarms["items"].items()[0]["case"].integer(), case_id);
  const std::string acknowledge =
      "/api/v1/alarms/" + std::to_string(alarms["items"].items()[0]["id"].integer()) + "/acknowledge";
  EXPECT_EQ(post(acknowledge, "{}", world.log_in("worker-lile")).status, 403);
  EXPECT_EQ(post(acknowledge, "{}", leader).status, 201);
  EXPECT_EQ(code_of(post(acknowledge, "{}", leader)), "alarm-acknowledged");
}

TEST(Lists, RefusePagesOfNothing) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  for (const char* list : {"datastreams", "alarms", "people", "notices", "datastreams/1/observations"}) {
    for (const char* limit : {"0", "-1", "x", "99999999"})
      EXPECT_EQ(
          code_of(world.send("GET", std::string("/api/v1/") + list + "?limit=" + limit, "", admin.cookie)),
          "parameter-unreadable")
          << list << " " << limit;
  }
}

TEST(Tasks, AreWhatMyPostsMakeMineToDo) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const auto sanitation = world.log_in("d-hw");
  const auto drainage = world.log_in("d-sw");
  const auto id = world.report("要环卫去做的");
  const auto has = [&](const World::Login& who, const std::string& more = "") {
    const Json page = get("/api/v1/cases?open=true&todo=me&limit=500" + more, who);
    for (const Json& row : page["items"].items()) {
      if (row["id"].integer() == id) return true;
    }
    return false;
  };
  const auto take = [&](const World::Login& who, const std::string& step, const std::string& body) {
    const auto response = post("/api/v1/cases/" + std::to_string(id) + "/transitions/" + step, body, who);
    ASSERT_EQ(response.status, 201) << step << " " << response.body;
  };
  EXPECT_FALSE(has(sanitation)) << "nobody answers yet";
  EXPECT_TRUE(has(world.log_in("worker-jiangnan"))) << "a grid worker may deal with it on the spot";
  EXPECT_FALSE(has(world.log_in("worker-lile"))) << "not in another street";
  take(leader, "file_and_dispatch", R"({"class":"S0102"})");
  EXPECT_TRUE(has(sanitation));
  EXPECT_FALSE(has(drainage));
  EXPECT_FALSE(has(sanitation, "&assignee=me"));
  take(sanitation, "accept", "{}");
  EXPECT_TRUE(has(sanitation, "&assignee=me"));
  take(sanitation, "resolve", R"({"fields":{"result":"扫干净了"}})");
  EXPECT_FALSE(has(sanitation));
  EXPECT_EQ(code_of(world.send("GET", "/api/v1/cases?todo=you", "", leader.cookie)), "parameter-unreadable");
}

TEST(Administration, ListsOnlyToWhoManages) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto security = world.log_in("security");
  const auto leader = world.log_in("leader");
  for (const char* target :
       {"/api/v1/people", "/api/v1/tokens", "/api/v1/notices", "/api/v1/notice-channels"}) {
    EXPECT_EQ(world.send("GET", target).status, 401) << target;
    EXPECT_EQ(world.send("GET", target, "", leader.cookie).status, 403) << target;
    const auto& who = std::string(target) == "/api/v1/tokens" ? security : admin;
    EXPECT_EQ(world.send("GET", target, "", who.cookie).status, 200) << target;
  }
  const Json found = get("/api/v1/people?q=worker-", admin);
  EXPECT_EQ(found["items"].items().size(), 3U);
  EXPECT_EQ(found["items"].items()[0]["posts"].items()[0]["role"].text(), "collector");
  const Json first = get("/api/v1/people?limit=2", admin);
  ASSERT_EQ(first["items"].items().size(), 2U);
  const Json second = get("/api/v1/people?limit=2&after=" + first["next"].text(), admin);
  EXPECT_GT(second["items"].items()[0]["id"].integer(), first["items"].items()[1]["id"].integer());
  EXPECT_EQ(code_of(world.send("GET", "/api/v1/people?limit=x", "", admin.cookie)), "parameter-unreadable");
}

TEST(Administration, ContactsGoSealedAndAreNeverShown) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto worker = world.log_in("worker-waihai");
  EXPECT_EQ(code_of(post(
                "/api/v1/units/set_contact",
                R"({"login":"worker-waihai","email":"not an address","present_password":"a good password"})",
                worker)),
            "field-unfit");
  EXPECT_EQ(code_of(post("/api/v1/units/set_contact",
                         R"({"login":"worker-waihai","present_password":"a good password"})", worker)),
            "nothing-to-change");
  EXPECT_EQ(post("/api/v1/units/set_contact",
                 R"({"login":"leader","email":"x@example.org","present_password":"a good password"})", worker)
                .status,
            403);
  ASSERT_EQ(
      post("/api/v1/units/set_contact",
           R"({"login":"worker-waihai","email":"waihai@example.org","present_password":"a good password"})",
           worker)
          .status,
      200);
  const auto listed = world.send("GET", "/api/v1/people?q=worker-waihai", "", admin.cookie);
  EXPECT_EQ(listed.body.find("waihai@example.org"), std::string::npos);
  EXPECT_TRUE((*parse_json(listed.body))["items"].items()[0]["has_email"].boolean());
  ASSERT_EQ(post("/api/v1/units/set_contact",
                 R"({"login":"worker-waihai","email":null,"present_password":"a good password"})", worker)
                .status,
            200);
  EXPECT_FALSE(get("/api/v1/people?q=worker-waihai", admin)["items"].items()[0]["has_email"].boolean());
}
