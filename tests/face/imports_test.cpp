// Files into registers over the API: sent, looked at, matched, entered, stopped, taken back; each its
// sender's alone, by the sender's own rights.
#include <gtest/gtest.h>

#include <thread>

#include "face/app/imports.hpp"
#include "support/app_world.hpp"

using namespace qipan;

namespace {

using test::code_of;
using test::Response;
using test::World;

/// A code of GB 32100 with the number in it.
std::string credit_code(int number) {
  const std::string signs = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  std::string digits = std::to_string(number);
  std::string code = "91440704MA0" + std::string(6 - digits.size(), '0') + digits;
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (const char sign : code) {
    sum += signs.find(sign) * weight;
    weight = weight * 3 % 31;
  }
  return code + signs[(31 - sum % 31) % 31];
}

const std::string head = "credit_code,name,kind,business_state,contact_mobile\n";

std::string row(int number, const std::string& name) {
  return credit_code(number) + "," + name + ",company,open,13800004444\n";
}

/// Somebody who sends files.
class Imports : public testing::Test {
 protected:
  std::string sent(const std::string& file, const std::string& bytes, const std::string& more = "") {
    const Response response =
        post("/api/v1/imports?register=enterprise&file=" + face::percent_encoded(file) + more, bytes);
    EXPECT_EQ(response.status, 201) << response.body;
    return parse_json(response.body)->text_or("id", "");
  }
  Response post(const std::string& path, const std::string& body) {
    return world_.send("POST", path, body, login_.cookie, login_.csrf);
  }
  /// Its state once nothing works on it.
  Json ended(const std::string& id) {
    for (int tries = 0; tries < 20'000; ++tries) {
      const Response response = world_.send("GET", "/api/v1/imports/" + id, "", login_.cookie);
      EXPECT_EQ(response.status, 200) << response.body;
      Json status = *parse_json(response.body);
      const std::string state = status.text_or("state", "");
      if (state != "looking" && state != "entering" && state != "undoing") return status;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "it never ends";
    return Json::object();
  }
  std::int64_t count(const std::string& filter) {
    const Response response =
        world_.send("GET", "/api/v1/collections/enterprise/totals?filter=" + face::percent_encoded(filter),
                    "", login_.cookie);
    return parse_json(response.body)->integer_or("count", -1);
  }

  World& world_ = World::get();
  World::Login login_ = world_.log_in("admin");
};

}  // namespace

TEST_F(Imports, AreLookedAtEnteredAndTakenBack) {
  const std::string id =
      sent("firms.csv", head + row(1, "甲厂") + row(2, "乙厂") + "no,丙厂,company,open,1\n");
  Json status = ended(id);
  EXPECT_EQ(status["state"].text(), "looked") << status.dump();
  EXPECT_EQ(status["looked"].dump(), R"({"rows":3,"added":2,"changed":0,"same":0,"bad":1})");
  EXPECT_EQ(status["columns"].items()[0].dump(), R"({"name":"credit_code","target":"credit_code"})");
  EXPECT_EQ(status["faults_count"].integer(), 2) << status["faults"].dump();
  EXPECT_EQ(status["faults"].items()[0]["row"].text(), "line 4");
  const Response faults = world_.send("GET", "/api/v1/imports/" + id + "/faults.csv", "", login_.cookie);
  EXPECT_TRUE(faults.body.starts_with("row,column,value,code,expected,remedy\r\nline 4,")) << faults.body;
  EXPECT_EQ(count("name = '甲厂'"), 0) << "looking enters nothing";
  EXPECT_EQ(code_of(post("/api/v1/imports/" + id + "/enter", "{}")), "rows-bad");
  EXPECT_EQ(post("/api/v1/imports/" + id + "/enter", R"({"good_rows":true})").status, 200);
  status = ended(id);
  EXPECT_EQ(status["state"].text(), "entered");
  EXPECT_EQ(status["entered"]["added"].integer(), 2);
  EXPECT_EQ(count("name = '甲厂' or name = '乙厂'"), 2);
  EXPECT_EQ(code_of(post("/api/v1/imports/" + id + "/enter", R"({"good_rows":true})")), "import-state");
  // Personal values went to the vault.
  const Response items = world_.send(
      "GET", "/api/v1/collections/enterprise/items?filter=" + face::percent_encoded("name = '甲厂'"), "",
      login_.cookie);
  EXPECT_NE(items.body.find(R"("contact_mobile":{"personal":true})"), std::string::npos) << items.body;
  EXPECT_EQ(post("/api/v1/imports/" + id + "/undo", "").status, 200);
  status = ended(id);
  EXPECT_EQ(status["state"].text(), "undone");
  EXPECT_EQ(status["undone"].dump(), R"({"retired":2,"changed_back":0,"left":0})");
  EXPECT_EQ(count("(name = '甲厂' or name = '乙厂') and retired = false"), 0);
  EXPECT_EQ(code_of(post("/api/v1/imports/" + id + "/undo", "")), "import-state");
}

TEST_F(Imports, AWorkbookToEditGoesInAgainAndSaysNothingNew) {
  const std::string id = sent("firms.csv", head + row(31, "子厂") + row(32, "丑厂"));
  std::ignore = ended(id);
  ASSERT_EQ(post("/api/v1/imports/" + id + "/enter", "{}").status, 200);
  std::ignore = ended(id);
  const std::string path = "/api/v1/collections/enterprise/items.xlsx?edit=true&language=zh&filter=" +
                           face::percent_encoded("name IN ('子厂', '丑厂')");
  EXPECT_EQ(code_of(world_.send("GET", path + "&properties=name", "", login_.cookie)), "edit-not-here");
  EXPECT_EQ(code_of(world_.send("GET", "/api/v1/collections/enterprise/items.xlsx?edit=perhaps", "",
                                login_.cookie)),
            "parameter-unreadable");
  const Response book =
      world_.send("GET", path + "&properties=changed,credit_code,name,kind,business_state,contact_mobile", "",
                  login_.cookie);
  ASSERT_EQ(book.status, 200) << book.body;
  const std::string whole = sent("firms.xlsx", book.body);
  const Json status = ended(whole);
  EXPECT_EQ(status["state"].text(), "looked") << status.dump();
  EXPECT_EQ(status["looked"].dump(), R"({"rows":2,"added":0,"changed":0,"same":2,"bad":0})") << status.dump();
  EXPECT_EQ(status["differences_count"].integer(), 0);
  EXPECT_EQ(status["columns"].items()[0]["target"].text(), "entry");
  EXPECT_EQ(status["columns"].items()[1]["target"].text(), "version");
  EXPECT_EQ(post("/api/v1/imports/" + whole + "/stop", "").status, 200);
  // Changed in one cell, as a text of the same columns.
  std::string text = "记录号,记录版本,name\n";
  const Response items = world_.send("GET",
                                     "/api/v1/collections/enterprise/items?properties=changed&filter=" +
                                         face::percent_encoded("name = '子厂'"),
                                     "", login_.cookie);
  const Json item = parse_json(items.body)->find("items")->items()[0];
  text += std::to_string(item["id"].integer()) + "," + item["values"]["changed"].text() + ",子厂新\n";
  const std::string again = sent("firms.csv", text);
  const Json differing = ended(again);
  ASSERT_EQ(differing["differences_count"].integer(), 1) << differing.dump();
  EXPECT_EQ(differing["differences"].items()[0]["was"].text(), "子厂");
  EXPECT_EQ(differing["differences"].items()[0]["now"].text(), "子厂新");
  ASSERT_EQ(post("/api/v1/imports/" + again + "/enter", "{}").status, 200);
  EXPECT_EQ(ended(again)["entered"]["changed"].integer(), 1);
  EXPECT_EQ(
      code_of(world_.send("GET", "/api/v1/collections/grid_event/items.xlsx?edit=true", "", login_.cookie)),
      "edit-not-here");
}

TEST_F(Imports, ColumnsAreMatchedByWhoSentThem) {
  const std::string columns = "代码证,name,kind,business_state,备考\n";
  const std::string id = sent("firms.csv", columns + credit_code(11) + ",丁厂,company,open,x\n");
  const std::string look = "/api/v1/imports/" + id + "/look";
  Json status = ended(id);
  EXPECT_EQ(status["state"].text(), "unmatched");
  EXPECT_EQ(status["problem"]["code"].text(), "column-unknown");
  EXPECT_EQ(status["problem"]["value"].text(), "代码证, 备考");
  EXPECT_EQ(status["problem"]["field"].text(), "firms.csv") << "where it lies is told to nobody";
  EXPECT_EQ(code_of(post("/api/v1/imports/" + id + "/enter", "{}")), "import-state");
  EXPECT_EQ(code_of(post(look, R"({"match":{"备考":3}})")), "match-unfit");
  EXPECT_EQ(code_of(post(look, R"({"matches":{}})")), "field-unknown");
  ASSERT_EQ(post(look, R"({"match":{"代码证":"credit_code","备考":null}})").status, 200);
  status = ended(id);
  EXPECT_EQ(status["state"].text(), "looked") << status.dump();
  EXPECT_TRUE(status["columns"].items()[4]["target"].is_null());
  // Read otherwise, columns go as before.
  ASSERT_EQ(post(look, R"({"crs":"gcj02","change":true})").status, 200);
  EXPECT_EQ(ended(id)["state"].text(), "looked");
  // What is not said stays as it was said before.
  ASSERT_EQ(post(look, "{}").status, 200);
  status = ended(id);
  EXPECT_EQ(status["crs"].text(), "gcj02");
  EXPECT_TRUE(status["change"].boolean());
  ASSERT_EQ(post("/api/v1/imports/" + id + "/enter", "{}").status, 200);
  EXPECT_EQ(ended(id)["entered"]["added"].integer(), 1);
  // The next file with these columns needs nobody's hand.
  const std::string next =
      sent("more.csv", columns + credit_code(11) + ",丁二厂,company,open,y\n", "&change=true");
  status = ended(next);
  EXPECT_EQ(status["looked"]["changed"].integer(), 1) << status.dump();
  EXPECT_TRUE(status["match_kept"].boolean()) << "and says so";
  const Response gone = post("/api/v1/imports/" + next + "/stop", "");
  EXPECT_NE(gone.body.find(R"("state":"forgotten")"), std::string::npos) << gone.body;
  EXPECT_EQ(code_of(world_.send("GET", "/api/v1/imports/" + next, "", login_.cookie)), "import-unknown");
  EXPECT_EQ(count("name = '丁厂'"), 1);
}

TEST_F(Imports, AreTheirSendersAlone) {
  const std::string id = sent("firms.csv", head + row(21, "戊厂"));
  ended(id);
  const std::string begin = "/api/v1/imports?register=enterprise&file=a.csv";
  const auto leader = world_.log_in("leader");
  EXPECT_EQ(code_of(world_.send("GET", "/api/v1/imports/" + id, "", leader.cookie)), "import-unknown");
  EXPECT_EQ(
      code_of(world_.send("POST", "/api/v1/imports/" + id + "/enter", "{}", leader.cookie, leader.csrf)),
      "import-unknown");
  EXPECT_EQ(world_.send("GET", "/api/v1/imports", "", leader.cookie).body.find(id), std::string::npos);
  EXPECT_NE(world_.send("GET", "/api/v1/imports", "", login_.cookie).body.find(id), std::string::npos);
  EXPECT_EQ(code_of(world_.send("POST", begin, head, leader.cookie, leader.csrf)), "not-permitted")
      << "who may write nothing sends nothing";
  EXPECT_EQ(code_of(world_.send("POST", begin, head)), "login-needed");
  EXPECT_EQ(code_of(world_.send("POST", begin, head, login_.cookie)), "csrf-missing");
  post("/api/v1/imports/" + id + "/stop", "");
}

TEST_F(Imports, RefuseWhatIsNoFileOfARegister) {
  for (const auto& [query, code] : std::vector<std::pair<std::string, std::string>>{
           {"register=nothing&file=a.csv", "register-unknown"},
           {"register=enterprise&file=a.exe", "file-kind"},
           {"register=enterprise", "file-kind"},
           {"register=enterprise&file=a.csv&change=perhaps", "parameter-unreadable"},
           {"register=enterprise&file=a.csv&colour=red", "parameter-unknown"}})
    EXPECT_EQ(code_of(post("/api/v1/imports?" + query, head)), code) << query;
  EXPECT_EQ(code_of(post("/api/v1/imports?register=enterprise&file=a.csv", "")), "file-empty");
  const std::string broken = sent("a.xlsx", "no workbook");
  Json status = ended(broken);
  EXPECT_EQ(status["state"].text(), "unreadable") << status.dump();
  EXPECT_EQ(status.dump().find("/spool/"), std::string::npos) << status.dump();
  post("/api/v1/imports/" + broken + "/stop", "");
  const std::string quote = sent("a.csv", head + "\"never closed\n");
  status = ended(quote);
  EXPECT_EQ(status.dump().find("/spool/"), std::string::npos) << status.dump();
  EXPECT_NE(status.dump().find("a.csv"), std::string::npos) << status.dump();
  post("/api/v1/imports/" + quote + "/stop", "");
  // Of what entered nothing there is nothing to take back.
  const std::string nothing = sent("a.csv", head + "no,辛厂,company,open,\n");
  ended(nothing);
  EXPECT_EQ(post("/api/v1/imports/" + nothing + "/enter", R"({"good_rows":true})").status, 200);
  ended(nothing);
  EXPECT_EQ(code_of(post("/api/v1/imports/" + nothing + "/undo", "")), "import-state");
  const std::string crs = sent("a.csv", head + row(31, "庚厂"), "&crs=mars");
  status = ended(crs);
  EXPECT_EQ(status["problem"]["code"].text(), "crs-unknown") << status.dump();
  post("/api/v1/imports/" + crs + "/stop", "");
}

TEST_F(Imports, OfOneSenderAreFew) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < face::Imports::open_of_one_max; ++i) {
    open.push_back(sent("a.csv", head + row(41, "壬厂")));
    ended(open.back());
  }
  EXPECT_EQ(code_of(post("/api/v1/imports?register=enterprise&file=a.csv", head)), "too-many-imports");
  for (const std::string& id : open) post("/api/v1/imports/" + id + "/stop", "");
  const std::string id = sent("a.csv", head + row(41, "壬厂"));
  EXPECT_EQ(ended(id)["state"].text(), "looked");
  post("/api/v1/imports/" + id + "/stop", "");
}

