// Entries of registers: what each command leaves in the log, or why it is refused; one line a case.
#include <gtest/gtest.h>

#include "registers/tables.hpp"
#include "support/command_table.hpp"

using namespace qipan;
using namespace qipan::test::registers;

namespace {

pack::Pack pack_of(const std::string& declaration, pack::Problems& problems,
                   const std::string& name = "posts", int version = 1) {
  return *pack::from_files({{"pack.toml", "name = \"" + name + "\"\nversion = " + std::to_string(version) +
                                              "\ntitle = { zh = \"册\", en = \"Register\" }\n"},
                            {"registers/" + name + ".toml", declaration}},
                           name, problems);
}

class Registers : public testing::Test {
 protected:
  Registers() : scratch_(1'780'000'000'000'000) {
    pack::Problems problems;
    scratch_.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    scratch_.install(pack_of(posts, problems), true, problems);
    EXPECT_TRUE(problems.empty()) << problems.front().line();
  }
  cmd::Scratch scratch_;
};

}  // namespace

TEST_F(Registers, CommandsLeaveWhatTheyChangeOrAreRefused) {
  EXPECT_EQ(test::hold_commands(scratch_, cases), 42);
  // Each entry has its own facts.
  EXPECT_EQ(board::history_of(scratch_.database(), "post:1").size(), 7U);
  EXPECT_EQ(board::history_of(scratch_.database(), "post:2").size(), 2U);
  EXPECT_EQ(scratch_.database().integer("SELECT lamps FROM register_post WHERE id=1 AND height IS NULL"), 2);
}

TEST_F(Registers, FieldsAreOfTheOneVocabulary) {
  pack::Problems problems;
  scratch_.install(pack_of(firms, problems, "firms"), true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(test::hold_commands(scratch_, firm_cases), 16);
  // Amounts are whole numbers of their last digit.
  EXPECT_EQ(scratch_.database().integer("SELECT capital FROM register_firm WHERE id=1"), 100'000'050);
}

TEST_F(Registers, WhatCannotBeKeptIsRefusedBeforehand) {
  const auto fault = [&](const std::string& from, const std::string& to) {
    std::string declaration = firms;
    declaration.replace(declaration.find(from), from.size(), to);
    pack::Problems problems;
    scratch_.install(pack_of(declaration, problems, "firms"), false, problems);
    return problems.empty() ? std::string() : problems.front().line();
  };
  EXPECT_NE(fault(R"(to = ["post", "unit"])", R"(to = ["lamp"])").find("\"lamp\""), std::string::npos);
  EXPECT_NE(fault("type = \"text\"", "type = \"citizen_number\"").find("type"), std::string::npos);
  EXPECT_NE(fault("type = \"text\"", "type = \"photos\"").find("photos"), std::string::npos);
  EXPECT_NE(fault("key = \"code\"", "key = \"capital\"").find("key"), std::string::npos);
  pack::Problems problems;
  scratch_.install(pack_of(firms, problems, "firms"), true, problems);
  std::string other_unit = firms;
  other_unit.replace(other_unit.find("\"元\""), 5, "\"万元\"");
  scratch_.install(pack_of(other_unit, problems, "firms", 2), false, problems);
  ASSERT_FALSE(problems.empty());
  problems.clear();
  std::string later = firms;
  later.replace(later.find("type = \"money\""), 14, "type = \"money\"\ndigits = 4");
  scratch_.install(pack_of(later, problems, "firms", 2), false, problems);
  ASSERT_FALSE(problems.empty());
  EXPECT_NE(problems.front().line().find("capital"), std::string::npos) << problems.front().line();
}

// What every entry has already cannot be a field too: its column would be there twice.
TEST_F(Registers, AFieldMayNotBeCalledLikeWhatEveryEntryHas) {
  for (const std::string name :
       {"id", "unit", "x", "y", "geometry", "retired", "created", "changed", "position"}) {
    std::string declaration = posts;
    declaration.replace(declaration.find("\"lamps\""), 7, '"' + name + '"');
    pack::Problems problems;
    scratch_.install(pack_of(declaration, problems), false, problems);
    ASSERT_FALSE(problems.empty()) << name;
    EXPECT_NE(problems.front().line().find(name), std::string::npos) << problems.front().line();
  }
}
