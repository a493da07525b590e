// Entries from a file: personal values go to the vault, and what only lies in the content store is refused.
#include <gtest/gtest.h>

#include <fstream>

#include "base/database.hpp"
#include "base/file.hpp"
#include "board/district.hpp"
#include "cmd/engines.hpp"
#include "registers/queries.hpp"
#include "support/command.hpp"
#include "support/folder.hpp"

using namespace qipan;

TEST(ImportEntries, SealsWhatIsPersonalAndTakesNoPhotos) {
  const test::Folder folder("entries");
  const std::string data = (folder / "d").string();
  ASSERT_EQ(test::run("init --data " + data + " --pack " QIPAN_SOURCE_DIR "/packs/enterprises").code, 0);
  const auto import = [&](const std::string& columns, const std::string& values) {
    std::ofstream(folder / "f.csv") << "credit_code,name,kind,business_state" + columns +
                                           "\n91440704MA0EX0018E,示例灯具厂,company,open" + values + "\n";
    return test::run("import entries --data " + data + " enterprise " + (folder / "f.csv").string());
  };
  EXPECT_NE(import(",front", "," + std::string(64, 'f')).code, 0);
  EXPECT_NE(import(",contact_mobile", ",abc").code, 0);
  ASSERT_EQ(import(",contact,contact_mobile", ",示例联系人,13800009999").code, 0);
  // Neither the database nor its log has them, and verify finds the sealed ones.
  for (const char* file : {"/district.db", "/district.db-wal"}) {
    const std::string bytes = read_file(data + file, 64U << 20U).value_or("");
    EXPECT_EQ(bytes.find("13800009999"), std::string::npos) << file;
    EXPECT_EQ(bytes.find("示例联系人"), std::string::npos) << file;
  }
  const auto verified = test::run("verify --data " + data);
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_NE(verified.out.find("2 sealed values"), std::string::npos) << verified.out;
}

namespace {

constexpr const char* kinds_toml = R"(
name = "kinds"
title = { zh = "各类", en = "Kinds" }
key = "code"
geometry = "GEOMETRY"
[[fields]]
name = "code"
type = "text"
required = true
title = { zh = "编号", en = "Code" }
[[fields]]
name = "words"
type = "long_text"
title = { zh = "说明", en = "Words" }
[[fields]]
name = "count"
type = "integer"
title = { zh = "数", en = "Count" }
[[fields]]
name = "size"
type = "decimal"
title = { zh = "面积", en = "Size" }
[[fields]]
name = "price"
type = "money"
title = { zh = "金额", en = "Price" }
[[fields]]
name = "share"
type = "percent"
title = { zh = "比例", en = "Share" }
[[fields]]
name = "yes"
type = "boolean"
title = { zh = "是否", en = "Yes" }
[[fields]]
name = "kind"
type = "choice"
options = [ { value = "a", title = { zh = "b", en = "b" } }, { value = "b", title = { zh = "乙", en = "B" } } ]
title = { zh = "类别", en = "Kind" }
[[fields]]
name = "tags"
type = "choices"
options = ["food", "retail"]
title = { zh = "标签", en = "Tags" }
[[fields]]
name = "day"
type = "date"
title = { zh = "日", en = "Day" }
[[fields]]
name = "month"
type = "month"
title = { zh = "月", en = "Month" }
[[fields]]
name = "at"
type = "instant"
title = { zh = "时刻", en = "At" }
[[fields]]
name = "lasts"
type = "duration"
title = { zh = "时长", en = "Lasts" }
[[fields]]
name = "way"
type = "line"
title = { zh = "线", en = "Way" }
[[fields]]
name = "other"
type = "reference"
to = ["kinds"]
title = { zh = "参照", en = "Other" }
)";

/// What is hard to write and to read again.
constexpr const char* hard_rows[] = {
    R"({"code":"1","words":"=1+1","count":-5,"size":-0.5,"price":0.01,"share":12.5,"yes":true,"kind":"b"})",
    R"({"code":"2","words":"'=1+1","kind":"a","tags":["food","retail"],"day":"2026-02-28","month":"2026-02"})",
    R"({"code":"3","words":"''a, \"b\"","at":"2026-03-01T00:00:00.123456Z","lasts":"P3DT12H","other":"kinds:1"})",
    R"({"code":"'4'","words":" leading and trailing ","way":[[1131000000,225000000],[1131000001,225000001]]})",
    R"({"code":"5","words":"two\r\nlines\nand\ta tab","yes":false,"size":123456789.123456})",
    R"({"code":"+6","words":"＝全角","count":999999999999})",
    R"({"code":"007","words":"积水𠀀é","price":-123456789012.45})",
    R"({"code":"8 ","words":"-","tags":["retail"]})",
    R"({"code":"9","words":"@x"})"};

