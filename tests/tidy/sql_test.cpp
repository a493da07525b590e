// SQL names the tables of its own folder, or those that src/published-tables.txt says it may read; nobody
// writes another's.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

const std::filesystem::path source = std::filesystem::path(QIPAN_SOURCE_DIR) / "src";

/// Text of all string literals of a file, as the compiler puts neighbours together; a blank where something
/// else stands between.
std::string literals_of(const std::string& text) {
  std::string out;
  std::size_t i = 0;
  const auto ends_raw = [&](std::size_t from) {
    const auto open = text.find('(', from);
    return text.find(")" + text.substr(from, open - from) + "\"", open);
  };
  while (i < text.size()) {
    if (text.compare(i, 2, "//") == 0) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.compare(i, 2, "R\"") == 0) {
      const auto end = ends_raw(i + 2);
      out += text.substr(i, end - i);
      i = std::min(text.find('"', end), text.size() - 1) + 1;
    } else if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\') ++i;
        out += text[i];
      }
      ++i;
    } else if (text[i] == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0) {
      ++i;  // 1'000
    } else if (text[i] == '\'') {
      i += text[i + 1] == '\\' ? 2 : 1;
      i = std::min(text.find('\'', i), text.size() - 1) + 1;
    } else {
      if (std::isspace(static_cast<unsigned char>(text[i])) == 0) out += ' ';
      ++i;
    }
  }
  return out;
}

/// All SQL of a folder, and much else.
std::map<std::string, std::string> literals_by_folder() {
  std::map<std::string, std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    const std::string folder = std::filesystem::relative(entry.path(), source).begin()->string();
    all[folder] += literals_of(text.str()) + "\n";
  }
  return all;
}

std::set<std::string> found_in(const std::string& text, const std::string& pattern) {
  std::set<std::string> words;
  const std::regex expression(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
    words.insert((*at)[1]);
  return words;
}

/// Readers by table.
std::map<std::string, std::set<std::string>> published() {
  std::map<std::string, std::set<std::string>> readers;
  std::ifstream file(source / "published-tables.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream name(line.substr(0, line.find('|')));
    std::istringstream folders(line.substr(line.rfind('|') + 1));
    std::string table;
    name >> table;
    for (std::string folder; folders >> folder;) readers[table].insert(folder);
  }
  return readers;
}

}  // namespace

TEST(Tidy, SqlNamesItsOwnTablesOrPublishedOnes) {
  const auto literals = literals_by_folder();
  std::map<std::string, std::string> owners;
  for (const auto& [folder, text] : literals) {
    for (const std::string& table : found_in(text, R"(CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+))")) {
      // One-word names are scratch tables of a command.
      if (table.find('_') == std::string::npos) continue;
      EXPECT_TRUE(owners.emplace(table, folder).second) << table << " is made by two folders";
    }
  }
  EXPECT_GT(owners.size(), 40U);
  auto listed = published();
  for (const auto& [folder, text] : literals) {
    for (const std::string& word : found_in(text, R"(\b([a-z]+_[a-z_]+)\b)")) {
      const auto owner = owners.find(word);
      if (owner == owners.end() || owner->second == folder) continue;
      EXPECT_EQ(listed[word].erase(folder), 1U) << folder << " reads " << word << " of " << owner->second
                                                << ", which src/published-tables.txt does not say";
    }
    for (const std::string& word :
         found_in(text, R"((?:INSERT (?:OR [A-Z]+ )?INTO|UPDATE|DELETE FROM|DROP TABLE) (\w+))")) {
      const auto owner = owners.find(word);
      EXPECT_TRUE(owner == owners.end() || owner->second == folder) << folder << " writes " << word;
    }
  }
  for (const auto& [table, readers] : listed)
    for (const std::string& reader : readers)
      ADD_FAILURE() << "src/published-tables.txt: " << reader << " does not read " << table;
}

// What the API answers is asked of collections and of the engines' own queries.
TEST(Tidy, TheFaceHasNoSql) {
  const auto literals = literals_by_folder();
  const auto face = literals.find("face");
  ASSERT_NE(face, literals.end());
  EXPECT_EQ(found_in(face->second, R"(\b(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM)\b)"),
            std::set<std::string>());
}

TEST(Tidy, SqlIsFoundInLiterals) {
  EXPECT_EQ(literals_of(R"x(a("SELECT 1 FROM t_" "b"); // "no")x"), "  SELECT 1 FROM t_b  ");
  EXPECT_EQ(literals_of("'\"' \"x_y\""), "x_y");
  EXPECT_EQ(literals_of("1'000 \"x\" 2'000 \"y\""), "    x    y");
}
