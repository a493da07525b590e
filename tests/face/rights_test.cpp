// The matrix of rights: whatever the API answers to a role, in its own unit, another and the whole district,
// tells what it may see and nothing else. Every reading route is asked with everything that there is.
#include <set>
#include <thread>

#include "face/rights_pack.hpp"
#include "log/receipt.hpp"
#include "support/app_world.hpp"

using namespace qipan;
using test::World;

namespace {

constexpr const char* own_street = "440704001";
constexpr const char* other_street = "440704004";

/// Two cases and two entries, one of each in the reader's own street and one in another.
class Matrix {
 public:
  static Matrix& get() {
    static Matrix matrix;
    return matrix;
  }

  std::vector<std::string> cases;
  std::vector<std::string> entries;
  std::vector<std::string> positions;
  std::vector<std::string> markers;
  std::vector<std::string> parties;

  /// Somebody who acts for the first organisation, or the second, in these kinds (JSON; empty: in all).
  std::pair<World::Login, std::string> acting(std::size_t party, const std::string& kinds) {
    const std::string login = "acting-" + std::to_string(logins_.size());
    Json body = Json::object();
    body.set("login", login).set("unit", own_street).set("title_zh", "试").set("title_en", "Trial");
    run("unit.add_person", body, {{"password", hash_}});
    Json mandate = Json::object().set("login", login).set("party", parties[party]).set("reason", "trial");
    if (!kinds.empty()) mandate.set("kinds", *parse_json(kinds));
    const auto given = run("unit.give_mandate", std::move(mandate));
    const World::Login opened = World::get().log_in(login);
    logins_.emplace(login, opened);
    return {opened, parse_json(given.answer)->find("mandate")->dump()};
  }

  /// A person with one role at one unit, logged in.
  World::Login person(const std::string& role, const std::string& unit) {
    const std::string login = role + "-" + unit;
    if (const auto known = logins_.find(login); known != logins_.end()) return known->second;
    Json body = Json::object();
    body.set("login", login).set("unit", unit).set("title_zh", "试").set("title_en", "Trial");
    run("unit.add_person", body, {{"password", hash_}});
    run("unit.give_post", Json::object().set("login", login).set("role", role).set("unit", unit));
    return logins_.emplace(login, World::get().log_in(login)).first->second;
  }

  board::Accepted run(const char* kind, Json body, std::vector<board::PersonalValue> personal = {}) {
    board::Command command;
    command.kind = kind;
    command.actor = "operator";
    command.body = std::move(body);
    command.personal = std::move(personal);
    const auto outcome = World::get().writer().run(std::move(command));
    EXPECT_TRUE(outcome) << kind << outcome.error().line();
    return outcome.value_or(board::Accepted{});
  }

 private:
  Matrix() {
    pack::Problems problems;
    const auto pack = pack::from_files({{"pack.toml",
                                         "name = \"matrix\"\nneeds = [\"base\", \"grid-events\"]\n"
                                         "title = { zh = \"权限\", en = \"Rights\" }"},
                                        {"roles.toml", test::roles_toml},
                                        {"cases/m-case.toml", test::case_toml},
                                        {"registers/m-firm.toml", test::firm_toml},
                                        {"registers/m-entry.toml", test::register_toml}},
                                       "matrix", problems);
    EXPECT_TRUE(problems.empty()) << problems.front().line();
    std::vector<board::Command> install;
    World::get().writer().between_groups([&](board::Board& board) {
      install = board::install_commands({&*pack, 1}, board.database());
    });
    for (board::Command& command : install) EXPECT_TRUE(World::get().writer().run(std::move(command)));
    add(own_street, "OWN");
    add(other_street, "OTHER");
  }

