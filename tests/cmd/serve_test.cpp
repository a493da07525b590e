// A wrong clock: what `qipan serve` asks before it serves, and the way back where one wrote.
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "board/district.hpp"
#include "cmd/engines.hpp"
#include "support/command.hpp"
#include "support/folder.hpp"

using namespace qipan;

TEST(Serve, AsksWhereTheClockIsFarAheadOfTheLog) {
  test::Folder folder("serve");
  const std::string data = (folder / "d").string();
  ASSERT_EQ(test::run("init --data " + data +
                      " --pack " QIPAN_SOURCE_DIR "/packs/base --founded 2020-01-01T00:00:00Z")
                .code,
            0);
  const auto refused = test::run("serve --data " + data + " --port 0 --json");
  EXPECT_NE(refused.code, 0);
  EXPECT_NE(refused.out.find("clock-ahead"), std::string::npos) << refused.out;
  EXPECT_NE(refused.out.find("--confirm-clock"), std::string::npos) << "and says what to do";
}

// The demonstration shows a day in seconds: its clock runs ahead on purpose, and what it plays is taken.
TEST(Serve, TakesWhatTheDemonstrationPlays) {
  test::Folder folder("demo");
  const std::string data = (folder / "d").string();
  const std::string shipped = QIPAN_SOURCE_DIR "/packs/";
  const std::string founded = format_instant(SystemClock().now() - 3 * microseconds_per_day);
  ASSERT_EQ(test::run("init --data " + data + " --pack " + shipped + "grid-events " + shipped +
                      "jianghai --demo-password qipan-demo --founded " + founded)
                .code,
            0);
  const auto played = test::run("demo --data " + data +
                                " --days 1 --reports 40 --live-seconds 2 --port 0 --exit-when-ready --json");
  ASSERT_EQ(played.code, 0) << played.out;
  const auto told = parse_json(played.out.substr(played.out.rfind("{\"cases\"")));
  ASSERT_TRUE(told) << played.out;
  EXPECT_GT(told->integer_or("cases", 0), 20);
  EXPECT_LE(told->integer_or("refused", 99), 5);
}

// Security review, 5: facts of next year stop every timer until then.
TEST(Rewind, LeavesOutWhatAWrongClockWroteAndTellsIt) {
  test::Folder folder("rewind");
  const std::string data = (folder / "d").string();
  const std::string to = (folder / "back").string();
  ManualClock clock(1'780'000'000'000'000);
  std::string photo;
  std::string link;
  const auto unit = [](const char* code, Instant at) {
    board::Command command;
    command.kind = "unit.create";
    command.actor = "operator";
    command.at = at;
    command.body = *parse_json(std::string(R"({"kind":"district","title_zh":"甲","title_en":"A","code":")") +
                               code + "\"}");
    if (std::string_view(code) != "X") command.body.set("kind", "street").set("parent", "X");
    return command;
  };
  {
    auto district = board::District::create(data, {"qipan.example/rewind", {"甲", "A"}}, cmd::make_engines,
                                            {.clock = &clock});
    ASSERT_TRUE(district) << district.error().line();
    photo = *(*district)->content().put("a photo");
    // One batch, so that the cut goes through it.
    board::Command person;
    person.kind = "unit.add_person";
    person.actor = "operator";
    person.at = clock.now();
    person.body = *parse_json(R"({"login":"a","unit":"X","title_zh":"甲","title_en":"A"})");
    person.personal.push_back({"telephone", "13800000000"});
    std::vector<board::Command> commands = {unit("X", clock.now()), person,
                                            unit("LATE", clock.now() + 365 * microseconds_per_day)};
    (*district)->board().decide(commands,
                                [](std::size_t, const board::Outcome& outcome) { EXPECT_TRUE(outcome); });
  }
  {
    auto district = board::District::open(data, cmd::make_engines, {.clock = &clock});
    ASSERT_TRUE(district) << district.error().line();
    link = (*district)->follow_token(7);
    // A telephone from before the cut, changed after it: the older one is out of the vault.
    board::Command change;
    change.kind = "unit.set_contact";
    change.actor = "operator";
    change.at = clock.now() + 366 * microseconds_per_day;
    change.body = *parse_json(R"({"login":"a"})");
    change.personal.push_back({"telephone", "13900000000"});
    const auto outcome = (*district)->board().decide(std::move(change));
    ASSERT_TRUE(outcome) << outcome.error().line();
    EXPECT_EQ((*district)->vault().keys().erased().size(), 1U);
  }
  const std::string words =
      "rewind --data " + data + " --to " + to + " --reason 'the clock was a year ahead' --json --before ";
  EXPECT_NE(test::run(words + "2020-01-01T00:00:00Z").out.find("rewind-nothing"), std::string::npos);
  EXPECT_NE(test::run(words + "2030-01-01T00:00:00Z").out.find("rewind-nothing"), std::string::npos);
  EXPECT_NE(test::run(words + "someday").code, 0);
  const auto done = test::run(words + "2026-12-31T00:00:00Z");
  ASSERT_EQ(done.code, 0) << done.out;
  EXPECT_NE(done.out.find(R"("kept":3)"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find(R"("left_out":2)"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find(R"("gone":1)"), std::string::npos) << done.out;
  const std::string left_out = *read_file(to + "/left-out.jsonl");
  EXPECT_NE(left_out.find("LATE"), std::string::npos) << left_out;
  EXPECT_EQ(test::run("verify --data " + to).code, 0);
  EXPECT_EQ(test::run("verify --data " + data).code, 0) << "the district itself stays as it was";
  clock.advance(microseconds_per_day);
  auto back = board::District::open(to, cmd::make_engines, {.clock = &clock});
  ASSERT_TRUE(back) << back.error().line();
  board::Directory directory;
  directory.load((*back)->board().database());
  EXPECT_NE(directory.unit_by_code("X"), nullptr);
  EXPECT_EQ(directory.unit_by_code("LATE"), nullptr);
  EXPECT_TRUE((*back)->content().has(photo));
  EXPECT_EQ((*back)->follow_case(link), std::nullopt)
      << "a number is given out again, its old link opens nothing";
  const auto told = log::Log::find((*back)->board().database(), 3);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->fact.kind, "district.rewound");
  EXPECT_EQ((*log::body_of(told->fact))["size"].integer(), 5);
  // It goes on by the right clock, and takes what was left out again.
  EXPECT_TRUE((*back)->board().decide(unit("LATE", clock.now())));
  EXPECT_NE(test::run(words + "2026-12-31T00:00:00Z").out.find("rewind-target"), std::string::npos)
      << "never over a folder that is there";
}
