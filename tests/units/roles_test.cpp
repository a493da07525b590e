// Roles as packs declare them: no two administrations in one, no wall that does anything, and none that a
// pack moves under those who hold it.
#include <gtest/gtest.h>

#include "cmd/scratch.hpp"

using namespace qipan;

namespace {

class Roles : public testing::Test {
 protected:
  Roles() : scratch_(1'780'000'000'000'000) {
    pack::Problems problems;
    scratch_.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    EXPECT_TRUE(problems.empty());
    run("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"District"})");
    run("unit.add_person", R"({"login":"held","unit":"X","title_zh":"人","title_en":"Person"})");
    run("unit.give_post", R"({"login":"held","role":"shift_leader","unit":"X"})");
  }
  void run(const char* kind, const char* body) {
    board::Command command;
    command.kind = kind;
    command.actor = "operator";
    command.body = *parse_json(body);
    const auto outcome = scratch_.board().decide(std::move(command));
    EXPECT_TRUE(outcome) << outcome.error().line();
  }
  /// Values of the faults that a pack with this one role has, or nothing.
  std::string faults(const std::string& role, const std::string& grants, const std::string& more = "") {
    pack::Problems problems;
    const auto pack = pack::from_files(
        {{"pack.toml", "name = \"own\"\nversion = " + std::to_string(++version_) +
                           "\nneeds = [\"base\"]\ntitle = { zh = \"自\", en = \"Own\" }"},
         {"roles.toml", "[[roles]]\nname = \"" + role + "\"\ntitle = { zh = \"角\", en = \"Role\" }\n" +
                            more + "\ngrants = [" + grants + "]"}},
        "own", problems);
    if (pack && problems.empty()) scratch_.install(*pack, true, problems);
    std::string values;
    for (const Problem& problem : problems) values += problem.value + ": " + problem.rule + "; ";
    return values;
  }

  cmd::Scratch scratch_;
  int version_ = 0;
};

constexpr const char* people = R"({ resource = "person", actions = ["manage"] })";
constexpr const char* posts = R"({ resource = "post", actions = ["manage"] })";
constexpr const char* read_cases = R"({ resource = "case", actions = ["read"] })";

}  // namespace

TEST_F(Roles, HoldOneAdministrationAtMost) {
  const std::string comma = ", ";
  EXPECT_NE(faults("both", people + comma + posts).find("(here: system, security)"), std::string::npos);
  for (const char* all :
       {R"({ resource = "*", actions = ["manage"] })", R"({ resource = "*", actions = ["*"] })"})
    EXPECT_NE(faults("all", all).find("one of the three administrations"), std::string::npos) << all;
  EXPECT_EQ(faults("one", people + comma + read_cases), "");
  EXPECT_EQ(faults("reader", R"({ resource = "case", actions = ["*"] })"), "");
}

TEST_F(Roles, OfAWallOnlyRead) {
  EXPECT_EQ(faults("screen", read_cases, "display = true"), "");
  EXPECT_NE(faults("screen2", R"({ resource = "case", actions = ["read", "comment"] })", "display = true")
                .find("a role that only reads"),
            std::string::npos);
}

TEST_F(Roles, StayInTheirAdministrationWhileSomebodyHoldsThem) {
  const std::string refused = "shift_leader: the administration that a role has, while somebody holds it; ";
  EXPECT_EQ(faults("shift_leader", posts), refused);
  EXPECT_EQ(faults("shift_leader", R"({ resource = "audit", actions = ["read"] })"), refused);
  EXPECT_EQ(faults("shift_leader", read_cases), "") << "within the work itself it may change";
  run("unit.take_post", R"({"login":"held","role":"shift_leader","unit":"X"})");
  EXPECT_EQ(faults("shift_leader", posts), "");
}
