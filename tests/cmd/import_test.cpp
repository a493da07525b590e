// Archives of reports, as a city exports them: their own times, in any order of files, and every row that was
// not taken as it stood is told.
#include <gtest/gtest.h>

#include <fstream>

#include "base/database.hpp"
#include "base/file.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "support/command.hpp"
#include "support/folder.hpp"

using namespace qipan;

namespace {

class Archive : public testing::Test {
 protected:
  Archive() {
    data_ = folder_ / "d";
    EXPECT_EQ(test::run("init --data " + data_ + " --pack " QIPAN_SOURCE_DIR "/packs/reports-archive").code,
              0);
    map("%Y-%m-%d %H:%M:%S");
  }

  void map(const std::string& format, const std::string& more = "") {
    std::ofstream(folder_ / "map.toml")
        << "source = \"city\"\nzone = \"Asia/Shanghai\"\ntime_format = \"" + format + "\"\n" + more +
               "[columns]\nid = \"id\"\nclass = \"type\"\ncreated = \"created\"\ndue = \"due\"\nclosed = "
               "\"closed\"\n"
               "status = \"status\"\nlongitude = \"lon\"\nlatitude = \"lat\"\n";
  }
  Json import(const std::string& rows, int code = 0) {
    std::ofstream(folder_ / "f.csv") << "id,type,created,due,closed,status,lon,lat\n" + rows;
    const auto ran = test::run("import reports " + (folder_ / "f.csv").string() + " --map " +
                               (folder_ / "map.toml").string() + " --data " + data_ + " --json");
    EXPECT_EQ(ran.code, code) << ran.out;
    const auto line = ran.out.find_last_of('{', ran.out.rfind("\"rows\""));
    return parse_json(std::string_view(ran.out).substr(line, ran.out.find_last_of('}') - line + 1))
        .value_or(Json());
  }
  std::string told() { return read_file(data_ + "/imports/f.csv.told.csv").value_or(""); }
  std::string row(const std::string& id) {
    Database database(data_ + "/district.db", {.read_only = true});
    auto statement =
        database.prepare("SELECT created, closed, due, late, state FROM case_cases WHERE external=?");
    statement.bind(id);
    if (!statement.step()) return "none";
    const auto time = [&](int column) {
      return statement.is_null(column) ? std::string("-")
                                       : format_instant(statement.integer(column)).substr(0, 16);
    };
    return time(0) + " " + time(1) + " " + time(2) + (statement.integer(3) != 0 ? " late " : " ") +
           std::string(statement.text(4));
  }
  std::int64_t facts() {
    Database database(data_ + "/district.db", {.read_only = true});
    return database.integer(
        "SELECT count(*) FROM board_subjects s JOIN board_kinds k ON k.id=s.kind JOIN case_types t ON "
        "t.name=k.name");
  }

  test::Folder folder_{"archive"};
  std::string data_;
};

}  // namespace

TEST_F(Archive, KeepsItsOwnTimesInAnyOrderOfFiles) {
  import("N-1,a,2021-03-10 09:00:00,2021-03-12 09:00:00,2021-03-11 17:00:00,Closed,113.1,22.5\n");
  import("O-1,a,2016-01-02 08:00:00,2016-01-05 08:00:00,2016-01-09 08:00:00,Closed,113.1,22.5\n");
  EXPECT_EQ(row("N-1"), "2021-03-10T01:00 2021-03-11T09:00 2021-03-12T01:00 closed");
  EXPECT_EQ(row("O-1"), "2016-01-02T00:00 2016-01-09T00:00 2016-01-05T00:00 late closed");
  EXPECT_EQ(test::run("verify --data " + data_).code, 0);
}

TEST_F(Archive, ANewerExportChangesWhatItKnowsAndTheSameOneNothing) {
  const std::string open = "A-1,a,2021-03-10 09:00:00,2021-03-12 09:00:00,,Open,113.1,22.5\n";
  const std::string closed =
      "A-1,a,2021-03-10 09:00:00,2021-03-12 09:00:00,2021-03-13 09:00:00,Closed,113.1,22.5\n";
  import(open);
  const auto before = facts();
  EXPECT_EQ(import(open)["known"], Json(1));
  EXPECT_EQ(facts(), before) << "the same file again writes nothing";
  EXPECT_EQ(import(closed)["updated"], Json(1));
  EXPECT_EQ(row("A-1"), "2021-03-10T01:00 2021-03-13T01:00 2021-03-12T01:00 late closed");
  const Json again = import(open, 1);
  EXPECT_EQ(again["refusals"]["report-reopened"], Json(1)) << again.dump();
}