class RoundTrip : public testing::Test {
 protected:
  std::string district(const std::string& name, const std::string& geometry) {
    std::filesystem::create_directories(folder_ / "pack" / "registers");
    std::ofstream(folder_ / "pack" / "pack.toml")
        << "name = \"kinds\"\nneeds = [\"base\"]\ntitle = { zh = \"类\", en = \"Kinds\" }\n";
    std::string toml = kinds_toml;
    toml.replace(toml.find("GEOMETRY"), 8, geometry);
    std::ofstream(folder_ / "pack" / "registers" / "kinds.toml") << toml;
    const std::string data = (folder_ / name).string();
    const auto made = test::run("init --data " + data + " --pack " QIPAN_SOURCE_DIR "/packs/base " +
                                (folder_ / "pack").string());
    EXPECT_EQ(made.code, 0) << made.out;
    const auto opened = board::District::open(data, cmd::make_engines);
    EXPECT_TRUE(opened);
    if (opened)
      run((*opened)->board(), "unit.create",
          *parse_json(R"({"code":"X","kind":"district","title_zh":"区","title_en":"D"})"));
    return data;
  }
  static void run(board::Board& board, const char* kind, Json body) {
    board::Command command;
    command.kind = kind;
    command.actor = "operator";
    command.body = std::move(body);
    const auto outcome = board.decide(std::move(command));
    EXPECT_TRUE(outcome) << kind << outcome.error().line();
  }
  void fill(const std::string& data, const std::function<void(Json& body, std::int64_t row)>& place) {
    const auto opened = board::District::open(data, cmd::make_engines);
    ASSERT_TRUE(opened);
    std::int64_t row = 0;
    for (const char* values : hard_rows) {
      Json body = Json::object().set("register", "kinds").set("values", *parse_json(values));
      place(body, ++row);
      run((*opened)->board(), "register.add", std::move(body));
    }
  }
  /// From one district into another and out again: the same bytes, the same values.
  void go_round(const std::string& from, const std::string& to, const std::string& ending,
                const std::string& crs) {
    const std::string first = (folder_ / ("first" + ending)).string();
    const std::string second = (folder_ / ("second" + ending)).string();
    const std::string system = " --crs " + crs;
    ASSERT_EQ(test::run("export kinds " + first + " --data " + from + system).code, 0);
    const auto imported = test::run("import entries kinds " + first + " --data " + to + system);
    ASSERT_EQ(imported.code, 0) << imported.out;
    ASSERT_EQ(test::run("export kinds " + second + " --data " + to + system).code, 0);
    EXPECT_EQ(*read_file(first, 1U << 20U), *read_file(second, 1U << 20U));
    EXPECT_EQ(values_of(from), values_of(to));
  }
  static std::string values_of(const std::string& data) {
    Database database(data + "/district.db", {.read_only = true});
    const auto declared = registers::find_register(database, "kinds");
    std::string all;
    for (std::int64_t id = 1; id <= static_cast<std::int64_t>(std::size(hard_rows)); ++id)
      all += registers::find_entry(database, *declared, id)->values.dump() + "\n";
    return all;
  }
  test::Folder folder_{"round"};
};

}  // namespace

TEST_F(RoundTrip, ThroughCsv) {
  const std::string from = district("a", "point");
  fill(from, [](Json& body, std::int64_t row) {
    if (row % 2 == 0) body.set("x", 1'131'195'000 + row).set("y", 225'603'000 - row);
  });
  go_round(from, district("b", "point"), ".csv", "wgs84");
}

TEST_F(RoundTrip, ThroughGeoJson) {
  const std::string from = district("a", "polygon");
  fill(from, [](Json& body, std::int64_t row) {
    if (row % 2 == 0)
      body.set("geometry", *parse_json("[[1131000000,225000000,1131000100,225000000,1131000100,225000" +
                                       std::to_string(100 + row) + ",1131000000,225000000]]"));
  });
  go_round(from, district("b", "polygon"), ".geojson", "cgcs2000");
}

TEST_F(RoundTrip, ThroughOtherSystemsOfPlaces) {
  for (const std::string crs : {"gcj02", "bd09"}) {
    const std::string from = district("a" + crs, "point");
    fill(from, [](Json& body, std::int64_t row) {
      body.set("x", 1'131'195'000 + row * 777).set("y", 225'603'000 - row * 333);
    });
    const std::string to = district("b" + crs, "point");
    const std::string file = (folder_ / (crs + ".csv")).string();
    ASSERT_EQ(test::run("export kinds " + file + " --data " + from + " --crs " + crs).code, 0);
    ASSERT_EQ(test::run("import entries kinds " + file + " --data " + to + " --crs " + crs).code, 0);
    Database one(from + "/district.db", {.read_only = true});
    Database other(to + "/district.db", {.read_only = true});
    for (std::int64_t id = 1; id <= static_cast<std::int64_t>(std::size(hard_rows)); ++id) {
      const std::string sql = "SELECT x FROM register_kinds WHERE id=" + std::to_string(id);
      const auto apart = std::abs(one.integer(sql) - other.integer(sql));
      EXPECT_EQ(apart, 0) << crs << id;
    }
  }
}

// What somebody matched once is matched so the next time; what was entered is taken back by its id.
TEST_F(RoundTrip, MatchesAreKeptAndImportsTakenBack) {
  const std::string data = district("a", "point");
  const auto import = [&](const std::string& text, const std::string& words) {
    std::ofstream(folder_ / "f.csv", std::ios::binary) << text;
    return test::run("import entries kinds " + (folder_ / "f.csv").string() + " --data " + data + " --json " +
                     words);
  };
  EXPECT_NE(import("单号,备注\nA1,x\n", "").out.find("column-unknown"), std::string::npos);
  EXPECT_EQ(import("单号,备注\nA1,x\n", "--match 单号=code --match 备注=").code, 0);
  const auto again = import("单号,备注\nA2,x\nA1,x\n", "--good-rows");
  ASSERT_EQ(again.code, 0) << again.out;
  const auto told = parse_json(again.out);
  EXPECT_EQ((*told)["added"].integer(), 1);
  EXPECT_EQ((*told)["bad"].integer(), 1);
  EXPECT_NE(read_file((*told)["told"].text(), 1U << 20U)->find("entry-known"), std::string::npos);
  const auto undone = test::run("import undo " + (*told)["import"].text() + " --data " + data + " --json");
  EXPECT_EQ(undone.out, "{\"retired\":1,\"changed_back\":0,\"left\":0}\n");
  EXPECT_EQ(test::run("verify --data " + data).code, 0);
}