  void add(const char* unit, const std::string& mark) {
    const auto note = [&](const std::string& what) { return markers.emplace_back(what + mark); };
    const auto firm =
        run("register.add",
            Json::object()
                .set("register", "m_firm")
                .set("unit", unit)
                .set("values", Json::object().set("code", note("FIRM-")).set("opinion", note("OPINION-"))));
    const std::string party = "m_firm:" + parse_json(firm.answer)->find("id")->dump();
    Json fields = Json::object().set("firm", party).set("told", note("TOLD-"));
    fields.set("shown", note("SHOWN-")).set("result", note("NOTE-")).set("description", note("SECRET-"));
    const std::string telephone = mark == "OWN" ? "13912340001" : "13912340002";
    markers.push_back(telephone);
    const auto made =
        run("case.create", Json::object().set("type", "m_case").set("unit", unit).set("fields", fields),
            {{"fields/reporter_telephone", telephone}});
    const std::int64_t id = parse_json(made.answer)->integer_or("case", 0);
    cases.push_back(std::to_string(id));
    const auto moved = run("case.transition", Json::object()
                                                  .set("id", id)
                                                  .set("transition", "finish")
                                                  .set("fields", Json::object()
                                                                     .set("description", note("LATER-"))
                                                                     .set("result", note("LAST-"))
                                                                     .set("told", note("AGAIN-"))));
    const auto entry = run("register.add", Json::object()
                                               .set("register", "m_entry")
                                               .set("unit", unit)
                                               .set("values", Json::object()
                                                                  .set("firm", party)
                                                                  .set("code", note("CODE-"))
                                                                  .set("hint", note("HINT-"))
                                                                  .set("secret", note("HIDDEN-"))));
    entries.push_back(std::to_string(parse_json(entry.answer)->integer_or("id", 0)));
    parties.push_back(party);
    for (const auto& one : {firm, made, moved, entry})
      for (Position at = one.first; at < one.next; ++at) positions.push_back(std::to_string(at));
  }

