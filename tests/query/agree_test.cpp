#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "query/table.hpp"

// That a filter selects the same rows by SQL and in memory, and reads again as it was written: of filters and
// rows that nobody thought of.

namespace qipan::query {

namespace {

template <class Item, std::size_t count>
Item one_of(const std::array<Item, count>& items) {
  return items[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(count)))];
}
int up_to(int most) {
  return *rc::gen::inRange(0, most);
}

// A text that ends with a backslash has no form in the standard's text, where “\'” is a quote.
const std::array<std::string, 9> texts = {"",       "'a'",   "a%b",   "\\'\\b", "路",
                                          "解放路", "Ärger", "arger", "A_b"};
const std::array<std::string, 4> days = {"1999-12-31", "2026-02-28", "2026-03-01", "2026-03-02"};
const std::array<std::int64_t, 4> moments = {1'772'294'399'999'999, 1'772'294'400'000'000,
                                             1'772'380'799'999'999, 1'772'380'800'000'000};
const std::array<std::string, 8> numbers = {"0",     "1",   "-1",   "2.5",
                                            "0.005", "150", "1.50", "12345678901234567890"};

std::string quoted_text(std::string_view text) {
  return to_text(leaf_of(Expression::Form::text, text));
}

std::string number_text(int depth) {
  if (depth == 0 || up_to(3) == 0)
    return up_to(2) == 0 ? one_of(numbers) : one_of(std::array<std::string, 3>{"floors", "price", "id"});
  static const std::array<std::string, 7> signs = {"+", "-", "*", "/", "%", "div", "^"};
  const std::string sign = one_of(signs);
  // Powers of powers are slow and overflow; one is enough.
  if (sign == "^") return "(" + number_text(0) + " ^ 2)";
  return "(" + number_text(depth - 1) + " " + sign + " " + number_text(depth - 1) + ")";
}
std::string text_text() {
  const std::string plain = up_to(2) == 0 ? "name" : quoted_text(one_of(texts));
  switch (up_to(4)) {
    case 0:
      return "CASEI(" + plain + ")";
    case 1:
      return "ACCENTI(" + plain + ")";
    default:
      return plain;
  }
}
std::string moment_text() {
  switch (up_to(5)) {
    case 0:
      return "seen";
    case 1:
      return "built";
    case 2:
      return "told";
    case 3:
      return "DATE('" + one_of(days) + "')";
    default:
      return "TIMESTAMP('" + format_instant(one_of(moments)) + "')";
  }
}
std::string period_text() {
  const auto end = [] {
    return up_to(3) == 0   ? std::string("'..'")
           : up_to(2) == 0 ? "'" + one_of(days) + "'"
                           : std::string("seen");
  };
  return "INTERVAL(" + end() + ", " + end() + ")";
}

