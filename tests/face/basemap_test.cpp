// The base map: nothing leaves without a key, the key never reaches a browser, a tile is asked for once.
#include "face/app/basemap.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/app_world.hpp"
#include "support/peer.hpp"

using namespace qipan;
using namespace qipan::face;
using test::http_answer;
using test::Peer;
using test::World;

namespace {

std::string at(const Peer& peer) {
  return "http://127.0.0.1:" + std::to_string(peer.port);
}

}  // namespace

TEST(Basemap, IsNotThereWithoutAKey) {
  auto& world = World::get();
  EXPECT_EQ(world.send("GET", "/api/v1/basemap").body, R"({"layers":[],"district":null,"attribution":""})");
  EXPECT_EQ(test::code_of(world.send("GET", "/api/v1/basemap/vec/10/1/1")), "tile-unknown");
}

TEST(Basemap, FetchesATileOnceAndKeepsTheKey) {
  Peer service("",
               http_answer("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 4\r\n\r\nPNG!"));
  Basemap map(at(service), "abc123");
  ASSERT_TRUE(map.is_set());
  for (int i = 0; i < 3; ++i) {
    const Response tile = map.tile("vec", 10, 834, 445);
    EXPECT_EQ(tile.status, 200) << tile.body;
    EXPECT_EQ(tile.body, "PNG!");
  }
  service.finish();
  EXPECT_NE(service.heard.find("/vec_w/wmts?"), std::string::npos);
  EXPECT_NE(service.heard.find("TILEMATRIX=10&TILEROW=445&TILECOL=834&tk=abc123"), std::string::npos)
      << service.heard;
}

TEST(Basemap, PassesOnPicturesAloneAndNeverTheKey) {
  for (const char* answer :
       {"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nkey abc123",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 8\r\n\r\n<script>"}) {
    Peer service("", http_answer(answer));
    const Response tile = Basemap(at(service), "abc123").tile("vec", 10, 1, 1);
    EXPECT_EQ(tile.status, 503);
    EXPECT_EQ(tile.body.find("abc123"), std::string::npos) << tile.body;
    EXPECT_EQ(tile.body.find("<script>"), std::string::npos);
  }
  const Response nobody = Basemap("http://127.0.0.1:1", "abc123").tile("vec", 10, 1, 1);
  EXPECT_EQ(nobody.status, 503);
  EXPECT_EQ(nobody.body.find("abc123"), std::string::npos);
}

TEST(Basemap, GivesOutTheDistrictsOwnPicture) {
  World& world = World::get();
  auto tiles = geo::VectorTiles::read(
      R"({"type":"Feature","properties":{"kind":"land"},"geometry":{"type":"Polygon","coordinates":[[[113,22],[114,22],[114,23],[113,22]]]}})");
  ASSERT_TRUE(tiles);
  world.draw(std::make_shared<const geo::VectorTiles>(std::move(*tiles)));
  EXPECT_EQ(parse_json(world.send("GET", "/api/v1/basemap").body)->find("district")->dump(),
            "[113.0000000,22.0000000,114.0000000,23.0000000]");
  const auto whole = world.send("GET", "/api/v1/basemap/district/1/1/0");
  EXPECT_EQ(whole.status, 200);
  EXPECT_NE(
      std::find(whole.headers.begin(), whole.headers.end(),
                std::pair<std::string, std::string>("Content-Type", "application/vnd.mapbox-vector-tile")),
      whole.headers.end());
  EXPECT_FALSE(whole.body.empty());
  const auto elsewhere = world.send("GET", "/api/v1/basemap/district/4/0/0");
  EXPECT_EQ(elsewhere.status, 200);
  EXPECT_TRUE(elsewhere.body.empty());
  for (const char* never : {"district/0/0/0", "district/19/0/0", "district/4/16/0", "district/4/-1/0",
                            "district/a/0/0", "vec/4/1/1"})
    EXPECT_EQ(world.send("GET", std::string("/api/v1/basemap/") + never).status, 404) << never;
  world.draw(nullptr);
  EXPECT_EQ(world.send("GET", "/api/v1/basemap/district/1/1/0").status, 404);
}
