// The base map: nothing leaves without a key, the key never reaches a browser, a tile is asked for once.
#include "face/app/basemap.hpp"

#include <gtest/gtest.h>

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
  EXPECT_EQ(world.send("GET", "/api/v1/basemap").body, R"({"layers":[],"attribution":""})");
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
