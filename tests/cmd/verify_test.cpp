// What lies beside the log: sealed values and photos. `qipan verify` finds what is altered, missing or under
// another key, needs no key for it, and reads only; what nothing names is swept, what anything ever named
// stays.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/database.hpp"
#include "base/file.hpp"
#include "board/beside.hpp"
#include "cmd/engines.hpp"
#include "support/command.hpp"
#include "support/folder.hpp"
#include "support/prepared.hpp"

using namespace qipan;
namespace fs = std::filesystem;

namespace {

class Beside : public testing::Test {
 protected:
  Beside() {
    data_ = (folder_ / "d").string();
    test::lay_out_jianghai(data_);
    auto district = board::District::open(data_, cmd::make_engines);
    EXPECT_TRUE(district) << district.error().line();
    photo_ = *(*district)->content().put("a photo");
    later_ = *(*district)->content().put("another");
    unused_ = *(*district)->content().put("nobody's");
    board::Command command;
    command.kind = "case.create";
    command.actor = "anonymous";
    command.body =
        *parse_json(R"({"type":"grid_event","source":"resident","fields":{"description":"井盖"}})");
    Json fields = command.body["fields"];
    command.body.set("fields", fields.set("photos", Json::array().push(photo_)));
    command.personal.push_back({"fields/reporter_telephone", "13800000000"});
    const auto outcome = (*district)->board().decide(std::move(command));
    EXPECT_TRUE(outcome) << outcome.error().line();
  }
  [[nodiscard]] std::string told() const { return test::run("verify --data " + data_ + " --json").out; }
  [[nodiscard]] bool finds(const std::string& what) const {
    const auto ran = test::run("verify --data " + data_ + " --json");
    return ran.code != 0 && ran.out.find(what) != std::string::npos;
  }
  [[nodiscard]] std::string path(const std::string& hash) const {
    return data_ + "/content/" + hash.substr(0, 2) + "/" + hash;
  }
  static void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  test::Folder folder_{"beside"};
  std::string data_;
  std::string photo_;
  std::string later_;
  std::string unused_;
};

}  // namespace

TEST_F(Beside, IsHeldAgainstTheLogWithItsKeyAndWithout) {
  EXPECT_NE(told().find(R"("sealed_opened":true)"), std::string::npos) << told();
  EXPECT_NE(told().find(R"("contents":1)"), std::string::npos) << told();
  EXPECT_NE(told().find(R"("contents_unnamed":2)"), std::string::npos) << told();
  // A backup has no keys, and is whole without them.
  ASSERT_EQ(test::run("backup --data " + data_ + " --to " + (folder_ / "b").string()).code, 0);
  const auto copy = test::run("verify --data " + (folder_ / "b").string() + " --json");
  EXPECT_EQ(copy.code, 0) << copy.out;
  EXPECT_NE(copy.out.find(R"("sealed_opened":false)"), std::string::npos) << copy.out;
}

TEST_F(Beside, EveryAlterationIsFound) {
  const std::string vault = data_ + "/vault.db";
  const std::string key = *read_file(data_ + "/keys/vault-1.key");
  write(data_ + "/keys/vault-1.key", std::string(32, 'x') + key.substr(32));
  EXPECT_TRUE(finds("these keys open")) << told();
  fs::rename(data_ + "/keys", folder_ / "keys");
  EXPECT_EQ(test::run("verify --data " + data_).code, 0) << "no key is needed";
  {
    Database database(vault);
    database.execute(
        "UPDATE vault_values SET sealed=zeroblob(length(sealed)) WHERE id=(SELECT min(id) FROM "
        "vault_values)");
  }
  EXPECT_TRUE(finds("bytes of the hash that the log has")) << told();
  {
    Database database(vault);
    database.execute("DELETE FROM vault_values");
  }
  EXPECT_TRUE(finds("did not erase")) << told();
  fs::remove(vault);
  EXPECT_TRUE(finds("vault.db")) << told();
}

TEST_F(Beside, PhotosThatAreAlteredOrMissingAreFound) {
  write(path(photo_), "another photo");
  EXPECT_TRUE(finds(photo_ + " is altered")) << told();
  fs::remove(path(photo_));
  EXPECT_TRUE(finds(photo_ + " is missing")) << told();
  write(path(photo_), "a photo");
  EXPECT_EQ(test::run("verify --data " + data_).code, 0);
  // Also one that nothing names: somebody wrote there.
  write(path(unused_), "something");
  EXPECT_TRUE(finds(unused_ + " is altered")) << told();
}

