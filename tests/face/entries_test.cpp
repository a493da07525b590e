// Entries of registers at the API: what lies sealed is shown by a recorded look alone, photos to who may see
// the entry, and a form is offered what the register says.
#include "support/app_world.hpp"

using namespace qipan;
using test::code_of;
using test::Response;
using test::World;

namespace {

constexpr const char* firm = "/api/v1/registers/enterprise/entries/4";
constexpr const char* firm_item = "/api/v1/collections/enterprise/items/4";

Response as(const World::Login& login, const std::string& method, const std::string& path,
            const std::string& body = "") {
  return World::get().send(method, path, body, login.cookie, login.csrf);
}

Json answered(const World::Login& login, const std::string& path) {
  const Response answer = as(login, "GET", path);
  EXPECT_EQ(answer.status, 200) << path << answer.body;
  return parse_json(answer.body).value_or(Json());
}

}  // namespace

TEST(Entries, PersonalValuesAreSeenOneByOne) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto leader = world.log_in("leader");
  const auto handler = world.log_in("security");
  const Response changed =
      as(admin, "PATCH", firm,
         R"({"values":{"contact":"企业联系人","contact_mobile":"13800007777"},"reason":"走访登记"})");
  ASSERT_EQ(changed.status, 201) << changed.body;
  EXPECT_EQ(code_of(as(admin, "PATCH", firm, R"({"values":{"contact_mobile":"no"},"reason":"r"})")),
            "field-unfit");
  EXPECT_EQ(code_of(as(admin, "PATCH", firm, R"({"values":{"contact":{"vault":"1"}},"reason":"r"})")),
            "field-unfit");
  const Json shown = answered(leader, firm_item);
  EXPECT_EQ(shown["values"]["contact"].dump(), R"({"personal":true})");
  const Json list = answered(leader, "/api/v1/collections/enterprise/items?filter=id%3E3&limit=1");
  EXPECT_EQ(list["items"].items()[0].dump(), shown.dump());
  const Json history = answered(leader, std::string(firm_item) + "/history");
  EXPECT_EQ(history.dump().find("vault"), std::string::npos);
  EXPECT_EQ(history.dump().find("13800007777"), std::string::npos);

  const std::string look = R"({"field":"contact_mobile","purpose":"约定走访时间"})";
  const Response seen = as(leader, "POST", std::string(firm) + "/reveal", look);
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ((*parse_json(seen.body))["value"].text(), "13800007777");
  // Who may write it may not look for that, and who may do neither learns nothing of the entry.
  EXPECT_EQ(code_of(as(admin, "POST", std::string(firm) + "/reveal", look)), "not-permitted");
  EXPECT_EQ(code_of(as(handler, "POST", std::string(firm) + "/reveal", look)), "not-permitted");
  EXPECT_EQ(code_of(as(leader, "POST", std::string(firm) + "/erase", look)), "not-permitted");
  ASSERT_EQ(as(admin, "POST", std::string(firm) + "/erase", look).status, 200);
  EXPECT_EQ(code_of(as(leader, "POST", std::string(firm) + "/reveal", look)), "reveal-field");
  EXPECT_FALSE(answered(leader, firm_item)["values"].has("contact_mobile"));
  // An empty value takes the other away.
  ASSERT_EQ(as(admin, "PATCH", firm, R"({"values":{"contact":null},"reason":"离职"})").status, 201);
  EXPECT_FALSE(answered(leader, firm_item)["values"].has("contact"));
  // Both looks and erasures stand in the audit.
  const Json audit = answered(world.log_in("auditor"), "/api/v1/audit?limit=20");
  EXPECT_NE(audit.dump().find("register.revealed"), std::string::npos);
  EXPECT_NE(audit.dump().find("register.erased"), std::string::npos);
}

TEST(Entries, PhotosAreForWhoMaySeeTheEntry) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto hash = world.district().content().put(
      "\xFF\xD8\xFF"
      "front");
  const std::string change = R"({"values":{"front":[")" + *hash + R"("]},"reason":"门头"})";
  EXPECT_EQ(code_of(as(admin, "PATCH", firm,
                       R"({"values":{"front":[")" + std::string(64, 'c') + R"("]},"reason":"门头"})")),
            "photo-unknown");
  ASSERT_EQ(as(admin, "PATCH", firm, change).status, 201);
  const std::string photo = "/api/v1/photos/" + *hash;
  EXPECT_EQ(as(admin, "GET", photo + "?entry=enterprise:4").status, 200);
  EXPECT_EQ(as(admin, "GET", photo + "?entry=enterprise:1").status, 404);
  EXPECT_EQ(as(admin, "GET", photo + "?entry=nothing:4").status, 404);
  EXPECT_EQ(as(admin, "GET", photo + "?entry=").status, 404);
  EXPECT_EQ(as(world.log_in("security"), "GET", photo + "?entry=enterprise:4").status, 404);
  // A hash that another's entry names opens nothing in a case of one's own.
  const auto intake = world.log_in("firm-lamps");
  const Response stolen = world.send(
      "POST", "/api/v1/own/cases",
      R"({"type":"enterprise_request","fields":{"topic":"other","request":"照片核对","photos":[")" + *hash +
          R"("]}})",
      intake.cookie, intake.csrf, "", "", "", "1");
  EXPECT_EQ(code_of(stolen), "photo-unknown");
  // Nor does a text that looks like one.
  const Response written =
      world.send("POST", "/api/v1/own/cases",
                 R"({"type":"enterprise_request","fields":{"topic":"other","request":")" + *hash + R"("}})",
                 intake.cookie, intake.csrf, "", "", "", "1");
  ASSERT_EQ(written.status, 201) << written.body;
  const std::string id = std::to_string(parse_json(written.body)->integer_or("case", 0));
  EXPECT_EQ(
      world.send("GET", "/api/v1/own/photos/" + *hash + "?case=" + id, "", intake.cookie, "", "", "", "", "1")
          .status,
      404);
  EXPECT_EQ(as(world.log_in("leader"), "GET", photo + "?case=" + id).status, 404);
  ASSERT_EQ(as(admin, "PATCH", "/api/v1/registers/enterprise/entries/5",
               R"({"values":{"visit_notes":")" + *hash + R"("},"reason":"r"})")
                .status,
            201);
  EXPECT_EQ(as(admin, "GET", photo + "?entry=enterprise:5").status, 404);
  for (const char* odd : {"enterprise:-9223372036854775808", "enterprise:0", "enterprise:", ":", "unit:1"})
    EXPECT_EQ(world
                  .send("GET", std::string("/api/v1/own/photos/") + *hash + "?entry=" + odd, "",
                        intake.cookie, "", "", "", "", "1")
                  .status,
              404);
  // The organisation sees its own front, and no other's.
  const auto agent = world.log_in("firm-agent");
  const std::string own = "/api/v1/own/photos/" + *hash;
  EXPECT_EQ(world.send("GET", own + "?entry=enterprise:4", "", agent.cookie, "", "", "", "", "3").status,
            404);
}

