#include <gtest/gtest.h>

#include "search/wanted.hpp"

// What texts are found by, and by what they are not.

namespace qipan::search {

namespace {

std::string shown(const std::vector<Token>& tokens) {
  std::string line;
  for (const Token& token : tokens) line += (line.empty() ? "" : " ") + token.text;
  return line;
}

TEST(Words, AreTokensOfTheirTexts) {
  struct Row {
    const char* text;
    const char* tokens;
  };
  const Row rows[] = {
      {"", ""},
      {"，。！ \n—", ""},
      {"Street 12", "street 12"},
      {"积水", "积水 水"},
      {"人民路口", "人民 民路 路口 口"},
      {"路", "路"},
      {"粤B12345", "粤 b12345"},
      {"1号楼2单元", "1 号楼 楼 2 单元 元"},
      {"ＡＢ１２", "ab12"},
      {"L-003", "l 003"},
      {"人民，路", "人民 民 路"},
      {"École", "ue9cole"},
      {"ひらがな", "u3072u3089 u3089u304c u304cu306a u306a"},
      {"\xF0\xA0\x80\x80\xE4\xBA\xBA", "u20000人 人"},
      {"\xFFk\xE4", "k"},
  };
  for (const Row& row : rows) EXPECT_EQ(shown(tokens_of(row.text)), row.tokens) << row.text;
}

TEST(Words, FindWhatHasThem) {
  struct Row {
    const char* wanted;
    const char* text;
    const char* marked;  // the snippet with what was found in brackets; empty: it is not found
  };
  const Row rows[] = {
      {"积水", "滨江大道积水严重", "滨江大道[积水]严重"},
      {"水", "滨江大道积水严重", "滨江大道积[水]严重"},
      {"重", "滨江大道积水严重", "滨江大道积水严[重]"},
      {"江大道", "滨江大道积水严重", "滨[江大道]积水严重"},
      {"大江", "滨江大道积水严重", ""},
      {"滨江 严重", "滨江大道积水严重", "[滨江]大道积水[严重]"},
      {"滨江　严重", "滨江大道积水严重", "[滨江]大道积水[严重]"},
      {"滨江 轻微", "滨江大道积水严重", ""},
      {"sch", "New School", "New [School]"},
      {"sc", "New School", "New School"},  // letters are their own first letters
      {"school", "New School", "New [School]"},
      {"chol", "New School", ""},
      {"003", "L-003", "L-[003]"},
      {"l-003", "L-003", "[L-003]"},
      {"l-00", "L-003", ""},
      {"粤B12345", "车牌粤B12345", "车牌[粤B12345]"},
      {"12栋", "白石12栋3单元", "白石[12栋]3单元"},
      {"jhq", "江海区", "江海区"},
      {"jq", "江海区", ""},
      {"hq", "江海区", "江海区"},
      {"ＡＢＣ", "abc", "[abc]"},
      {"一", "一二", "[一]二"},
  };
  for (const Row& row : rows) {
    const auto wanted = Wanted::read(row.wanted);
    ASSERT_TRUE(wanted) << row.wanted;
    const auto hits = wanted->found_in({{row.text, true}});
    std::string marked;
    if (hits) {
      for (const Piece& piece : snippet_of(row.text, *hits))
        marked += piece.hit ? "[" + piece.text + "]" : piece.text;
    }
    EXPECT_EQ(marked, row.marked) << row.wanted << " in " << row.text;
  }
}

TEST(Words, StandInDifferentTextsOfOneSubject) {
  const auto wanted = Wanted::read("江海 003");
  EXPECT_TRUE(wanted->found_in({{"L-003", true}, {"江海路", false}}));
  EXPECT_FALSE(wanted->found_in({{"江", true}, {"海 003", false}}));
  // Of long texts nobody says the first letters.
  EXPECT_FALSE(Wanted::read("jhl")->found_in({{"江海路", false}}));
}

TEST(Words, MeanWhatOthersMean) {
  search::Synonyms synonyms;
  synonyms.add({"垃圾", "废弃物", "Rubbish"});
  synonyms.add({"路灯", "街灯"});
  const auto finds = [&](const char* wanted, const char* text) {
    const auto hits = Wanted::read(wanted, synonyms)->found_in({{text, false}});
    std::string marked;
    if (!hits) return marked;
    for (const Piece& piece : snippet_of(text, *hits))
      marked += piece.hit ? "[" + piece.text + "]" : piece.text;
    return marked;
  };
  EXPECT_EQ(finds("垃圾", "建筑废弃物一堆"), "建筑[废弃物]一堆");
  EXPECT_EQ(finds("垃圾", "垃圾与废弃物"), "[垃圾]与废弃物") << "as it was typed, first";
  EXPECT_EQ(finds("垃圾清运", "废弃物清运"), "[废弃物清运]");
  EXPECT_EQ(finds("RUBBISH", "垃圾"), "[垃圾]");
  EXPECT_EQ(finds("ｒｕｂｂｉｓｈ", "垃圾"), "[垃圾]") << "of whatever width";
  EXPECT_EQ(finds("rubbishes", "垃圾"), "") << "words of letters are taken whole";
  EXPECT_EQ(finds("垃圾 路灯", "街灯下有废弃物"), "[街灯]下有[废弃物]");
  EXPECT_EQ(finds("垃圾 路灯", "街灯"), "") << "each word must be there";
  search::Synonyms within;
  within.add({"井盖", "窨井盖", "manhole"});
  EXPECT_EQ(within.others("窨井盖"), (std::vector<std::string>{"井盖", "manhole"}));
  EXPECT_EQ(within.others("井盖破损"), std::vector<std::string>{"窨井盖破损"});
  // However many there are, the question stays small.
  search::Synonyms many;
  for (int i = 0; i < 100; ++i) many.add({"水", "水" + std::to_string(i)});
  EXPECT_EQ(many.others("水").size(), search::Synonyms::others_max);
}

TEST(Words, AreRefused) {
  for (const std::string& text :
       {std::string(), std::string("，。"), std::string("   "), std::string(101, 'a'),
        std::string("a b c d e f g h i"), std::string("a\0b", 3), std::string("\x01")}) {
    const auto wanted = Wanted::read(text);
    ASSERT_FALSE(wanted) << text;
    EXPECT_EQ(wanted.error().code, "search-unfit");
  }
}

TEST(Snippets, AreCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "滨江大道";
  text += "积水";
  for (int i = 0; i < 60; ++i) text += "滨江大道";
  std::string whole;
  for (const Piece& piece : snippet_of(text, *Wanted::read("积水")->found_in({{text, false}})))
    whole += piece.hit ? "[" + piece.text + "]" : piece.text;
  EXPECT_TRUE(whole.starts_with("…")) << whole;
  EXPECT_TRUE(whole.ends_with("…")) << whole;
  EXPECT_NE(whole.find("大道[积水]滨江"), std::string::npos) << whole;
  EXPECT_LT(whole.size(), 300U);
}

}  // namespace

}  // namespace qipan::search
