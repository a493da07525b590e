#include "expr/regex.hpp"

#include <gtest/gtest.h>

using namespace qipan;
using namespace qipan::expr;

namespace {

/// A fresh budget for each question.
Machine& machine() {
  static Machine one;
  one.reset(nullptr);
  return one;
}

}  // namespace

TEST(Regex, IsThatOfXPath) {
  struct Row {
    const char* input;
    const char* pattern;
    const char* flags;
    bool matches;
  };
  const Row rows[] = {{"abc", "B", "i", true},          {"abc", "^b", "", false},
                      {"a\nb", "^b$", "m", true},       {"a\nb", "a.b", "", false},
                      {"a\rb", "a.b", "", false},       {"a\nb", "a.b", "s", true},
                      {"x", "[a-z-[aeiou]]", "", true}, {"e", "[a-z-[aeiou]]", "", false},
                      {"a b", "a b", "x", false},       {"ab", "a b", "x", true},
                      {"a.b", "a.b", "q", true},        {"axb", "a.b", "q", false},
                      {"一网", "^\\i\\c$", "", true},   {"水", "\\p{IsCJKUnifiedIdeographs}", "", true},
                      {"水", "\\p{Lo}", "", true},      {"abab", "^(ab)\\1$", "", true},
                      {"a&&b", "[&]{2}", "", true},     {"b\n", "b$", "", false}};
  for (const Row& row : rows)
    EXPECT_EQ(matches(machine(), row.input, row.pattern, row.flags), row.matches) << row.pattern;
}

TEST(Regex, RefusesWhatXPathHasNot) {
  for (const char* pattern :
       {"(", ")", "[", "[]", "a**", "a++", "(?=a)", "(?<n>a)", "\\b", "\\1", "(a)[\\1]", "{", "a{,2}",
        "\\p{Foo}", "\\p{script=Han}", "a{99999,99999999}", "\\Q", "[a-b-c"}) {
    EXPECT_FALSE(matches(machine(), "a", pattern, "")) << pattern;
  }
  EXPECT_FALSE(matches(machine(), "a", "a", "g"));
  EXPECT_FALSE(replaced(machine(), "a", "x*", "-", ""));
  EXPECT_FALSE(replaced(machine(), "a", "a", "$", ""));
  EXPECT_EQ(replaced(machine(), "ab", "(a)", "[$1$2$$]", "").has_value(), false);
  EXPECT_EQ(replaced(machine(), "ab", "(a)", "\\$$1", ""), "$ab");
}

TEST(Regex, EffortIsBounded) {
  const auto found = matches(machine(), std::string(40, 'a') + "b", "(a+)+c", "");
  EXPECT_FALSE(found);
  EXPECT_FALSE(matches(machine(), "a", std::string(2'000, 'a'), ""));
}

// What a pattern costs is paid from the evaluation's budget, so that many of them together end as one does.
TEST(Regex, ManyPatternsShareOneBudget) {
  Machine one;
  int asked = 0;
  while (!one.exhausted() && asked < 10'000) {
    EXPECT_FALSE(matches(one, std::string(40, 'a') + "!", "(a+)+$", ""));
    ++asked;
  }
  EXPECT_TRUE(one.exhausted());
  EXPECT_LT(asked, 200);
}
