// Lists that are kept, and steps that are tried before they are taken, over the API.
#include "support/app_world.hpp"

using namespace qipan;
using qipan::test::World;

TEST(Tries, AStepTellsWhoseTheCaseWouldBeAndChangesNothing) {
  World& world = World::get();
  const auto leader = world.log_in("leader");
  const std::string target = "/api/v1/cases/" + std::to_string(world.report("试一试"));
  const std::string step = target + "/transitions/file_and_dispatch";
  const std::string before = world.send("GET", target, "", leader.cookie).body;
  const auto tried = world.send("POST", step + "/try", "{}", leader.cookie, leader.csrf, "key of a try");
  ASSERT_EQ(tried.status, 200) << tried.body;
  const auto told = parse_json(tried.body);
  EXPECT_EQ((*told)["responsible"].text_or("code", ""), "D-HW");
  EXPECT_EQ(told->text_or("state", ""), "dispatched");
  EXPECT_FALSE((*told)["limits"].items().empty());
  EXPECT_EQ(world.send("GET", target, "", leader.cookie).body, before) << "nothing of it is done";
  // What would be refused is refused in the same words, and the step itself is as tried.
  const auto never = world.send("POST", target + "/transitions/accept/try", "{}", leader.cookie, leader.csrf);
  const auto refused = world.send("POST", target + "/transitions/accept", "{}", leader.cookie, leader.csrf);
  EXPECT_EQ(never.status, refused.status);
  EXPECT_EQ(never.body, refused.body);
  EXPECT_EQ(world.send("POST", step + "/try", R"({"unknown":1})", leader.cookie, leader.csrf).status, 422);
  EXPECT_EQ(world.send("POST", step + "/try", "{}").status, 401);
  const auto done = world.send("POST", step, "{}", leader.cookie, leader.csrf, "key of a try");
  ASSERT_EQ(done.status, 201) << "its key was not used up";
  const auto after = parse_json(world.send("GET", target, "", leader.cookie).body);
  EXPECT_EQ((*after)["responsible"].text_or("code", ""), "D-HW");
}

TEST(Saved, ListsAreKeptSharedAndDropped) {
  World& world = World::get();
  const auto leader = world.log_in("leader");
  const std::string body =
      R"({"form":"list","about":"case","title":"今天到期","content":{"where":"due = {today}"}})";
  const auto kept = world.send("POST", "/api/v1/saved/keep", body, leader.cookie, leader.csrf);
  ASSERT_EQ(kept.status, 200) << kept.body;
  const std::int64_t id = parse_json(kept.body)->integer_or("saved", 0);
  const auto list = [&](const std::string& query) {
    return *parse_json(world.send("GET", "/api/v1/saved" + query, "", leader.cookie).body);
  };
  const Json mine = list("?form=list&about=case");
  ASSERT_EQ(mine["items"].items().size(), 1U);
  EXPECT_EQ(mine["items"].items()[0]["content"].text_or("where", ""), "due = {today}");
  EXPECT_TRUE(mine["items"].items()[0]["mine"].boolean());
  EXPECT_TRUE(list("?about=firm")["items"].items().empty());
  EXPECT_EQ(world.send("GET", "/api/v1/saved").status, 401);
  EXPECT_EQ(world.send("POST", "/api/v1/saved/keep", body).status, 401);
  const std::string number = R"({"id":)" + std::to_string(id) + "}";
  EXPECT_EQ(world.send("POST", "/api/v1/saved/drop", number, leader.cookie, leader.csrf).status, 200);
  EXPECT_EQ(world.send("POST", "/api/v1/saved/drop", number, leader.cookie, leader.csrf).status, 404);
}
