// Organisations at the API: whoever acts for one sees and does what is its own, and nothing of the office's.
#include "log/receipt.hpp"
#include "support/app_world.hpp"

using namespace qipan;
using test::code_of;
using test::Response;
using test::World;

namespace {

/// Somebody logged in, who says for whom they act.
struct Acting {
  World::Login login;
  std::string mandate;

  [[nodiscard]] Response send(const std::string& method, const std::string& path,
                              const std::string& body = "") const {
    return World::get().send(method, path, body, login.cookie, login.csrf, "", "", "", mandate);
  }
  [[nodiscard]] Json get(const std::string& path) const {
    const Response answer = send("GET", path);
    EXPECT_EQ(answer.status, 200) << path << answer.body;
    return parse_json(answer.body).value_or(Json());
  }
};

/// Of the demonstration: lamps for firm 1, hardware for firm 2, the agent for firm 3 (requests alone) and 5.
Acting lamps() {
  static const Acting acting{World::get().log_in("firm-lamps"), "1"};
  return acting;
}
Acting hardware() {
  static const Acting acting{World::get().log_in("firm-hardware"), "2"};
  return acting;
}
Acting agent(const std::string& mandate) {
  static const World::Login login = World::get().log_in("firm-agent");
  return {login, mandate};
}

std::string ask(const Acting& who, const std::string& request) {
  const Response made =
      who.send("POST", "/api/v1/own/cases",
               R"({"type":"enterprise_request","fields":{"topic":"other","request":")" + request + R"("}})");
  EXPECT_EQ(made.status, 201) << made.body;
  return std::to_string(parse_json(made.body)->integer_or("case", 0));
}

std::string as_leader(const std::string& id, const std::string& transition, const std::string& body) {
  static const World::Login leader = World::get().log_in("leader");
  const Response answer = World::get().send("POST", "/api/v1/cases/" + id + "/transitions/" + transition,
                                            body, leader.cookie, leader.csrf);
  return answer.status == 201 ? "" : code_of(answer);
}

}  // namespace

TEST(Own, SessionsSayForWhomOneMayAct) {
  const Response session = World::get().send("GET", "/api/v1/session", "", agent("3").login.cookie);
  const Json mandates = (*parse_json(session.body))["person"]["mandates"];
  ASSERT_EQ(mandates.items().size(), 2U);
  EXPECT_EQ(mandates.items()[0]["party"].dump(),
            R"({"subject":"enterprise:3","title":"示例水暖洁具有限公司"})");
  EXPECT_EQ(mandates.items()[0]["kinds"].dump(), R"(["enterprise_request"])");
  EXPECT_TRUE(mandates.items()[1]["kinds"].is_null());
}

TEST(Own, ShowsWhatIsDeclaredForTheParty) {
  const Json own = lamps().get("/api/v1/own");
  EXPECT_EQ(own["party"]["title"].text(), "示例灯具有限公司");
  ASSERT_EQ(own["registers"].items().size(), 1U);
  ASSERT_EQ(own["kinds"].items().size(), 2U);
  // The form asks for no enterprise: it is the caller's own.
  EXPECT_FALSE(own["kinds"].items()[0]["create"]["properties"].has("enterprise"));
  const Json entries = lamps().get("/api/v1/own/registers/enterprise/entries");
  ASSERT_EQ(entries["items"].items().size(), 1U);
  const Json& values = entries["items"].items()[0]["values"];
  EXPECT_EQ(values["office_telephone"].text(), "0750-3861000");
  EXPECT_FALSE(values.has("visit_notes"));
  const Json history = lamps().get("/api/v1/own/registers/enterprise/entries/1/history");
  ASSERT_EQ(history["items"].items().size(), 1U);
  EXPECT_FALSE(history["items"].items()[0].has("actor"));
  EXPECT_EQ(lamps().send("GET", "/api/v1/own/registers/enterprise/entries/2/history").status, 404);
}

TEST(Own, CasesGoBackAndForth) {
  const std::string id = ask(lamps(), "路灯不亮，夜间装卸困难。");
  EXPECT_EQ(as_leader(id, "ask", R"({"fields":{"question":"请说明位置。"}})"), "");
  const Json shown = lamps().get("/api/v1/own/cases/" + id);
  EXPECT_EQ(shown["state"].text(), "to_supplement");
  EXPECT_EQ(shown["fields"]["question"].text(), "请说明位置。");
  std::string actions;
  for (const Json& action : shown["actions"].items()) actions += action["name"].text() + " ";
  EXPECT_EQ(actions, "supplement withdraw ");
  EXPECT_EQ(lamps()
                .send("POST", "/api/v1/own/cases/" + id + "/transitions/supplement",
                      R"({"fields":{"supplement":"厂门口。"}})")
                .status,
            201);
  EXPECT_EQ(as_leader(id, "assign", R"({"responsible":"D-GD","fields":{"judgement":"SECRETJUDGEMENT"}})"),
            "");
  const std::string told = lamps().get("/api/v1/own/cases/" + id).dump() +
                           lamps().get("/api/v1/own/cases/" + id + "/history").dump();
  EXPECT_EQ(told.find("SECRETJUDGEMENT"), std::string::npos);
  EXPECT_NE(told.find("厂门口"), std::string::npos);
  // Who of the office it was is not told, and what was one's own is said to be.
  std::string own;
  const Json history = lamps().get("/api/v1/own/cases/" + id + "/history");
  for (const Json& line : history["items"].items()) own += line["own"] == Json(true) ? "o" : "-";
  EXPECT_EQ(own, "o-o-");
}

