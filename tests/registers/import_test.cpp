// Files into registers: looked at whole, every bad row named, good rows or all or none, known entries
// changed, and taken back.
#include "registers/import.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "cmd/scratch.hpp"
#include "registers/queries.hpp"
#include "support/folder.hpp"

using namespace qipan;
using registers::Import;
using registers::ImportAsked;

namespace {

constexpr const char* shop_toml = R"(
name = "shop"
title = { zh = "商户", en = "Shops" }
key = "code"
geometry = "point"
[[fields]]
name = "code"
type = "text"
required = true
title = { zh = "编号", en = "Code" }
[[fields]]
name = "size"
type = "decimal"
unit = "m²"
title = { zh = "面积", en = "Size" }
max = 1000
[[fields.checks]]
rule = "size > 0"
title = { zh = "面积大于零", en = "size over nothing" }
[[fields]]
name = "kind"
type = "choice"
title = { zh = "类别", en = "Kind" }
options = [ { value = "food", title = { zh = "餐饮", en = "Food" } }, { value = "other", title = { zh = "其他", en = "Other" } } ]
[[fields]]
name = "opened"
type = "date"
title = { zh = "开业", en = "Opened" }
[[fields]]
name = "seal"
type = "text"
unique = true
title = { zh = "印章号", en = "Seal" }
[[fields]]
name = "owner"
type = "text"
sensitivity = "personal"
title = { zh = "业主", en = "Owner" }
)";

class Imports : public testing::Test {
 protected:
  Imports() {
    pack::Problems problems;
    scratch_.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    scratch_.install(
        *pack::from_files({{"pack.toml", "name = \"shops\"\ntitle = { zh = \"商户\", en = \"Shops\" }\n"},
                           {"registers/shop.toml", shop_toml}},
                          "shops", problems),
        true, problems);
    EXPECT_TRUE(problems.empty()) << problems.front().line();
    board::Command command;
    command.kind = "unit.create";
    command.actor = "operator";
    command.body = *parse_json(R"({"code":"X","kind":"district","title_zh":"区","title_en":"District"})");
    EXPECT_TRUE(scratch_.board().decide(std::move(command)));
    declared_ = *registers::find_register(scratch_.database(), "shop");
  }

  std::string file(const std::string& text) {
    std::ofstream(folder_ / "f.csv", std::ios::binary) << text;
    return (folder_ / "f.csv").string();
  }
  /// Figures, and faults as "line 2 values/size field-unfit" one a line.
  std::string looked(ImportAsked asked) {
    auto import = Import::ask(declared_, std::move(asked));
    if (!import) return import.error().code + " " + import.error().value;
    return told([&](const Import::Tell& tell) { return import->look(decider_, tell, {}); });
  }
  std::string entered(ImportAsked asked, const std::string& id) {
    auto import = Import::ask(declared_, std::move(asked));
    EXPECT_TRUE(import);
    std::ignore = import->look(decider_, [](const auto&, const auto&) {}, {});
    return told([&](const Import::Tell& tell) { return import->enter(decider_, id, tell, {}); });
  }
  std::string told(const std::function<Result<registers::ImportFigures>(const Import::Tell&)>& run) {
    std::string faults;
    const auto figures = run([&](const std::string& called, const Problem& problem) {
      faults += "\n" + called + " " + problem.field + " " + problem.code;
    });
    if (!figures) return figures.error().code + faults;
    return std::to_string(figures->rows) + " rows " + std::to_string(figures->added) + "+" +
           std::to_string(figures->changed) + "~" + std::to_string(figures->same) + "=" +
           std::to_string(figures->bad) + "!" + faults;
  }
  std::string entry(std::int64_t id) {
    const auto found = registers::find_entry(scratch_.database(), declared_, id);
    return found ? (found->retired ? "retired " : "") + found->values.dump() : "";
  }

  cmd::Scratch scratch_{1'780'000'000'000'000};
  board::BoardDecider decider_{scratch_.board()};
  test::Folder folder_{"import"};
  registers::Register declared_;
};

}  // namespace

