// Chinese is written as Chinese is printed: what packs say uses full-width punctuation.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;

namespace {

/// Whether a Chinese character (U+4E00 to U+9FFF) ends just before `at`, or begins there.
bool is_chinese_before(const std::string& line, std::size_t at) {
  return at >= 3 && static_cast<unsigned char>(line[at - 3]) >= 0xE4 &&
         static_cast<unsigned char>(line[at - 3]) <= 0xE9;
}
bool is_chinese_at(const std::string& line, std::size_t at) {
  return at + 2 < line.size() && static_cast<unsigned char>(line[at]) >= 0xE4 &&
         static_cast<unsigned char>(line[at]) <= 0xE9;
}

/// The first mark of the line that is of the other width beside Chinese; empty where there is none. Cells of
/// CSV are parted by commas.
std::string half_width_in(const std::string& line, bool csv) {
  const std::string marks = csv ? ";:!?()" : ",;:!?()";
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (marks.find(line[at]) == std::string::npos) continue;
    if (is_chinese_before(line, at) || (line[at] == '(' && is_chinese_at(line, at + 1)))
      return line.substr(at < 30 ? 0 : at - 30, 60);
  }
  return {};
}

}  // namespace

TEST(Words, PacksUseFullWidthPunctuation) {
  EXPECT_NE(half_width_in("title = { zh = \"事件(示意)\" }", false), "");
  EXPECT_NE(half_width_in("\"第一,第二\"", false), "");
  EXPECT_EQ(half_width_in("x = [\"一\", \"二\"]  # （甲）", false), "");
  EXPECT_EQ(half_width_in("一,二", true), "");
  int read = 0;
  for (const char* folder : {"packs", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(QIPAN_SOURCE_DIR) / folder)) {
      const std::string kind = entry.path().extension().string();
      if (kind != ".toml" && kind != ".dmn" && kind != ".csv") continue;
      ++read;
      std::ifstream file(entry.path());
      int number = 0;
      for (std::string line; std::getline(file, line);) {
        ++number;
        // Comments are English with words of the trade in them.
        if (kind == ".toml" && line.starts_with('#')) continue;
        EXPECT_EQ(half_width_in(line, kind == ".csv"), "") << entry.path() << ":" << number;
      }
    }
  }
  EXPECT_GT(read, 40);
}
