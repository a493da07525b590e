// `qipan decide` as its user types it: asked, explained, and held against the decisions of a district.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/file.hpp"
#include "base/json.hpp"
#include "support/command.hpp"
#include "support/prepared.hpp"

using namespace qipan;
using qipan::test::lay_out_jianghai;
using qipan::test::run;

namespace {

const std::string packs = QIPAN_SOURCE_DIR "/packs/";

}  // namespace

TEST(Decide, AnswersAndExplains) {
  const std::string model = packs + "grid-events/rules/filing-standards.dmn";
  const auto plain = run("decide " + model + R"( --json --input '{"class":"B0101","condition":"missing"}')");
  EXPECT_EQ(plain.code, 0);
  EXPECT_EQ((*parse_json(plain.out))["rules"].items()[0].text(), "F001");
  const auto explained =
      run("decide " + model + R"( --explain --input '{"class":"B0101","condition":"missing"}')");
  EXPECT_NE(explained.out.find("rule F001"), std::string::npos);
  EXPECT_NE(explained.out.find("if condition were \"damaged\""), std::string::npos) << explained.out;
  EXPECT_EQ(explained.out.find("note"), std::string::npos) << explained.out;
  EXPECT_EQ(run("decide " + model + " --input '{'").code, 1);
  EXPECT_EQ(run("decide " + model + " --input '[]'").code, 1);
  EXPECT_EQ(run("decide " + model + " --decision none").code, 1);
  EXPECT_EQ(run("decide " + model + " --day yesterday").code, 1);
  EXPECT_EQ(run("decide /none.dmn").code, 1);
}

TEST(Decide, ReplaysADraftOverPastDecisions) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("qipan-decide-" + std::to_string(getpid()))).string();
  std::filesystem::remove_all(folder);
  lay_out_jianghai(folder);
  ASSERT_EQ(run("bench preload --open --cases 20 --data " + folder).code, 0);
  const std::string model = packs + "grid-events/rules/dispatch.dmn";
  const auto same = parse_json(run("decide " + model + " --json --replay " + folder).out);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->integer_or("compared", 0), 20);
  EXPECT_EQ(same->integer_or("changed", -1), 0);
  // A draft that sends everything to one department.
  std::string draft = *read_file(model);
  draft.replace(draft.find("<text>\"B0101\"</text>"), 20, "<text>-</text>");
  const std::string path = folder + "/draft.dmn";
  std::ofstream(path) << draft;
  const auto other = parse_json(run("decide " + path + " --json --replay " + folder).out);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->integer_or("compared", 0), 20);
  EXPECT_GT(other->integer_or("changed", 0), 0);
  EXPECT_EQ((*other)["changes"].items()[0].text_or("after", ""), R"({"department":"D-SZGS"})");
  std::filesystem::remove_all(folder);
}