TEST_F(Beside, WhatNothingNamesIsSweptWhenItWasLeftAlone) {
  auto district = board::District::open(data_, cmd::make_engines);
  ASSERT_TRUE(district);
  auto& board = (*district)->board();
  const auto& content = (*district)->content();
  const auto sweep = [&](std::int64_t age) {
    return board::sweep_contents(content, board.database(), board.engines(), age);
  };
  EXPECT_EQ(sweep(microseconds_per_day), 0U) << "somebody may be about to name it";
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(48);
  for (const std::string& hash : {photo_, later_, unused_}) fs::last_write_time(path(hash), old);
  EXPECT_TRUE(content.touch(later_));
  EXPECT_EQ(sweep(microseconds_per_day), 1U);
  EXPECT_TRUE(content.has(photo_));
  EXPECT_TRUE(content.has(later_));
  EXPECT_FALSE(content.has(unused_));
  EXPECT_FALSE(content.touch(unused_));
}

TEST_F(Beside, AnErasedValueStaysAwayFromARestoredBackup) {
  const std::string backup = (folder_ / "backup").string();
  ASSERT_EQ(test::run("backup --data " + data_ + " --to " + backup).code, 0);
  {
    auto district = board::District::open(data_, cmd::make_engines);
    board::Command erase;
    erase.kind = "case.erase";
    erase.actor = "operator";
    erase.body = *parse_json(R"({"id":1,"field":"reporter_telephone","purpose":"asked for"})");
    ASSERT_TRUE((*district)->board().decide(std::move(erase)));
    EXPECT_EQ((*district)->vault().keys().erased().size(), 1U);
  }
  EXPECT_EQ(test::run("verify --again --data " + data_).code, 0);
  // As docs/operation.md says: the copy in place of the district, with the keys that are kept apart.
  for (const char* name :
       {"district.db", "district.db-wal", "district.db-shm", "vault.db", "vault.db-wal", "vault.db-shm"})
    fs::remove(data_ + "/" + name);
  for (const char* name : {"district.db", "vault.db"}) fs::copy_file(backup + "/" + name, data_ + "/" + name);
  {
    auto district = board::District::open(data_, cmd::make_engines);
    ASSERT_TRUE(district) << district.error().line();
    const std::string id = *(*district)->vault().keys().erased().begin();
    EXPECT_FALSE((*district)->vault().has_id(id));
    board::Command reveal;
    reveal.kind = "case.reveal";
    reveal.actor = "operator";
    reveal.body = *parse_json(R"({"id":1,"field":"reporter_telephone","purpose":"call back"})");
    const auto outcome = (*district)->board().decide(std::move(reveal));
    ASSERT_TRUE(outcome) << "the older log names it";
    EXPECT_EQ((*district)->vault().reveal(*parse_json(outcome->answer)).error().code, "personal-value-gone");
  }
  EXPECT_EQ(test::run("verify --data " + data_).code, 0) << told();
  const auto turned = test::run("keys --turn --destroy-ended 0 --json --data " + data_);
  EXPECT_EQ(turned.code, 0) << turned.out;
  EXPECT_NE(turned.out.find(R"("destroyed":1)"), std::string::npos) << turned.out;
  EXPECT_EQ(test::run("verify --data " + data_).code, 0) << told();
}

// Whatever opens the district says so, and ends no process.
TEST_F(Beside, ALastBatchThatCannotBeReadIsTold) {
  {
    Database database(data_ + "/district.db");
    database.execute(
        "UPDATE log_batches SET bytes=substr(bytes,1,length(bytes)/2) WHERE first=(SELECT max(first) FROM "
        "log_batches)");
  }
  for (const char* more : {"", " --rebuild"}) {
    const auto ran = test::run("verify --data " + data_ + more + " --json");
    EXPECT_TRUE(ran.code == 1 || ran.code == 3) << more << ran.code << ran.out;
    EXPECT_NE(ran.out.find("batch"), std::string::npos) << more << ran.out;
  }
}

TEST_F(Beside, FilesAreTheOperatorsAlone) {
  for (const char* name : {"district.db", "vault.db", "keys/vault-1.key", "lock"}) {
    const auto rights = fs::status(data_ + "/" + name).permissions();
    EXPECT_EQ(rights & (fs::perms::group_all | fs::perms::others_all), fs::perms::none) << name;
  }
}

// A copy that nobody may write beside: SQLite is told that it stands still.
TEST_F(Beside, ADatabaseThatStandsStillIsReadWithoutAFileBesideIt) {
  ASSERT_EQ(test::run("backup --data " + data_ + " --to " + (folder_ / "b").string()).code, 0);
  fs::rename(folder_ / "b", folder_ / "b #1%?");
  const std::string path = (folder_ / "b #1%?/district.db").string();
  Database database(path, {.read_only = true, .immutable = true});
  EXPECT_GT(database.integer("SELECT count(*) FROM case_cases"), 0);
  EXPECT_FALSE(file_exists(path + "-shm"));
  EXPECT_THROW(database.execute("DELETE FROM case_cases"), DatabaseError);
}

