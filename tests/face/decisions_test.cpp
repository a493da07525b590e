// Why a case went where it went, as its page asks.
#include "support/app_world.hpp"

using namespace qipan;
using qipan::test::World;

TEST(Decisions, ACaseSaysWhyAndWhatElse) {
  World& world = World::get();
  const std::int64_t id = world.report("积水");
  const auto leader = world.log_in("leader");
  const std::string target = "/api/v1/cases/" + std::to_string(id);
  ASSERT_EQ(
      world.send("POST", target + "/transitions/file_and_dispatch", "{}", leader.cookie, leader.csrf).status,
      201);
  const auto response = world.send("GET", target + "/decisions", "", leader.cookie);
  ASSERT_EQ(response.status, 200) << response.body;
  const auto body = parse_json(response.body);
  ASSERT_TRUE(body);
  const Json* dispatch = nullptr;
  for (const Json& item : (*body)["items"].items()) {
    if (item.text_or("purpose", "") == "dispatch") dispatch = &item;
  }
  ASSERT_NE(dispatch, nullptr) << response.body;
  EXPECT_EQ((*dispatch)["stored"]["outputs"].text_or("department", ""), "D-HW");
  const Json& explained = (*dispatch)["explained"];
  ASSERT_TRUE(explained.is_object()) << response.body;
  EXPECT_EQ(explained["outputs"], (*dispatch)["stored"]["outputs"]);
  const Json& rule = explained["steps"].items()[0]["tables"].items()[0]["rules"].items()[0];
  EXPECT_EQ(rule["id"], (*dispatch)["stored"]["rules"].items()[0]);
  EXPECT_EQ(rule["annotations"].items()[0].text(), "本区自定：环卫");
  ASSERT_FALSE(explained["alternatives"].items().empty());
  EXPECT_EQ(explained["alternatives"].items()[0]["changes"].items()[0].text_or("input", ""), "class");
}

TEST(Decisions, AreSeenWithTheirCaseOnly) {
  World& world = World::get();
  const std::string target = "/api/v1/cases/" + std::to_string(world.report("看不到")) + "/decisions";
  EXPECT_EQ(world.send("GET", target).status, 401);
  EXPECT_EQ(world.send("GET", "/api/v1/cases/999999/decisions", "", world.log_in("leader").cookie).status,
            404);
}