  std::map<std::string, World::Login> logins_;
  std::string hash_ = password_hash("a good password");
};

/// Every path that a pattern stands for, of what is there and of what is not.
std::vector<std::string> paths_of(const face::Route& route) {
  Matrix& matrix = Matrix::get();
  std::vector<std::string> paths = {route.pattern};
  for (const std::string& name : route.path_names()) {
    std::vector<std::string> values = {"999999", "m_entry", "m_firm", "grid-events"};
    if (name == "id") {
      values.insert(values.end(), matrix.cases.begin(), matrix.cases.end());
      values.insert(values.end(), matrix.entries.begin(), matrix.entries.end());
    }
    if (name == "position") values = matrix.positions;
    if (name == "collection") values = {"m_entry", "m_firm", "m_case", "case", "unit", "nowhere"};
    // A link that is a letter off opens nothing; the right one is a right of its own.
    if (name == "token")
      for (const std::string& id : matrix.cases)
        values.push_back(World::get().district().follow_token(std::stoll(id)) + "x");
    std::vector<std::string> filled;
    for (const std::string& path : paths) {
      for (const std::string& value : values) {
        std::string one = path;
        filled.push_back(one.replace(one.find('{'), name.size() + 2, value));
      }
    }
    paths = std::move(filled);
  }
  return paths;
}

/// Aggregates that tell values, of columns that the collection has.
std::string groups_of(const std::string& path) {
  if (path.find("m_entry") != std::string::npos) return "max(code),max(hint),max(secret),min(secret)";
  if (path.find("m_firm") != std::string::npos) return "max(code),min(opinion)";
  if (path.find("m_case") != std::string::npos)
    return "max(description),max(result),min(told),max(told),max(shown)";
  return "count";
}

/// What a path is asked with.
std::vector<std::string> asked_at(const std::string& path) {
  if (path.ends_with("/changes")) return {path + "?since=0"};
  if (path.ends_with("/groups")) return {path + "?by=unit&of=" + groups_of(path)};
  // Words of every marker.
  if (path.ends_with("/search")) return {path + "?limit=50&q=own", path + "?limit=50&q=other"};
  return {path};
}

/// What somebody can read in all answers that they get, receipts opened.
std::string seen_by(const World::Login& login, const std::string& mandate = "") {
  static const auto engines = cmd::make_engines();
  static const face::RouteTable table(engines);
  std::string all;
  for (const face::Route& route : table.routes()) {
    if (route.method != "GET" || route.pattern == "/api/v1/events" ||
        route.pattern.starts_with("/api/v1/basemap"))
      continue;
    for (const std::string& path : paths_of(route)) {
      for (const std::string& asked : asked_at(path)) {
        const auto answer =
            World::get().send("GET", asked, "", login.cookie, login.csrf, "", "", "", mandate);
        EXPECT_NE(answer.status, 429) << path;
        EXPECT_NE(answer.status / 100, 5) << path << answer.body;
        all += answer.body + "\n";
        if (const auto receipt = log::verify_receipt(answer.body, nullptr))
          for (const auto& part : receipt->fact.parts) all += part.bytes + "\n";
      }
    }
  }
  return all;
}

/// Markers that stand in it, in the order in which they were made.
std::string markers_in(const std::string& seen) {
  std::string found;
  for (const std::string& marker : Matrix::get().markers)
    if (seen.find(marker) != std::string::npos) found += (found.empty() ? "" : " ") + marker;
  return found;
}

struct Row {
  const char* role;
  const char* unit;
  const char* sees;
};

constexpr const char* all_kinds =
    "FIRM-OWN OPINION-OWN TOLD-OWN SHOWN-OWN NOTE-OWN LAST-OWN AGAIN-OWN CODE-OWN HINT-OWN FIRM-OTHER "
    "OPINION-OTHER TOLD-OTHER SHOWN-OTHER NOTE-OTHER LAST-OTHER AGAIN-OTHER CODE-OTHER HINT-OTHER";
constexpr const char* all_open =
    "TOLD-OWN SHOWN-OWN NOTE-OWN LAST-OWN AGAIN-OWN CODE-OWN HINT-OWN TOLD-OTHER SHOWN-OTHER NOTE-OTHER "
    "LAST-OTHER AGAIN-OTHER CODE-OTHER HINT-OTHER";
constexpr const char* all_sensitive =
    "TOLD-OWN SHOWN-OWN NOTE-OWN SECRET-OWN LATER-OWN LAST-OWN AGAIN-OWN CODE-OWN HINT-OWN HIDDEN-OWN "
    "TOLD-OTHER SHOWN-OTHER NOTE-OTHER SECRET-OTHER LATER-OTHER LAST-OTHER AGAIN-OTHER CODE-OTHER HINT-OTHER "
    "HIDDEN-OTHER";

constexpr Row reading[] = {
    {"m_none", own_street, ""},
    {"m_none", "440704", ""},
    {"m_other", own_street, ""},
    {"m_other", "440704", ""},
    {"m_kindred", "440704", ""},
    {"m_kind", own_street, "TOLD-OWN SHOWN-OWN NOTE-OWN LAST-OWN AGAIN-OWN CODE-OWN HINT-OWN"},
    {"m_kind", other_street,
     "TOLD-OTHER SHOWN-OTHER NOTE-OTHER LAST-OTHER AGAIN-OTHER CODE-OTHER HINT-OTHER"},
    {"m_kind", "440704", all_open},
    {"m_all", own_street,
     "FIRM-OWN OPINION-OWN TOLD-OWN SHOWN-OWN NOTE-OWN LAST-OWN AGAIN-OWN CODE-OWN HINT-OWN"},
    {"m_all", "440704", all_kinds},
    {"m_sensitive", own_street,
     "TOLD-OWN SHOWN-OWN NOTE-OWN SECRET-OWN LATER-OWN LAST-OWN AGAIN-OWN CODE-OWN HINT-OWN HIDDEN-OWN"},
    {"m_sensitive", other_street,
     "TOLD-OTHER SHOWN-OTHER NOTE-OTHER SECRET-OTHER LATER-OTHER LAST-OTHER AGAIN-OTHER CODE-OTHER "
     "HINT-OTHER HIDDEN-OTHER"},
    {"m_sensitive", "440704", all_sensitive},
    // Who may reveal one by one does not see sensitive fields by it, nor personal values without a record.
    {"m_reveal", own_street, "TOLD-OWN SHOWN-OWN NOTE-OWN LAST-OWN AGAIN-OWN"},
    {"m_reveal", "440704",
     "TOLD-OWN SHOWN-OWN NOTE-OWN LAST-OWN AGAIN-OWN TOLD-OTHER SHOWN-OTHER NOTE-OTHER LAST-OTHER "
     "AGAIN-OTHER"},
    {"auditor", "440704", all_kinds},
    {"administrator", "440704", all_kinds},
    {"device", "440704", ""},
};

}  // namespace

TEST(Rights, EveryReadingRouteTellsARoleWhatItMaySee) {
  World::get().search_whole(Matrix::get().person("m_none", own_street).cookie);
  for (const Row& row : reading) {
    const std::string seen = seen_by(Matrix::get().person(row.role, row.unit));
    EXPECT_EQ(markers_in(seen), row.sees) << row.role << " at " << row.unit;
  }
  EXPECT_EQ(markers_in(seen_by({})), "") << "nobody";
}

