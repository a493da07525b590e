#include "pack/pack.hpp"
#include "pack/synonyms.hpp"

#include <gtest/gtest.h>
#include <regex>

#include <rapidcheck/gtest.h>

#include "pack/csv.hpp"

using namespace qipan;
using namespace qipan::pack;

TEST(Toml, NamesFileAndLineOfEveryFault) {
  Problems problems;
  const auto pack =
      from_files({{"pack.toml", "name = \"x\"\nversion = \"1\"\ntitel = 3\n[title]\nzh = \"甲\"\n"}},
                 "packs/x", problems);
  ASSERT_TRUE(pack);
  std::vector<std::string> places;
  for (const auto& problem : problems) places.push_back(problem.field);
  EXPECT_EQ(places, (std::vector<std::string>{"packs/x/pack.toml:2 version", "packs/x/pack.toml:4 en",
                                              "packs/x/pack.toml:3 titel"}));
  EXPECT_EQ(parse_toml("a.toml", "x = 1\ny = = 2").error().field, "a.toml:2");
  EXPECT_EQ(parse_toml("a.toml", "x = 1\n\xCD\xBD = 2").error().field, "a.toml:2");
  EXPECT_TRUE(parse_toml("a.toml",
                         "# \xCD\xBD\nx = \"\xCD\xBD\"\ny = \"\"\"a\\\"\"\xCD\xBD\n\"\"\"\nz = '\xCD\xBD'"));
  EXPECT_FALSE(from_files({}, "packs/x", problems));
}

TEST(Csv, ReadsQuotesAndNamesFaults) {
  const auto csv = Csv::parse("a.csv",
                              "\xEF\xBB\xBF"
                              "code,name\r\n1,\"a,\"\"b\"\"\nc\"\r\n\n2,x\n3\n");
  ASSERT_TRUE(csv);
  ASSERT_EQ(csv->rows().size(), 3U);
  EXPECT_EQ(csv->cell(csv->rows()[0], "name"), "a,\"b\"\nc");
  EXPECT_EQ(csv->rows()[1].line, 5);
  EXPECT_FALSE(csv->is_whole(csv->rows()[2]));
  EXPECT_EQ(Csv::parse("a.csv", "a\n\"open").error().field, "a.csv:2");
  EXPECT_FALSE(Csv::parse("a.csv", "a,a\n1,2"));
  EXPECT_EQ(Csv::parse("a.csv", "a\n\xBE\xAE\xB8\xC7\n").error().code, "csv-not-utf8")
      << "GBK, as spreadsheets write it";
}

RC_GTEST_PROP(Csv, CellsRoundTrip, (std::vector<std::string> cells)) {
  std::string line = "last";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (char& c : cells[i]) c = c == '\r' || static_cast<signed char>(c) <= 0 ? 'x' : c;
    line.insert(0, "c" + std::to_string(i) + ",");
  }
  std::string row;
  for (auto at = cells.rbegin(); at != cells.rend(); ++at) row += csv_cell(*at) + ",";
  const auto csv = Csv::parse("a.csv", line + "\n" + row + "end\n");
  RC_ASSERT(csv.has_value());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string cell(csv->cell(csv->rows()[0], "c" + std::to_string(i)));
    // Behind marks, too.
    const std::string bare = cells[i].substr(std::min(cells[i].find_first_not_of('\''), cells[i].size()));
    const bool begins = !bare.empty() && std::string_view("=+-@\t\n").find(bare[0]) != std::string_view::npos;
    static const std::regex a_number("[+-][0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?");
    const bool guarded = begins && !std::regex_match(bare, a_number);
    RC_ASSERT(cell == (guarded ? "'" + cells[i] : cells[i]));
    RC_ASSERT(unmarked_cell(cell) == cells[i]);
  }
}

TEST(Csv, NoCellIsAFormulaAndNumbersStayNumbers) {
  const std::pair<const char*, const char*> rows[] = {
      {"=1+1", "'=1+1"},         {"+86 750", "'+86 750"}, {"-2+3", "'-2+3"},
      {"@SUM(A1)", "'@SUM(A1)"}, {"\tx", "'\tx"},         {"\rx", "\"'\rx\""},
      {"＝1", "'＝1"},           {"＋1", "'＋1"},         {"－1", "'－1"},
      {"＠a", "'＠a"},           {"-12.5", "-12.5"},      {"+3", "+3"},
      {"-1e-7", "-1e-7"},        {"井盖", "井盖"},        {"", ""}};
  for (const auto& [text, cell] : rows) EXPECT_EQ(csv_cell(text), cell) << text;
}

TEST(Csv, EveryLineEndIsOne) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const auto csv = Csv::parse("a.csv", std::string("code,name") + end + "M-1,a" + end + "\"M\r2\",b" + end);
    ASSERT_TRUE(csv) << static_cast<int>(end[0]);
    ASSERT_EQ(csv->rows().size(), 2U);
    EXPECT_EQ(csv->cell(csv->rows()[1], "code"), "M\r2");
  }
  EXPECT_EQ(Csv::parse("a.csv", "code;name\nM-3;a\n").error().code, "csv-separator");
}

TEST(Pack, SynonymsAreWordsInGroups) {
  const auto read = [](const std::string& file, Problems& problems) {
    Pack pack;
    pack.name = "p";
    pack.files.emplace("synonyms.toml", file);
    return read_synonyms(pack, problems);
  };
  Problems problems;
  const auto groups = read("[[synonyms]]\nwords = [\"垃圾\", \"waste\"]\n", problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0], (std::vector<std::string>{"垃圾", "waste"}));
  EXPECT_TRUE(read_synonyms(Pack(), problems).empty());
  for (const char* wrong :
       {"synonyms = 3\n", "[[synonyms]]\nwords = [\"a\"]\n", "[[synonyms]]\nwords = [\"a b\", \"c\"]\n",
        "[[synonyms]]\nwords = [\"\", \"c\"]\n", "[[synonyms]]\nword = [\"a\", \"c\"]\n", "[[syn",
        "[[synonyms]]\nwords = [\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]\n"}) {
    problems.clear();
    std::ignore = read(wrong, problems);
    ASSERT_FALSE(problems.empty()) << wrong;
    EXPECT_TRUE(problems.front().line().find("p/synonyms.toml") != std::string::npos) << wrong;
  }
}

TEST(Pack, ANewVersionKeepsTheRestOfTheManifest) {
  EXPECT_EQ(with_version("name = \"a\"\nversion = 3\n# why\n", 4), "name = \"a\"\nversion = 4\n# why\n");
  EXPECT_EQ(with_version("name = \"a\"\n[title]\nversion = \"x\"", 2),
            "name = \"a\"\nversion = 2\n[title]\nversion = \"x\"\n");
  EXPECT_EQ(with_version("versions = 1\nname = \"a\"", 2), "versions = 1\nname = \"a\"\nversion = 2\n");
}

TEST(Pack, OnlyRulesMayBeChangedAsRules) {
  for (const char* path : {"rules/a.dmn", "rules/派遣.dmn", "rules/a.tests.toml", "parameters/fees.toml"})
    EXPECT_TRUE(is_rule_file(path)) << path;
  for (const char* path : {"pack.toml", "cases/a.toml", "rules/a.toml", "rules/../pack.toml", "rules/x/a.dmn",
                           "rules/.dmn", "rules/a\n.dmn", "/rules/a.dmn", "parameters/.toml", "rules\\a.dmn"})
    EXPECT_FALSE(is_rule_file(path)) << path;
}
