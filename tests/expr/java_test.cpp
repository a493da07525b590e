// Functions that models ask of the Java platform, in tables by its classes.
#include <gtest/gtest.h>

#include "support/feel.hpp"

using qipan::test::feel;

namespace {

struct Call {
  std::string_view owner;
  std::string_view signature;
  std::string arguments;  // as FEEL writes them, none holding a comma but between them
  std::string_view value;
};

/// A call of a function that the model asks of Java, as FEEL writes its value.
std::string called(const Call& call, int parameters) {
  std::string formals;
  for (int i = 0; i < parameters; ++i) formals += (i == 0 ? "p" : ", p") + std::to_string(i);
  return feel("{f: function(" + formals + ") external {java: {class: \"" + std::string(call.owner) +
              "\", method signature: \"" + std::string(call.signature) + "\"}}, r: f(" +
              std::string(call.arguments) + ")}.r");
}

void expect_all(std::initializer_list<Call> calls) {
  for (const Call& call : calls) {
    const int parameters = std::stoi(feel("count([" + std::string(call.arguments) + "])"));
    EXPECT_EQ(called(call, parameters), call.value)
        << call.owner << "." << call.signature << " of " << call.arguments;
  }
}

constexpr std::string_view math = "java.lang.Math";
constexpr std::string_view text = "java.lang.String";

}  // namespace

TEST(Java, MathTakesAndGivesJavasTypes) {
  expect_all({{math, "max(double,double)", "1.5, 2.25", "2.25"},
              {math, "max(double, double)", "1, 2", "2"},
              {math, "max(float,float)", "123.46, 456.78", "456.78"},
              {math, "min(int,int)", "-3, 7", "-3"},
              {math, "abs(int)", "-2147483648", "-2147483648"},
              {math, "abs(long)", "-9", "9"},
              {math, "pow(double,double)", "2, 0.5", "1.4142135623730951"},
              {math, "cos(double)", "0", "1"},
              {math, "toDegrees(double)", "0", "0"},
              {math, "floorDiv(int,int)", "-7, 2", "-4"},
              {math, "floorMod(int,int)", "-7, 2", "1"},
              {math, "floorDiv(int,int)", "-2147483648, -1", "-2147483648"},
              {math, "floorDiv(int,int)", "1, 0", "null"},
              {math, "round(double)", "-2.5", "-2"},
              {math, "round(double)", "0.49999999999999994", "0"},
              {math, "round(double)", "1e300", "9223372036854775807"},
              {math, "round(float)", "-1e30", "-2147483648"},
              {math, "rint(double)", "2.5", "2"},
              {math, "sqrt(double)", "-1", "null"},
              {math, "log(double)", "0", "null"}});
}

TEST(Java, WhatATypeDoesNotHoldIsNull) {
  expect_all({{math, "max(int,int)", "1.5, 2", "null"},
              {math, "max(int,int)", "2147483648, 2", "null"},
              {math, "max(int,int)", "null, 2", "null"},
              {math, "max(int,int)", "\"1\", 2", "null"},
              {math, "max(int,int)", "1", "null"},
              {"java.lang.Byte", "valueOf(byte)", "128", "null"},
              {"java.lang.Byte", "valueOf(byte)", "-128", "-128"},
              {"java.lang.Short", "valueOf(short)", "123", "123"},
              {"java.lang.Float", "valueOf(float)", "1e39", "null"},
              {text, "valueOf(char)", "\"水\"", "\"水\""},
              {text, "valueOf(char)", "\"水井\"", "null"},
              {text, "valueOf(char)", "\"🐎\"", "null"}});
}

TEST(Java, NothingElseIsCalled) {
  expect_all({{"java.lang.Runtime", "exec(java.lang.String)", "\"ls\"", "null"},
              {math, "foo(double)", "1", "null"},
              {math, "max(java.lang.String, java.lang.String)", "\"1\", \"2\"", "null"},
              {math, "", "1", "null"}});
  EXPECT_EQ(feel("{f: function(a) external {pmml: {document: \"d\", model: \"m\"}}, r: f(1)}.r"), "null");
  EXPECT_EQ(feel("{f: function(a) external 1, r: f(1)}.r"), "null");
}