// Of an organisation's own, what is declared for it; of another's and the office's, nothing, by any route.
TEST(Rights, EveryReadingRouteTellsAnOrganisationWhatIsItsOwn) {
  struct Mandated {
    std::size_t party;
    const char* kinds;
    const char* sees;
  };
  const Mandated rows[] = {
      {0, "", "FIRM-OWN TOLD-OWN SHOWN-OWN AGAIN-OWN HINT-OWN"},
      {1, "", "FIRM-OTHER TOLD-OTHER SHOWN-OTHER AGAIN-OTHER HINT-OTHER"},
      // Its name is told to whoever acts for it.
      {0, R"(["m_entry"])", "FIRM-OWN HINT-OWN"},
      {0, R"(["m_case"])", "FIRM-OWN TOLD-OWN SHOWN-OWN AGAIN-OWN"},
      {0, R"(["grid_event"])", "FIRM-OWN"},
  };
  for (const Mandated& row : rows) {
    const auto [login, mandate] = Matrix::get().acting(row.party, row.kinds);
    EXPECT_EQ(markers_in(seen_by(login, mandate)), row.sees) << row.party << row.kinds;
    EXPECT_EQ(markers_in(seen_by(login)), row.party == 0 ? "FIRM-OWN" : "FIRM-OTHER")
        << "as themselves: in the session, for whom they may act";
  }
}

TEST(Rights, WhatIsHiddenIsSaidToBeThere) {
  const auto login = Matrix::get().person("m_kind", own_street);
  const auto shown = World::get().send("GET", "/api/v1/cases/" + Matrix::get().cases[0], "", login.cookie);
  const Json fields = (*parse_json(shown.body))["fields"];
  EXPECT_EQ(fields["description"].dump(), R"({"masked":true})");
  EXPECT_EQ(fields["reporter_telephone"].dump(), R"({"personal":true})");
}

// What refers to something is counted for whom it may see.
TEST(Rights, WhatRefersToAnItemIsWhatTheReaderMaySee) {
  const std::string own_firm = Matrix::get().parties[0].substr(7);
  const std::string other_firm = Matrix::get().parties[1].substr(7);
  const auto related = [](const World::Login& login, const std::string& firm) {
    const auto answer =
        World::get().send("GET", "/api/v1/collections/m_firm/items/" + firm + "/related", "", login.cookie);
    if (answer.status != 200) return test::code_of(answer);
    std::string found;
    const auto json = parse_json(answer.body);
    for (const Json& one : (*json)["items"].items())
      found += std::string(one["collection"].text()) + "." + std::string(one["property"].text()) + "=" +
               one["count"].dump() + " ";
    return found;
  };
  const auto all = Matrix::get().person("m_all", "440704");
  EXPECT_EQ(related(all, own_firm), "m_case.firm=1 m_entry.firm=1 ");
  const auto own = Matrix::get().person("m_all", own_street);
  EXPECT_EQ(related(own, own_firm), "m_case.firm=1 m_entry.firm=1 ");
  EXPECT_EQ(related(own, other_firm), "item-unknown");
  EXPECT_EQ(related(Matrix::get().person("m_kind", own_street), own_firm), "not-permitted")
      << "who may not read what is referred to";
  // The filter that it tells lists them.
  const auto answer =
      World::get().send("GET", "/api/v1/collections/m_firm/items/" + own_firm + "/related", "", all.cookie);
  std::string filter = (*parse_json(answer.body))["items"].items()[0]["filter"].text();
  std::string address;
  for (const char c : filter)
    address += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c)
                                                                : "%" + to_hex(std::string(1, c));
  const auto listed = World::get().send(
      "GET", "/api/v1/collections/m_case/items?filter-lang=cql2-json&filter=" + address, "", all.cookie);
  EXPECT_EQ((*parse_json(listed.body))["items"].items().size(), 1U) << listed.body;
}

