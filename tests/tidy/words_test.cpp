// Chinese is written as Chinese is printed: what packs say uses full-width punctuation.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

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

/// The last column of docs/glossary.md: what is called otherwise here.
std::vector<std::string> words_not_used() {
  std::ifstream file(fs::path(QIPAN_SOURCE_DIR) / "docs/glossary.md");
  std::vector<std::string> words;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| ") || !line.ends_with(" |")) continue;
    const std::size_t begin = line.rfind("| ", line.size() - 3);
    std::string rest = line.substr(begin + 2, line.size() - begin - 4);
    const std::string mark = "、";
    for (std::size_t end = 0; end != std::string::npos;
         rest = rest.substr(std::min(rest.size(), end + mark.size()))) {
      end = rest.find(mark);
      const std::string word = rest.substr(0, end);
      if (is_chinese_at(word, 0)) words.push_back(word);
      if (end == std::string::npos) break;
    }
  }
  return words;
}

}  // namespace

TEST(Words, OneThingHasOneName) {
  const auto words = words_not_used();
  EXPECT_GT(words.size(), 15U);
  int read = 0;
  const auto look = [&](const fs::path& folder, const std::set<std::string>& kinds) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(QIPAN_SOURCE_DIR) / folder)) {
      if (!kinds.contains(entry.path().extension().string())) continue;
      ++read;
      std::ifstream file(entry.path());
      int number = 0;
      for (std::string line; std::getline(file, line);) {
        ++number;
        for (const std::string& word : words)
          EXPECT_EQ(line.find(word), std::string::npos) << entry.path() << ":" << number << " says " << word;
      }
    }
  };
  look("packs", {".toml"});
  look("examples/packs", {".toml"});
  look("web/src", {".ts", ".vue"});
  look("src", {".cpp"});
  EXPECT_GT(read, 100);
}

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