// Security review, 6: files come and go in the folder that is copied.
TEST_F(Beside, ABackupWhilePhotosComeInIsWhole) {
  auto district = board::District::open(data_, cmd::make_engines);
  ASSERT_TRUE(district) << district.error().line();
  std::atomic<bool> done{false};
  std::atomic<int> stored{0};
  std::thread uploads([&] {
    for (int i = 0; !done; ++i)
      if ((*district)->content().put("photo " + std::to_string(i) + std::string(100'000, 'x'))) ++stored;
  });
  for (int i = 0; i < 5; ++i) {
    const int before = stored;
    while (stored < before + 20) std::this_thread::yield();
    const std::string target = (folder_ / ("b" + std::to_string(i))).string();
    const auto made = (*district)->backup(target);
    EXPECT_TRUE(made) << made.error().line();
    const auto checked =
        board::verify_folder(target, cmd::make_engines, false, [](std::string_view, Position) {});
    EXPECT_TRUE(checked) << checked.error().line();
    for (const auto& file : fs::recursive_directory_iterator(target + "/content"))
      EXPECT_TRUE(file.is_directory() || file.path().filename().string().size() == 64) << file.path();
  }
  done = true;
  uploads.join();
}

namespace {

/// tools/verify_log.py, which reads by docs/format.md alone.
test::Ran python(const std::string& words) {
  return test::run_program("python3 " QIPAN_SOURCE_DIR "/tools/verify_log.py " + words);
}

}  // namespace

TEST(Fixtures, AnotherProgramReadsThemByTheirDescription) {
  const std::string fixture = QIPAN_SOURCE_DIR "/tests/fixtures/format-2/first";
  const auto log = python("batches " + fixture + ".log");
  ASSERT_EQ(log.code, 0) << log.out;
  const std::string root = to_hex(*from_base64((*parse_json(log.out))["root"].text()));
  EXPECT_EQ(root + "\n", *read_file(fixture + ".root", 1'000));
}

TEST_F(Beside, AnotherProgramReadsLogAndReceiptsByTheirDescription) {
  const auto ours = parse_json(test::run("verify --data " + data_ + " --json").out);
  ASSERT_TRUE(ours);
  const auto log = python("log " + data_ + "/district.db");
  ASSERT_EQ(log.code, 0) << log.out;
  const auto theirs = parse_json(log.out);
  ASSERT_TRUE(theirs);
  EXPECT_EQ((*theirs)["facts"].integer(), (*ours)["facts"].integer());
  EXPECT_EQ(to_hex(*from_base64((*theirs)["root"].text())), (*ours)["root"].text());
  const std::string last = std::to_string((*ours)["facts"].integer() - 1);
  const std::string file = (folder_ / "r.tlog-proof").string();
  for (const char* audience : {"everybody", "party", "internal", "sensitive"}) {
    ASSERT_EQ(
        test::run("receipt make " + last + " --data " + data_ + " --out " + file + " --for " + audience).code,
        0);
    const auto receipt = python("receipt " + file);
    ASSERT_EQ(receipt.code, 0) << receipt.out;
    const auto told = parse_json(receipt.out);
    ASSERT_TRUE(told);
    EXPECT_EQ((*told)["kind"].text(), "case.created");
    EXPECT_EQ((*told)["body"]["fields"].has("description"), std::string_view(audience) != "everybody");
    EXPECT_EQ(told->has("command"),
              std::string_view(audience) == "internal" || std::string_view(audience) == "sensitive");
    EXPECT_EQ(parse_json(test::run("receipt verify " + file + " --json").out)->operator[]("withheld").dump(),
              (*told)["withheld"].dump());
  }
  auto text = *read_file(file, 1U << 20U);
  text[text.size() / 3] = text[text.size() / 3] == 'A' ? 'B' : 'A';
  ASSERT_TRUE(write_file(file, text));
  EXPECT_EQ(python("receipt " + file).code, 1) << "a changed receipt is refused";
}

TEST_F(Beside, ADistrictOfAnotherFormatIsNotOpened) {
  const std::string path = data_ + "/district.db";
  auto bytes = *read_file(path, 1U << 30U);
  const std::string told = R"("format":2)";
  const auto at = bytes.find(told);
  ASSERT_NE(at, std::string::npos);
  bytes[at + told.size() - 1] = '1';
  ASSERT_TRUE(write_file(path, bytes));
  const auto opened = board::District::open(data_, cmd::make_engines);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "format-other");
  EXPECT_EQ(opened.error().value, "1");
}

TEST(Format, VectorsHold) {
  EXPECT_EQ(python("vectors " QIPAN_SOURCE_DIR "/tests/log/vectors.json").code, 0);
}