// Neither what is found nor how much of it tells what the reader does not see.
TEST(Rights, WordsThatAreHiddenFindNothing) {
  const auto subjects = [](const World::Login& login, const std::string& wanted) {
    std::string found;
    for (const std::string kind : {"m_case", "m_entry", "m_firm"}) {
      const auto answer =
          World::get().send("GET", "/api/v1/search?q=" + wanted + "&collection=" + kind, "", login.cookie);
      if (answer.status != 200) continue;
      const auto json = parse_json(answer.body);
      for (const Json& group : (*json)["groups"].items()) {
        EXPECT_TRUE(group["next"].is_null());
        for (const Json& item : group["items"].items()) found += std::string(item["subject"].text()) + " ";
      }
    }
    return found;
  };
  World::get().search_whole(Matrix::get().person("m_sensitive", own_street).cookie);
  const std::string own_case = "m_case:" + Matrix::get().cases[0];
  const std::string own_entry = "m_entry:" + Matrix::get().entries[0];
  const auto kind = Matrix::get().person("m_kind", own_street);
  const auto sensitive = Matrix::get().person("m_sensitive", own_street);
  EXPECT_EQ(subjects(kind, "note"), "");
  EXPECT_EQ(subjects(kind, "again"), own_case + " ");
  for (const char* hidden : {"later", "hidden", "later%20again", "hidden%20code", "139"})
    EXPECT_EQ(subjects(kind, hidden), "") << hidden;
  EXPECT_EQ(subjects(sensitive, "later%20again"), own_case + " ");
  EXPECT_EQ(subjects(sensitive, "hidden"), own_entry + " ");
  EXPECT_EQ(subjects(sensitive, "13912340001"), "") << "personal values are in no index";
  EXPECT_EQ(subjects(Matrix::get().person("m_none", own_street), "again"), "");
  EXPECT_EQ(subjects(kind, Matrix::get().cases[1]), "") << "numbers of others";
  // Nor where a page ends: a newer case that shows the words stands before one that hides one of them.
  Matrix::get().run("case.create", Json::object()
                                       .set("type", "m_case")
                                       .set("unit", own_street)
                                       .set("fields", Json::object().set("told", "decoy again later")));
  World::get().search_whole(kind.cookie);
  const auto page =
      World::get().send("GET", "/api/v1/search?q=again%20later&collection=m_case&limit=1", "", kind.cookie);
  EXPECT_NE(page.body.find("decoy"), std::string::npos) << page.body;
  EXPECT_NE(page.body.find("\"next\":null"), std::string::npos) << page.body;
  const auto seen = World::get().send("GET", "/api/v1/search?q=again%20later&collection=m_case&limit=1", "",
                                      sensitive.cookie);
  EXPECT_EQ(seen.body.find("\"next\":null"), std::string::npos) << "who sees it goes on to it";
}

// Who finds a case by what stands in it has read it.
TEST(Rights, SearchLooksIntoNothingThatIsHidden) {
  for (const char* role : {"m_kind", "m_sensitive"}) {
    const auto login = Matrix::get().person(role, own_street);
    for (const char* list : {"cases", "cases.csv"}) {
      const auto found = [&](const std::string& text) {
        const auto answer =
            World::get().send("GET", std::string("/api/v1/") + list + "?q=" + text, "", login.cookie);
        return answer.body.find("m_case") != std::string::npos;
      };
      EXPECT_TRUE(found("LAST-OWN")) << role << list;
      EXPECT_FALSE(found("LATER-OWN")) << role << list;
    }
  }
}

