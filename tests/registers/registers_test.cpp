// Entries of registers: what each command leaves in the log, or why it is refused; one line a case.
#include <gtest/gtest.h>

#include "support/command_table.hpp"

using namespace qipan;

namespace {

constexpr const char* posts = R"(
name = "post"
title = { zh = "灯杆", en = "Post" }
key = "code"
geometry = "point"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
min = 2
max = 8
[[fields]]
name = "height"
type = "decimal"
title = { zh = "高度", en = "Height" }
min = 1
max = 40
[[fields]]
name = "lamps"
type = "integer"
title = { zh = "灯数", en = "Lamps" }
max = 9
[[fields]]
name = "lit"
type = "boolean"
title = { zh = "亮", en = "Lit" }
[[fields]]
name = "since"
type = "date"
title = { zh = "启用", en = "Since" }
[[fields]]
name = "kind"
type = "choice"
title = { zh = "类型", en = "Kind" }
options = ["led", "sodium"]
)";

constexpr const char* cases = R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | {"code":"X","kind":"district","title_zh":"区","title_en":"District","parent":0,"calendar":""}
register.add | {"register":"post","values":{"code":"P1","height":8.5,"lit":true},"x":1131000000,"y":225000000} | {"unit":1,"values":{"code":"P1","height":8.5,"lit":true},"x":1131000000,"y":225000000}
register.add | {"register":"post","values":{"code":"P1"}} | entry-known values/code
register.add | {"register":"post","values":{"height":8}} | field-required values/code
register.add | {"register":"post","values":{"code":"P"}} | value-unfit code
register.add | {"register":"post","values":{"code":"杆"}} | value-unfit code
register.add | {"register":"post","values":{"code":"东海路东段南侧灯杆"}} | value-unfit code
register.add | {"register":"post","values":{"code":"P\u0007"}} | value-unfit code
register.add | {"register":"post","values":{"code":"P2","height":41}} | value-unfit height
register.add | {"register":"post","values":{"code":"P2","height":"8"}} | value-unfit height
register.add | {"register":"post","values":{"code":"P2","lamps":1.5}} | value-unfit lamps
register.add | {"register":"post","values":{"code":"P2","lit":1}} | value-unfit lit
register.add | {"register":"post","values":{"code":"P2","since":"2026-02-30"}} | value-unfit since
register.add | {"register":"post","values":{"code":"P2","kind":"neon"}} | value-unfit kind
register.add | {"register":"post","values":{"code":"P2","colour":"red"}} | field-unknown values/colour
register.add | {"register":"post","values":{"code":"P2"},"unit":"nowhere"} | unit-unknown unit
register.add | {"register":"post","values":{"code":"P2"},"geometry":[]} | geometry-not-here geometry
register.add | {"register":"post","values":{"code":"P2"},"more":1} | member-unknown more
register.add | {"register":"post","values":["P2"]} | member-unfit values
register.change | {"register":"post","id":1,"values":{"height":9,"lit":true}} | {"was":{"values":{"height":8.5}},"now":{"values":{"height":9}}}
register.change | {"register":"post","id":1,"values":{"height":9}} | nothing-changes values
register.change | {"register":"post","id":1,"values":{"height":9.0}} | nothing-changes values
register.change | {"register":"post","id":1,"values":{"kind":null}} | nothing-changes values
register.change | {"register":"post","id":1,"values":{"kind":"led","height":null}} | {"was":{"values":{"height":9,"kind":null}},"now":{"values":{"height":null,"kind":"led"}}}
register.change | {"register":"post","id":1,"x":1131000000,"y":225000001} | {"was":{"y":225000000},"now":{"y":225000001}}
register.change | {"register":"post","id":1,"values":{"lamps":2},"x":1131000000,"y":225000001,"reason":"数过"} | {"was":{"values":{"lamps":null}},"now":{"values":{"lamps":2}},"reason":"数过"}
register.change | {"register":"post","id":1} | nothing-to-change values
register.change | {"register":"post","id":1,"values":{"code":null}} | field-required values/code
register.change | {"register":"post","id":2,"values":{"height":3}} | entry-unknown id
register.change | {"register":"post","values":{"height":3}} | entry-unknown id
register.add | {"register":"post","values":{"code":"P2"}} | {"unit":1,"values":{"code":"P2"}}
register.change | {"register":"post","id":2,"values":{"code":"P1"}} | entry-known values/code
register.add | {"register":"post","values":{"code":"东海路南侧灯杆"}} | {"unit":1,"values":{"code":"东海路南侧灯杆"}}
register.retire | {"register":"post","id":2} | reason-required reason
register.retire | {"register":"post","id":2,"reason":"拆除"} | {"reason":"拆除"}
register.retire | {"register":"post","id":2,"reason":"拆除"} | entry-retired id
register.change | {"register":"post","id":2,"values":{"height":3}} | entry-retired id
register.add | {"register":"post","values":{"code":"P2"}} | {"unit":1,"values":{"code":"P2"}}
)";

pack::Pack pack_of(const std::string& declaration, pack::Problems& problems) {
  return *pack::from_files({{"pack.toml", "name = \"posts\"\ntitle = { zh = \"杆\", en = \"Posts\" }\n"},
                            {"registers/post.toml", declaration}},
                           "posts", problems);
}

class Registers : public testing::Test {
 protected:
  Registers() : scratch_(1'780'000'000'000'000) {
    pack::Problems problems;
    scratch_.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    scratch_.install(pack_of(posts, problems), true, problems);
    EXPECT_TRUE(problems.empty()) << problems.front().line();
  }
  cmd::Scratch scratch_;
};

}  // namespace

TEST_F(Registers, CommandsLeaveWhatTheyChangeOrAreRefused) {
  EXPECT_EQ(test::hold_commands(scratch_, cases), 38);
  // Each entry has its own facts.
  EXPECT_EQ(board::history_of(scratch_.database(), "post:1").size(), 5U);
  EXPECT_EQ(board::history_of(scratch_.database(), "post:2").size(), 2U);
  EXPECT_EQ(scratch_.database().integer("SELECT lamps FROM register_post WHERE id=1 AND height IS NULL"), 2);
}

// What every entry has already cannot be a field too: its column would be there twice.
TEST_F(Registers, AFieldMayNotBeCalledLikeWhatEveryEntryHas) {
  for (const std::string name :
       {"id", "unit", "x", "y", "geometry", "retired", "created", "changed", "position"}) {
    std::string declaration = posts;
    declaration.replace(declaration.find("\"lamps\""), 7, '"' + name + '"');
    pack::Problems problems;
    scratch_.install(pack_of(declaration, problems), false, problems);
    ASSERT_FALSE(problems.empty()) << name;
    EXPECT_NE(problems.front().line().find(name), std::string::npos) << problems.front().line();
  }
}
