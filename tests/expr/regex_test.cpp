#include "expr/regex.hpp"

#include <gtest/gtest.h>

using namespace qipan;
using namespace qipan::expr;

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
    EXPECT_EQ(matches(row.input, row.pattern, row.flags), row.matches) << row.pattern;
}

TEST(Regex, RefusesWhatXPathHasNot) {
  for (const char* pattern :
       {"(", ")", "[", "[]", "a**", "a++", "(?=a)", "(?<n>a)", "\\b", "\\1", "(a)[\\1]", "{", "a{,2}",
        "\\p{Foo}", "\\p{script=Han}", "a{99999,99999999}", "\\Q", "[a-b-c"}) {
    EXPECT_FALSE(matches("a", pattern, "")) << pattern;
  }
  EXPECT_FALSE(matches("a", "a", "g"));
  EXPECT_FALSE(replaced("a", "x*", "-", ""));
  EXPECT_FALSE(replaced("a", "a", "$", ""));
  EXPECT_EQ(replaced("ab", "(a)", "[$1$2$$]", "").has_value(), false);
  EXPECT_EQ(replaced("ab", "(a)", "\\$$1", ""), "$ab");
}

TEST(Regex, EffortIsBounded) {
  const auto found = matches(std::string(40, 'a') + "b", "(a+)+c", "");
  EXPECT_FALSE(found);
  EXPECT_FALSE(matches("a", std::string(2'000, 'a'), ""));
}