TEST_F(Archive, TellsEveryRowThatWasNotTakenAsItStood) {
  const Json json = import(
      "B-1,a,2021-03-10 09:00:00,,2021-03-08 17:00:00,Closed,113.1,22.5\n"
      "B-2,a,2021-03-10 09:00:00,soon,never,Closed,0,0\n"
      "B-3,a,2021-03-10 09:00:00,,,Open, 1.131E2 ,22.5\n"
      "B-4,a,2021-03-10 09:00:00,,,Open,22.5,113.1\n"
      "B-1,a,2021-03-11 09:00:00,,2021-03-12 17:00:00,Closed,113.1,22.5\n" +
      std::string(130, 'x') +
      ",a,2021-03-10 09:00:00,,,Open,,\n"
      "B-6," +
      std::string(200, 'y') +
      ",2021-03-10 09:00:00,,,Open,,\n"
      "B-7,a,10.03.2021,,,Open,,\n");
  EXPECT_EQ(json["cases"], Json(4));
  EXPECT_EQ(json["refusals"].dump(),
            R"({"class-too-long":1,"created-unreadable":1,"id-repeated":1,"id-too-long":1})");
  EXPECT_EQ(row("B-1"), "2021-03-10T01:00 2021-03-08T09:00 - closed")
      << "neither moved, nor closed by the repeated row";
  EXPECT_EQ(row("B-2").substr(17), "2021-03-10T01:00 - closed");
  EXPECT_EQ(json["without_place"], Json(2)) << "B-3's exponent and blanks are a place";
  for (const char* line : {"f.csv,2,closed", "f.csv,3,due", "f.csv,3,closed", "f.csv,3,lon", "f.csv,5,lat",
                           "f.csv,6,id", "f.csv,7,id", "f.csv,8,type", "f.csv,9,created"})
    EXPECT_NE(told().find(line), std::string::npos) << line << "\n" << told();
  EXPECT_NE(told().find("swapped"), std::string::npos);
}

TEST_F(Archive, ReadsOffsetsAndRefusesAFileOfNoUse) {
  map("%Y-%m-%dT%H:%M:%S%z");
  import(
      "C-1,a,2021-03-10T09:00:00+00:00,,,Open,,\nC-2,a,2021-03-10T09:00:00Z,,,Open,,\nC-3,a,2021-03-10T09:00:"
      "00-0500,,,Open,,\n");
  EXPECT_EQ(row("C-1"), "2021-03-10T09:00 - - open");
  EXPECT_EQ(row("C-2"), "2021-03-10T09:00 - - open");
  EXPECT_EQ(row("C-3"), "2021-03-10T14:00 - - open");
  map("iso");
  import("C-4,a,2021-03-10T09:00:00.5+08:00,,,Open,,\n");
  EXPECT_EQ(row("C-4"), "2021-03-10T01:00 - - open");
  map("%d.%m.%Y");
  EXPECT_EQ(import("C-5,a,2021-03-10 09:00:00,,,Open,,\n", 1)["refused"], Json(1));
}

// What is no row of a view: an index that is gone, a trigger that somebody added.
TEST_F(Archive, VerifyFindsWhatSomebodyDidToTheDatabase) {
  import("A-1,a,2021-03-10 09:00:00,,,Open,113.1,22.5\n");
  ASSERT_EQ(test::run("verify --data " + data_).code, 0);
  const auto after = [&](const std::string& sql) {
    Database(data_ + "/district.db").execute(sql);
    return test::run("verify --data " + data_ + " --json").out;
  };
  EXPECT_NE(after("CREATE TRIGGER hidden AFTER INSERT ON case_cases BEGIN DELETE FROM case_limits; END")
                .find("trigger hidden"),
            std::string::npos);
  EXPECT_NE(after("DROP TRIGGER hidden; DROP INDEX case_parent").find("index case_parent"),
            std::string::npos);
}
