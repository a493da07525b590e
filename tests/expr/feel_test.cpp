// What FEEL expressions give, family by family; the standard's own vectors run in tests/conformance.
#include <gtest/gtest.h>

#include "base/decimal.hpp"
#include "support/feel.hpp"

using namespace qipan;
using qipan::test::expect;
using qipan::test::feel;

TEST(Feel, DecimalsAreExact) {
  expect({{"0.1 + 0.2 = 0.3", "true"},
          {"1 / 3", "0.3333333333333333333333333333333333"},
          {"2 / 3", "0.6666666666666666666666666666666667"},
          {"9999999999999999999999999999999999 + 1", "10000000000000000000000000000000000"},
          {"1.0 = 1.00", "true"},
          {"-0", "0"},
          {"0 * -1", "0"},
          {"2 ** 10", "1024"},
          {"2 ** 0.5", "1.414213562373095048801688724209698"},
          {"-4 ** 2", "16"},
          {"2 ** 3 ** 2", "64"},
          {"10 ** -2", "0.01"},
          {"1e3 + .5", "1000.5"},
          {"decimal(2.5, 0)", "2"},
          {"decimal(3.5, 0)", "4"},
          {"round up(-5.5, 0)", "-6"},
          {"round down(-5.5, 0)", "-5"},
          {"round half up(-5.5, 0)", "-6"},
          {"round half down(-5.5, 0)", "-5"},
          {"round half down(5.51, 0)", "6"},
          {"round half up(1234, -2)", "1200"},
          {"floor(-1.5)", "-2"},
          {"ceiling(-1.5)", "-1"},
          {"modulo(-12, 5)", "3"},
          {"modulo(12, -5)", "-3"},
          {"modulo(10.1, 4.5)", "1.1"},
          {"abs(-3)", "3"},
          {"abs(@\"-P1D\")", "@\"P1D\""},
          {"sqrt(16)", "4"},
          {"sqrt(-1)", "null"},
          {"exp(0)", "1"},
          {"log(0)", "null"},
          {"odd(5) and even(-2)", "true"},
          {"1E6144 * 10", "null"}});
}

TEST(Feel, LogicIsThreeValued) {
  const char* truths[] = {"true", "false", "null"};
  const char* both[3][3] = {
      {"true", "false", "null"}, {"false", "false", "false"}, {"null", "false", "null"}};
  const char* either[3][3] = {{"true", "true", "true"}, {"true", "false", "null"}, {"true", "null", "null"}};
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < 3; ++b) {
      EXPECT_EQ(feel(std::string(truths[a]) + " and " + truths[b]), both[a][b]);
      EXPECT_EQ(feel(std::string(truths[a]) + " or " + truths[b]), either[a][b]);
    }
  }
  expect({{"not(null)", "null"},
          {"1 = null", "false"},
          {"null != null", "false"},
          {"[1, null] = [1, null]", "true"},
          {"if null then 1 else 2", "2"},
          {"1 < null", "null"}});
}

TEST(Feel, TextIsCodePoints) {
  expect(
      {{"string length(\"😀积水\")", "3"},
       {"substring(\"一网统管\", 2, 2)", "\"网统\""},
       {"substring(\"一网统管\", -2)", "\"统管\""},
       {"substring(\"abc\", 0)", "null"},
       {"upper case(\"straße\")", "\"STRASSE\""},
       {"substring before(\"积水点\", \"点\")", "\"积水\""},
       {"substring after(\"积水点\", \"积\")", "\"水点\""},
       {"\"\\u6c34\" = \"水\"", "true"},
       {"\"\\U01F40E\"", "\"🐎\""},
       {"split(\"a;b;;\", \";\")", "[\"a\", \"b\", \"\", \"\"]"},
       {"string join([\"a\", null, \"b\"], \"、\")", "\"a、b\""},
       {"replace(\"2026-11-25\", \"(\\d+)-(\\d+)-(\\d+)\", \"$1年$2月$3日\")", "\"2026年11月25日\""},
       {"matches(\"粤B12345\", \"^[\\p{IsCJKUnifiedIdeographs}][A-Z]\\d{5}$\")", "true"},
       {"number(\"1 000,5\", \" \", \",\")", "1000.5"},
       {"number(\"1,000\", \",\", \",\")", "null"},
       {"string(1.50)", "\"1.5\""},
       {"string(@\"P400D\")", "\"P400D\""},
       {"string({a: \"b\", c: [1, @\"2026-01-01\"]})", "\"{a: \\\"b\\\", c: [1, @\\\"2026-01-01\\\"]}\""}});
}

