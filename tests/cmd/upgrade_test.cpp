// A pack's newer version in a district that runs: what is new is added, what is there stays, what would
// change it unseen is refused.
#include <gtest/gtest.h>

#include "board/pack_engine.hpp"
#include "board/refold.hpp"
#include "cmd/scratch.hpp"

using namespace qipan;

namespace {

pack::Pack base(const std::string& version, const std::string& hours = "08:30-12:00") {
  pack::Problems problems;
  auto files = pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems)->files;
  const auto replace = [&](const std::string& path, const std::string& from, const std::string& to) {
    auto& text = files.at(path);
    text.replace(text.find(from), from.size(), to);
  };
  replace("pack.toml", "version = 8", "version = " + version);
  if (version != "4")
    files["roles.toml"] += "\n[[roles]]\nname = \"guest\"\ntitle = { zh = \"访客\", en = \"Guest\" }\n";
  replace("calendars/standard.toml", "08:30-12:00", hours);
  return *pack::from_files(std::move(files), "base", problems);
}

}  // namespace

TEST(Upgrade, AddsWhatIsNewAndKeepsWhatIsThere) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(base("4"), true, problems);
  scratch.install(base("5"), true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(board::installed_packs(scratch.database())[0].version, 5);
  EXPECT_EQ(scratch.database().integer("SELECT count(*) FROM unit_roles WHERE name='guest'"), 1);
  EXPECT_EQ(scratch.database().integer("SELECT count(*) FROM unit_calendars"), 1);
  EXPECT_TRUE(board::verify(scratch.database(), ":memory:", scratch.board().engines(),
                            [](std::string_view, Position) {}));
}

TEST(Upgrade, RefusesAnotherCalendarUnderTheSameVersion) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(base("4"), true, problems);
  scratch.install(base("5", "09:00-12:00"), true, problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].remedy, "raise its version");
  EXPECT_EQ(board::installed_packs(scratch.database())[0].version, 4) << "the district is unchanged";
}

TEST(Upgrade, RefusesAnOlderOrEqualVersion) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(base("5"), true, problems);
  scratch.install(base("5"), true, problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].code, "pack-version");
}

namespace {

/// A pack with a case type that goes from open to closed by a transition, and a field.
pack::Pack small(const std::string& version, const std::string& transition, const std::string& field,
                 const std::string& needs = "") {
  pack::Problems problems;
  const std::string type =
      "name = \"fault\"\ntitle = { zh = \"故障\", en = \"Fault\" }\ninitial = \"open\"\n" + field +
      "[[states]]\nname = \"open\"\ntitle = { zh = \"开\", en = \"Open\" }\n"
      "[[states]]\nname = \"done\"\ntitle = { zh = \"毕\", en = \"Done\" }\nfinal = true\n"
      "[create]\nroles = [\"dispatcher\"]\nfields = [\"note\"]\n"
      "[[transitions]]\nname = \"" +
      transition +
      "\"\ntitle = { zh = \"办\", en = \"Do\" }\nfrom = [\"open\"]\nto = \"done\"\n"
      "roles = [\"dispatcher\"]\n";
  auto made =
      pack::from_files({{"pack.toml", "name = \"small\"\nversion = " + version + "\nneeds = [\"base\"" +
                                          needs + "]\ntitle = { zh = \"小\", en = \"Small\" }\n"},
                        {"cases/fault.toml", type}},
                       "small", problems);
  EXPECT_TRUE(problems.empty()) << problems.front().line();
  return std::move(*made);
}

constexpr const char* note =
    "[[fields]]\nname = \"note\"\ntype = \"text\"\ntitle = { zh = \"注\", en = \"Note\" }\n";

pack::Pack numbers(const std::string& version) {
  pack::Problems problems;
  return *pack::from_files(
      {{"pack.toml", "name = \"numbers\"\nversion = " + version +
                         "\nneeds = [\"base\"]\ntitle = { zh = \"数\", en = \"Numbers\" }\n"}},
      "numbers", problems);
}

board::Command told(const char* kind, const char* body) {
  board::Command command;
  command.kind = kind;
  command.actor = "operator";
  command.body = *parse_json(body);
  return command;
}

}  // namespace

TEST(PackSets, CasesKeepTheSetInWhichTheyBegan) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  auto& board = scratch.board();
  ASSERT_TRUE(board::install_packs(board, std::vector{base("4"), small("1", "finish", note)}));
  ASSERT_TRUE(
      board.decide(told("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"D"})")));
  ASSERT_TRUE(board.decide(told("case.create", R"({"type":"fault","fields":{"note":"one"}})")));
  ASSERT_TRUE(board::install_packs(board, std::vector{small("2", "settle", note)}));
  ASSERT_TRUE(board.decide(told("case.create", R"({"type":"fault","fields":{"note":"two"}})")));
  EXPECT_EQ(scratch.database().integer("SELECT pack_set FROM case_cases WHERE id=1"), 1);
  EXPECT_EQ(scratch.database().integer("SELECT pack_set FROM case_cases WHERE id=2"), 2);
  // A set that changes another pack changes nothing here.
  ASSERT_TRUE(board::install_packs(board, std::vector{numbers("1")}));
  EXPECT_EQ(board.decide(told("case.transition", R"({"id":1,"transition":"settle"})")).error().code,
            "transition-unknown");
  EXPECT_TRUE(board.decide(told("case.transition", R"({"id":1,"transition":"finish"})")));
  EXPECT_TRUE(board.decide(told("case.transition", R"({"id":2,"transition":"settle"})")));
  const auto verified =
      board::verify(scratch.database(), ":memory:", board.engines(), [](std::string_view, Position) {});
  EXPECT_TRUE(verified) << verified.error().line();
}