TEST(Entries, FormsAreOfferedWhatTheRegisterSays) {
  auto& world = World::get();
  const auto firm_lamps = world.log_in("firm-lamps");
  const Response own = world.send("GET", "/api/v1/own", "", firm_lamps.cookie, "", "", "", "", "1");
  const Json kinds = (*parse_json(own.body))["kinds"];
  std::string offered;
  for (const Json& kind : kinds.items())
    if (kind["name"].text() == "enterprise_request") offered = kind["prefill"].dump();
  EXPECT_EQ(offered, R"({"callback":"0750-3861000"})");
  const Json types = answered(world.log_in("leader"), "/api/v1/case-types");
  for (const Json& type : types["items"].items()) {
    if (type["name"].text() != "enterprise_request") continue;
    EXPECT_EQ(type["create"]["properties"]["callback"]["x-prefill"].text(), "enterprise.office_telephone");
  }
}

TEST(Entries, AreToldInBothTimes) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto leader = world.log_in("leader");
  const std::string entry = "/api/v1/registers/enterprise/entries/2";
  const Json before = answered(leader, "/api/v1/collections/enterprise/items/2")["values"];
  const Instant asked = world.district().clock().now();
  const auto change = [&](const std::string& more) {
    const Response answer = as(admin, "PATCH", entry, "{" + more + "}");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return *parse_json(answer.body);
  };
  change(R"("values":{"staff":41},"from":"2020-01-01","reason":"年报更正")");
  const Json planned = change(R"("values":{"staff":77},"from":"2199-01-01")");
  const auto at = [&](const std::string& parameters) {
    return answered(leader, entry + "/as-of?" + parameters);
  };
  EXPECT_EQ(at("valid=2019-12-31")["values"]["staff"].dump(), before["staff"].dump());
  EXPECT_EQ(at("valid=2020-01-01")["values"]["staff"].integer(), 41);
  EXPECT_EQ(at("valid=2020-01-01")["sources"]["staff"]["reason"].text(), "年报更正");
  EXPECT_EQ(at("valid=2199-01-01")["values"]["staff"].integer(), 77);
  EXPECT_TRUE(at("valid=2199-01-01")["sources"]["staff"]["planned"].boolean());
  const Json known = at("valid=2020-01-01&known=" + format_instant(asked));
  EXPECT_EQ(known["values"]["staff"].dump(), before["staff"].dump());
  EXPECT_EQ(known["values"]["name"].dump(), before["name"].dump());
  EXPECT_FALSE(at("known=2000-01-01T00:00:00Z")["added"].boolean());
  EXPECT_EQ(answered(leader, "/api/v1/collections/enterprise/items/2")["values"]["staff"].integer(), 41);
  // What is to come is withdrawn by its number.
  EXPECT_NE(answered(leader, entry + "/timeline").dump().find("2199-01-01"), std::string::npos);
  const std::string plan = std::to_string(planned["plan"].integer());
  EXPECT_EQ(code_of(as(leader, "POST", entry + "/withdraw", R"({"plan":)" + plan + R"(,"reason":"误"})")),
            "not-permitted");
  ASSERT_EQ(as(admin, "POST", entry + "/withdraw", R"({"plan":)" + plan + R"(,"reason":"误"})").status, 201);
  EXPECT_EQ(answered(leader, entry + "/timeline").dump().find("2199-01-01"), std::string::npos);
  EXPECT_EQ(at("valid=2199-01-01")["values"]["staff"].integer(), 41);
  // Nothing is told of what is not there, or not the reader's.
  for (const char* what : {"/as-of", "/timeline"}) {
    EXPECT_EQ(code_of(as(leader, "GET", "/api/v1/registers/enterprise/entries/999" + std::string(what))),
              "item-unknown");
    EXPECT_EQ(code_of(as(leader, "GET", "/api/v1/registers/grid_event/entries/2" + std::string(what))),
              "register-unknown");
    EXPECT_EQ(code_of(as(world.log_in("security"), "GET", entry + what)), "not-permitted");
    EXPECT_EQ(code_of(as(World::Login{}, "GET", entry + what)), "login-needed");
    EXPECT_EQ(code_of(as(leader, "GET", entry + what + "?known=yesterday")), "time-unreadable");
  }
  EXPECT_EQ(as(leader, "GET", entry + "/as-of?valid=tomorrow").status, 422);
}