// own, other and unknown: the status of a request by each role, all at their own street.
TEST(Rights, CommandsAreForWhoMay) {
  struct Asked {
    const char* role;
    const char* path;
    const char* body;
    int own, other, unknown;
  };
  const Asked asked[] = {
      {"m_none", "cases/{}/comments", R"({"text":"t"})", 403, 403, 403},
      {"m_other", "cases/{}/comments", R"({"text":"t"})", 403, 403, 403},
      {"m_all", "cases/{}/comments", R"({"text":"t"})", 403, 403, 403},
      {"m_kind", "cases/{}/comments", R"({"text":"t"})", 201, 403, 404},
      {"m_kind", "cases/{}/reveal", R"({"field":"reporter_telephone","purpose":"call back"})", 403, 403, 403},
      {"m_sensitive", "cases/{}/reveal", R"({"field":"reporter_telephone","purpose":"call back"})", 403, 403,
       403},
      {"m_reveal", "cases/{}/reveal", R"({"field":"reporter_telephone","purpose":"call back"})", 200, 403,
       404},
      {"m_reveal", "cases/{}/erase", R"({"field":"shown","purpose":"not personal"})", 422, 403, 404},
      {"m_kind", "registers/m_entry/entries/{}", R"({"values":{"code":"c"},"reason":"r"})", 403, 403, 403},
      {"m_sensitive", "registers/m_entry/entries/{}", R"({"values":{"secret":"c"},"reason":"why"})", 201, 404,
       404},
      {"m_sensitive", "registers/thing/entries/{}", R"({"values":{"code":"c"},"reason":"why"})", 404, 404,
       404},
  };
  for (const Asked& one : asked) {
    const auto login = Matrix::get().person(one.role, own_street);
    const std::string path = one.path;
    const auto& ids = path.starts_with("cases") ? Matrix::get().cases : Matrix::get().entries;
    const std::pair<std::string, int> tries[] = {
        {ids[0], one.own}, {ids[1], one.other}, {"999999", one.unknown}};
    for (const auto& [id, status] : tries) {
      std::string target = "/api/v1/" + path;
      target.replace(target.find("{}"), 2, id);
      const char* method = path.starts_with("registers") ? "PATCH" : "POST";
      const auto answer = World::get().send(method, target, one.body, login.cookie, login.csrf);
      EXPECT_EQ(answer.status, status) << one.role << " " << target << answer.body;
    }
  }
}

// §4b.13: to use a column in a question is to read it. By filter, sort, group, total, cursor, search, refusal
// and file a reader learns nothing of a masked field, or of a row outside their right.
TEST(Rights, QuestionsTellNothingThatIsHidden) {
  const auto blind = Matrix::get().person("m_kind", own_street);
  const auto seeing = Matrix::get().person("m_sensitive", own_street);
  const auto ask = [](const World::Login& login, const std::string& path) {
    return World::get().send("GET", "/api/v1/collections/" + path, "", login.cookie);
  };
  struct Attack {
    const char* path;     // what it asks of the collection
    const char* nothing;  // what is answered to who does not see
    bool seen;            // whether who does is answered otherwise
  };
  const Attack attacks[] = {
      {"m_entry/items?filter=secret%20LIKE%20'%25'", R"({"items":[],"next":null})", true},
      {"m_entry/items?filter=NOT%20(secret%20LIKE%20'%25')", R"({"items":[],"next":null})", false},
      {"m_entry/items?filter=secret%20IS%20NULL", R"({"items":[],"next":null})", false},
      {"m_entry/items?filter=secret%20IS%20NULL%20OR%20id%3E0", R"({"items":[],"next":null})", true},
      {"m_entry/items?filter=CASEI(secret)%3E%3DCASEI('')", R"({"items":[],"next":null})", true},
      {"m_entry/items?filter=secret%3Ccode", R"({"items":[],"next":null})", false},
      {"m_entry/items?sort=secret", R"({"items":[],"next":null})", true},
      {"m_entry/items?sort=-secret", R"({"items":[],"next":null})", true},
      {"m_entry/items?sort=code,secret", R"({"items":[],"next":null})", true},
      {"m_entry/totals?filter=secret%3E''", R"({"count":0})", true},
      {"m_entry/groups?by=secret", R"({"items":[]})", true},
      {"m_entry/groups?by=unit&of=max(secret)", R"({"items":[]})", true},
      {"m_entry/groups?by=unit&of=min(secret),count", R"({"items":[]})", true},
      {"m_case/items?filter=description%20LIKE%20'%25'", R"({"items":[],"next":null})", true},
      {"m_case/items?sort=description", R"({"items":[],"next":null})", true},
      {"m_case/totals?filter=description%3E''", R"({"count":0})", true},
      {"m_case/groups?by=description", R"({"items":[]})", true},
      // What lies in the vault is nobody's to ask for, and the refusal does not look at it.
      {"m_case/items?filter=reporter_telephone%20IS%20NULL", nullptr, false},
      {"m_case/items?sort=reporter_telephone", nullptr, false},
      {"m_case/groups?by=reporter_telephone", nullptr, false},
      // Through a reference to what they may not read, names are none; hidden rows and values are nothing.
      {"m_case/items?filter=firm.name%20IS%20NULL", nullptr, false},
      {"m_case/items?sort=firm.name", nullptr, false},
      {"m_case/groups?by=firm.name", nullptr, false},
      {"m_case/items?properties=firm.name", nullptr, false},
      // Rows of others are not there.
      {"m_entry/totals?filter=code%3D'CODE-OTHER'", R"({"count":0})", false},
      {"m_entry/totals?filter=unit%3D'440704004'", R"({"count":0})", false},
      {"m_entry/totals?filter=NOT%20under(unit,'440704001')", R"({"count":0})", false},
  };
  for (const Attack& attack : attacks) {
    const auto answer = ask(blind, attack.path);
    const auto other = ask(seeing, attack.path);
    if (attack.nothing == nullptr) {
      EXPECT_EQ(answer.status, 422) << attack.path << answer.body;
      EXPECT_EQ(answer.body, other.body) << attack.path;
    } else {
      EXPECT_EQ(answer.body, attack.nothing) << attack.path;
      EXPECT_EQ(other.body != attack.nothing, attack.seen) << attack.path << other.body;
    }
  }
  // A cursor tells nothing, and opens for its reader, collection, filter and order alone.
  const auto whole = Matrix::get().person("m_sensitive", "440704");
  const auto page = parse_json(ask(whole, "m_entry/items?sort=secret&limit=1").body);
  ASSERT_TRUE(page && (*page)["next"].is_text());
  const std::string cursor = (*page)["next"].text();
  EXPECT_EQ(from_hex(cursor)->find("HIDDEN"), std::string::npos);
  const std::string after = "&limit=1&after=" + cursor;
  EXPECT_EQ(ask(whole, "m_entry/items?sort=secret" + after).status, 200);
  for (const std::string& path :
       {"m_entry/items?sort=-secret" + after, "m_entry/items?sort=secret&filter=id%3E0" + after,
        "m_firm/items?sort=code" + after})
    EXPECT_EQ(test::code_of(ask(whole, path)),
              path.starts_with("m_firm") ? "not-permitted" : "cursor-unreadable")
        << path;
  EXPECT_EQ(test::code_of(ask(Matrix::get().person("m_all", "440704"), "m_entry/items?sort=secret" + after)),
            "cursor-unreadable");
  std::string other = cursor;
  other[10] = other[10] == '0' ? '1' : '0';
  EXPECT_EQ(test::code_of(ask(whole, "m_entry/items?sort=secret&limit=1&after=" + other)),
            "cursor-unreadable");
  // A name that is none and one that is hidden are refused alike.
  EXPECT_EQ(test::code_of(ask(blind, "m_entry/items?filter=nothing%3D1")), "filter-unfit");
  EXPECT_EQ(test::code_of(ask(blind, "m_firm/items")), "not-permitted");
  EXPECT_EQ(test::code_of(ask(blind, "nowhere/items")), "collection-unknown");
  EXPECT_EQ(test::code_of(ask(blind, "m_entry/items/" + Matrix::get().entries[1])), "item-unknown");
  EXPECT_EQ(ask(blind, "m_entry/items/" + Matrix::get().entries[0] + "/history").body.find("HIDDEN"),
            std::string::npos);
}

