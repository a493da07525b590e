// Requests that administrators send, once each, as tools/traffic_check.py wants every command hit.
#include "support/app_world.hpp"

using namespace qipan;
using test::World;

namespace {

class Requests : public testing::Test {
 protected:
  void post(const std::string& path, const std::string& body, int status, const char* method = "POST") {
    const World::Login& by = path.ends_with("_post") ? security_ : admin_;
    const auto answer = World::get().send(method, "/api/v1/" + path, body, by.cookie, by.csrf);
    EXPECT_EQ(answer.status, status) << path << answer.body;
    last_ = parse_json(answer.body).value_or(Json());
  }
  std::string number(const char* name) const { return std::to_string(last_.integer_or(name, 0)); }

  World::Login admin_ = World::get().log_in("admin");
  World::Login security_ = World::get().log_in("security");
  Json last_;
};

}  // namespace

TEST_F(Requests, ManageUnitsAndPosts) {
  post("units/create",
       R"({"code":"R-1","kind":"department","parent":"440704","title_zh":"试","title_en":"Trial"})", 200);
  post("units/change", R"({"code":"R-1","title_zh":"试用"})", 200);
  post("units/retire", R"({"code":"R-1","reason":"试完"})", 200);
  post("units/give_post", R"({"login":"auditor","unit":"440704","role":"intake"})", 200);
  post("units/take_post", R"({"login":"auditor","unit":"440704","role":"intake"})", 200);
}

// Who is away sees it among their own, whoever keeps accounts among all; who stands in is told whose posts
// these are.
TEST_F(Requests, ManageDeputiesAndAbsences) {
  auto& world = World::get();
  const auto by = [&](const World::Login& who, const char* method, const std::string& to,
                      const std::string& body) {
    const auto answer = world.send(method, "/api/v1/" + to, body, who.cookie, who.csrf);
    EXPECT_EQ(answer.status, 200) << to << answer.body;
    return *parse_json(answer.body);
  };
  by(security_, "POST", "units/set_deputy",
     R"({"login":"d-tx","unit":"D-TX","role":"handler","deputy":"d-rq"})");
  const Json listed = by(admin_, "GET", "people?q=d-tx", "");
  EXPECT_EQ(listed["items"].items()[0]["posts"].items()[0]["deputy"].text(), "d-rq");
  const auto away = world.log_in("d-tx");
  const auto deputy = world.log_in("d-rq");
  const std::string now = format_instant(world.district().clock().now() - microseconds_per_second);
  const std::string later = format_instant(world.district().clock().now() + 60'000 * microseconds_per_second);
  const Json set = by(
      away, "POST", "units/set_absence",
      Json::object().set("login", "d-tx").set("from", now).set("until", later).set("reason", "培训").dump());
  EXPECT_TRUE(set["without_deputy"].items().empty());
  for (const auto& who : {away, admin_, security_})
    EXPECT_EQ(by(who, "GET", "absences", "")["items"].items().size(), 1U);
  EXPECT_TRUE(by(deputy, "GET", "absences", "")["items"].items().empty());
  const auto posts = [&] {
    std::string text;
    const Json session = by(deputy, "GET", "session", "");
    for (const Json& one : session["person"]["posts"].items())
      text += one["unit"].text() + (one.has("held_for") ? " for " + one["held_for"]["title_en"].text() : "") +
              "; ";
    return text;
  };
  EXPECT_EQ(posts(), "D-RQ; D-TX for Example handler of telecommunications; ");
  by(away, "POST", "units/end_absence",
     Json::object().set("login", "d-tx").set("absence", set["absence"]).dump());
  EXPECT_EQ(posts(), "D-RQ; ");
}

// How a colleague is reached is told to who has a right of its own for it, and the log says who looked.
TEST_F(Requests, RevealHowAPersonIsReached) {
  auto& world = World::get();
  pack::Problems problems;
  const auto pack = pack::from_files(
      {{"pack.toml", "name = \"reach\"\nneeds = [\"base\"]\ntitle = { zh = \"联络\", en = \"Reach\" }"},
       {"roles.toml",
        "[[roles]]\nname = \"reacher\"\ntitle = { zh = \"联络员\", en = \"Reacher\" }\ngrants = [ { resource "
        "= "
        "\"person\", actions = [\"reveal\"] } ]"}},
      "reach", problems);
  ASSERT_TRUE(pack && problems.empty());
  std::vector<board::Command> install;
  world.writer().between_groups([&](board::Board& board) {
    install = board::install_commands({&*pack, 1}, board.database());
  });
  for (board::Command& command : install) ASSERT_TRUE(world.writer().run(std::move(command)));
  const char* asked = R"({"login":"auditor","field":"telephone","purpose":"夜间值班联系"})";
  const auto own = world.log_in("auditor");
  EXPECT_EQ(world
                .send("POST", "/api/v1/units/set_contact",
                      R"({"login":"auditor","telephone":"13800002222","present_password":"a good password"})",
                      own.cookie, own.csrf)
                .status,
            200);
  post("units/reveal_person", asked, 403);
  post("units/give_post", R"({"login":"admin","unit":"440704","role":"reacher"})", 200);
  post("units/reveal_person", R"({"login":"auditor","field":"name","purpose":"夜间值班联系"})", 404);
  post("units/reveal_person", asked, 200);
  EXPECT_EQ(last_.text_or("value", ""), "13800002222");
  const auto told = log::Log::find(world.district().board().database(),
                                   static_cast<Position>(last_.integer_or("position", 1)) - 1);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->fact.kind, "unit.person_revealed");
}

TEST_F(Requests, ManageChannelsAndNotices) {
  post(
      "notices/set_mail",
      R"({"host":"mail.example","port":25,"security":"none","from":"q@example.org","site":"https://q.example"})",
      201);
  post("notices/add_webhook", R"({"name":"试","url":"https://hooks.example/","unit":"440704"})", 201);
  EXPECT_TRUE(last_.text_or("secret", "").starts_with("qws_"));
  const std::string webhook = number("webhook");
  post("notices/test", R"({"webhook":)" + webhook + "}", 201);
  board::Command report;
  report.kind = "notice.report";
  report.actor = "system:outbox/courier";
  report.body.set("id", last_.integer_or("notice", 0)).set("permanent", true).set("told", "410 gone");
  ASSERT_TRUE(World::get().writer().run(report));
  post("notices/retry", R"({"id":)" + number("notice") + "}", 201);
  post("notices/retire_webhook", R"({"webhook":)" + webhook + "}", 201);
  post("notices/remove_mail", "{}", 201);
  post("notices/queue", R"({"messages":[{}]})", 404);
}

TEST_F(Requests, ManageEntriesAndObservations) {
  post("registers/thing/entries",
       R"({"values":{"code":"R-T","title_zh":"试点","title_en":"Trial"},"x":1131000000,"y":225000000})", 201);
  const std::string entry = "registers/thing/entries/" + number("id");
  post(entry, R"({"values":{"title_zh":"试点一"},"reason":"改名"})", 201, "PATCH");
  post(entry, R"({"register":"thing","values":{}})", 422, "PATCH");
  EXPECT_EQ(last_.text_or("field", ""), "register") << "stands in the path";
  post(entry + "/retire", R"({"reason":"试完"})", 201);
  post("observations", R"([{"Datastream":{"code":"aq-jn-no2"},"dataArray":[["2026-01-01T00:00:00Z",12]]}])",
       201);
}
