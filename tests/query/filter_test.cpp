#include <gtest/gtest.h>

#include "query/table.hpp"

namespace qipan::query {

namespace {

void fill_five(test::QueryTable& table) {
  // 2026-03-01 begins in China at 1772294400 s (2026-02-28T16:00:00Z).
  table.database.execute(
      "INSERT INTO things VALUES"
      "(1, '解放路 3 号', 5, 150, 1, '2026-03-01', 1772294400000000, 1131000000, 225000000, "
      "'[\"学校\",\"老\"]', "
      "'2026-02-28T16:00:00Z'),"
      "(2, '人民路 10 号', 12, 1050, 0, '2026-02-28', 1772294399999999, 1131200000, 225100000, '[]', "
      "'2026-02-28T15:59:59.999999Z'),"
      "(3, 'Übersee', 1, 99, 1, NULL, 1772380799999999, 1139999999, 229999999, '[\"老\"]', NULL),"
      "(4, '50%_off\\', NULL, -150, NULL, '2026-03-02', 1772380800000000, NULL, NULL, NULL, "
      "'2026-03-01T16:00:00+08:00'),"
      "(5, NULL, 5, NULL, 0, '1999-12-31', NULL, 1131000000, 225000000, '[\"学校\"]', NULL)");
}

/// As many parts as a filter may have, each of which would be one level deeper than the one before.
std::string many_ors() {
  std::string filter = "open";
  for (int i = 0; i < 1'900; ++i) filter += " OR open";
  return filter;
}

struct Line {
  std::string filter;
  std::vector<std::int64_t> ids;
};

}  // namespace

/// One line a filter, with the rows of which it holds.
TEST(Filter, SelectsRows) {
  const std::vector<Line> lines = {
      {"floors = 5", {1, 5}},
      {"floors <> 5", {2, 3}},
      {"5 < floors", {2}},
      {"NOT floors = 5", {2, 3}},
      {"floors IS NULL", {4}},
      {"floors IS NOT NULL AND name IS NULL", {5}},
      {"floors + 1 > 12.5", {2}},
      {"floors * 2 - price = 8.5", {1}},
      {"floors div 2 = 2 AND floors % 2 = 1", {1, 5}},
      {"-floors < -11", {2}},
      {"floors ^ 2 = 25", {1, 5}},
      {"1 / 0 = 1", {}},
      {"floors IN (1, 12)", {2, 3}},
      {"floors NOT IN (1, 12)", {1, 5}},
      {"floors IN (1, price)", {3}},
      {"floors BETWEEN 5 AND 12", {1, 2, 5}},
      {"floors NOT BETWEEN 5 AND 12", {3}},
      // Half of the last digit lies in no column, and still has its place among them.
      {"price > 1.495", {1, 2}},
      {"price = 1.5", {1}},
      {"price = 1.505", {}},
      {"price < 1.505", {1, 3, 4}},
      {"price IN (1.50, 1.505)", {1}},
      {"price <= 99999999999999999999999999", {1, 2, 3, 4}},
      {"open = true", {1, 3}},
      {"open", {1, 3}},
      {"NOT open", {2, 5}},
      {"open OR floors IS NULL", {1, 3, 4}},
      {"open AND floors > 100", {}},
      {"name LIKE '%路%'", {1, 2}},
      {"name LIKE '解放_ 3 号'", {1}},
      {"name LIKE '50\\%\\_%'", {4}},
      {"name LIKE '%f\\\\%'", {4}},
      {"name NOT LIKE '%路%'", {3, 4}},
      {"name LIKE '解放路%'", {1}},
      {"CASEI(name) = CASEI('ÜBERSEE')", {3}},
      {"ACCENTI(name) LIKE 'Uber%'", {3}},
      {"name >= '人民路' AND name < '人民路~'", {2}},
      {"built = DATE('2026-03-01')", {1}},
      {"built < DATE('2026-03-01')", {2, 5}},
      // A date beside a time is the whole day in China.
      {"seen = DATE('2026-03-01')", {1, 3}},
      {"seen <> DATE('2026-03-01')", {2, 4}},
      {"seen < DATE('2026-03-01')", {2}},
      {"seen <= DATE('2026-03-01')", {1, 2, 3}},
      {"seen > DATE('2026-03-01')", {4}},
      {"seen >= DATE('2026-03-01')", {1, 3, 4}},
      {"seen BETWEEN DATE('2026-03-01') AND DATE('2026-03-01')", {1, 3}},
      {"seen >= TIMESTAMP('2026-03-01T16:00:00Z')", {4}},
      {"told = DATE('2026-03-01')", {1, 4}},
      {"T_BEFORE(seen, DATE('2026-03-01'))", {2}},
      {"T_AFTER(seen, INTERVAL('..', '2026-03-01'))", {4}},
      {"T_INTERSECTS(built, INTERVAL('2026-02-28', '2026-03-01'))", {1, 2}},
      {"T_DURING(INTERVAL(seen, seen), INTERVAL('2026-03-01', '..'))", {3, 4}},
      {"T_MEETS(INTERVAL('2026-01-01', built), INTERVAL('2026-03-01', '..'))", {1}},
      {"S_INTERSECTS(at, BBOX(113, 22, 113.115, 23))", {1, 5}},
      {"S_WITHIN(at, POLYGON((113 22, 113.115 22, 113.115 23, 113 23, 113 22)))", {1, 5}},
      {"S_DISJOINT(at, BBOX(113, 22, 113.115, 23))", {2, 3}},
      {"NOT S_INTERSECTS(at, BBOX(113, 22, 113.115, 23))", {2, 3}},
      {"S_EQUALS(POINT(113.12 22.51), at)", {2}},
      {"S_INTERSECTS(at, POLYGON((-1e12 -1e12, 1e12 -1e12, 1e12 1e12, -1e12 1e12, -1e12 -1e12)))",
       {1, 2, 3, 5}},
      {many_ors(), {1, 3}},
      {"nearer(at, POINT(113.1 22.5), 100)", {1, 5}},
      {"nearer(at, POINT(113.1 22.5), 2500)", {1, 2, 5}},
      {"A_CONTAINS(tags, ('学校'))", {1, 5}},
      {"A_EQUALS(tags, ())", {2}},
      {"A_OVERLAPS(tags, ('老', '新'))", {1, 3}},
      {"A_CONTAINEDBY(tags, ('老', '新'))", {2, 3}},
  };
  test::QueryTable table;
  fill_five(table);
  for (const Line& line : lines) {
    const auto filter = table.filter(line.filter);
    ASSERT_TRUE(filter.has_value()) << line.filter << ": " << filter.error().line();
    EXPECT_EQ(table.by_sql(*filter), line.ids) << line.filter;
    EXPECT_EQ(table.in_memory(*filter), line.ids) << line.filter;
  }
}

struct Refused {
  const char* filter;
  const char* code;
  const char* rule;  // a part of it
};

/// One line a refusal.
TEST(Filter, RefusesWhatItCannotMean) {
  const std::string deep = std::string(200, '(') + "floors" + std::string(200, ')') + " = 1";
  std::string many = "floors IN (1";
  for (int i = 0; i < 3'000; ++i) many += "," + std::to_string(i);
  many += ")";
  std::string sum = "id=1";
  for (int i = 0; i < 15'000; ++i) sum += "+1";
  std::string intervals = "T_AFTER(seen, ";
  for (int i = 0; i < 3'000; ++i) intervals += "INTERVAL(";
  std::string crossing = "S_TOUCHES(at, LINESTRING(0 0";
  for (int i = 1; i < 1'000; ++i)
    crossing += "," + std::to_string(i % 2 == 0 ? i : 1'400 - i) + (i % 2 == 0 ? " 0" : " 80");
  crossing += "))";
  const std::string pattern = "CASEI(name) LIKE CASEI('" + std::string(1'001, 'a') + "')";
  const std::vector<Refused> lines = {
      {sum.c_str(), "filter-unreadable", "less depth"},
      {intervals.c_str(), "filter-unreadable", "less depth"},
      {crossing.c_str(), "filter-unfit", "do not cross themselves"},
      {"S_OVERLAPS(at, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "filter-unfit", "valid polygons"},
      {pattern.c_str(), "filter-unfit", "1000 bytes"},
      {"name LIKE name", "filter-unfit", "as the pattern"},
      {"", "filter-unreadable", "at character 1: a value"},
      {"floors =", "filter-unreadable", "at character 9: a value"},
      {"floors = 5 5", "filter-unreadable", "at character 12: the end, AND or OR"},
      {"名称 = '甲' 和", "filter-unreadable", "at character 10"},
      {"floors", "filter-unfit", "true or false"},
      {"5", "filter-unreadable", "a predicate"},
      {"name = 'x", "filter-unreadable", "ends with a single quote"},
      {"name = \"", "filter-unreadable", "a name in double quotes"},
      {"name = \"x", "filter-unreadable", "a name in double quotes"},
      {"name = 5", "filter-unfit", "kind: text"},
      {"floors = '5'", "filter-unfit", "kind: number"},
      {"seen = '2026-03-01'", "filter-unfit", "kind: time"},
      {"secret = 5", "filter-unfit", "a column that you may read here"},
      {"at = at", "filter-unfit", "can be compared"},
      {"floors LIKE '5%'", "filter-unfit", "kind: text"},
      {"floors IN ()", "filter-unreadable", "a value"},
      {"floors NOT 5", "filter-unreadable", "LIKE, BETWEEN or IN"},
      {"built = DATE('2026-02-30')", "filter-unreadable", "a date that exists"},
      {"seen = TIMESTAMP('2026-02-28')", "filter-unreadable", "a time in UTC"},
      {"sleep(5) = 1", "filter-unfit", "an operator of CQL2"},
      {"S_WITHIN(at, BBOX(0, 50, 10, 40))", "filter-unfit", "the south before the north"},
      {"S_WITHIN(at, POLYGON((0 0, 1 0, 1 1)))", "filter-unreadable", "a ring of four points"},
      {"S_WITHIN(at, GEOMETRYCOLLECTION(POINT(1 1)))", "filter-unfit", "GEOMETRYCOLLECTION"},
      {"S_TOUCHES(POINT(1 1), BBOX(0, 0, 1, 1))", "filter-unfit", "a column on one side"},
      {"S_WITHIN(at, name)", "filter-unfit", "kind: geometry"},
      {"S_WITHIN(at)", "filter-unreadable", "2 arguments"},
      {"T_DURING(seen, INTERVAL('..', '..'))", "filter-unfit", "an INTERVAL"},
      {"floors = 1e999999", "filter-unreadable", "34 digits"},
      {"a; DROP TABLE things", "filter-unreadable", "at character 2"},
      {deep.c_str(), "filter-unreadable", "less depth"},
      {many.c_str(), "filter-too-large", "at most 2000 parts"},
  };
  const test::QueryTable table;
  for (const Refused& line : lines) {
    const auto filter = table.filter(line.filter);
    ASSERT_FALSE(filter.has_value()) << line.filter;
    EXPECT_EQ(filter.error().code, line.code) << line.filter;
    EXPECT_NE(filter.error().rule.find(line.rule), std::string::npos)
        << line.filter << ": " << filter.error().rule;
  }
}

TEST(Filter, RefusesJsonThatTheStandardHasNot) {
  const std::vector<Refused> lines = {
      {R"(null)", "filter-unreadable", "isNull"},
      {R"({"op": "AND", "args": [true, true]})", "filter-unreadable", "and"},
      {R"({"op": "and", "args": [true]})", "filter-unreadable", "2 arguments"},
      {R"({"op": "=", "args": [{"property": ""}, 1]})", "filter-unreadable", "an operator, property"},
      {R"({"op": "in", "args": [{"property": "floors"}, []]})", "filter-unreadable", "a list of values"},
      {R"({"op": "=", "args": 5})", "filter-unreadable", "a list"},
      {R"({"op": "s_within", "args": [{"property": "at"}, {"bbox": [1, 2, 3]}]})", "filter-unreadable",
       "four or six"},
      {R"({"op": "s_within", "args": [{"property": "at"}, {"type": "Circle"}]})", "filter-unreadable",
       "RFC 7946"},
      {R"({"op": "t_after", "args": [{"interval": ["2026"]}, {"date": "2026-01-01"}]})", "filter-unreadable",
       "two ends"},
  };
  for (const Refused& line : lines) {
    const auto json = parse_json(line.filter);
    ASSERT_TRUE(json.has_value()) << line.filter;
    const auto read = read_json(*json);
    ASSERT_FALSE(read.has_value()) << line.filter;
    EXPECT_EQ(read.error().code, line.code) << line.filter;
    EXPECT_NE(read.error().rule.find(line.rule), std::string::npos)
        << line.filter << ": " << read.error().rule;
  }
}

}  // namespace qipan::query