TEST(Feel, ListsAndFilters) {
  expect({{"[1, 2, 3][2]", "2"},
          {"[1, 2, 3][-1]", "3"},
          {"[1, 2, 3][4]", "null"},
          {"[1, 2, 3][item > 1]", "[2, 3]"},
          {"[{a: 1, b: 2}, {a: 3}][a > 1].a", "[3]"},
          {"[{a b: 1}, {a b: 2}][a b = 2]", "[{a b: 2}]"},
          {"[{item: 1}, {item: 2}][item = 2]", "[{item: 2}]"},
          {"null[1]", "null"},
          {"null[item > 1]", "[]"},
          {"5[1]", "5"},
          {"[{a: {b: 1}}, {a: {b: 2}}].a.b", "[1, 2]"},
          {"sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]"},
          {"flatten([[1, [2]], 3])", "[1, 2, 3]"},
          {"union([1, 2], [2, 3])", "[1, 2, 3]"},
          {"distinct values([1, null, 1, null])", "[1, null]"},
          {"sublist([1, 2, 3], -2, 1)", "[2]"},
          {"index of([1, 2, 1], 1)", "[1, 3]"},
          {"insert before([1, 3], 2, 2)", "[1, 2, 3]"},
          {"list replace([1, 2, 3], function(item, newItem) item > 1, 0)", "[1, 0, 0]"},
          {"append([1], 2, 3)", "[1, 2, 3]"},
          {"min([]) = null", "true"},
          {"max(\"a\", \"c\", \"b\")", "\"c\""},
          {"mode([6, 3, 9, 6, 6])", "[6]"},
          {"median([6, 1, 2, 3])", "2.5"},
          {"stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"},
          {"for i in 1..3 return i * i", "[1, 4, 9]"},
          {"for i in 3..1 return i", "[3, 2, 1]"},
          {"for i in 1..2, j in [10, 20] return i + j", "[11, 21, 12, 22]"},
          {"for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"},
          {"for d in @\"2026-02-27\"..@\"2026-03-01\" return string(d)",
           "[\"2026-02-27\", \"2026-02-28\", \"2026-03-01\"]"},
          {"some x in [1, 2] satisfies x > 1", "true"},
          {"every x in [], y in [1] satisfies false", "true"},
          {"some i in 1..100 satisfies i * i = 81", "true"}});
}

TEST(Feel, ContextsAndFunctions) {
  expect({{"{a: 1, b: a + 1}.b", "2"},
          {"{\"a b\": 1}.a b", "1"},
          {"get value({a: 1}, \"a\")", "1"},
          {"get entries({a: 1})[1].key", "\"a\""},
          {"context put({a: {b: 1}}, [\"a\", \"c\"], 2)", "{a: {b: 1, c: 2}}"},
          {"context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"},
          {"{fact: function(n: number) if n <= 1 then 1 else n * fact(n - 1), r: fact(20)}.r",
           "2432902008176640000"},
          {"{f: function(x) function(y) x + y, r: f(1)(2)}.r", "3"},
          {"(function(a, b) a - b)(b: 1, a: 5)", "4"},
          {"(function(a: string) a)(1)", "null"},
          {"{m: min, r: m(3, 2)}.r", "2"}});
}

TEST(Feel, RangesAndTypes) {
  expect({{"5 in (< 10)", "true"},
          {"(>= 5) = [5..null)", "false"},
          {"[1..3].start included", "true"},
          {"1 in ]1..3]", "false"},
          {"\"b\" in [\"a\"..\"c\"]", "true"},
          {"before([1..5), 5)", "true"},
          {"meets([1..5], [5..8])", "true"},
          {"overlaps([1..5], [5..8])", "true"},
          {"overlaps([1..5), [5..8])", "false"},
          {"includes([1..10], [2..3])", "true"},
          {"coincides([1..2], [1..2))", "false"},
          {"range(\"[1..3)\") = [1..3)", "true"},
          {"range(\"[3..1]\")", "null"},
          {"1 instance of number", "true"},
          {"[1] instance of list<number>", "true"},
          {"{a: 1} instance of context<a: number>", "true"},
          {"[1..2] instance of range<number>", "true"},
          {"(function(a: string) 1) instance of function<string>->number", "true"},
          {"null instance of number", "false"},
          {"@\"P1Y\" instance of days and time duration", "false"}});
}