TEST(PackSets, SwitchWhatNeedsEachOtherTogetherOrNotAtAll) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  auto& board = scratch.board();
  const auto needing = small("1", "finish", note, ", \"numbers\"");
  EXPECT_EQ(board::install_packs(board, std::vector{base("4"), needing}).error().code, "pack-needs");
  EXPECT_EQ(board::set_in_force(scratch.database()).number, 0) << "nothing of it is in force";
  ASSERT_TRUE(board::install_packs(board, std::vector{needing, numbers("1"), base("4")})) << "in any order";
  const auto set = board::set_in_force(scratch.database());
  EXPECT_EQ(set.number, 1);
  EXPECT_EQ(set.packs.size(), 3U);
  EXPECT_EQ(scratch.database().integer("SELECT count(*) FROM pack_sets"), 1);
}

TEST(PackSets, AreCheckedAgainstTheSetThatIsInForce) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  auto& board = scratch.board();
  ASSERT_TRUE(board::install_packs(board, std::vector{base("4")}));
  auto late = board::install_commands(std::vector{numbers("1")}, scratch.database());
  ASSERT_TRUE(board::install_packs(board, std::vector{small("1", "finish", note)}));
  ASSERT_TRUE(board.decide(late[0])) << "staging changes nothing";
  EXPECT_EQ(board.decide(late[1]).error().code, "pack-set-changed");
  EXPECT_EQ(
      board.decide(told("pack.install", R"({"packs":{"numbers":"00"},"checked_against":2})")).error().code,
      "pack-unstaged");
  EXPECT_EQ(board.decide(told("pack.install", R"({"packs":{},"checked_against":2})")).error().code,
            "packs-none");
  const std::string hash = to_hex(view_of(numbers("1").hash()));
  const auto install = [&](const char* set) {
    return board.decide(
        told("pack.install",
             (R"({"packs":{"numbers":")" + hash + R"("},"checked_against":)" + set + "}").c_str()));
  };
  EXPECT_TRUE(install("2"));
  EXPECT_EQ(install("3").error().code, "pack-version");
}

TEST(PackSets, WhatIsStagedMayBeStagedAgain) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  auto& board = scratch.board();
  ASSERT_TRUE(board::install_packs(board, std::vector{base("4")}));
  ASSERT_TRUE(
      board.decide(board::install_commands(std::vector{small("1", "finish", note)}, scratch.database())[0]));
  ASSERT_TRUE(board::install_packs(board, std::vector{small("1", "settle", note)}));
  ASSERT_TRUE(
      board.decide(told("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"D"})")));
  ASSERT_TRUE(board.decide(told("case.create", R"({"type":"fault"})")));
  EXPECT_TRUE(board.decide(told("case.transition", R"({"id":1,"transition":"settle"})")));
}

TEST(PackSets, AFieldsNameStandsForOneKindOfValueForEver) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  auto& board = scratch.board();
  const std::string count =
      "[[fields]]\nname = \"count\"\ntype = \"integer\"\ntitle = { zh = \"数\", en = \"Count\" }\n";
  const std::string text =
      "[[fields]]\nname = \"count\"\ntype = \"text\"\ntitle = { zh = \"数\", en = \"Count\" }\n";
  ASSERT_TRUE(board::install_packs(board, std::vector{base("4"), small("1", "finish", note + count)}));
  // Left out and come back as another thing: cases of the first set have it still.
  ASSERT_TRUE(board::install_packs(board, std::vector{small("2", "finish", note)}));
  const auto other = board::install_packs(board, std::vector{small("3", "finish", note + text)});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().value, "count");
  const auto hidden = board::install_packs(
      board, std::vector{small("3", "finish", note + count + "sensitivity = \"sensitive\"\n")});
  ASSERT_FALSE(hidden) << "what was told to all stands in facts already";
  EXPECT_EQ(hidden.error().value, "count");
  EXPECT_TRUE(board::install_packs(board, std::vector{small("3", "finish", note + count)}));
}

TEST(PackSets, ATypeThatIsTakenAwayIsInForceNoMore) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  auto& board = scratch.board();
  ASSERT_TRUE(board::install_packs(board, std::vector{base("4"), small("1", "finish", note)}));
  ASSERT_TRUE(
      board.decide(told("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"D"})")));
  ASSERT_TRUE(board.decide(told("case.create", R"({"type":"fault"})")));
  pack::Problems problems;
  auto files = small("2", "finish", note).files;
  files.erase("cases/fault.toml");
  ASSERT_TRUE(
      board::install_packs(board, std::vector{*pack::from_files(std::move(files), "small", problems)}));
  EXPECT_EQ(board.decide(told("case.create", R"({"type":"fault"})")).error().code, "case-type-unknown");
  EXPECT_TRUE(board.decide(told("case.transition", R"({"id":1,"transition":"finish"})"))) << "by its own set";
  ASSERT_TRUE(board::install_packs(board, std::vector{small("3", "settle", note)}));
  ASSERT_TRUE(board.decide(told("case.create", R"({"type":"fault"})")));
  EXPECT_TRUE(board.decide(told("case.transition", R"({"id":2,"transition":"settle"})")));
}
