// Fields that nobody says: what they are of the fields before them, from the fact on that changes these.
#include <gtest/gtest.h>

#include "support/command_table.hpp"

using namespace qipan;

namespace {

pack::Pack lots(const std::string& fields, pack::Problems& problems) {
  return *pack::from_files({{"pack.toml", R"(name = "lots"
version = 1
title = { zh = "地块", en = "Lots" })"},
                            {"registers/lot.toml", R"(name = "lot"
title = { zh = "地块", en = "Lot" }
key = "code"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
[[fields]]
name = "keeper"
type = "text"
title = { zh = "联系人", en = "Keeper" }
sensitivity = "personal"
[[fields]]
name = "area"
type = "decimal"
title = { zh = "面积", en = "Area" }
digits = 2
max = 1000
[[fields]]
name = "price"
type = "integer"
title = { zh = "单价", en = "Price" }
max = 1000
)" + fields}},
                           "lots", problems);
}

constexpr const char* computed = R"(
[[fields]]
name = "total"
type = "decimal"
title = { zh = "总价", en = "Total" }
digits = 2
max = 100000
computed = 'area * price'
[[fields.checks]]
rule = 'total < 90000'
title = { zh = "总价低于九万", en = "The total is below ninety thousand" }
[[fields]]
name = "band"
type = "text"
title = { zh = "档", en = "Band" }
indexed = true
computed = 'if total = null then null else if total > 100 then "large" else "small"'
)";

class Computed : public testing::Test {
 protected:
  Computed() : scratch_(1'780'000'000'000'000) {
    pack::Problems problems;
    scratch_.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    EXPECT_TRUE(problems.empty());
  }
  std::string fault(const std::string& fields) {
    pack::Problems problems;
    scratch_.install(lots(fields, problems), false, problems);
    return problems.empty() ? "" : problems.front().line();
  }
  cmd::Scratch scratch_;
};

}  // namespace

TEST_F(Computed, StandInTheFactThatChangesWhatTheyAreOf) {
  ASSERT_EQ(fault(computed), "");
  EXPECT_EQ(test::hold_commands(scratch_, R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
register.add | {"register":"lot","values":{"code":"a","area":2.50,"price":10}} | {"unit":1,"values":{"code":"a","area":2.5,"price":10,"total":25,"band":"small"}}
register.add | {"register":"lot","values":{"code":"b"}} | {"unit":1,"values":{"code":"b"}}
register.add | {"register":"lot","values":{"code":"c","total":7}} | field-unknown values/total
register.change | {"register":"lot","id":1,"values":{"price":100}} | {"was":{"values":{"price":10,"total":25,"band":"small"}},"now":{"values":{"price":100,"total":250,"band":"large"}}}
register.change | {"register":"lot","id":1,"values":{"total":7}} | field-unknown values/total
# What is computed is held against the checks as what is said.
register.change | {"register":"lot","id":1,"values":{"area":900.01}} | field-check values/total
register.change | {"register":"lot","id":1,"values":{"area":1000,"price":1000}} | field-unfit values/total
register.change | {"register":"lot","id":1,"values":{"area":null}} | {"was":{"values":{"area":2.5,"total":250,"band":"large"}},"now":{"values":{"area":null,"total":null,"band":null}}}
register.change | {"register":"lot","id":1,"values":{"area":2.50}} | has {}
# To come, it is of what stands there then.
register.change | {"register":"lot","id":1,"values":{"area":3},"from":"2026-05-30"} | {"from":"2026-05-30","values":{"area":3}}
register.change | {"register":"lot","id":1,"values":{"price":7}} | has {}
)"),
            12);
  scratch_.clock().advance(3 * microseconds_per_day);
  scratch_.board().tick();
  EXPECT_EQ(scratch_.database().integer("SELECT total FROM register_lot WHERE id=1"), 2'100);
}

TEST_F(Computed, WhatWouldChangeWithoutAFactIsRefused) {
  const auto field = [](const std::string& rest) {
    return "[[fields]]\nname = \"more\"\ntitle = { zh = \"多\", en = \"More\" }\n" + rest;
  };
  struct Line {
    std::string fields;
    const char* told;
  };
  const Line lines[] = {
      {field("type = \"date\"\ncomputed = 'today()'"), "today()"},
      {field("type = \"date\"\ncomputed = 'today'"), "today"},
      {field("type = \"instant\"\ncomputed = 'now( )'"), "now()"},
      {field("type = \"integer\"\ncomputed = 'more + 1'"), "more"},
      {field("type = \"integer\"\ncomputed = 'nothing + 1'"), "nothing"},
      {field("type = \"text\"\ncomputed = 'keeper'"), "keeper"},
      {field("type = \"integer\"\nsensitivity = \"public\"\ncomputed = 'price'"), "price"},
      {field("type = \"integer\"\ncomputed = 'price +'"), "computed"},
      {field("type = \"integer\"\nrequired = true\ncomputed = 'price'"), "computed"},
      {field("type = \"integer\"\ndefault = '1'\ncomputed = 'price'"), "computed"},
      {field("type = \"photos\"\ncomputed = 'price'"), "computed"},
      {field("type = \"text\"\nsensitivity = \"personal\"\ncomputed = '\"a\"'"), "computed"},
      {field("type = \"reference\"\nto = [\"lot\"]\n") +
           "[[fields]]\nname = \"last\"\ntitle = { zh = \"末\", en = \"Last\" }\ntype = "
           "\"integer\"\ncomputed = "
           "'more.price'",
       "references"},
  };
  for (const Line& line : lines) {
    const std::string told = fault(line.fields);
    EXPECT_NE(told.find(line.told), std::string::npos) << line.fields << "\n" << told;
  }
}

/// A value that stands once stands once whichever day it is of.
TEST_F(Computed, StandOnceWhereTheyMust) {
  ASSERT_EQ(
      fault("[[fields]]\nname = \"tag\"\ntype = \"text\"\ntitle = { zh = \"签\", en = \"Tag\" }\nunique = "
            "true\ncomputed = 'if price = null then null else \"P\" + string(price)'\n"),
      "");
  EXPECT_EQ(test::hold_commands(scratch_, R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
register.add | {"register":"lot","values":{"code":"a","price":1}} | {"unit":1,"values":{"code":"a","price":1,"tag":"P1"}}
register.add | {"register":"lot","values":{"code":"b","price":2}} | has {"unit":1}
register.change | {"register":"lot","id":2,"values":{"price":1}} | value-known values/tag
register.change | {"register":"lot","id":2,"values":{"price":1},"from":"2020-01-01","reason":"补录"} | value-known values/tag
register.change | {"register":"lot","id":1,"values":{"price":5},"from":"2026-05-30"} | has {"from":"2026-05-30"}
register.change | {"register":"lot","id":2,"values":{"price":5},"from":"2026-05-30"} | has {"from":"2026-05-30"}
)"),
            7);
  scratch_.clock().advance(3 * microseconds_per_day);
  scratch_.board().tick();
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_lot WHERE tag='P5'"), 1);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_planned"), 0);
}