TEST(Java, TextsAreReadAndWritten) {
  expect_all({{"java.lang.Integer", "valueOf(java.lang.String)", "\"+123\"", "123"},
              {"java.lang.Integer", "parseInt(java.lang.String)", "\" 1\"", "null"},
              {"java.lang.Integer", "parseInt(java.lang.String)", "\"+-1\"", "null"},
              {"java.lang.Integer", "parseInt(java.lang.String)", "\"2147483648\"", "null"},
              {"java.lang.Long", "parseLong(java.lang.String)", "\"2147483648\"", "2147483648"},
              {"java.lang.Double", "valueOf(java.lang.String)", "\" 1234.56 \"", "1234.56"},
              {"java.lang.Double", "valueOf(java.lang.String)", "\"NaN\"", "null"},
              {"java.lang.Double", "valueOf(java.lang.String)", "\"1e-400\"", "0"},
              {"java.lang.Double", "valueOf(java.lang.String)", "\"1e400\"", "null"},
              {"java.lang.Double", "valueOf(java.lang.String)", "\"1,5\"", "null"},
              {"java.lang.Double", "valueOf(java.lang.String)", "\"+-1\"", "null"},
              {"java.lang.Boolean", "parseBoolean(java.lang.String)", "\"TRUE\"", "true"},
              {"java.lang.Boolean", "valueOf(java.lang.String)", "\"yes\"", "false"},
              {"java.lang.Double", "toString(double)", "123", "\"123.0\""},
              {"java.lang.Double", "toString(double)", "0.0005", "\"5.0E-4\""},
              {"java.lang.Double", "toString(double)", "12345678", "\"1.2345678E7\""},
              {text, "valueOf(double)", "1e100", "\"1.0E100\""},
              {text, "valueOf(float)", "0.1", "\"0.1\""},
              {text, "valueOf(int)", "7", "\"7\""},
              {text, "valueOf(boolean)", "true", "\"true\""},
              {text, "valueOf(java.lang.Object)", "[1, \"a\"]", "\"[1, \\\"a\\\"]\""}});
}

TEST(Java, FormatsAreJavas) {
  constexpr std::string_view format = "format(java.lang.String, [Ljava.lang.Object;)";
  expect_all({{text, format, "\"foo %s\", \"bar\"", "\"foo bar\""},
              {text, format, "\"nothing\"", "\"nothing\""},
              {text, format, "\"%2$s before %1$s, 100%%\", \"a\", \"b\"", "\"b before a, 100%\""},
              {text, format, "\"%s and %s\", [\"a\", 2]", "\"a and 2\""},
              {text, format, "\"%.2f\", 2.345", "\"2.35\""},
              {text, format, "\"%f\", 1", "\"1.000000\""},
              {text, format, "\"%,d\", 1234567", "\"1,234,567\""},
              {text, format, "\"%+08.1f|%-6d|\", -3.25, 42", "\"-00003.3|42    |\""},
              {text, format, "\"%05d%%\", 42", "\"00042%\""},
              {text, format, "\"%4s%.1s\", \"水\", \"水井\"", "\"   水水\""},
              {text, format, "\"%b %b\", null, 1", "\"false true\""},
              {text, format, "\"%d\", 1.5", "null"},
              {text, format, "\"%d\", \"1\"", "null"},
              {text, format, "\"%s\"", "null"},
              {text, format, "\"%0$s\", 1", "null"},
              {text, format, "\"%\", 1", "null"},
              {text, format, "\"%99999s\", 1", "null"},
              {text, format, "\"%q\", 1", "null"}});
  // Java throws at these.
  for (const char* refused : {"%-d", "%05s", "%,s", "%-05d", "%+ d", "%++d", "%5n", "%-s"})
    EXPECT_EQ(called({text, format, std::string("\"") + refused + "\", 1", ""}, 2), "null") << refused;
  // What is written out and then cut is paid for all the same.
  std::string many = "\"";
  for (int i = 0; i < 2'000; ++i) many += "%1$.0s";
  const std::string large = "string join(for i in 1..100000 return \"xxxxxxxxxx\")";
  EXPECT_EQ(called({text, format, many + "\", " + large, ""}, 2), "null");
}
