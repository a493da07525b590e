// Who acts for an organisation: what is its own opens, from when it is, and nothing of the office's.
#include <gtest/gtest.h>

#include "board/refold.hpp"
#include "cases/queries.hpp"
#include "log/log.hpp"
#include "notices/queries.hpp"
#include "support/command_table.hpp"
#include "support/firms.hpp"
#include "units/mandate_commands.hpp"

using namespace qipan;

namespace {

constexpr Instant june = 1'780'272'000'000'000;  // 2026-06-01T00:00:00Z

class Mandates : public testing::Test {
 protected:
  Mandates() : scratch_(june) { test::install_firms(scratch_); }
  Result<board::Accepted> decide(const std::string& kind, const std::string& body,
                                 const std::string& actor = "operator") {
    scratch_.clock().advance(microseconds_per_second);
    board::Command command;
    command.kind = kind;
    command.actor = actor;
    command.body = *parse_json(body);
    return scratch_.board().decide(std::move(command));
  }
  std::string run(const std::string& kind, const std::string& body, const std::string& actor = "operator") {
    const auto outcome = decide(kind, body, actor);
    return outcome ? "" : outcome.error().code;
  }
  std::string since(const std::string& subject) {
    const auto party = board::party_of(scratch_.database(), subject);
    return party ? party->subject : "";
  }

  cmd::Scratch scratch_;
};

}  // namespace

TEST_F(Mandates, AreGivenAndOpenWhatIsTheirs) {
  EXPECT_EQ(test::hold_commands(scratch_, test::mandates_given), 15);
  EXPECT_EQ(test::hold_commands(scratch_, test::mandates_used), 32);
}

TEST_F(Mandates, EndByThemselvesAndWithTheirPerson) {
  run("unit.give_mandate",
      R"({"login":"boss","party":"firm:1","until":"2026-06-02T00:00:00Z","reason":"a day"})");
  run("unit.give_mandate", R"({"login":"clerk","party":"firm:1","reason":"letter"})");
  const char* asking = R"({"type":"asking","fields":{"wish":"w"}})";
  EXPECT_EQ(run("case.create", asking, "mandate:1"), "");
  EXPECT_EQ(run("case.create", asking, "mandate:2"), "");
  EXPECT_EQ(run("unit.retire_person", R"({"login":"clerk","reason":"left"})"), "");
  EXPECT_EQ(run("case.create", asking, "mandate:2"), "mandate-unknown");
  scratch_.clock().set(june + microseconds_per_day);
  EXPECT_EQ(run("case.create", asking, "mandate:1"), "mandate-unknown") << "without any fact or timer";
  EXPECT_EQ(scratch_.board().directory(june + 1).mandates_of({1}).size(), 1U);
  EXPECT_EQ(scratch_.board().directory(june + microseconds_per_day).mandates_of({1}).size(), 0U);
}

TEST_F(Mandates, WhoseItIsBeginsWithTheFactThatSaysSo) {
  const auto made = decide("case.create", R"({"type":"visit","fields":{"finding":"blocked"}})");
  EXPECT_EQ(since("visit:1"), "");
  const auto named =
      decide("case.transition", R"({"id":1,"transition":"correct","fields":{"firm":"firm:1"}})");
  ASSERT_TRUE(made && named);
  EXPECT_EQ(board::party_of(scratch_.database(), "visit:1")->since, named->first);
  // Said again it goes on as it was.
  run("case.transition", R"({"id":1,"transition":"correct","fields":{"firm":"firm:1","finding":"mended"}})");
  EXPECT_EQ(board::party_of(scratch_.database(), "visit:1")->since, named->first);
  EXPECT_EQ(since("firm:1"), "firm:1");
  EXPECT_EQ(since("site:1"), "firm:1");
}

TEST_F(Mandates, FactsTellTheirPartyWhatIsDeclaredForIt) {
  decide("case.create",
         R"({"type":"visit","fields":{"firm":"firm:1","finding":"exit blocked","thought":"they knew"}})");
  const auto found =
      log::Log::find(scratch_.database(), board::history_of(scratch_.database(), "visit:1")[0]);
  ASSERT_TRUE(found);
  const Json told = *log::body_of(found->fact, log::Audience::party);
  EXPECT_EQ(told["fields"].dump(), R"({"finding":"exit blocked"})");
  EXPECT_EQ(told["party"].text(), "firm:1");
  EXPECT_EQ(told["state"].text(), "open");
  EXPECT_FALSE(told.has("unit"));
}

