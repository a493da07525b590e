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
  replace("pack.toml", "version = 4", "version = " + version);
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
