#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

#include "fields/type.hpp"
#include "query/declare.hpp"
#include "query/question.hpp"

namespace qipan::query {

namespace {

using fields::Make;
namespace types = fields::types;

/// Units 1 (the district) with 2 and 3 below; codes are "u1", "u2", "u3".
class Units final : public UnitNames {
 public:
  [[nodiscard]] std::string code_of(std::int64_t unit) const override {
    return unit >= 1 && unit <= 3 ? "u" + std::to_string(unit) : "";
  }
  [[nodiscard]] std::int64_t unit_of(std::string_view code) const override {
    return code.size() == 2 && code[0] == 'u' && code[1] >= '1' && code[1] <= '3' ? code[1] - '0' : 0;
  }
  [[nodiscard]] bool is_under(std::int64_t unit, std::int64_t top) const override {
    return unit == top || (top == 1 && unit != 0);
  }
  [[nodiscard]] std::vector<std::int64_t> under(std::int64_t top) const override {
    return top == 1 ? std::vector<std::int64_t>{1, 2, 3} : std::vector<std::int64_t>{top};
  }
};

/// Houses of three units, some of what is said of them in a JSON object as cases have it.
struct Houses {
  Houses() : database(":memory:") {
    database.execute(
        "CREATE TABLE houses(id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, name TEXT, floors INTEGER, rent "
        "INTEGER, "
        "secret TEXT, class TEXT NOT NULL, built TEXT, x INTEGER, y INTEGER, fields TEXT NOT NULL) STRICT;"
        "INSERT INTO houses VALUES"
        "(1, 2, '中山楼', 5, 150, 'a', 'A', '2001-01-01', 1131000000, 225000000, "
        "'{\"note\":\"甲\",\"area\":12.50,\"tags\":[\"a\"],\"spot\":[1131000000,225000000]}'),"
        "(2, 3, '爱民楼', 12, NULL, 'b', '', NULL, NULL, NULL, '{\"area\":0.35,\"open\":true}'),"
        "(3, 2, NULL, NULL, 99, 'c', 'A', '1999-12-31', NULL, NULL, '{\"seen\":\"2026-03-01T00:00:00.5Z\"}'),"
        "(4, 3, 'Bank', 5, 150, NULL, 'B', NULL, NULL, NULL, "
        "'{\"note\":\"乙\",\"area\":100,\"tags\":null,\"spot\":null,\"seen\":null}'),"
        "(5, 2, '爱民楼', 1, 10, 'e', '', '2001-01-01', NULL, NULL, '{\"seen\":\"2026-03-01T00:00:00Z\"}')");
    Declare made({.name = "house",
                  .title = {"房屋", "Houses"},
                  .right = "house",
                  .table = "houses",
                  .units = {"unit"},
                  .place = Collection::Place::point});
    fields::Field secret = Make("secret", types::text());
    secret.sensitivity = fields::Sensitivity::sensitive;
    fields::Field owner = Make("owner", types::text()).personal();
    made.has(Make("name", types::text()))
        .has(Make("floors", types::integer()))
        .has(Make("rent", types::money()))
        .has(secret)
        .has(Make("class", types::text()), "''")
        .has(Make("built", types::date()))
        .of_unit(Make("unit", types::text()));
    collection = made.made();
    fields::Field area = Make("area", types::decimal());
    area.digits = 2;
    for (const fields::Field& field :
         {fields::Field(Make("note", types::text())), area, fields::Field(Make("open", types::boolean())),
          fields::Field(Make("seen", types::instant())), fields::Field(Make("tags", types::choices())),
          fields::Field(Make("spot", types::place())), owner})
      collection.properties.push_back({.field = field, .sql = "fields", .in_json = true});
    sight = {.finds = {.all = true}, .sees = {.all = true}, .units = &units};
  }

