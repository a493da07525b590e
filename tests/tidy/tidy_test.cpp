// Style as a test: who may include whom, how long a function may be, no file that nobody uses.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path root = QIPAN_SOURCE_DIR;
constexpr int function_lines_max = 70;
constexpr int file_lines_max = 640;

/// Left to right: a file includes only what is left of its folder, or its own. Engines share one rank and
/// never meet.
const std::map<std::string, int> ranks = {
    {"base", 0},   {"log", 1},        {"view", 2},    {"expr", 3},     {"calendar", 4}, {"geo", 5},
    {"fields", 6}, {"query", 7},      {"search", 8},  {"pack", 9},     {"tables", 10},  {"board", 11},
    {"units", 12}, {"registers", 12}, {"cases", 12},  {"sensing", 12}, {"rules", 12},   {"notices", 12},
    {"saved", 12}, {"face", 13},      {"outbox", 13}, {"cmd", 14}};

std::vector<fs::path> sources(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> includes_of(const fs::path& path) {
  std::vector<std::string> includes;
  for (const auto& line : lines_of(path)) {
    if (!line.starts_with("#include \"")) continue;
    includes.push_back(line.substr(10, line.size() - 11));
  }
  return includes;
}

}  // namespace

TEST(Tidy, IncludesGoOnlyLeft) {
  int checked = 0;
  for (const auto& path : sources("src")) {
    const std::string own = fs::relative(path, root / "src").begin()->string();
    ASSERT_TRUE(ranks.contains(own)) << "folder without a rank: " << own;
    for (const auto& include : includes_of(path)) {
      const std::string other = include.substr(0, include.find('/'));
      ASSERT_TRUE(ranks.contains(other)) << path << " includes " << include;
      EXPECT_TRUE(other == own || ranks.at(other) < ranks.at(own)) << path << " may not include " << include;
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

TEST(Tidy, FunctionsAndFilesAreShort) {
  for (const std::string folder : {"src", "tests"}) {
    for (const auto& path : sources(folder)) {
      const auto lines = lines_of(path);
      EXPECT_LE(static_cast<int>(lines.size()), file_lines_max) << path;
      int start = 0;
      for (int i = 0; i < static_cast<int>(lines.size()); ++i) {
        const std::string& line = lines[static_cast<std::size_t>(i)];
        // A body opens at the end of a line of a function at namespace or class level, and closes at the same
        // indent.
        if ((line.ends_with(") {") || line.ends_with("const {") || line.ends_with("override {")) &&
            (line[0] != ' ' || (line.starts_with("  ") && line[2] != ' ')))
          start = i;
        if (line == "}" || line == "  }") {
          EXPECT_LE(i - start, function_lines_max) << path << ":" << start + 1;
          start = i;
        }
      }
    }
  }
}

TEST(Tidy, EveryHeaderIsUsedAndEverySourceHasOne) {
  std::set<std::string> used;
  for (const std::string folder : {"src", "tests", "bench"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& path : sources(folder)) {
      for (const auto& include : includes_of(path)) used.insert(include);
    }
  }
  for (const auto& path : sources("src")) {
    if (path.extension() != ".hpp") continue;
    EXPECT_TRUE(used.contains(fs::relative(path, root / "src").generic_string()))
        << path << " is included by nobody";
  }
}

TEST(Tidy, NoBannedCalls) {
  const std::vector<std::string> banned = {"std::rand(", "gettimeofday(", "strcpy(", "sprintf(",
                                           "using namespace std"};
  for (const auto& path : sources("src")) {
    for (const auto& line : lines_of(path)) {
      for (const auto& word : banned) EXPECT_EQ(line.find(word), std::string::npos) << path << ": " << line;
    }
    if (path.filename() == "fold.cpp") {
      for (const auto& include : includes_of(path)) {
        EXPECT_NE(include, "base/clock.hpp") << path << ": a fold has no clock";
        EXPECT_NE(include, "calendar/calendar.hpp") << path << ": a fold does no calendar";
        EXPECT_NE(include, "geo/polygons.hpp") << path << ": a fold does no geometry";
      }
    }
  }
}
