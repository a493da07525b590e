// One search over all that the packs have: pages, numbers, refusals.
#include "support/app_world.hpp"

using namespace qipan;
using test::World;

namespace {

test::Response search(const World::Login& login, const std::string& query) {
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
    const auto answer = search(login, "q=%E9%B9%A7%E9%B8%AA&collection=grid_event&limit=2" +
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
  EXPECT_EQ(
      search(login, "q=" + std::to_string(cases[1]) + "&collection=grid_event").body.find("\"subject\""),
      search(login, "q=" + std::to_string(cases[1]) + "&collection=grid_event")
          .body.find("\"subject\":\"grid_event:" + std::to_string(cases[1]) + "\""))
      << "what has the number comes first";
}

TEST(Search, FindsUnitsByTheirReading) {
  const auto login = World::get().log_in("leader");
  World::get().search_whole(login.cookie);
  const auto answer = search(login, "q=jhq&collection=unit");
  EXPECT_NE(answer.body.find("江海区"), std::string::npos) << answer.body;
}

TEST(Search, Refuses) {
  const auto login = World::get().log_in("leader");
  World::get().search_whole(login.cookie);
  EXPECT_EQ(test::code_of(search({}, "q=a")), "login-needed");
  EXPECT_EQ(test::code_of(search(login, "")), "search-unfit");
  EXPECT_EQ(test::code_of(search(login, "q=%2C%2C")), "search-unfit");
  EXPECT_EQ(test::code_of(search(login, "q=abc&collection=nowhere")), "collection-unknown");
  EXPECT_EQ(test::code_of(search(login, "q=abc&after=00")), "cursor-unreadable");
  EXPECT_EQ(test::code_of(search(login, "q=abc&limit=51")), "parameter-unreadable");
  EXPECT_EQ(test::code_of(search(login, "q=abc&collection=case")), "collection-unknown");
  EXPECT_EQ(search(login, "q=nothinglikeit").body, R"({"groups":[],"whole":true})");
}
