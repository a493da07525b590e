// What places of a demonstration are called, and in how many ways people tell of one thing.
#include "cmd/demo_places.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "support/folder.hpp"

using namespace qipan;

TEST(DemoPlaces, TheNearestRoadAndLandmarkAreNamed) {
  const test::Folder folder("places");
  const auto path = folder / "map.geojsonl";
  std::ofstream(path)
      << R"({"type":"Feature","properties":{"kind":"road","name":"甲路"},"geometry":{"type":"LineString","coordinates":[[113.1,22.5],[113.2,22.5]]}})"
      << "\n{broken\n"
      << R"({"type":"Feature","properties":{"kind":"road","name":"乙路"},"geometry":{"type":"LineString","coordinates":[[113.1,22.6],["x",22.6]]}})"
      << "\n"
      << R"({"type":"Feature","properties":{"kind":"place","name":"小学"},"geometry":{"type":"Point","coordinates":[113.11,22.5]}})"
      << "\n"
      << R"({"type":"Feature","properties":{"kind":"building","number":"1"},"geometry":{"type":"Point","coordinates":[113.1,22.5]}})";
  const auto places = cmd::DemoPlaces::read(path.string());
  ASSERT_TRUE(places);
  EXPECT_EQ(places->near({1'131'100'000, 225'010'000}).road, "甲路");
  EXPECT_EQ(places->near({1'131'100'000, 225'990'000}).road, "乙路");
  EXPECT_EQ(places->near({1'131'100'000, 225'010'000}).landmark, "小学");
  EXPECT_EQ(cmd::DemoPlaces().near({0, 0}).road, "");
  EXPECT_FALSE(cmd::DemoPlaces::read("/nowhere"));
}

TEST(DemoPlaces, OneThingIsSaidInThirtyWays) {
  std::set<std::string> ways;
  for (std::uint64_t number = 0; number < 60; ++number)
    ways.insert(cmd::demo_wording("路灯不亮", {"甲路", "小学"}, number));
  EXPECT_EQ(ways.size(), 30U);
  EXPECT_EQ(cmd::demo_wording("路灯不亮", {"", ""}, 0), "路灯不亮");
}
