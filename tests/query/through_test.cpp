// Questions that go through references: what the subject has that a row names.
#include <gtest/gtest.h>

#include <map>

#include "fields/type.hpp"
#include "query/declare.hpp"
#include "query/question.hpp"

namespace qipan::query {

namespace {

using fields::Make;
namespace types = fields::types;

fields::Field reference(const char* name, std::vector<std::string> to) {
  fields::Field field = Make(name, types::reference());
  field.to = std::move(to);
  return field;
}

/// Visits of firms and shops; firms belong to groups. Columns of all have the same names, on purpose.
struct Visits final : Targets {
  Visits() : database(":memory:") {
    database.execute(
        "CREATE TABLE groups_(id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, name TEXT, size INTEGER) STRICT;"
        "CREATE TABLE firms(id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, name TEXT, level TEXT NOT NULL, "
        "secret TEXT, owner TEXT, fields TEXT NOT NULL) STRICT;"
        "CREATE TABLE shops(id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, name TEXT, fields TEXT NOT NULL) "
        "STRICT;"
        "CREATE TABLE visits(id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, name TEXT, firm TEXT, fields "
        "TEXT "
        "NOT NULL) STRICT;"
        "INSERT INTO groups_ VALUES(1,2,'大集团',900),(2,3,'小集团',5);"
        "INSERT INTO firms VALUES(1,2,'甲厂','A','x','o','{\"owner\":\"group:1\",\"price\":1.50}'),"
        "(2,3,'乙厂','','y','o','{\"owner\":\"group:2\"}'),"
        "(12,2,'丙厂','B','z','o','{\"owner\":\"group:9\",\"price\":0.25}');"
        "INSERT INTO shops VALUES(1,2,'小店','{\"price\":3}');"
        "INSERT INTO visits VALUES(1,2,'一','firm:1','{\"to\":\"firm:1\"}'),"
        "(2,2,'二','firm:2','{\"to\":\"shop:1\"}'),"
        "(3,3,'三','firm:12','{\"to\":\"firm:12\"}'),"
        "(4,2,'四',NULL,'{}'),"
        "(5,2,'五','firm:7','{\"to\":\"firm:2\"}')");
    fields::Field price = Make("price", types::decimal());
    price.digits = 2;
    fields::Field secret = Make("secret", types::text());
    secret.sensitivity = fields::Sensitivity::sensitive;
    Declare group({.name = "group", .title = {"集团", "Groups"}, .table = "groups_", .units = {"unit"}});
    group.has(Make("name", types::text())).has(Make("size", types::integer()));
    Declare firm({.name = "firm", .title = {"企业", "Firms"}, .table = "firms", .units = {"unit"}});
    firm.has(Make("name", types::text()).titled("名称", "Name"))
        .has(Make("level", types::text()), "''")
        .has(secret)
        .of_unit(Make("unit", types::text()));
    in_json(firm, reference("owner", {"group"}));
    in_json(firm, price);
    firm.collection().properties.push_back(
        {.field = Make("phone", types::text()).personal(), .sql = "owner"});
    Declare shop({.name = "shop", .title = {"店铺", "Shops"}, .table = "shops", .units = {"unit"}});
    shop.has(Make("name", types::text()));
    in_json(shop, price);
    Declare visit({.name = "visit", .title = {"走访", "Visits"}, .table = "visits", .units = {"unit"}});
    fields::Field by_firm = reference("firm", {"firm"});
    by_firm.title = {"企业", "Firm"};
    visit.has(Make("name", types::text())).has(by_firm);
    in_json(visit, reference("to", {"firm", "shop"}));
    for (Declare* one : {&group, &firm, &shop, &visit}) {
      Collection made = one->made();
      const std::string name = made.name;
      collections.emplace(name, std::move(made));
      sights[name] = {.finds = {.all = true}, .sees = {.all = true}, .targets = this};
    }
  }
  static void in_json(Declare& made, const fields::Field& field) {
    made.collection().properties.push_back({.field = field, .sql = "fields", .in_json = true});
  }
  [[nodiscard]] std::optional<Target> target(std::string_view kind) const override {
    const auto found = collections.find(kind);
    if (found == collections.end() || sights.at(found->first).finds.empty()) return std::nullopt;
    return Target{&found->second, &sights.at(found->first)};
  }

  [[nodiscard]] Result<Question> ask(const Asked& asked) const {
    return Question::ask(collections.at("visit"), sights.at("visit"), asked);
  }
  std::string ids(const std::string& filter, const std::string& sort = "") {
    const auto question = ask({.filter = filter, .sort = sort});
    if (!question) return question.error().code;
    std::string all;
    question->each(database, std::nullopt, 100, [&](const Row& row, const Cursor&) {
      all += std::to_string(row.id);
      return true;
    });
    return all;
  }

