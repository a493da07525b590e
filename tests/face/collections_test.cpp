// Collections at the API: the same list, numbers and files of whatever there is.
#include <cstdio>
#include <fstream>
#include <set>

#include "log/receipt.hpp"
#include "support/app_world.hpp"

using namespace qipan;
using test::code_of;
using test::Response;
using test::World;

namespace {

Response ask_collections(const World::Login& login, const std::string& path) {
  return World::get().send("GET", "/api/v1/collections" + path, "", login.cookie, login.csrf);
}

Json told_by(const World::Login& login, const std::string& path) {
  const Response answer = ask_collections(login, path);
  EXPECT_EQ(answer.status, 200) << path << answer.body;
  return parse_json(answer.body).value_or(Json());
}

std::string header_in(const Response& response, std::string_view name) {
  for (const auto& [header, value] : response.headers) {
    if (header == name) return value;
  }
  return "";
}

}  // namespace

TEST(Collections, AreWhatTheReaderMayFind) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  const std::string names = told_by(leader, "").dump();
  for (const char* name :
       {"\"case\"", "\"grid_event\"", "\"enterprise\"", "\"unit\"", "\"stream\"", "\"alarm\""})
    EXPECT_NE(names.find(name), std::string::npos) << name << names;
  // A name means one of them, whoever declares it.
  std::set<std::string> different;
  const Json all = told_by(leader, "");
  for (const Json& one : all["items"].items())
    EXPECT_TRUE(different.insert(one["name"].text()).second) << one.dump();
  EXPECT_EQ(code_of(ask_collections({}, "")), "login-needed");
  EXPECT_EQ(code_of(ask_collections({}, "/unit/items")), "login-needed");
  EXPECT_EQ(code_of(ask_collections(leader, "/nothing")), "collection-unknown");
  const Json cases = told_by(leader, "/grid_event");
  EXPECT_EQ(cases["title"]["zh"].text(), "网格事件");
  bool state = false;
  for (const Json& property : cases["properties"].items()) {
    if (property["name"].text() != "state") continue;
    state = true;
    EXPECT_EQ(property["kind"].text(), "text");
    EXPECT_TRUE(property["sortable"].boolean());
    EXPECT_NE(property["schema"].dump().find("已上报"), std::string::npos) << property["schema"].dump();
  }
  EXPECT_TRUE(state);
}

TEST(Collections, ListAndPageAndCount) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  for (const char* what : {"甲", "乙", "丙"}) world.report(std::string("清单 ") + what);
  const std::string filter = "filter=description%20LIKE%20%27%E6%B8%85%E5%8D%95%25%27";
  const std::int64_t total = told_by(leader, "/grid_event/totals?" + filter)["count"].integer();
  EXPECT_GE(total, 3);
  std::vector<std::int64_t> seen;
  std::string after;
  do {
    const Json page = told_by(leader, "/grid_event/items?" + filter +
                                          "&sort=-created&limit=2&properties=state,description,unit" +
                                          (after.empty() ? "" : "&after=" + after));
    for (const Json& item : page["items"].items()) {
      seen.push_back(item["id"].integer());
      EXPECT_EQ(item["subject"].text(), "grid_event:" + std::to_string(seen.back()));
      EXPECT_EQ(item["values"]["state"].text(), "reported");
      EXPECT_TRUE(item["values"]["unit"].has("title_zh"));
      EXPECT_EQ(item["geometry"]["type"].text(), "Point");
      EXPECT_FALSE(item["values"].has("created"));
    }
    after = page["next"].is_text() ? page["next"].text() : "";
  } while (!after.empty());
  EXPECT_EQ(static_cast<std::int64_t>(seen.size()), total);
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
  const Json one = told_by(leader, "/grid_event/items/" + std::to_string(seen[0]));
  EXPECT_EQ(one["values"]["reporter_telephone"].dump(), R"({"personal":true})");
  const Json history = told_by(leader, "/grid_event/items/" + std::to_string(seen[0]) + "/history");
  EXPECT_EQ(history["items"].items()[0]["kind"].text(), "case.created");
  EXPECT_EQ(history.dump().find("vault"), std::string::npos);
  // Each fact has a receipt, which verifies without the server; of a register's entry too.
  for (const std::string& item :
       {"/grid_event/items/" + std::to_string(seen[0]), std::string("/enterprise/items/1")}) {
    const Json receipts = told_by(leader, item + "/receipts");
    ASSERT_FALSE(receipts["items"].items().empty()) << item;
    const auto receipt = world.send("GET", receipts["items"].items()[0]["receipt"].text(), "", leader.cookie);
    EXPECT_EQ(receipt.status, 200) << item << receipt.body;
    EXPECT_TRUE(log::verify_receipt(receipt.body, nullptr).has_value()) << item;
  }
  EXPECT_EQ(code_of(ask_collections(leader, "/unit/items/1/receipts")), "not-permitted");
  EXPECT_EQ(code_of(ask_collections(leader, "/unit/items/1/history")), "not-permitted");
  const Json groups = told_by(leader, "/case/groups?by=type,open&of=count,min(created)");
  std::int64_t counted = 0;
  for (const Json& group : groups["items"].items()) counted += group["of"].items()[0].integer();
  EXPECT_EQ(counted, told_by(leader, "/case/totals")["count"].integer());
  // In JSON the same filter is the same.
  const std::string json =
      face::percent_encoded(R"({"op":"like","args":[{"property":"description"},"清单%"]})");
  EXPECT_EQ(told_by(leader, "/grid_event/totals?filter-lang=cql2-json&filter=" + json)["count"].integer(),
            total);
  for (const auto& [path, code] : std::vector<std::pair<std::string, std::string>>{
           {"/grid_event/items?filter=state", "filter-unfit"},
           {"/grid_event/items?filter=state%3D", "filter-unreadable"},
           {"/grid_event/items?filter-lang=sql", "parameter-unreadable"},
           {"/grid_event/items?limit=0", "parameter-unreadable"},
           {"/grid_event/items?limit=501", "parameter-unreadable"},
           {"/grid_event/items?after=zz", "cursor-unreadable"},
           {"/grid_event/items/x", "item-unknown"},
           {"/grid_event/groups?by=description,", "group-unfit"},
           {"/grid_event/items.csv?language=fr", "parameter-unreadable"},
           {"/unit/items.geojson", "collection-not-located"}})
    EXPECT_EQ(code_of(ask_collections(leader, path)), code) << path;
}