TEST_F(Imports, MatchColumnsByWhatTheyAreCalled) {
  const auto targets = [&](const std::vector<std::string>& header,
                           const std::map<std::string, std::string>& said = {}) {
    const auto matching = registers::match_columns(declared_, header, said);
    if (!matching) return matching.error().code + " " + matching.error().field;
    std::string all;
    for (const auto& target : matching->targets) all += target + "|";
    for (const auto& column : matching->unknown) all += " ?" + column;
    return all;
  };
  EXPECT_EQ(targets({"code", "面积（m²）", "KIND *", "开 业", "经度", "Latitude", "管理单位"}),
            "code|size|kind|opened|x|y|unit|");
  EXPECT_EQ(targets({"编号", "id", "已注销", "登记时间", "备注"}), "code||||| ?备注");
  EXPECT_EQ(targets({"代码", "备注"}, {{"代码", "code"}, {"备注", ""}}), "code||");
  EXPECT_EQ(targets({"编号", "code"}), "match-unfit code");
  EXPECT_EQ(targets({"编号", "经度"}), "match-unfit 经度");
  EXPECT_EQ(targets({"编号"}, {{"没有", "size"}}), "match-unfit 没有");
  EXPECT_EQ(targets({"编号"}, {{"编号", "sise"}}), "match-unfit 编号");
}

TEST_F(Imports, NameEveryBadRowAndWriteNothing) {
  const auto root = scratch_.board().root();
  const std::string path = file(
      "编号,面积,类别,开业,印章号,经度,纬度\n"
      "A1,10,餐饮,2026/3/1,s1,113.1,22.5\n"
      "A2,-1,food,2026年3月1日,s2,,\n"
      "A3,abc,shop,2026-02-30,s3,113.1,95\n"
      "A1,10,other,,s4,,\n"
      "A5,10,other,,s1,,\n"
      ",10,other,,,,\n"
      "A7,1,其他,2026.12.1,,113.1,22.5,extra\n"
      "A8,1,[masked],,,,\n");
  EXPECT_EQ(
      looked({.path = path}),
      "8 rows 1+0~0=7!\n"
      "line 4 values/size field-unfit\nline 4 values/kind field-unfit\nline 4 values/opened field-unfit\n"
      "line 4 x, y degrees-unreadable\n"
      "line 5 values/code entry-twice\nline 6 values/seal entry-twice\nline 8  row-too-long\n"
      "line 9 values/kind cell-hidden\nline 3 values/size field-check\nline 7 values/code field-required");
  EXPECT_EQ(scratch_.board().root(), root) << "looking writes nothing";
  EXPECT_EQ(entered({.path = path}, "one"), "8 rows 1+0~0=7!");
  EXPECT_EQ(entry(1), R"({"code":"A1","size":10,"kind":"food","opened":"2026-03-01","seal":"s1"})");
  EXPECT_EQ(looked({.path = file("编号\nA1\n")}), "1 rows 0+0~0=1!\nline 2 values/code entry-known");
  EXPECT_EQ(looked({.path = file("编号,备注\nA9,x\n")}), "column-unknown 备注");
  EXPECT_EQ(looked({.path = file("面积\n1\n")}), "column-missing code");
}

TEST_F(Imports, ChangeWhatIsKnownAndTakeItBack) {
  EXPECT_EQ(entered({.path = file("code,size,kind\nA1,10,food\nA2,20,food\nA3,30,food\n")}, "one"),
            "3 rows 3+0~0=0!");
  const std::string next = file("code,size,kind\nA1,11,food\nA2,20,food\nA4,40,other\nA3,,other\n");
  EXPECT_EQ(looked({.path = next, .change_known = true}), "4 rows 1+2~1=0!");
  EXPECT_EQ(entered({.path = next, .change_known = true}, "two"), "4 rows 1+2~1=0!");
  EXPECT_EQ(entry(1), R"({"code":"A1","size":11,"kind":"food"})");
  EXPECT_EQ(entry(3), R"({"code":"A3","size":30,"kind":"other"})") << "an empty cell says nothing";
  // Somebody changes one of them since.
  board::Command command;
  command.kind = "register.change";
  command.actor = "operator";
  command.body = *parse_json(R"({"register":"shop","id":3,"values":{"size":31}})");
  ASSERT_TRUE(scratch_.board().decide(std::move(command)));
  EXPECT_EQ(told([&](const Import::Tell& tell) {
              return registers::undo_import(decider_, "two", "operator", tell, {});
            }),
            "3 rows 1+1~0=1!\nrow 5 shop:3 entry-changed-since");
  EXPECT_EQ(entry(1), R"({"code":"A1","size":10,"kind":"food"})");
  EXPECT_EQ(entry(3), R"({"code":"A3","size":31,"kind":"other"})");
  EXPECT_EQ(entry(4), R"(retired {"code":"A4","size":40,"kind":"other"})");
  EXPECT_EQ(told([&](const Import::Tell& tell) {
              return registers::undo_import(decider_, "no", "operator", tell, {});
            }),
            "import-unknown");
}