TEST_F(Mandates, HearWhatTheirCasesComeTo) {
  run("notice.set_mail",
      R"({"host":"m","port":25,"security":"none","from":"q@example.org","site":"https://q.example"})");
  decide("case.create", R"({"type":"visit","fields":{"firm":"firm:1","finding":"blocked"}})");
  const auto targets = [&] {
    std::string all;
    for (const auto& row : notices::list_notices(scratch_.database(), {"", 0, 0, 100}))
      all += (all.empty() ? "" : " ") + row.target + "=" + row.state;
    return all;
  };
  EXPECT_EQ(targets(), "firm:1=unaddressed") << "nobody acts for it: told on the case";
  run("unit.give_mandate", R"({"login":"boss","party":"firm:1","reason":"r"})");
  run("unit.give_mandate", R"({"login":"clerk","party":"firm:1","kinds":["asking"],"reason":"r"})");
  run("unit.give_mandate", R"({"login":"rival","party":"firm:2","reason":"r"})");
  decide("case.create", R"({"type":"visit","fields":{"firm":"firm:1","finding":"again"}})");
  EXPECT_EQ(targets(), "mandate:1=queued firm:1=unaddressed");
  const auto own = [&](const char* actor) {
    const board::Directory& directory = scratch_.board().directory(scratch_.clock().now());
    return notices::list_own_notices(scratch_.database(), *directory.mandate(actor), INT64_MAX, 10).size();
  };
  EXPECT_EQ(own("mandate:1"), 2U) << "also what came when nobody acted for it";
  EXPECT_EQ(own("mandate:2"), 0U) << "of no kind that it covers";
  EXPECT_EQ(own("mandate:3"), 0U);
  run("case.transition", R"({"id":2,"transition":"correct","fields":{"firm":"firm:2"}})");
  EXPECT_EQ(own("mandate:1"), 1U) << "one is its own no more";
  EXPECT_EQ(own("mandate:3"), 0U) << "told before it was theirs";
}

// What limited a mandate and was taken out of the log later opens nothing.
TEST_F(Mandates, ARedactedLimitEndsIt) {
  const auto given = decide(
      "unit.give_mandate",
      R"({"login":"boss","party":"firm:1","kinds":["asking"],"until":"2027-01-01T00:00:00Z","reason":"r"})");
  ASSERT_TRUE(given);
  const auto found = log::Log::find(scratch_.database(), given->first);
  const Json whole = *log::body_of(found->fact);
  const std::pair<const char*, bool> patches[] = {{R"({"reason":"[removed]"})", true},
                                                  {R"({"kinds":"[removed]"})", false},
                                                  {R"({"kinds":[1]})", false},
                                                  {R"({"until":"[removed]"})", false},
                                                  {R"({"kinds":[]})", false}};
  for (const auto& [patch, opens] : patches) {
    Json body = whole;
    const Json changes = *parse_json(patch);
    for (const auto& [name, value] : changes.members()) body.set(name, value);
    Database database(":memory:");
    board::Board::create_tables(database, scratch_.board().engines());
    database.prepare("INSERT INTO unit_people SELECT 1,'boss',1,'','','','','','',1,0,0,''").run();
    board::View view(database);
    for (const auto& engine : scratch_.board().engines())
      if (engine->name() == "unit")
        engine->fold({given->first, june, {}, "operator", "unit.mandate_given", "mandate:1", body}, view);
    board::Directory directory;
    directory.load(database, june);
    EXPECT_EQ(directory.mandate("mandate:1") != nullptr, opens) << patch;
  }
}

TEST_F(Mandates, PacksThatOpenTooMuchAreRefused) {
  const auto refusal = [&](std::string file, std::string text, const std::string& from,
                           const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    auto files = test::firms_files();
    files[file] = text;
    pack::Problems problems;
    const auto pack = pack::from_files(files, "firms", problems);
    cmd::Scratch scratch(june);
    pack::Problems base_problems;
    scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", base_problems), true, base_problems);
    if (pack) scratch.install(*pack, true, problems);
    return problems.empty() ? std::string("taken") : problems.front().line();
  };
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  const std::string asking = test::firms_files().at("cases/asking.toml");
  const std::string firm = test::firms_files().at("registers/firm.toml");
  EXPECT_TRUE(
      has(refusal("cases/asking.toml", asking, "[\"firm\", \"wish\"]", "[\"firm\", \"wish\", \"other\"]"),
          "its refusals tell"));
  EXPECT_TRUE(has(refusal("cases/asking.toml", asking, "roles = [\"party\"]\nfields = [\"wish\"]",
                          "roles = [\"party\"]\neffects = [\"take\"]\nfields = [\"wish\"]"),
                  "the others are the office's"));
  EXPECT_TRUE(has(refusal("registers/firm.toml", firm, "party_title = \"name\"", "party_title = \"nothing\""),
                  "party_title"));
  EXPECT_TRUE(has(
      refusal("roles.toml", test::firms_files().at("roles.toml"), "name = \"visitor\"", "name = \"party\""),
      "stands for who has no post"));
  EXPECT_EQ(refusal("cases/asking.toml", asking, "type = \"reference\"", "type = \"reference\""), "taken");
}
