// What somebody who knows the authoring page alone gets wrong: everything is named, all of it at once, and
// nothing is entered by halves.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/database.hpp"
#include "support/command.hpp"
#include "support/folder.hpp"

using namespace qipan;
namespace fs = std::filesystem;

namespace {

class Strangers : public testing::Test {
 protected:
  std::string write(const std::string& path, const std::string& text) {
    const fs::path file = folder_ / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file.string();
  }

  test::Folder folder_{"strangers"};
};

constexpr const char* manifest = R"(
name = "wrong"
title = { zh = "错", en = "W" }
needs = ["base"]
)";

constexpr const char* case_type = R"(
name = "thing_case"
title = { zh = "事", en = "T" }
initial = "open"
[create]
roles = ["anonymous", "nobody_such"]
fields = ["description"]
[[fields]]
name = "description"
type = "text"
title = { zh = "述", en = "D" }
[[states]]
name = "open"
title = { zh = "开", en = "O" }
stage = "middle"
[[states]]
name = "closed"
title = { zh = "结", en = "C" }
final = true
[[transitions]]
name = "close"
title = { zh = "结", en = "C" }
from = ["open"]
to = "closed"
roles = ["hander"]
)";

}  // namespace

TEST_F(Strangers, CheckNamesRolesStagesAndFoldersThatNobodyKnows) {
  write("wrong/pack.toml", manifest);
  write("wrong/cases/c.toml", case_type);
  write("wrong/case/other.toml", "");
  write("wrong/notes.txt", "");
  const auto ran =
      test::run("check " + (folder_ / "wrong").string() + " " QIPAN_SOURCE_DIR "/packs/base --json");
  EXPECT_NE(ran.code, 0);
  for (const char* part : {"nobody_such", "hander", "\"middle\"", "wrong/case", "wrong/notes.txt"})
    EXPECT_NE(ran.out.find(part), std::string::npos) << part << "\n" << ran.out;
}

// Subjects are "kind:id" wherever they stand: one name, one kind of thing.
TEST_F(Strangers, CheckRefusesARegisterAndACaseTypeOfOneName) {
  const auto refused = [&](const std::string& name) {
    std::string type = case_type;
    type.replace(type.find("thing_case"), 10, name);
    std::string needs = manifest;
    needs.replace(needs.find("\"base\""), 6, "\"base\", \"sensing\"");
    write("wrong/pack.toml", needs);
    write("wrong/cases/c.toml", type);
    const auto ran = test::run("check " + (folder_ / "wrong").string() +
                               " " QIPAN_SOURCE_DIR "/packs/base " QIPAN_SOURCE_DIR "/packs/sensing --json");
    return ran.out.find("would share it") != std::string::npos;
  };
  EXPECT_TRUE(refused("datastream")) << "a register of another pack";
  EXPECT_TRUE(refused("person")) << "what an engine has";
  EXPECT_TRUE(refused("board"));
  EXPECT_TRUE(refused("class")) << "what its own engine has";
  EXPECT_FALSE(refused("thing_case"));
}

// What a limit names must be there: else it never holds, and nobody hears of it.
TEST_F(Strangers, CheckNamesPropertiesAndClassesOfLimitsThatNobodyHas) {
  write("wrong/pack.toml", R"(
name = "wrong"
title = { zh = "错", en = "W" }
needs = ["air-quality"]
)");
  write("wrong/sensing/limits.toml", R"(
[[limits]]
name = "lost"
property = "pm_25"
above = 75
minimum_minutes = 1
source = "own"
title = { zh = "高", en = "High" }
[[limits]]
name = "unclassed"
property = "pm25"
above = 75
minimum_minutes = 1
source = "own"
case_type = "air_excess"
case_class = "A99"
title = { zh = "高", en = "High" }
)");
  const std::string shipped = QIPAN_SOURCE_DIR "/packs/";
  const auto ran = test::run("check " + (folder_ / "wrong").string() + " " + shipped + "air-quality " +
                             shipped + "grid-events " + shipped + "jianghai --json");
  EXPECT_NE(ran.code, 0);
  for (const char* part : {"limit-code-unknown", "lost/property", "pm_25", "unclassed/case_class", "A99"})
    EXPECT_NE(ran.out.find(part), std::string::npos) << part << "\n" << ran.out;
}

TEST_F(Strangers, ARegisterIsEnteredWholeOrNotAndEveryReasonIsTold) {
  const std::string data = (folder_ / "d").string();
  ASSERT_EQ(test::run("init --data " + data +
                      " --pack " QIPAN_SOURCE_DIR "/examples/packs/lamps " QIPAN_SOURCE_DIR "/packs/base")
                .code,
            0);
  const auto count = [&] {
    Database database(data + "/district.db", {.read_only = true});
    return database.integer("SELECT count(*) FROM register_lamp_post");
  };
  const auto before = count();
  const auto import = [&](const std::string& name, const std::string& text) {
    const auto ran =
        test::run("import entries lamp_post " + write(name, text) + " --data " + data + " --json");
    EXPECT_NE(ran.code, 0) << ran.out;
    EXPECT_EQ(count(), before) << ran.out;
    return ran.out;
  };
  // The header first, each column by its name.
  const std::string header = import("h.csv", "cod,heigth\nL-900,3\n");
  for (const char* part : {"column-unknown", "code", "cod", "heigth"})
    EXPECT_NE(header.find(part), std::string::npos) << part << header;
  // Twice in the file, and in the register already: both told, and the good row does not go in alone.
  const std::string twice =
      import("t.csv", "code,height,kind\nL-901,8,led\nL-902,8,led\nL-901,8,led\nL-001,8,led\n");
  EXPECT_NE(twice.find("line 4 values/code"), std::string::npos) << twice;
  EXPECT_NE(twice.find("L-001"), std::string::npos) << twice;
}

// RFC 7946, 3.1.6: a ring ends where it began.
TEST_F(Strangers, ARingThatDoesNotCloseIsRefused) {
  write("areas/pack.toml", R"(
name = "areas"
title = { zh = "区", en = "Areas" }
needs = ["base"]
)");
  write("areas/registers/area.toml", R"(
name = "area"
title = { zh = "片区", en = "Area" }
key = "code"
geometry = "polygon"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
)");
  const std::string data = (folder_ / "d").string();
  const auto made = test::run("init --data " + data + " --pack " + (folder_ / "areas").string() +
                              " " QIPAN_SOURCE_DIR "/packs/base --json");
  ASSERT_EQ(made.code, 0) << made.out;
  const auto import = [&](const std::string& ring) {
    const std::string file = write(
        "a.geojson",
        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"A1"},"geometry":{"type":"Polygon","coordinates":[[)" +
            ring + "]]}}]}");
    return test::run("import entries area " + file + " --data " + data + " --json");
  };
  const auto open = import("[113.1,22.5],[113.2,22.5],[113.2,22.6],[113.1,22.6]");
  EXPECT_NE(open.code, 0) << open.out;
  EXPECT_NE(open.out.find("ring"), std::string::npos) << open.out;
  EXPECT_EQ(import("[113.1,22.5],[113.2,22.5],[113.2,22.6],[1.131e2,22.5]").code, 0)
      << "the same place, written otherwise";
}