TEST(Own, NothingOfAnothersAndNothingOfTheOffices) {
  const std::string id = ask(lamps(), "只有本企业可见的诉求。");
  for (const Acting& other : {hardware(), agent("3"), agent("4")}) {
    EXPECT_EQ(other.send("GET", "/api/v1/own/cases/" + id).status, 404);
    EXPECT_EQ(other.send("GET", "/api/v1/own/cases/" + id + "/history").status, 404);
    EXPECT_EQ(other.get("/api/v1/own/cases")["items"].dump().find("只有本企业"), std::string::npos);
    EXPECT_EQ(code_of(other.send("POST", "/api/v1/own/cases/" + id + "/transitions/withdraw",
                                 R"({"comment":"不是我的"})")),
              "case-unknown");
  }
  EXPECT_NE(
      lamps().get("/api/v1/own/cases?open=true&type=enterprise_request")["items"].dump().find("只有本企业"),
      std::string::npos);
  EXPECT_EQ(lamps().get("/api/v1/own/cases?open=false")["items"].dump().find("只有本企业"),
            std::string::npos);
  // Without a word for whom, a person of an enterprise is a person without posts.
  const Acting nobody{lamps().login, ""};
  EXPECT_EQ(code_of(nobody.send("GET", "/api/v1/own/cases")), "mandate-needed");
  EXPECT_EQ(nobody.send("GET", "/api/v1/cases/" + id).status, 403);
  EXPECT_EQ(World::get().send("GET", "/api/v1/own/cases").status, 401);
}

TEST(Own, AMandateIsThePersonsOwnAndInForce) {
  EXPECT_EQ(code_of(Acting{lamps().login, "2"}.send("GET", "/api/v1/own")), "mandate-unknown");
  for (const char* wrong : {"99", "x", "-1", "1 ", "0"})
    EXPECT_EQ(code_of(Acting{lamps().login, wrong}.send("GET", "/api/v1/own")), "mandate-unknown") << wrong;
  const World::Login security = World::get().log_in("security");
  const auto manage = [&](const std::string& what, const std::string& body) {
    return World::get().send("POST", "/api/v1/units/" + what, body, security.cookie, security.csrf);
  };
  const Response given =
      manage("give_mandate", R"({"login":"firm-hardware","party":"enterprise:4","reason":"授权书"})");
  ASSERT_EQ(given.status, 200) << given.body;
  const std::string number = std::to_string(parse_json(given.body)->integer_or("mandate", 0));
  const Acting fourth{hardware().login, number};
  EXPECT_EQ(fourth.get("/api/v1/own")["party"]["subject"].text(), "enterprise:4");
  EXPECT_EQ(
      code_of(manage("give_mandate", R"({"login":"firm-hardware","party":"enterprise:4","reason":"again"})")),
      "mandate-held");
  // However it is written it is one actor: the same request twice is one case.
  const std::string body =
      R"({"type":"enterprise_request","fields":{"topic":"other","request":"一次即可。"}})";
  const auto once = [&](const std::string& said) {
    return World::get().send("POST", "/api/v1/own/cases", body, fourth.login.cookie, fourth.login.csrf,
                             "key-of-a-request-sent-twice", "", "", said);
  };
  const Response first = once(number);
  EXPECT_EQ(first.body, once("00" + number).body);
  const std::string made = parse_json(first.body)->find("case")->dump();
  EXPECT_EQ(manage("end_mandate", R"({"mandate":)" + number + R"(,"reason":"撤销"})").status, 200);
  EXPECT_EQ(code_of(fourth.send("GET", "/api/v1/own")), "mandate-unknown") << "from the next request on";
  // What was done by a mandate that is over was the organisation's all the same.
  const Response again =
      manage("give_mandate", R"({"login":"firm-lamps","party":"enterprise:4","reason":"授权书"})");
  const Acting other{lamps().login, parse_json(again.body)->find("mandate")->dump()};
  const Json lines = other.get("/api/v1/own/cases/" + made + "/history");
  EXPECT_EQ(lines["items"].items()[0]["own"], Json(true));
  const Response list = World::get().send("GET", "/api/v1/mandates", "", security.cookie);
  EXPECT_NE(list.body.find(R"("in_force":false)"), std::string::npos) << list.body;
  const Response found =
      World::get().send("GET", "/api/v1/parties?q=%E9%A3%9F%E5%93%81", "", security.cookie);
  EXPECT_NE(found.body.find(R"("subject":"enterprise:5")"), std::string::npos) << found.body;
  EXPECT_EQ(World::get().send("GET", "/api/v1/parties?q=x", "", lamps().login.cookie).status, 403);
}