TEST_F(Imports, ThatEndEarlyAreTakenBack) {
  std::string rows;
  for (int i = 0; i < 1'300; ++i) rows += row(1'000 + i, "批量厂");
  const std::string id = sent("many.csv", head + rows);
  EXPECT_EQ(ended(id)["looked"]["added"].integer(), 1'300);
  ASSERT_EQ(post("/api/v1/imports/" + id + "/enter", "{}").status, 200);
  ASSERT_EQ(post("/api/v1/imports/" + id + "/stop", "").status, 200);
  // As far as it came: on a fast machine all of it, on a slow one it had not begun.
  Json status = ended(id);
  if (status["state"].text() == "looked") {
    EXPECT_EQ(count("name = '批量厂'"), 0) << "what was stopped before it began enters nothing";
    ASSERT_EQ(post("/api/v1/imports/" + id + "/enter", "{}").status, 200);
    status = ended(id);
  }
  const std::int64_t entered = count("name = '批量厂'");
  EXPECT_EQ(status["entered"]["added"].integer(), entered) << "also of what was stopped";
  if (status["state"].text() == "stopped") {
    EXPECT_EQ(status["problem"]["code"].text(), "import-stopped");
  }
  ASSERT_GT(entered, 0);
  // Whoever starts the program anew finds it, too.
  world_.ask_for_second_factor(face::SecondFactor::nobody);
  login_ = world_.log_in("admin");
  EXPECT_EQ(ended(id)["file"].text(), "many.csv");
  ASSERT_EQ(post("/api/v1/imports/" + id + "/undo", "").status, 200);
  status = ended(id);
  EXPECT_EQ(status["undone"]["retired"].integer(), entered) << status.dump();
  EXPECT_EQ(count("name = '批量厂' and retired = false"), 0);
}