std::string predicate() {
  static const std::array<std::string, 6> comparisons = {"=", "<>", "<", ">", "<=", ">="};
  static const std::array<std::string, 5> of_any = {"T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS",
                                                    "T_INTERSECTS"};
  static const std::array<std::string, 10> of_periods = {
      "T_CONTAINS", "T_DURING",       "T_FINISHEDBY", "T_FINISHES",  "T_MEETS",
      "T_METBY",    "T_OVERLAPPEDBY", "T_OVERLAPS",   "T_STARTEDBY", "T_STARTS"};
  static const std::array<std::string, 8> spatial = {"S_CONTAINS",   "S_CROSSES",  "S_DISJOINT", "S_EQUALS",
                                                     "S_INTERSECTS", "S_OVERLAPS", "S_TOUCHES",  "S_WITHIN"};
  static const std::array<std::string, 4> sets = {"A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS"};
  static const std::array<std::string, 4> shapes = {"BBOX(113, 22, 113.115, 23)", "POINT(113.1 22.5)",
                                                    "BBOX(170, -10, 113.11, 40)",
                                                    "LINESTRING(113.1 22.5, 113.12 22.51)"};
  const std::string is_not = up_to(2) == 0 ? " NOT" : "";
  switch (up_to(13)) {
    case 0:
      return number_text(2) + " " + one_of(comparisons) + " " + number_text(1);
    case 1:
      return text_text() + " " + one_of(comparisons) + " " + text_text();
    case 2:
      return moment_text() + " " + one_of(comparisons) + " " + moment_text();
    case 3:
      return "name" + is_not + " LIKE " + quoted_text(one_of(texts) + (up_to(2) == 0 ? "%" : "_"));
    case 4:
      return number_text(1) + is_not + " BETWEEN " + number_text(0) + " AND " + number_text(1);
    case 5:
      return number_text(0) + is_not + " IN (" + number_text(0) + ", " + number_text(1) + ")";
    case 6:
      return text_text() + is_not + " IN (" + text_text() + ", " + text_text() + ")";
    case 7:
      return one_of(std::array<std::string, 5>{"name", "floors", "at", "tags", "seen"}) + " IS" + is_not +
             " NULL";
    case 8:
      return one_of(of_any) + "(" + (up_to(2) == 0 ? moment_text() : period_text()) + ", " + period_text() +
             ")";
    case 9:
      return one_of(of_periods) + "(" + period_text() + ", " + period_text() + ")";
    case 10:
      return one_of(spatial) + (up_to(2) == 0 ? "(at, " + one_of(shapes) : "(" + one_of(shapes) + ", at") +
             ")";
    case 11:
      return one_of(sets) + "(tags, ('老', '学校'))";
    default:
      return up_to(2) == 0 ? "open" : "open" + std::string(up_to(2) == 0 ? " = true" : " <> false");
  }
}

std::string boolean(int depth) {
  if (depth == 0 || up_to(3) == 0) return predicate();
  switch (up_to(3)) {
    case 0:
      return "NOT (" + boolean(depth - 1) + ")";
    case 1:
      return "(" + boolean(depth - 1) + " AND " + boolean(depth - 1) + ")";
    default:
      return "(" + boolean(depth - 1) + " OR " + boolean(depth - 1) + " OR " + boolean(depth - 1) + ")";
  }
}

void fill(Database& database) {
  for (int row = 0; row < 12; ++row) {
    const auto null = [] { return up_to(5) == 0; };
    auto insert = database.prepare("INSERT INTO things VALUES(NULL,?,?,?,?,?,?,?,?,?,?)");
    null() ? insert.bind(nullptr) : insert.bind(one_of(texts));
    null() ? insert.bind(nullptr) : insert.bind(up_to(20));
    null() ? insert.bind(nullptr) : insert.bind(up_to(300) - 150);
    null() ? insert.bind(nullptr) : insert.bind(up_to(2));
    null() ? insert.bind(nullptr) : insert.bind(one_of(days));
    null() ? insert.bind(nullptr) : insert.bind(one_of(moments));
    if (null()) {
      insert.bind(nullptr).bind(nullptr);
    } else {
      insert.bind(1'131'000'000 + up_to(3) * 100'000).bind(225'000'000 + up_to(3) * 50'000);
    }
    null()
        ? insert.bind(nullptr)
        : insert.bind(one_of(std::array<std::string, 4>{"[]", "[\"老\"]", "[\"学校\",\"老\"]", "[\"新\"]"}));
    null() ? insert.bind(nullptr) : insert.bind(format_instant(one_of(moments)));
    insert.run();
  }
}

}  // namespace

RC_GTEST_PROP(Agree, SqlAndMemorySelectTheSameRows, ()) {
  test::QueryTable table;
  fill(table.database);
  const std::string text = boolean(2);
  const auto filter = table.filter(text);
  if (!filter) RC_FAIL(text + ": " + filter.error().line());
  RC_LOG() << text;
  RC_ASSERT(table.by_sql(*filter) == table.in_memory(*filter));
}

RC_GTEST_PROP(Agree, BothFormsReadAgainAsTheyWere, ()) {
  const std::string text = boolean(3);
  const auto read = read_text(text);
  if (!read) RC_FAIL(text + ": " + read.error().line());
  const auto from_text = read_text(to_text(*read));
  const auto from_json = read_json(to_json(*read));
  RC_LOG() << to_text(*read);
  RC_ASSERT(from_text.has_value() && *from_text == *read);
  RC_ASSERT(from_json.has_value() && *from_json == *read);
}

}  // namespace qipan::query