// The range of an operator has no other end; one that is null is an end that nothing can be compared with
// (DMN 1.5, 10.3.2.7).
TEST(Feel, EndsThatAreNullAndEndsThatAreNot) {
  expect({{"(<10) = (null..10)", "false"},
          {"(<=10) = (null..10]", "false"},
          {"(>10) = (10..null)", "false"},
          {"(<10) = (<10)", "true"},
          {"(<10) = (<=10)", "false"},
          {"(<10) = (<11)", "false"},
          {"(=10) = [10..10]", "false"},
          {"(=10) = (=10)", "true"},
          {"(!=10) = (!=10)", "true"},
          {"[null..10] = [null..10]", "true"},
          {"5 in [null..10]", "null"},
          {"15 in [null..10]", "false"},
          {"5 in [1..null)", "null"},
          {"0 in [1..null)", "false"},
          {"null in [1..10]", "null"},
          {"5 in (<10)", "true"},
          {"15 in (<10)", "false"},
          {"5 in (!=5)", "false"},
          {"6 in (!=5)", "true"},
          {"5 in (=5)", "true"},
          {"[5..1]", "null"},
          {"before((<10), (>20))", "true"},
          {"before([null..10], [20..30])", "true"},
          {"overlaps([null..10], [5..30])", "null"},
          {"(>10).start", "10"},
          {"(>10).end", "null"},
          {"string((<=10))", "\"(<=10)\""},
          {"string([null..10])", "\"[null..10]\""}});
}

TEST(Feel, IterationOverRangesAndItsOwnForm) {
  expect({{"for i in 4..2 return i", "[4, 3, 2]"},
          {"for i in [2..4] return i", "[2, 3, 4]"},
          {"for i in (2..4) return i", "[3]"},
          {"for i in [4..2] return i", "null"},
          {"for i in (>2) return i", "null"},
          {"for d in [@\"2026-01-30\"..@\"2026-02-01\"] return d.day", "[30, 31, 1]"}});
}

// By instant in a named zone (10.3.2.3.6), so that (x + d) - x = d.
TEST(Feel, ArithmeticOverAChangeOfClocks) {
  expect(
      {{"string((@\"2021-10-30T12:00:00@Europe/Berlin\" + @\"PT24H\") - "
        "@\"2021-10-30T12:00:00@Europe/Berlin\")",
        "\"P1D\""},
       {"(@\"2019-03-10T01:00:00@America/Los_Angeles\" + @\"PT1H\").hour", "3"},
       {"(@\"2016-10-30T02:59:00@Europe/Athens\" + @\"PT61M\") = @\"2016-10-30T01:00:00Z\"", "true"},
       {"(@\"2016-10-30T02:59:00@Europe/Athens\" + @\"PT61M\" - @\"PT61M\").hour", "2"},
       {"string(@\"2021-10-30T12:00:00@Europe/Berlin\" + @\"P1M\")", "\"2021-11-30T12:00:00@Europe/Berlin\""},
       {"string(@\"2021-10-30T12:00:00+02:00\" + @\"PT24H\")", "\"2021-10-31T12:00:00+02:00\""},
       {"(@\"2100-10-31T00:00:00@Europe/Berlin\" + @\"PT24H\").hour", "23"}});
}

TEST(Feel, FormsOfXmlSchema) {
  expect({{"string(time(\"24:00:00\"))", "\"00:00:00\""},
          {"string(date and time(\"2026-12-31T24:00:00\"))", "\"2027-01-01T00:00:00\""},
          {"date and time(\"2026-12-31T24:00:01\")", "null"},
          {"time(\"24:00:00.5\")", "null"},
          {"string(time(\"10:00:00.1234567890123456789012345678901234567890\"))", "\"10:00:00.123456789\""},
          {"string(years and months duration(date and time(\"2014-12-31T23:59:59\"), date and "
           "time(\"2016-12-31T00:00:01\")))",
           "\"P2Y\""},
          {"string(years and months duration(date(\"2016-01-31\"), date(\"2016-02-29\")))", "\"P0M\""}});
}

TEST(Feel, NamesWithSignsAndTextualOperands) {
  expect({{"{ a**b : 1, c : a**b + 1 }.c", "2"},
          {"for a**a in [1] return a**a", "[1]"},
          {"{ A/B: 6, r: A/B + 1 }.r", "7"},
          {"{ a..b: 2, r: a..b }.r", "2"},
          {"(function(a**b) a**b + 1)(1)", "2"},
          {"(function(x-1) x-1 * 2)(x-1: 3)", "6"},
          {"\"Hello \" + if true then \"a\" else \"b\"", "\"Hello a\""},
          {"for x in [1, 2] return x + if x > 1 then 10 else 20", "[21, 12]"},
          {"1 + sum(for x in [1, 2] return x)", "4"},
          {"not(some x in [1] satisfies x > 1) and every x in [1] satisfies x = 1", "true"},
          {"[1, if false then 2 else 3]", "[1, 3]"}});
}

TEST(Feel, CommentsAndPrecedence) {
  expect({{"1 /* one */ + 2 // and two", "3"},
          {"1 + 2 = 3 and 2 < 3", "true"},
          {"not(1 = 2) or false", "true"},
          {"2 * 3 + 4 * 5", "26"},
          {"1 in [1, 2] and 2 between 1 and 3", "true"},
          {"[1, 2, 3][item in (2, 3)]", "[2, 3]"},
          {"-[1, 2][1]", "-1"}});
}