/// Who may write what they may not read learns nothing from what a file would change.
TEST(Rights, DifferencesOfAFileTellNothingThatIsHidden) {
  std::ignore = Matrix::get();
  World& world = World::get();
  const auto admin = world.log_in("admin");
  const auto send = [&](const std::string& method, const std::string& path, const std::string& body = "") {
    return *parse_json(world.send(method, path, body, admin.cookie, admin.csrf).body);
  };
  Matrix::get().run(
      "register.add",
      *parse_json(
          R"({"register":"m_entry","values":{"code":"imported","hint":"open to see","secret":"not for everybody"}})"));
  Json status = send("POST", "/api/v1/imports?register=m_entry&file=f.csv&change=true",
                     "code,hint,secret\nimported,seen,guessed\n");
  const std::string path = "/api/v1/imports/" + status.text_or("id", "");
  for (int tries = 0; tries < 2'000 && status.text_or("state", "") == "looking"; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    status = send("GET", path);
  }
  ASSERT_EQ(status["differences"].items().size(), 2U) << status.dump();
  EXPECT_EQ(status["differences"].items()[0]["was"].text(), "open to see");
  EXPECT_EQ(status["differences"].items()[1]["was"].text(), "[masked]");
  EXPECT_EQ(status.dump().find("not for everybody"), std::string::npos);
  std::ignore = send("POST", path + "/stop");
}
