// What an engine declares is all that readers need to find what it has: the toy of docs/architecture.md.
#include "support/app_world.hpp"
#include "support/toy_engine.hpp"

using namespace qipan;
using test::World;

namespace {

std::vector<std::unique_ptr<board::Engine>> with_toy() {
  auto engines = cmd::make_engines();
  engines.push_back(std::make_unique<test::ToyEngine>());
  return engines;
}

}  // namespace

TEST(Toy, IsAskedByWhatItDeclares) {
  World world("toy_asked", with_toy);
  const auto login = world.log_in("leader");
  const auto add = [&](const std::string& body, const std::string& key = "") {
    return world.send("POST", "/api/v1/toy/add", body, login.cookie, login.csrf, key);
  };
  EXPECT_EQ(parse_json(add(R"({"id":7,"by":3})", "once").body)->integer_or("amount", 0), 3);
  EXPECT_EQ(parse_json(add(R"({"id":7,"by":3})", "once").body)->integer_or("amount", 0), 3) << "again";
  EXPECT_EQ(test::code_of(add(R"({"id":7,"by":0})")), "toy-nothing");
  EXPECT_EQ(test::code_of(add(R"({"id":7,"by":1,"more":1})")), "field-unknown");
  EXPECT_EQ(test::code_of(add(R"({"id":"seven","by":1})")), "field-unfit");
  EXPECT_EQ(test::code_of(add(R"({"id":7)")), "json-unreadable");
  EXPECT_EQ(world.send("POST", "/api/v1/toy/tick", "{}", login.cookie, login.csrf).status, 404)
      << "the house's";
  EXPECT_EQ(test::code_of(world.send("POST", "/api/v1/toy/add", R"({"id":7,"by":1})", login.cookie)),
            "csrf-missing");
  // The description tells it, and with it the clients' types.
  const auto described =
      parse_json(world.send("GET", "/api/v1/openapi.json").body, {.values_max = 1'000'000});
  ASSERT_TRUE(described.has_value());
  const Json& post = (*described)["paths"]["/api/v1/toy/add"]["post"];
  EXPECT_EQ(post["x-command"].text(), "toy.add");
  EXPECT_TRUE(post["requestBody"]["content"]["application/json"]["schema"]["properties"].has("by"));
  const auto items = world.send("GET", "/api/v1/collections/toy/items", "", login.cookie);
  EXPECT_NE(items.body.find(R"("amount":3)"), std::string::npos);
}

TEST(Toy, IsFoundByWhatItDeclares) {
  World world("toy", with_toy);
  for (const std::int64_t id : {1, 2, 3}) {
    board::Command command;
    command.kind = "toy.add";
    command.actor = "operator";
    command.body = Json::object().set("id", id).set("by", 10 * (4 - id));
    ASSERT_TRUE(world.writer().run(std::move(command)));
  }
  const auto login = world.log_in("leader");
  const auto get = [&](const std::string& path) {
    const auto answer = world.send("GET", "/api/v1/collections" + path, "", login.cookie);
    EXPECT_EQ(answer.status, 200) << path << answer.body;
    return answer.body;
  };
  EXPECT_NE(get("").find(R"("name":"toy")"), std::string::npos);
  EXPECT_NE(get("/toy").find("金额"), std::string::npos);
  const auto page = parse_json(get("/toy/items?filter=amount%3C30&sort=amount&limit=1&properties=amount"));
  EXPECT_EQ((*page)["items"].dump(), R"([{"id":3,"subject":"toy:3","values":{"amount":10}}])");
  const auto rest = parse_json(get(
      "/toy/items?filter=amount%3C30&sort=amount&limit=1&properties=amount&after=" + (*page)["next"].text()));
  EXPECT_EQ((*rest)["items"].items()[0]["id"].integer(), 2);
  EXPECT_TRUE((*rest)["next"].is_null());
  EXPECT_EQ(get("/toy/totals"), R"({"count":3})");
  EXPECT_EQ(get("/toy/groups?by=amount&of=count&filter=amount%3E10"),
            R"({"items":[{"by":{"amount":20},"of":[1]},{"by":{"amount":30},"of":[1]}]})");
  EXPECT_EQ(get("/toy/items.csv?language=zh&properties=amount&sort=-amount"),
            "\xEF\xBB\xBF编号,金额\r\n1,30\r\n2,20\r\n3,10\r\n");
  world.search_whole(login.cookie);
  const auto found = world.send("GET", "/api/v1/search?q=acc%202&collection=toy", "", login.cookie);
  EXPECT_EQ(found.body,
            R"({"groups":[{"collection":"toy","title":{"zh":"账户","en":"Accounts"},"items":[{"id":2,)"
            R"("subject":"toy:2","called":"account 2","snippets":[{"property":"name","title":{"zh":"名称",)"
            R"("en":"Name"},"pieces":[{"text":"account","hit":true},{"text":" ","hit":false},)"
            R"({"text":"2","hit":true}]}]}],"next":null}],"whole":true})");
  EXPECT_NE(get("/toy/items/2/history").find("toy.changed"), std::string::npos);
  EXPECT_EQ(test::code_of(world.send("GET", "/api/v1/collections/toy/items")), "login-needed");
  // Whoever has not the right that it declares finds nothing of it, by any way.
  const auto other = world.log_in("security");
  for (const char* way : {"", "/items", "/items/2", "/items/2/history", "/items/2/receipts", "/totals",
                          "/groups?by=amount", "/items.csv", "/items.xlsx"})
    EXPECT_EQ(
        test::code_of(world.send("GET", std::string("/api/v1/collections/toy") + way, "", other.cookie)),
        "not-permitted")
        << way;
  EXPECT_EQ(world.send("GET", "/api/v1/collections", "", other.cookie).body.find("\"toy\""),
            std::string::npos);
  EXPECT_EQ(world.send("GET", "/api/v1/search?q=acc%202", "", other.cookie).body,
            R"({"groups":[],"whole":true})");
}