TEST(Own, FormsAreHeldAndSaidInFull) {
  const auto refusal = [&](const std::string& body) {
    return code_of(lamps().send("POST", "/api/v1/own/cases", body));
  };
  EXPECT_EQ(refusal(R"({"type":"enterprise_request","fields":{"topic":"other"}})"), "field-required");
  EXPECT_EQ(refusal(R"({"type":"grid_event","fields":{"description":"two"}})"), "not-permitted");
  EXPECT_EQ(
      refusal(
          R"({"type":"enterprise_request","unit":"440704","fields":{"topic":"other","request":"说明问题"}})"),
      "field-unknown");
  EXPECT_EQ(
      refusal(
          R"({"type":"enterprise_request","fields":{"enterprise":"enterprise:2","topic":"other","request":"说明问题"}})"),
      "party-other");
  // The agent's first mandate covers requests alone.
  const Response covered = agent("3").send(
      "POST", "/api/v1/own/cases",
      R"({"type":"register_correction","fields":{"item":"住所","proposed":"某路","evidence":"营业执照为证"}})");
  EXPECT_EQ(code_of(covered), "not-permitted");
  EXPECT_EQ(agent("3").get("/api/v1/own")["registers"].dump(), "[]");
  EXPECT_EQ(code_of(agent("3").send("GET", "/api/v1/own/registers/enterprise/entries")), "register-unknown");
}

TEST(Own, ReceiptsOpenThePartysPart) {
  const std::string id = ask(lamps(), "需要凭证的诉求。");
  const Json history = lamps().get("/api/v1/own/cases/" + id + "/history");
  const std::string position = history["items"].items()[0]["position"].dump();
  const Response receipt = lamps().send("GET", "/api/v1/own/receipts/" + position);
  ASSERT_EQ(receipt.status, 200);
  const auto read = log::verify_receipt(receipt.body, nullptr);
  ASSERT_TRUE(read);
  std::string parts;
  for (const auto& part : read->fact.parts) parts += part.bytes;
  EXPECT_NE(parts.find("需要凭证的诉求"), std::string::npos);
  EXPECT_EQ(parts.find("\"unit\""), std::string::npos) << "the office's part is withheld";
  EXPECT_EQ(hardware().send("GET", "/api/v1/own/receipts/" + position).status, 404);
}

// Every route of the API, by somebody who acts for an organisation: its own open, and no other.
TEST(Own, NoOtherRouteOpens) {
  const auto engines = cmd::make_engines();
  const face::RouteTable table(engines);
  int closed = 0;
  for (const face::Route& route : table.routes()) {
    if (route.for_parties) continue;
    std::string path = route.pattern;
    for (const std::string& name : route.path_names()) path.replace(path.find('{'), name.size() + 2, "1");
    const Response answer = lamps().send(route.method, path, "{}");
    EXPECT_EQ(code_of(answer), "not-for-mandates") << route.method << " " << path << answer.body;
    ++closed;
  }
  EXPECT_GT(closed, 60);
}

// Pictures and links of a page have no headers.
TEST(Own, AnAddressSaysForWhomToo) {
  const auto by = [&](const std::string& path) {
    return World::get().send("GET", path, "", lamps().login.cookie).status;
  };
  EXPECT_EQ(by("/api/v1/own?mandate=1"), 200);
  EXPECT_EQ(by("/api/v1/own?mandate=2"), 403);
  EXPECT_EQ(by("/api/v1/cases?mandate=1"), 422);
}

// What the face knew when the request came is a moment old: the reading itself must not stand on it.
TEST(Own, AMandateThatEndsThatMomentOpensNothing) {
  const auto run = [](const char* kind, const std::string& body) {
    board::Command command;
    command.kind = kind;
    command.actor = "operator";
    command.body = *parse_json(body);
    const auto outcome = World::get().writer().run(std::move(command));
    EXPECT_TRUE(outcome) << outcome.error().line();
    return outcome ? *parse_json(outcome->answer) : Json();
  };
  const Json given =
      run("unit.give_mandate", R"({"login":"firm-hardware","party":"enterprise:6","reason":"letter"})");
  const Acting sixth{hardware().login, given["mandate"].dump()};
  EXPECT_EQ(hardware().send("GET", "/api/v1/own").status, 200);
  EXPECT_EQ(sixth.send("GET", "/api/v1/own").status, 200);
  // By the writer itself, of which the face hears nothing.
  run("unit.end_mandate", R"({"mandate":)" + sixth.mandate + R"(,"reason":"over"})");
  EXPECT_EQ(code_of(sixth.send("GET", "/api/v1/own/cases")), "mandate-unknown");
  EXPECT_EQ(code_of(sixth.send(
                "POST", "/api/v1/own/cases",
                R"({"type":"enterprise_request","fields":{"topic":"other","request":"迟到的诉求"}})")),
            "mandate-unknown");
}
