// Entries of registers: what each command leaves in the log, or why it is refused; one line a case.
#include <gtest/gtest.h>

#include "cmd/seeds.hpp"
#include "registers/queries.hpp"
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
  // What lies sealed is found by nobody: it names no entry, and stands once for all that anybody can tell.
  EXPECT_NE(fault("unique = true", "unique = true\nsensitivity = \"personal\"").find("unique"),
            std::string::npos);
  EXPECT_NE(fault("unique = true", "indexed = true\nsensitivity = \"personal\"").find("indexed"),
            std::string::npos);
  EXPECT_NE(fault("type = \"credit_code\"", "type = \"text\"\nsensitivity = \"personal\"").find("key"),
            std::string::npos);
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

// A mistyped name would leave its rows out in silence.
TEST_F(Registers, SeedsOfNoRegisterAreTold) {
  for (const auto& [path, known] : {std::pair("data/post.csv", true), std::pair("data/posts.csv", false),
                                    std::pair("data/post.txt", false), std::pair("data/units.csv", true),
                                    std::pair("data/units.geojson", false)}) {
    pack::Problems problems;
    pack::Pack pack;
    pack.name = "seeds";
    pack.files.emplace(path, "code\n");
    cmd::check_seed_files(pack, registers::load_registers(scratch_.database()), problems);
    EXPECT_EQ(problems.empty(), known) << path;
    if (!known) {
      EXPECT_EQ(problems.front().field, "seeds/" + std::string(path));
    }
  }
}

// Whoever holds a post, what refers to it goes on.
TEST_F(Registers, NamePosts) {
  pack::Problems problems;
  scratch_.install(pack_of(R"(
name = "duties"
title = { zh = "值守", en = "Duties" }
key = "code"
[[fields]]
name = "code"
type = "text"
required = true
title = { zh = "代码", en = "Code" }
[[fields]]
name = "by"
type = "reference"
to = ["unit_post"]
title = { zh = "岗位", en = "Post" }
)",
                           problems, "duties"),
                   true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(test::hold_commands(scratch_, R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
unit.add_person | {"login":"chen","unit":"X","title_zh":"网格员","title_en":"Grid worker"} | has {"login":"chen"}
unit.add_person | {"login":"wu","unit":"X","title_zh":"网格员","title_en":"Grid worker"} | has {"login":"wu"}
unit.give_post | {"login":"chen","role":"handler","unit":"X"} | {"role":"handler","unit":1}
register.add | {"register":"duties","values":{"code":"D1","by":"unit_post:1"}} | has {"unit":1}
register.add | {"register":"duties","values":{"code":"D2","by":"unit_post:2"}} | reference-unknown values/by
register.add | {"register":"duties","values":{"code":"D2","by":"person:1"}} | field-unfit values/by
unit.take_post | {"login":"chen","role":"handler","unit":"X"} | {"role":"handler","unit":1}
unit.give_post | {"login":"wu","role":"handler","unit":"X"} | {"role":"handler","unit":1}
register.add | {"register":"duties","values":{"code":"D2","by":"unit_post:1"}} | has {"unit":1}
)"),
            10);
  EXPECT_EQ(board::history_of(scratch_.database(), "unit_post:1").size(), 1U);
}

