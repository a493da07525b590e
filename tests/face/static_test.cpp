// Files of the built pages: packed where it is taken, whole where not, and nothing beside them.
#include <algorithm>
#include <fstream>

#include "support/app_world.hpp"
#include "support/folder.hpp"

using namespace qipan;
using test::World;

namespace {

std::string header_of(const face::Response& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

}  // namespace

TEST(StaticFiles, TravelPackedWhereTheReaderTakesThem) {
  World& world = World::get();
  test::Folder folder("static");
  std::filesystem::create_directories(folder / "assets");
  const auto write = [&](const char* name, const char* text) { std::ofstream(folder / name) << text; };
  write("index.html", "<p>page</p>");
  write("assets/a.js", "whole");
  write("assets/a.js.br", "smallest");
  write("assets/a.js.gz", "smaller");
  write("assets/b.js.gz", "alone");
  write("assets/c.js", "as it is");
  world.serve_pages((folder / "").string());
  const auto ask = [&](const std::string& path, const std::string& accepted) {
    face::Request request;
    request.method = "GET";
    EXPECT_TRUE(face::parse_target(path, request));
    if (!accepted.empty()) request.headers["accept-encoding"] = accepted;
    return face::static_file(world.app(), request);
  };
  EXPECT_EQ(ask("/assets/a.js", "gzip, deflate, br").body, "smallest");
  EXPECT_EQ(header_of(ask("/assets/a.js", "gzip, deflate, br"), "Content-Encoding"), "br");
  EXPECT_EQ(ask("/assets/a.js", "gzip").body, "smaller");
  EXPECT_EQ(header_of(ask("/assets/a.js", "gzip"), "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(ask("/assets/a.js", "").body, "whole");
  EXPECT_EQ(header_of(ask("/assets/a.js", ""), "Content-Encoding"), "");
  EXPECT_EQ(header_of(ask("/assets/a.js", ""), "Vary"), "Accept-Encoding") << "caches keep them apart";
  EXPECT_EQ(ask("/assets/c.js", "br, gzip").body, "as it is");
  EXPECT_EQ(ask("/some/page", "gzip").body, "<p>page</p>") << "its router knows the page";
  EXPECT_EQ(ask("/assets/none.js", "gzip").status, 404);
  EXPECT_EQ(ask("/assets/../index.html", "").status, 404);
  EXPECT_EQ(ask("/api/v1/nothing", "gzip").status, 404);
  world.serve_pages("");
}