  Result<std::vector<std::int64_t>> ids(const std::string& filter, const std::string& sort = "",
                                        std::int64_t page = 100) {
    QIPAN_TRY(question, Question::ask(collection, sight, {.filter = filter, .sort = sort}));
    std::vector<std::int64_t> all;
    std::optional<Cursor> after;
    for (bool more = true; more;) {
      more = false;
      std::int64_t count = 0;
      std::optional<Cursor> last;
      question.each(database, after, page + 1, [&](const Row& row, const Cursor& here) {
        more = ++count > page;
        if (more) return false;
        all.push_back(row.id);
        last = here;
        return true;
      });
      after = last;
    }
    return all;
  }

  Database database;
  Units units;
  Collection collection;
  Sight sight;
};

}  // namespace

/// A type that filters took for a plain text would compare by its letters: what FEEL sees as another kind is
/// one here.
TEST(Columns, KnowEveryTypeOfFields) {
  using Feel = expr::Type::Kind;
  int held = 0;
  for (const fields::Type* type : fields::all_types()) {
    fields::Field field;
    field.name = "x";
    field.type = type;
    const auto column = column_of(field, "x", false);
    if (!column) continue;
    const Feel feel = type->expression_type(field)->kind;
    // A month is a date to FEEL and a text that sorts as one in its column.
    const Kind expected = feel == Feel::number                            ? Kind::number
                          : feel == Feel::boolean                         ? Kind::boolean
                          : feel == Feel::date && type->name() != "month" ? Kind::date
                          : feel == Feel::date_time                       ? Kind::moment
                          : feel == Feel::list                            ? column->kind
                                                                          : Kind::text;
    EXPECT_EQ(column->kind, expected) << type->name();
    const bool lists = column->kind == Kind::list || column->kind == Kind::geometry;
    EXPECT_EQ(lists, feel == Feel::list) << type->name();
    EXPECT_EQ(column->stored == Stored::text, !type->integer_column() && feel != Feel::list) << type->name();
    ++held;
  }
  EXPECT_GT(held, 20);
}

/// One line a question: what is asked, in which order, and the rows that come.
TEST(Question, FindsAndOrders) {
  struct Line {
    const char* filter;
    const char* sort;
    std::vector<std::int64_t> ids;
  };
  const std::vector<Line> lines = {
      {"", "", {1, 2, 3, 4, 5}},
      {"", "-id", {5, 4, 3, 2, 1}},
      // Nothing comes last, whichever way round; who is equal goes by number, the same way round.
      {"", "floors", {5, 1, 4, 2, 3}},
      {"", "-floors", {2, 4, 1, 5, 3}},
      {"", "floors,-id", {5, 4, 1, 2, 3}},
      {"", "rent,-floors", {5, 3, 1, 4, 2}},
      {"", "-rent,-id", {4, 1, 3, 5, 2}},
      // 爱 ài before 中 zhōng, Latin letters before both.
      {"", "name", {4, 2, 5, 1, 3}},
      {"", "-name", {1, 5, 2, 4, 3}},
      {"", "class", {1, 3, 4, 2, 5}},
      {"", "-class,built", {4, 3, 1, 5, 2}},
      {"", "area", {2, 1, 4, 3, 5}},
      {"", "seen", {5, 3, 1, 2, 4}},
      {"area > 0.349 AND area < 12.505", "", {1, 2}},
      {"area = 12.5", "", {1}},
      {"open", "", {2}},
      {"note = '甲' OR note LIKE '乙%'", "", {1, 4}},
      {"seen > TIMESTAMP('2026-03-01T00:00:00Z')", "", {3}},
      // What was taken away stands as a null in the object.
      {"tags IS NULL", "", {2, 3, 4, 5}},
      {"A_CONTAINS(tags, ('a'))", "", {1}},
      {"NOT A_CONTAINS(tags, ('b'))", "", {1}},
      {"S_INTERSECTS(spot, BBOX(113, 22, 114, 23))", "", {1}},
      {"spot IS NOT NULL", "", {1}},
      {"seen IS NULL", "", {1, 2, 4}},
      {"class IS NULL", "", {2, 5}},
      {"class = 'A'", "", {1, 3}},
      {"NOT class = 'A'", "", {4}},
      {"class <> 'A'", "", {4}},
      {"class IN ('A', 'B')", "", {1, 3, 4}},
      {"class NOT IN ('A')", "", {4}},
      {"class < 'B'", "", {1, 3}},
      {"class = ''", "", {}},
      {"unit = 'u2'", "", {1, 3, 5}},
      {"unit <> 'u2'", "", {2, 4}},
      {"unit = 'nowhere'", "", {}},
      {"unit > 'u2'", "", {2, 4}},
      {"under(unit, 'u1')", "", {1, 2, 3, 4, 5}},
      {"NOT under(unit, 'u3')", "", {1, 3, 5}},
      {"S_INTERSECTS(geometry, BBOX(113, 22, 114, 23))", "", {1}},
      {"id IN (2, 3)", "-id", {3, 2}},
  };
  Houses houses;
  for (const Line& line : lines) {
    for (const std::int64_t page : {1, 2, 100}) {
      const auto ids = houses.ids(line.filter, line.sort, page);
      ASSERT_TRUE(ids.has_value()) << line.filter << line.sort << ids.error().line();
      EXPECT_EQ(*ids, line.ids) << line.filter << " by " << line.sort << " in pages of " << page;
    }
  }
}

TEST(Question, RefusesWhatIsNotThere) {
  struct Line {
    Asked asked;
    const char* code;
  };
  const std::vector<Line> lines = {
      {{.sort = "nothing"}, "sort-unfit"},
      {{.sort = "owner"}, "sort-unfit"},
      {{.sort = "unit"}, "sort-unfit"},
      {{.sort = "name,floors,rent,class"}, "sort-unfit"},
      {{.sort = "name;"}, "sort-unfit"},
      {{.sort = "id,nothing"}, "sort-unfit"},
      {{.sort = "id,id"}, "sort-unfit"},
      {{.sort = "tags"}, "sort-unfit"},
      {{.properties = "name,nothing"}, "properties-unfit"},
      {{.properties = "name,name"}, "properties-unfit"},
      {{.filter = "owner = 'x'"}, "filter-unfit"},
      {{.filter = "fields = 'x'"}, "filter-unfit"},
      {{.filter = "under(unit, 'nowhere')"}, "filter-unfit"},
      {{.filter = "under(name, 'u1')"}, "filter-unfit"},
      {{.filter = "{}", .filter_is_json = true}, "filter-unreadable"},
  };
  Houses houses;
  for (const Line& line : lines) {
    const auto question = Question::ask(houses.collection, houses.sight, line.asked);
    ASSERT_FALSE(question.has_value()) << line.code << line.asked.filter << line.asked.sort;
    EXPECT_EQ(question.error().code, line.code) << line.asked.filter << line.asked.sort;
  }
}

/// Rows are those of the reader's units; what uses a sensitive column, of those in which it is seen.
TEST(Question, ShowsWhatTheReaderMaySee) {
  Houses houses;
  houses.sight.finds = {.ids = {2}};
  houses.sight.sees = {};
  EXPECT_EQ(*houses.ids("", "-floors"), (std::vector<std::int64_t>{1, 5, 3}));
  EXPECT_EQ(*houses.ids("unit = 'u3'"), std::vector<std::int64_t>());
  EXPECT_EQ(*houses.ids("secret = 'a' OR secret <> 'a' OR secret IS NULL"), std::vector<std::int64_t>());
  EXPECT_EQ(*houses.ids("", "secret"), std::vector<std::int64_t>());
  houses.sight.finds = {.all = true};
  houses.sight.sees = {.ids = {3}};
  EXPECT_EQ(*houses.ids("NOT secret = 'a'"), std::vector<std::int64_t>{2});
  EXPECT_EQ(*houses.ids("", "-secret"), (std::vector<std::int64_t>{2, 4}));
  auto question = Question::ask(houses.collection, houses.sight, {});
  EXPECT_EQ(question->total(houses.database), 5);
  EXPECT_FALSE(question->one(houses.database, 1)->sees);
  EXPECT_TRUE(question->one(houses.database, 2)->sees);
  EXPECT_FALSE(question->one(houses.database, 6));
  const auto grouped = question->groups(houses.database, *question->grouping("secret", ""));
  EXPECT_EQ(grouped->size(), 2U) << "of b and of none";
  const auto most = question->groups(houses.database, *question->grouping("unit", "max(secret)"));
  EXPECT_EQ(most->size(), 1U);
}

TEST(Question, CountsAndSums) {
  struct Line {
    const char* by;
    const char* of;
    const char* groups;
  };
  const std::vector<Line> lines = {
      {"unit", "", "[2]:[3] [3]:[2]"},
      {"class", "count,sum(rent)", "[null]:[2,0.1] [\"A\"]:[2,2.49] [\"B\"]:[1,1.5]"},
      {"open", "sum(area),avg(area)", "[null]:[112.5,56.25] [true]:[0.35,0.35]"},
      {"class,unit", "max(floors),min(built)",
       "[null,2]:[1,\"2001-01-01\"] [null,3]:[12,null] [\"A\",2]:[5,\"1999-12-31\"] [\"B\",3]:[5,null]"},
      {"built", "avg(floors)", "[null]:[8.5] [\"1999-12-31\"]:[null] [\"2001-01-01\"]:[3]"},
      {"unit", "median(rent),p1(rent),p99(rent)", "[2]:[0.99,0.1,1.5] [3]:[1.5,1.5,1.5]"},
      {"class", "p50(floors),distinct(name)", "[null]:[1,1] [\"A\"]:[5,1] [\"B\"]:[5,1]"},
      {"unit", "share,share(rent),distinct(unit)", "[2]:[0.6,0.6333,1] [3]:[0.4,0.3667,1]"},
      {"open", "median(built),median(area),share(area)",
       "[null]:[\"2001-01-01\",12.5,0.9969] [true]:[null,0.35,0.0031]"},
      {"unit", "min(note)", "[2]:[\"甲\"] [3]:[\"乙\"]"},
      {"unit", "max(open),min(seen)", "[2]:[null,\"2026-03-01T00:00:00.5Z\"] [3]:[true,null]"},
      {"seen", "", "[null]:[3] [\"2026-03-01T00:00:00.5Z\"]:[1] [\"2026-03-01T00:00:00Z\"]:[1]"},
      {"", "count,sum(rent)", "[]:[5,4.09]"},
      {"year(built)", "", "[null]:[2] [\"1999\"]:[1] [\"2001\"]:[2]"},
      {"month(built),weekday(built)", "", "[null,null]:[2] [\"1999-12\",5]:[1] [\"2001-01\",1]:[2]"},
      {"quarter(built)", "sum(rent)", "[null]:[1.5] [\"1999-Q4\"]:[0.99] [\"2001-Q1\"]:[1.6]"},
      {"day(seen),hour(seen)", "", "[null,null]:[3] [\"2026-03-01\",8]:[2]"},
      {"week(seen)", "", "[null]:[3] [\"2026-02-23\"]:[2]"},
      {"weekday(seen)", "", "[null]:[3] [7]:[2]"},
  };
  Houses houses;
  auto question = Question::ask(houses.collection, houses.sight, {});
  for (const Line& line : lines) {
    const auto grouping = question->grouping(line.by, line.of);
    ASSERT_TRUE(grouping.has_value()) << line.by << line.of;
    const auto groups = question->groups(houses.database, *grouping);
    ASSERT_TRUE(groups.has_value());
    std::string told;
    for (const Group& group : *groups)
      told += (told.empty() ? "" : " ") + Json(group.by).dump() + ":" + Json(group.of).dump();
    EXPECT_EQ(told, line.groups) << line.by << " " << line.of;
  }
  for (const auto& [by, of] :
       std::vector<std::pair<const char*, const char*>>{{"owner", ""},
                                                        {"unit,", ""},
                                                        {"geometry", ""},
                                                        {"unit", "sum(name)"},
                                                        {"unit", "sum(unit)"},
                                                        {"unit", "p0(rent)"},
                                                        {"unit", "p100(rent)"},
                                                        {"unit", "rank(rent)"},
                                                        {"unit", "median(name)"},
                                                        {"unit", "median(unit)"},
                                                        {"unit", "median"},
                                                        {"unit", "share(name)"},
                                                        {"unit", "sum(rent"},
                                                        {"hour(built)", ""},
                                                        {"month(name)", ""},
                                                        {"month(built", ""},
                                                        {"month()", ""},
                                                        {"fortnight(built)", ""},
                                                        {"unit", "count(rent)"},
                                                        {"unit,class,open,built", ""}}) {
    const auto grouping = question->grouping(by, of);
    ASSERT_FALSE(grouping.has_value()) << by << of;
    EXPECT_EQ(grouping.error().code, "group-unfit");
  }
}

TEST(Question, SumsMoreThanAColumnHolds) {
  Houses houses;
  for (int row = 0; row < 20; ++row)
    houses.database.execute(
        "INSERT INTO houses VALUES(NULL,1,NULL,NULL,900000000000000000,NULL,'',NULL,NULL,NULL,'{}')");
  auto question = Question::ask(houses.collection, houses.sight, {.filter = "unit = 'u1'"});
  const auto groups =
      question->groups(houses.database, *question->grouping("unit", "sum(rent),avg(rent),max(rent)"));
  EXPECT_EQ(Json((*groups)[0].of).dump(), "[180000000000000000,9000000000000000,9000000000000000]");
}

/// Whatever the order and the size of pages, every row comes once and in order.
RC_GTEST_PROP(QuestionPages, EveryRowComesOnceAndInOrder, ()) {
  Houses houses;
  houses.database.execute("DELETE FROM houses");
  static const std::array<std::string, 6> names = {"爱民楼", "Bank", "bank", "中山楼", "a", ""};
  const int rows = *rc::gen::inRange(0, 30);
  for (int row = 0; row < rows; ++row) {
    auto insert =
        houses.database.prepare("INSERT INTO houses VALUES(NULL,2,?,?,?,NULL,?,NULL,NULL,NULL,'{}')");
    const auto any = [](int most) { return *rc::gen::inRange(0, most); };
    any(4) == 0 ? insert.bind(nullptr) : insert.bind(names[static_cast<std::size_t>(any(6))]);
    any(4) == 0 ? insert.bind(nullptr) : insert.bind(any(3));
    any(4) == 0 ? insert.bind(nullptr) : insert.bind(any(4) - 2);
    insert.bind(any(3) == 0 ? "" : any(2) == 0 ? "A" : "B").run();
  }
  static const std::array<std::string, 4> sortable = {"name", "floors", "rent", "class"};
  std::string sort;
  const int keys = *rc::gen::inRange(1, 4);
  for (int key = 0; key < keys; ++key)
    sort += (key == 0 ? "" : ",") + std::string(*rc::gen::inRange(0, 2) == 0 ? "-" : "") +
            sortable[static_cast<std::size_t>(*rc::gen::inRange(0, 4))];
  const auto whole = houses.ids("", sort, 1'000);
  const auto paged = houses.ids("", sort, *rc::gen::inRange(1, 7));
  RC_LOG() << sort;
  RC_ASSERT(whole.has_value() && paged.has_value());
  RC_ASSERT(*paged == *whole);
  auto sorted = *whole;
  std::sort(sorted.begin(), sorted.end());
  RC_ASSERT(static_cast<int>(sorted.size()) == rows &&
            std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
}

}  // namespace qipan::query