TEST(Collections, AreTakenAsFiles) {
  auto& world = World::get();
  const auto leader = world.log_in("leader");
  world.report("=HYPERLINK(1+1)");
  const std::string newest =
      "/grid_event/items.csv?sort=-id&properties=state,description,reporter_telephone,created,open,unit";
  const Response csv = ask_collections(leader, newest + "&language=zh");
  EXPECT_EQ(csv.body.substr(0, csv.body.find("\r\n")),
            "\xEF\xBB\xBF编号,状态,情况描述,联系电话,受理时间,办理中,所在单位");
  const std::string line = csv.body.substr(csv.body.find("\r\n") + 2, 200);
  EXPECT_NE(line.find("已上报,'=HYPERLINK"), std::string::npos) << line;
  EXPECT_NE(line.find("［个人信息］"), std::string::npos) << line;
  EXPECT_NE(line.find(",是,"), std::string::npos) << line;
  EXPECT_EQ(header_in(csv, "Qipan-Rows"),
            std::to_string(told_by(leader, "/grid_event/totals")["count"].integer()));
  EXPECT_NE(ask_collections(leader, newest).body.find(",reported,"), std::string::npos)
      << "codes without a language";
  const Response geojson = ask_collections(leader, "/grid_event/items.geojson?properties=state");
  const auto features = parse_json(geojson.body);
  ASSERT_TRUE(features.has_value());
  EXPECT_EQ((*features)["features"].items()[0]["geometry"]["type"].text(), "Point");
  const Response xlsx = ask_collections(leader, "/grid_event/items.xlsx?language=en");
  ASSERT_EQ(xlsx.status, 200) << xlsx.body;
  EXPECT_TRUE(xlsx.body.starts_with("PK"));
  // As another program reads it.
  const auto path = std::filesystem::temp_directory_path() / ("qipan-xlsx-" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary) << xlsx.body;
  const std::string command = "python3 -c \"import sys,zipfile; z=zipfile.ZipFile('" + path.string() +
                              "'); print(z.testzip() is None, z.read('xl/worksheets/sheet1.xml').decode())\"";
  std::string told;
  FILE* pipe = ::popen(command.c_str(), "r");
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) told += static_cast<char>(c);
  ::pclose(pipe);
  std::filesystem::remove(path);
  EXPECT_TRUE(told.starts_with("True")) << told.substr(0, 200);
  EXPECT_NE(told.find("Reported"), std::string::npos);
  EXPECT_NE(told.find("=HYPERLINK"), std::string::npos) << "as text";
  EXPECT_EQ(told.find("<f>"), std::string::npos) << "no formula";
  EXPECT_EQ(told.find("13800001111"), std::string::npos);
}

/// What packs show is what the reader may read: nothing of it tells that there is more.
TEST(Pages, AreThoseOfWhatTheReaderMayRead) {
  auto& world = World::get();
  const auto shown = [&](const char* login) {
    const auto who = world.log_in(login);
    const Response answer = world.send("GET", "/api/v1/pages", "", who.cookie, who.csrf);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body).value_or(Json());
  };
  const Json leader = shown("leader");
  EXPECT_NE(leader.dump().find("\"collection\":\"enterprise\""), std::string::npos);
  EXPECT_NE(leader.dump().find("\"name\":\"grid-events\""), std::string::npos);
  EXPECT_FALSE(leader["layers"].items().empty());
  // Who handles cases reads no register: neither list, figure nor layer of it, but the cases about it.
  const std::string handler = shown("d-hw").dump();
  EXPECT_EQ(handler.find("\"collection\":\"enterprise\""), std::string::npos) << handler;
  EXPECT_EQ(handler.find("\"name\":\"things\""), std::string::npos) << handler;
  EXPECT_NE(handler.find("\"collection\":\"grid_event\""), std::string::npos) << handler;
  EXPECT_EQ(code_of(world.send("GET", "/api/v1/pages", "", "", "")), "login-needed");
}

/// {today}, {now} and {my_unit} are the asker's, in whatever filter.
TEST(Collections, FiltersMaySayWhoseAndWhen) {
  const auto leader = World::get().log_in("leader");
  EXPECT_EQ(told_by(leader, "/grid_event/totals?filter=created%20%3E%20%7Bnow%7D")["count"].integer(), 0);
  EXPECT_EQ(told_by(leader, "/unit/totals?filter=code%20%3D%20%7Bmy_unit%7D")["count"].integer(), 1);
  EXPECT_EQ(code_of(ask_collections(leader, "/unit/totals?filter=code%20%3D%20%7Byour_unit%7D")),
            "filter-unreadable");
}