// What a form takes over must be there, of its type, and for no fewer readers.
TEST_F(Registers, PrefillsAreHeldAgainstRegisters) {
  pack::Problems none;
  scratch_.install(pack_of(keepers, none, "keepers"), true, none);
  ASSERT_TRUE(none.empty()) << none.front().line();
  const auto fault = [&](const std::string& field) {
    pack::Problems problems;
    const auto pack = pack::from_files(
        {{"pack.toml",
          "name = \"calls\"\nneeds = [\"keepers\"]\ntitle = { zh = \"来电\", en = \"Calls\" }\n"},
         {"cases/call.toml",
          "name = \"call\"\ntitle = { zh = \"来电\", en = \"Call\" }\ninitial = \"open\"\n[create]\nroles = "
          "[\"shift_leader\"]\nfields = [\"keeper\", \"taken\"]\n[[fields]]\nname = \"keeper\"\ntype = "
          "\"reference\"\nto = [\"keeper\"]\ntitle = { zh = \"管护人\", en = \"Keeper\" }\n[[fields]]\nname "
          "= "
          "\"taken\"\ntitle = { zh = \"取自\", en = \"Taken\" }\n" +
              field +
              "\n[[states]]\nname = \"open\"\ntitle = { zh = \"未办\", en = \"Open\" }\n[[states]]\nname = "
              "\"done\"\ntitle = { zh = \"办结\", en = \"Done\" }\nfinal = true\n[[transitions]]\nname = "
              "\"end\"\ntitle = { zh = \"办结\", en = \"End\" }\nfrom = [\"open\"]\nto = \"done\"\nroles = "
              "[\"shift_leader\"]\n"}},
        "calls", problems);
    if (pack) scratch_.install(*pack, false, problems);
    return problems.empty() ? std::string() : problems.front().line();
  };
  EXPECT_NE(fault("type = \"text\"\nprefill = \"keeper.nothing\"").find("keeper.nothing"), std::string::npos);
  EXPECT_NE(fault("type = \"integer\"\nprefill = \"keeper.code\"").find("keeper.code"), std::string::npos);
  EXPECT_NE(fault("type = \"text\"\nprefill = \"keeper.contact\"").find("keeper.contact"), std::string::npos);
  EXPECT_NE(fault("type = \"text\"\nprefill = \"code\"").find("prefill"), std::string::npos);
  EXPECT_NE(fault("type = \"text\"\nsensitivity = \"public\"\nprefill = \"keeper.code\"").find("keeper.code"),
            std::string::npos)
      << "the register's code is for the office alone";
  EXPECT_EQ(fault("type = \"text\"\nprefill = \"keeper.code\""), "");
}

TEST_F(Registers, PersonalValuesLieInTheVault) {
  pack::Problems problems;
  scratch_.install(pack_of(keepers, problems, "keepers"), true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(test::hold_commands(scratch_, keeper_cases), 20);
  // Three were put there; one was replaced, two erased.
  board::Beside beside;
  for (const auto& engine : scratch_.board().engines()) engine->name_beside(scratch_.database(), beside);
  EXPECT_TRUE(beside.sealed.empty());
  EXPECT_EQ(beside.contents.size(), 1U);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM board_gone"), 3);
  EXPECT_EQ(qipan::registers::entries_with_content(
                scratch_.database(), "0000000000000000000000000000000000000000000000000000000000000001"),
            std::vector<std::string>{"keeper:2"});
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

// Numbers that the board gives: by the district's year, none twice, and none by who fills the form in.
TEST_F(Registers, GiveNumbersOfTheirOwn) {
  const char* permits = R"(
name = "permit"
title = { zh = "许可", en = "Permits" }
key = "code"
[[fields]]
name = "code"
type = "text"
required = true
title = { zh = "编号", en = "Code" }
[[fields]]
name = "number"
type = "serial_number"
pattern = "XK{year}{number:3}"
title = { zh = "文号", en = "Number" }
)";
  pack::Problems problems;
  scratch_.install(pack_of(permits, problems, "permits"), true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  const char* commands = R"(
register.add | {"register":"permit","values":{"code":"a"}} | has {"values":{"code":"a","number":"XK2026001"},"serials":[{"field":"number","period":"2026","number":1}]}
register.add | {"register":"permit","values":{"code":"a"}} | entry-known values/code
register.add | {"register":"permit","values":{"code":"b","number":"XK2026009"}} | field-unknown values/number
register.add | {"register":"permit","values":{"code":"b"}} | has {"values":{"code":"b","number":"XK2026002"}}
register.change | {"register":"permit","id":2,"values":{"number":"XK2026009"},"reason":"r"} | field-unknown values/number
register.retire | {"register":"permit","id":2,"reason":"r"} | {"reason":"r"}
register.add | {"register":"permit","values":{"code":"b"}} | has {"values":{"code":"b","number":"XK2026003"}}
)";
  EXPECT_EQ(test::hold_commands(scratch_, commands), 7);
  // 2027 begins at 16:00 UTC.
  scratch_.clock().set(1'798'732'799'000'000);
  EXPECT_EQ(
      test::hold_commands(
          scratch_,
          R"(register.add | {"register":"permit","values":{"code":"c"}} | has {"values":{"code":"c","number":"XK2026004"}})"),
      1);
  scratch_.clock().set(1'798'732'801'000'000);
  EXPECT_EQ(
      test::hold_commands(
          scratch_,
          R"(register.add | {"register":"permit","values":{"code":"d"}} | has {"values":{"code":"d","number":"XK2027001"}})"),
      1);
}