  Database database;
  std::map<std::string, Collection, std::less<>> collections;
  std::map<std::string, Sight> sights;
};

}  // namespace

TEST(Through, FindsByWhatReferencesName) {
  struct Line {
    const char* filter;
    const char* found;
  };
  const Line lines[] = {
      {"firm.level = 'A'", "1"},
      {"firm.level <> 'A'", "3"},
      {"NOT firm.level = 'A'", "3"},
      {"firm.level IS NULL", "245"},
      {"firm.name LIKE '%厂'", "123"},
      {"firm.level = 'A' OR name = '五'", "15"},
      {"firm.price >= 0.25", "13"},
      {"firm.price BETWEEN 1 AND 2", "1"},
      {"firm.price * 2 = 3", "1"},
      {"CASEI(firm.level) = CASEI('b')", "3"},
      {"firm.owner = 'group:1'", "1"},
      {"firm.owner.name = '大集团'", "1"},
      {"firm.owner.size < 10", "2"},
      {"firm.owner.size IS NULL", "345"},
      // Of two kinds, each by its own.
      {"to.name = '小店'", "2"},
      {"to.price > 1", "12"},
      {"to.name IN ('甲厂','乙厂')", "15"},
      {"firm.level = to.name", ""},
      {"firm.name = to.name", "13"},
      // What leads nowhere.
      {"name.level = 'A'", "filter-unfit"},
      {"firm.nothing = 'A'", "filter-unfit"},
      {"firm.phone = 'o'", "filter-unfit"},
      {"firm.owner.nothing = 'A'", "filter-unfit"},
      {"firm. = 'A'", "filter-unfit"},
      {"nothing.level = 'A'", "filter-unfit"},
      {"firm.owner.name.size = 1", "filter-unfit"},
  };
  Visits visits;
  for (const Line& line : lines) EXPECT_EQ(visits.ids(line.filter), line.found) << line.filter;
  EXPECT_EQ(visits.ids("", "firm.price"), "31245");
  EXPECT_EQ(visits.ids("", "-firm.owner.size,id"), "12345");
  EXPECT_EQ(visits.ids("", "firm.nothing"), "sort-unfit");
}

TEST(Through, ShowsAndCounts) {
  Visits visits;
  auto question = visits.ask({.sort = "name", .properties = "firm.name,firm.price,firm.owner.size"});
  ASSERT_TRUE(question.has_value());
  EXPECT_EQ(question->properties()[0]->field.title.zh, "企业·名称");
  EXPECT_EQ(Json(question->one(visits.database, 1)->values).dump(), R"(["甲厂",1.50,900])");
  EXPECT_EQ(Json(question->one(visits.database, 4)->values).dump(), "[null,null,null]");
  const auto groups =
      question->groups(visits.database, *question->grouping("firm.level", "count,sum(firm.price)"));
  ASSERT_TRUE(groups.has_value());
  std::string told;
  for (const Group& group : *groups) told += Json(group.by).dump() + Json(group.of).dump();
  EXPECT_EQ(told, R"([null][3,null]["A"][1,1.5]["B"][1,0.25])");
  EXPECT_EQ(visits.ask({.properties = "firm.phone"}).error().code, "properties-unfit");
}

/// What the reader may not find, or see of it, is as if it were not there: by no way of asking does it tell
/// itself from an empty value.
TEST(Through, WhatIsHiddenIsNothing) {
  Visits visits;
  visits.sights["firm"].finds = {.ids = {3}};
  EXPECT_EQ(visits.ids("firm.level = 'A'"), "");
  EXPECT_EQ(visits.ids("NOT firm.level = 'A'"), "") << "of the third's unit none";
  EXPECT_EQ(visits.ids("firm.name LIKE '%'"), "2");
  EXPECT_EQ(visits.ids("firm.owner.size > 0"), "2");
  EXPECT_EQ(visits.ids("firm.name IS NULL"), "1345");
  EXPECT_EQ(visits.ids("", "firm.name"), "21345");
  visits.sights["group"].finds = {.ids = {2}};
  EXPECT_EQ(visits.ids("firm.owner.size > 0"), "");
  visits.sights["firm"].finds = {.all = true};
  visits.sights["firm"].sees = {.ids = {3}};
  EXPECT_EQ(visits.ids("firm.secret >= ''"), "2");
  EXPECT_EQ(visits.ids("firm.secret <> 'x'"), "2");
  EXPECT_EQ(visits.ids("", "-firm.secret"), "25431");
  auto question = visits.ask({.properties = "firm.secret"});
  EXPECT_EQ(Json(question->one(visits.database, 1)->values).dump(), "[null]");
  EXPECT_EQ(Json(question->one(visits.database, 2)->values).dump(), R"(["y"])");
  const auto groups = question->groups(visits.database, *question->grouping("firm.secret", ""));
  EXPECT_EQ(groups->size(), 2U);
  // Of a kind of which the reader may find none, names are none.
  visits.sights["firm"].finds = {};
  EXPECT_EQ(visits.ids("firm.name IS NULL"), "filter-unfit");
}

/// A reference that is sensitive itself narrows rows as any such column does.
TEST(Through, AHiddenReferenceIsNotFollowed) {
  Visits visits;
  visits.collections.at("visit").properties[1].field.sensitivity = fields::Sensitivity::sensitive;
  visits.sights["visit"].sees = {.ids = {3}};
  EXPECT_EQ(visits.ids("firm.name LIKE '%'"), "3");
  EXPECT_EQ(visits.ids("firm.name IS NULL"), "");
}

TEST(Through, HasBounds) {
  Visits visits;
  std::string many;
  for (int i = 0; i < 30; ++i)
    many += (i == 0 ? "" : " OR ") + std::string("firm.price > ") + std::to_string(i);
  EXPECT_EQ(visits.ids(many), "13") << "one column, however often it stands there";
  visits.collections.at("group").properties.push_back(
      {.field = reference("above", {"group"}), .sql = "name"});
  EXPECT_EQ(visits.ids("firm.owner.above.name IS NULL"), "12345");
  EXPECT_EQ(visits.ids("firm.owner.above.above.name IS NULL"), "filter-unfit");
}

}  // namespace qipan::query
