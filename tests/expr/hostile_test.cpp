// Texts made to hurt: depth, steps, memory, names, encodings.
#include <gtest/gtest.h>

#include "support/feel.hpp"

using namespace qipan;
using qipan::test::feel;

namespace {

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

/// The code of the limit that was met while evaluating.
std::string reason(std::string_view text) {
  expr::Scope scope({}, nullptr);
  const expr::Compiled compiled = compile_expression(scope, text);
  expr::Machine machine;
  const expr::Value value = run(expr::Code{compiled.node, scope.slots()}, machine);
  EXPECT_TRUE(value.is_null()) << text;
  for (const expr::Diagnostic& diagnostic : machine.diagnostics()) {
    if (diagnostic.code != "feel-argument" && diagnostic.code != "feel-operands") return diagnostic.code;
  }
  return "";
}

}  // namespace

TEST(Hostile, NestingIsBounded) {
  for (const char* open :
       {"(", "[", "{a:", "-", "if 1 then ", "not(", "1 in (", "function() ", "[1][", "a["}) {
    EXPECT_TRUE(feel(repeated(open, 5'000)).starts_with("flaw")) << open;
  }
  EXPECT_TRUE(feel("1" + repeated("+1", 10'000)).starts_with("flaw"));
  EXPECT_EQ(feel("1" + repeated("+1", 1'000)), "1001");
  EXPECT_TRUE(feel(repeated("1 in (", 40) + "1").starts_with("flaw"));
}

TEST(Hostile, StepsMemoryAndDepthAreBounded) {
  EXPECT_EQ(reason("count(for i in 1..10000000, j in 1..10000000 return i)"), "feel-steps");
  EXPECT_EQ(reason("some i in 1..9999999999999 satisfies false"), "feel-steps");
  EXPECT_EQ(reason("{f: function(x) f(x + 1), r: f(1)}.r"), "feel-depth");
  EXPECT_EQ(reason("{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: string "
                   "length(f(\"0123456789\", 40))}.r"),
            "feel-memory");
  EXPECT_EQ(reason("count(for i in 0..1000000 return partial)"), "feel-steps");
  EXPECT_EQ(
      reason(
          "{d: function(l, n) if n = 0 then l else d(concatenate(l, l), n - 1), r: count(d([1, 2], 60))}.r"),
      "feel-memory");
}

TEST(Hostile, NumbersAndEncodingsDoNoHarm) {
  EXPECT_EQ(feel("10 ** 1000000000"), "null");
  EXPECT_EQ(feel("1e9999"), "flaw: a number of FEEL");
  EXPECT_EQ(feel("round up(1, 100000)"), "null");
  EXPECT_EQ(feel("for i in 1..1e30 return i"), "null");
  EXPECT_EQ(feel("substring(\"abc\", 1e30)"), "null");
  EXPECT_EQ(feel("@\"P1D\" * 1e30"), "null");
  EXPECT_EQ(feel("\"\\uD800\""), "flaw: a Unicode character");
  EXPECT_TRUE(feel("\xff\xfe").starts_with("flaw"));
  EXPECT_TRUE(feel(std::string("1\0 2", 4)).starts_with("flaw"));
  EXPECT_TRUE(feel("/* never closed").starts_with("flaw"));
  EXPECT_TRUE(feel(std::string(200'000, '1')).starts_with("flaw"));
}
