// One search over all that the packs have: pages, numbers, refusals.
#include "support/app_world.hpp"

using namespace qipan;
using test::World;

namespace {

test::Response asked(const World::Login& login, const std::string& query) {
  return World::get().send("GET", "/api/v1/search?" + query, "", login.cookie);
}

}  // namespace

TEST(Search, FindsWhatWasJustWritten) {
  auto& world = World::get();
  const auto login = world.log_in("leader");
  std::vector<std::int64_t> cases;
  for (int i = 0; i < 3; ++i) cases.push_back(world.report("鹧鸪坡井盖破损"));
  world.search_whole(login.cookie);
  std::vector<std::int64_t> found;
  std::string after;
  do {
    const auto answer = asked(login, "q=%E9%B9%A7%E9%B8%AA&collection=grid_event&limit=2" +
                                         (after.empty() ? "" : "&after=" + after));
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto json = parse_json(answer.body);
    EXPECT_TRUE((*json)["whole"].boolean());
    ASSERT_EQ((*json)["groups"].items().size(), 1U) << answer.body;
    const Json& group = (*json)["groups"].items()[0];
    for (const Json& item : group["items"].items()) {
      found.push_back(item["id"].integer());
      EXPECT_EQ(item["snippets"].items()[0]["pieces"].dump(),
                R"([{"text":"鹧鸪","hit":true},{"text":"坡井盖破损","hit":false}])");
    }
    after = group["next"].is_null() ? "" : std::string(group["next"].text());
  } while (!after.empty());
  EXPECT_EQ(found, (std::vector<std::int64_t>{cases[2], cases[1], cases[0]}));
  EXPECT_EQ(asked(login, "q=" + std::to_string(cases[1]) + "&collection=grid_event").body.find("\"subject\""),
            asked(login, "q=" + std::to_string(cases[1]) + "&collection=grid_event")
                .body.find("\"subject\":\"grid_event:" + std::to_string(cases[1]) + "\""))
      << "what has the number comes first";
}

TEST(Search, FindsUnitsByTheirReading) {
  const auto login = World::get().log_in("leader");
  World::get().search_whole(login.cookie);
  const auto answer = asked(login, "q=jhq&collection=unit");
  EXPECT_NE(answer.body.find("江海区"), std::string::npos) << answer.body;
}

TEST(Search, FindsUnitsByWhatTheyWereCalled) {
  auto& world = World::get();
  const auto login = world.log_in("admin");
  const auto rename = [&](const std::string& title) {
    const auto answer =
        world.send("POST", "/api/v1/units/change", R"({"code":"440704001","title_zh":")" + title + R"("})",
                   login.cookie, login.csrf);
    EXPECT_EQ(answer.status, 200) << answer.body;
  };
  const auto items =
      world.send("GET", "/api/v1/collections/unit/items?filter=code%3D%27440704001%27", "", login.cookie);
  const std::string before =
      std::string((*parse_json(items.body))["items"].items()[0]["values"]["title_zh"].text());
  rename("鸿雁新街道");
  rename("鸿雁街道");
  rename(before);
  world.search_whole(login.cookie);
  for (const char* name : {"鸿雁新街道", "鸿雁街道"}) {
    const auto answer = asked(login, "collection=unit&q=" + face::percent_encoded(name));
    EXPECT_NE(answer.body.find("\"called\":\"" + before + "\""), std::string::npos) << answer.body;
  }
}

TEST(Search, FindsWhatMeansTheSame) {
  auto& world = World::get();
  const auto login = world.log_in("leader");
  const std::int64_t id = world.report("鹭鸶桥下废弃物成堆");
  world.search_whole(login.cookie);
  const auto answer = asked(login, "collection=grid_event&q=" + face::percent_encoded("鹭鸶桥 垃圾"));
  EXPECT_NE(answer.body.find("\"grid_event:" + std::to_string(id) + "\""), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find(R"({"text":"废弃物","hit":true})"), std::string::npos) << answer.body;
}

TEST(Search, Refuses) {
  const auto login = World::get().log_in("leader");
  World::get().search_whole(login.cookie);
  EXPECT_EQ(test::code_of(asked({}, "q=a")), "login-needed");
  EXPECT_EQ(test::code_of(asked(login, "")), "search-unfit");
  EXPECT_EQ(test::code_of(asked(login, "q=%2C%2C")), "search-unfit");
  EXPECT_EQ(test::code_of(asked(login, "q=abc&collection=nowhere")), "collection-unknown");
  EXPECT_EQ(test::code_of(asked(login, "q=abc&after=00")), "cursor-unreadable");
  EXPECT_EQ(test::code_of(asked(login, "q=abc&limit=51")), "parameter-unreadable");
  EXPECT_EQ(test::code_of(asked(login, "q=abc&collection=case")), "collection-unknown");
  EXPECT_EQ(asked(login, "q=nothinglikeit").body, R"({"groups":[],"whole":true})");
}
