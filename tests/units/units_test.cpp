// Units, people, posts and keys: what each command leaves in the log, or why it is refused; one line a case.
#include "support/command_table.hpp"

using namespace qipan;

namespace {

constexpr const char* table = R"(
# The tree of units.
unit.create | {"code":"S","kind":"street","title_zh":"街","title_en":"Street"} | not-known parent
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | {"code":"X","kind":"district","title_zh":"区","title_en":"District","parent":0,"calendar":""}
unit.create | {"code":"Y","kind":"district","title_zh":"区","title_en":"District"} | district-known kind
unit.create | {"code":"S","kind":"town","parent":"X","title_zh":"镇","title_en":"Town"} | field-unfit kind
unit.create | {"code":"S","kind":"street","parent":"X","title_zh":"街","title_en":"Street"} | {"code":"S","kind":"street","title_zh":"街","title_en":"Street","parent":1,"calendar":""}
unit.create | {"code":"S","kind":"street","parent":"X","title_zh":"街","title_en":"Street"} | unit-known code
unit.create | {"code":"","kind":"street","parent":"X","title_zh":"街","title_en":"Street"} | field-required code
unit.create | {"code":"T","kind":"street","parent":"X","title_zh":"","title_en":"Street"} | field-required title_zh
unit.create | {"code":"T","kind":"street","parent":"X","title_zh":"街","title_en":"Street","calendar":"nobody's"} | not-known calendar
unit.create@anonymous | {"code":"T","kind":"street","parent":"X","title_zh":"街","title_en":"Street"} | login-needed 
unit.change | {"code":"S","title_zh":"东海街","title_en":"Street"} | {"was":{"title_zh":"街"},"now":{"title_zh":"东海街"}}
unit.change | {"code":"S","title_zh":"东海街"} | nothing-changes code
unit.change | {"code":"S"} | nothing-to-change 
unit.change | {"code":"S","calendar":"nobody's"} | not-known calendar
unit.change | {"code":"S","calendar":"standard"} | {"was":{"calendar":""},"now":{"calendar":"standard"}}
unit.change | {"code":"Z","title_zh":"东海街"} | not-known code
unit.change | {"code":"S","kind":"grid"} | field-unknown kind
# People and their posts.
unit.add_person | {"login":"chen","unit":"S","title_zh":"网格员","title_en":"Grid worker"} | {"login":"chen","unit":2,"title_zh":"网格员","title_en":"Grid worker"}
unit.add_person | {"login":"Chen","unit":"S","title_zh":"网格员","title_en":"Grid worker"} | login-known login
unit.add_person | {"login":"c h","unit":"S","title_zh":"网格员","title_en":"Grid worker"} | login-unfit login
unit.add_person | {"login":"li","unit":"S","title_zh":"网格员","title_en":"Grid worker","telephone":"13800000000"} | personal-not-sealed telephone
unit.add_person | {"login":"head","unit":"X","title_zh":"主任","title_en":"Head"} | {"login":"head","unit":1,"title_zh":"主任","title_en":"Head"}
unit.give_post | {"login":"chen","role":"nobody","unit":"S"} | not-known role
unit.give_post | {"login":"head","role":"administrator","unit":"X"} | {"role":"administrator","unit":1}
unit.give_post | {"login":"head","role":"administrator","unit":"X"} | post-held role
# No person holds two of the three administrations, at whatever unit; nobody gives posts to themselves.
unit.add_person | {"login":"safe","unit":"X","title_zh":"安全","title_en":"Security"} | has {"login":"safe"}
unit.give_post | {"login":"head","role":"security_administrator","unit":"S"} | administrations-apart role
unit.give_post | {"login":"head","role":"auditor","unit":"S"} | administrations-apart role
unit.give_post | {"login":"safe","role":"security_administrator","unit":"X"} | {"role":"security_administrator","unit":1}
unit.give_post@person:3 | {"login":"safe","role":"handler","unit":"X"} | own-post login
unit.give_post@person:3 | {"login":"chen","role":"handler","unit":"S"} | {"role":"handler","unit":2}
unit.give_post@person:2 | {"login":"chen","role":"handler","unit":"X"} | not-permitted 
unit.take_post@person:3 | {"login":"safe","role":"security_administrator","unit":"X"} | last-administrator login
unit.retire_person@person:2 | {"login":"safe","reason":"x"} | administrations-apart login
unit.issue_token@person:3 | {"login":"head","purpose":"x","hash":"0000000000000000000000000000000000000000000000000000000000000000"} | administrations-apart login
unit.take_post | {"login":"chen","role":"administrator","unit":"X"} | post-not-held role
unit.take_post | {"login":"head","role":"administrator","unit":"X"} | last-administrator login
unit.retire_person | {"login":"head","reason":"退休"} | last-administrator login
unit.retire_person | {"login":"chen","reason":"调离"} | {"reason":"调离"}
unit.retire_person | {"login":"chen","reason":"调离"} | not-known login
unit.add_person | {"login":"chen","unit":"S","title_zh":"网格员","title_en":"Grid worker"} | login-known login
# Whoever manages people does so as that person, and not by a key that could outlive itself.
unit.add_person@person:2 | {"login":"wu","unit":"S","title_zh":"网格员","title_en":"Grid worker"} | {"login":"wu","unit":2,"title_zh":"网格员","title_en":"Grid worker"}
unit.add_person@person:4 | {"login":"he","unit":"S","title_zh":"网格员","title_en":"Grid worker"} | not-permitted 
unit.set_password@token:1 | {"login":"safe"} | login-needed 
unit.issue_token@person:3 | {"login":"safe","purpose":"接口","hash":"0123"} | field-unfit hash
unit.issue_token@person:3 | {"login":"safe","purpose":"接口","hash":"0000000000000000000000000000000000000000000000000000000000000000"} | has {"purpose":"接口"}
unit.issue_token@person:3 | {"login":"safe","purpose":"接口","roles":[],"hash":"1111111111111111111111111111111111111111111111111111111111111111"} | key-roles roles
unit.set_password@token:1 | {"login":"safe"} | session-needed 
unit.set_password@person:2 | {"login":"head"} | field-required password
# Retired units stay where they were, and nothing new comes below them.
unit.retire | {"code":"X","reason":"撤销"} | unit-root code
unit.retire | {"code":"S"} | field-required reason
unit.retire | {"code":"S","reason":"撤销"} | {"reason":"撤销"}
unit.retire | {"code":"S","reason":"撤销"} | unit-retired code
unit.create | {"code":"C","kind":"community","parent":"S","title_zh":"社区","title_en":"Community"} | unit-retired parent
)";

}  // namespace

TEST(Units, CommandsLeaveWhatTheyChangeOrAreRefused) {
  cmd::Scratch scratch(1'780'000'000'000'000);
  pack::Problems problems;
  scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  EXPECT_EQ(test::hold_commands(scratch, table), 54);
  EXPECT_EQ(board::history_of(scratch.database(), "unit:2").size(), 4U);
  // What it was called is kept with it.
  EXPECT_EQ(scratch.database().integer("SELECT count(*) FROM unit_units WHERE id=2 AND former='街'"), 1);
  // A role at a unit has one number, whoever holds it.
  EXPECT_EQ(board::history_of(scratch.database(), "unit_post:1").size(), 1U);
  EXPECT_EQ(scratch.database().integer("SELECT count(*) FROM unit_post_numbers WHERE role='handler'"), 1);
  EXPECT_EQ(board::history_of(scratch.database(), "person:1").size(), 3U);
}