TEST_F(Imports, AFileThatWasEditedComesBackAsADifference) {
  EXPECT_EQ(entered({.path = file("code,size,kind\na,5,food\nb,6,food\nc,7,food\n")}, "1"),
            "3 rows 3+0~0=0!");
  const auto version = [&](std::int64_t id) {
    return format_instant(registers::find_entry(scratch_.database(), declared_, id)->changed);
  };
  const std::string old = version(3);
  board::Command command;
  command.kind = "register.change";
  command.actor = "operator";
  command.at = 1'780'000'060'000'000;
  command.body = *parse_json(R"({"register":"shop","id":3,"values":{"size":8}})");
  ASSERT_TRUE(scratch_.board().decide(std::move(command)));
  // One is changed and loses a value, one stays, one was changed by somebody else meanwhile, one is new.
  const std::string edited = "记录号,记录版本,code,size,kind\n1," + version(1) + ",a,9,\n2," + version(2) +
                             ",b,6,food\n3," + old + ",c,1,food\n,,d,4,food\n";
  std::string differences;
  auto import = Import::ask(declared_, {.path = file(edited)});
  ASSERT_TRUE(import) << import.error().line();
  EXPECT_EQ(told([&](const Import::Tell& tell) {
              return import->look(decider_, tell, {}, [&](const Import::Difference& one) {
                differences +=
                    one.row + " " + one.key + " " + one.field + " " + one.was + ">" + one.now + "\n";
              });
            }),
            "4 rows 1+1~1=1!\nline 4 version entry-changed-since");
  EXPECT_EQ(differences, "line 2 a size 5>9\nline 2 a kind food>\n");
  EXPECT_EQ(told([&](const Import::Tell& tell) { return import->enter(decider_, "3", tell, {}); }),
            "4 rows 1+1~1=1!");
  EXPECT_EQ(entry(1), R"({"code":"a","size":9})");
  EXPECT_EQ(entry(4), R"({"code":"d","size":4,"kind":"food"})");
  // The same file again: what it changed was changed since.
  EXPECT_EQ(looked({.path = file(edited)}),
            "4 rows 0+0~1=3!\nline 2 version entry-changed-since\nline 4 version entry-changed-since\nline 5 "
            "values/code entry-known");
  EXPECT_EQ(looked({.path = file("entry,version,size\nx,then,1\n99," + version(1) + ",1\n")}),
            "2 rows 0+0~0=2!\nline 2 entry entry-unreadable\nline 2 version version-unreadable\nline 3 entry "
            "entry-unknown");
}

TEST_F(Imports, PlacesAreMovedFromTheirSystem) {
  const std::string path = file("code,x,y\nA1,113.12495333220947,22.55760345055046\n");
  EXPECT_EQ(entered({.path = path, .system = geo::CoordinateSystem::gcj02}, "one"), "1 rows 1+0~0=0!");
  const auto found = registers::find_entry(scratch_.database(), declared_, 1);
  EXPECT_NEAR(static_cast<double>(*found->x), 1'131'195'000, 1);
  EXPECT_NEAR(static_cast<double>(*found->y), 225'603'000, 1);
}

TEST_F(Imports, PersonalValuesAreSealed) {
  EXPECT_EQ(entered({.path = file("code,owner\nA1,示例业主\n")}, "one"), "1 rows 1+0~0=0!");
  const auto found = registers::find_entry(scratch_.database(), declared_, 1);
  EXPECT_TRUE(log::is_sealed(found->values["owner"])) << found->values.dump();
}

// What left the vault does not come back, and is told; keys of others are theirs.
TEST_F(Imports, UndoTellsWhatItLeaves) {
  EXPECT_EQ(entered({.path = file("code,owner,size\nA1,甲,1\n")}, "one"), "1 rows 1+0~0=0!");
  EXPECT_EQ(entered({.path = file("code,owner,size\nA1,乙,2\n"), .change_known = true}, "two"),
            "1 rows 0+1~0=0!");
  board::Command command;
  command.kind = "register.add";
  command.actor = "person:1";
  command.key = "import/two/9";
  command.body = *parse_json(R"({"register":"shop","values":{"code":"B1"}})");
  std::ignore = scratch_.board().decide(std::move(command));
  EXPECT_EQ(told([&](const Import::Tell& tell) {
              return registers::undo_import(decider_, "two", "operator", tell, {});
            }),
            "1 rows 0+1~0=1!\nrow 2 shop:1 personal-not-brought-back");
  EXPECT_NE(entry(1).find(R"("size":1,)"), std::string::npos) << entry(1);
}

TEST_F(Imports, ChoicesAreTheirValuesFirst) {
  fields::Field choice = *declared_.field("kind");
  choice.options = {{"1", {"2", "two"}}, {"2", {"1", "one"}}};
  for (fields::Field& field : declared_.fields)
    if (field.name == "kind") field = choice;
  const auto matching = registers::match_columns(declared_, {"code", "kind"}, {});
  const registers::EntryReader reader(declared_, *matching, geo::CoordinateSystem::wgs84, "operator");
  for (const auto& [cell, value] : {std::pair("2", "2"), std::pair("1", "1"), std::pair("two", "1")}) {
    pack::Problems problems;
    tables::Row row{.number = 2, .cells = {"A", cell}};
    EXPECT_EQ(reader.read(row, problems).body["values"]["kind"].text(), value) << cell;
  }
}

// Nothing more is entered, and what was is counted; an undo that was stopped is gone on with.
TEST_F(Imports, StopBetweenRows) {
  std::string rows = "code,size\n";
  for (int i = 0; i < 1'000; ++i) rows += "S" + std::to_string(i) + ",5\n";
  const auto until = [](std::int64_t most) { return [most](std::int64_t done) { return done < most; }; };
  auto import = Import::ask(declared_, {.path = file(rows)});
  ASSERT_TRUE(import);
  std::ignore = import->look(decider_, [](const auto&, const auto&) {}, {});
  const auto none = import->enter(
      decider_, "none", [](const auto&, const auto&) {}, until(0));
  EXPECT_EQ(none->stopped->code, "import-stopped");
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_shop"), 0);
  const auto some = import->enter(
      decider_, "some", [](const auto&, const auto&) {}, until(400));
  EXPECT_EQ(some->stopped->code, "import-stopped");
  EXPECT_EQ(some->added, 400);
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_shop"), 400);
  const auto undo = [&](std::int64_t most) {
    return told([&](const Import::Tell& tell) {
      return registers::undo_import(decider_, "all", "operator", tell, until(most));
    });
  };
  EXPECT_EQ(import->enter(decider_, "all", [](const auto&, const auto&) {}, {})->added, 600);
  EXPECT_EQ(undo(400), "400 rows 400+0~0=0!");
  EXPECT_EQ(undo(10'000), "600 rows 200+0~0=0!") << "what the first undo took back is no fault";
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_shop WHERE retired=0"), 400);
}

// Where nothing can be written for a moment it stops, and counts what was written all the same.
TEST_F(Imports, StopWhereNothingCanBeWritten) {
  class Full final : public board::Decider {
   public:
    explicit Full(board::Decider& whole) : whole_(whole) {}
    std::vector<board::Outcome> try_out(std::span<const board::Command> commands) override {
      return whole_.try_out(commands);
    }
    std::vector<board::Outcome> decide(std::vector<board::Command> commands) override {
      commands[0].kind = "nobody's";
      auto outcomes = whole_.decide(std::move(commands));
      outcomes[0] = refuse({Problem::Kind::unavailable, "too-many-waiting", "", "", "room", "try again"});
      return outcomes;
    }
    void read(const std::function<void(Database&)>& work) override { whole_.read(work); }

   private:
    board::Decider& whole_;
  };
  Full full(decider_);
  auto import = Import::ask(declared_, {.path = file("code,size\nA,1\nB,2\nC,3\n")});
  ASSERT_TRUE(import);
  std::ignore = import->look(full, [](const auto&, const auto&) {}, {});
  std::string told;
  const auto entered =
      import->enter(full, "full", [&](const std::string& called, const Problem&) { told += called; }, {});
  EXPECT_EQ(entered->stopped->code, "too-many-waiting");
  EXPECT_EQ(entered->added, 2);
  EXPECT_EQ(told, "") << "it is no fault of a row";
  EXPECT_EQ(scratch_.database().integer("SELECT count(*) FROM register_shop"), 2);
}

TEST_F(Imports, TriesAreForgotten) {
  std::vector<board::Command> commands;
  for (const char* code : {"B1", "B2", "B1"}) {
    board::Command command;
    command.kind = "register.add";
    command.actor = "operator";
    command.body = Json::object().set("register", "shop").set("values", Json::object().set("code", code));
    commands.push_back(std::move(command));
  }
  const auto position = scratch_.board().next_position();
  const auto outcomes = scratch_.board().try_out(commands);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_TRUE(outcomes[0] && outcomes[1]);
  EXPECT_EQ(outcomes[2].error().code, "entry-known");
  EXPECT_EQ(scratch_.board().next_position(), position);
  EXPECT_EQ(entry(1), "");
  EXPECT_TRUE(scratch_.board().decide(commands[2])) << "what was tried is not there";
  EXPECT_EQ(entry(1), R"({"code":"B1"})");
}
