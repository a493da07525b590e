// Redaction: what should never have been written is taken out of the log for good, and everything else holds.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.hpp"
#include "board/beside.hpp"
#include "board/collections.hpp"
#include "board/redact.hpp"
#include "board/refold.hpp"
#include "cmd/engines.hpp"
#include "search/index.hpp"
#include "support/command.hpp"
#include "support/folder.hpp"
#include "support/prepared.hpp"

using namespace qipan;

namespace {

constexpr const char* secret = "secret-of-the-neighbour";

class Redact : public testing::Test {
 protected:
  Redact() {
    data_ = (folder_ / "d").string();
    test::lay_out_jianghai(data_);
    auto district = open();
    board::Command command;
    command.kind = "case.create";
    command.actor = "anonymous";
    command.body = *parse_json(R"({"type":"grid_event","source":"resident","fields":{"description":")" +
                               std::string(secret) + R"("}})");
    const auto outcome = district->board().decide(command);
    EXPECT_TRUE(outcome) << outcome.error().line();
    position_ = outcome->first;
    command.body =
        *parse_json(R"({"type":"grid_event","source":"resident","fields":{"description":"another"}})");
    EXPECT_TRUE(district->board().decide(command));
  }
  std::unique_ptr<board::District> open() {
    auto district = board::District::open(data_, cmd::make_engines);
    EXPECT_TRUE(district) << district.error().line();
    return std::move(*district);
  }
  /// Its words are found by the search, and so in its index.
  void make_searchable() {
    auto district = open();
    Database& database = district->board().database();
    const auto collections = std::make_shared<const std::vector<query::Collection>>(
        board::collections_of(district->board().engines(), database));
    search::Index index(data_, database);
    EXPECT_TRUE(
        index.update(database, collections, std::chrono::steady_clock::now() + std::chrono::hours(1)));
    EXPECT_TRUE(std::filesystem::exists(search::index_path(data_)));
  }

  test::Ran redact(const std::string& patch, const std::string& more = "--part party") {
    return test::run("redact --data " + data_ + " " + std::to_string(position_) + " " + more +
                     " --json --reason asked --patch '" + patch + "'");
  }
  bool anywhere(std::string_view text) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data_)) {
      if (!entry.is_regular_file()) continue;
      const auto bytes = read_file(entry.path().string(), 1U << 30U);
      if (bytes && bytes->find(text) != std::string::npos) return true;
    }
    return false;
  }

  test::Folder folder_{"redact"};
  std::string data_;
  Position position_ = 0;
};

/// Of all cases, as the views have them.
std::string held_fields(board::District& district) {
  std::string text;
  auto statement = district.board().database().prepare("SELECT fields FROM case_cases ORDER BY id");
  while (statement.step()) text += (text.empty() ? "" : " ") + std::string(statement.text(0));
  return text;
}

constexpr const char* patch = R"({"fields":{"description":"[removed]"}})";

}  // namespace

TEST_F(Redact, LeavesNoByteAndEveryRootAndReceipt) {
  ASSERT_TRUE(anywhere(secret));
  const std::string receipt = (folder_ / "r").string();
  const std::string make =
      "receipt make " + std::to_string(position_) + " --data " + data_ + " --out " + receipt;
  ASSERT_EQ(test::run(make).code, 0);
  const Hash root = open()->board().root();
  const auto size = open()->board().next_position();
  make_searchable();
  const auto ran = redact(patch);
  ASSERT_EQ(ran.code, 0) << ran.out;
  EXPECT_FALSE(anywhere(secret)) << "neither in the log, nor in views, nor in a free page";
  auto district = open();
  EXPECT_EQ(log::Tree::root_at(district->board().database(), size), root);
  EXPECT_EQ(held_fields(*district), R"({"description":"[removed]"} {"description":"another"})");
  // It goes on, is folded anew to the same, and another program reads it.
  board::Command command;
  command.kind = "case.create";
  command.actor = "anonymous";
  command.body = *parse_json(R"({"type":"grid_event","source":"resident","fields":{"description":"third"}})");
  EXPECT_TRUE(district->board().decide(command));
  district.reset();
  EXPECT_EQ(test::run("verify --data " + data_).code, 0);
  EXPECT_EQ(test::run("verify --rebuild --data " + data_).code, 0);
  EXPECT_EQ(test::run("verify --data " + data_).code, 0);
  const auto log =
      test::run_program("python3 " QIPAN_SOURCE_DIR "/tools/verify_log.py log " + data_ + "/district.db");
  EXPECT_NE(log.out.find("[" + std::to_string(position_) + ", \"party\"]"), std::string::npos) << log.out;
  EXPECT_EQ(test::run("receipt verify " + receipt).code, 0) << "who holds it from before still proves it";
  ASSERT_EQ(test::run(make).code, 0);
  const auto told = parse_json(test::run("receipt verify " + receipt + " --json").out);
  ASSERT_TRUE(told);
  EXPECT_EQ((*told)["withheld"].dump(), R"(["party"])");
}

TEST_F(Redact, RefusesAndDoesNothing) {
  const auto before = open()->board().next_position();
  struct Case {
    const char* patch;
    const char* more;
    const char* code;
  };
  const Case cases[] = {
      {"{}", "--part party", "patch-unfit"},
      {"[]", "--part party", "patch-unfit"},
      {"{", "--part party", "json-unreadable"},
      {patch, "--part everybody", "part-unknown"},
      {R"({"type":null})", "--part party", "patch-unfit"},
      {R"({"state":7})", "--part party", "patch-unfit"},
  };
  for (const Case& one : cases) {
    const auto ran = redact(one.patch, one.more);
    EXPECT_EQ(ran.code, 1) << one.patch;
    EXPECT_NE(ran.out.find(one.code), std::string::npos) << one.patch << ": " << ran.out;
  }
  EXPECT_NE(test::run("redact --data " + data_ + " 99999 --json --reason r --patch '{}'")
                .out.find("position-unknown"),
            std::string::npos);
  EXPECT_NE(test::run("redact --data " + data_ + " 0 --json --reason r --patch '{\"title_zh\":\"x\"}'")
                .out.find("redact-district"),
            std::string::npos);
  EXPECT_NE(test::run("redact --data " + data_ + " 2 --json --reason r --patch '{\"content\":\"x\"}'")
                .out.find("redact-district"),
            std::string::npos)
      << "cases need the types of their packs";
  EXPECT_EQ(open()->board().next_position(), before);
  EXPECT_TRUE(anywhere(secret));
  ASSERT_EQ(redact(patch).code, 0);
  EXPECT_NE(redact(patch).out.find("part-redacted"), std::string::npos) << "once is enough";
}

TEST_F(Redact, IsFinishedAtTheNextStartWhereACrashCameBetween) {
  {
    auto district = open();
    const auto found = log::Log::find(district->board().database(), position_);
    Json substitute = *parse_json(found->fact.parts.front().bytes);
    Json fields = Json::object();
    substitute.set("fields", fields.set("description", "[removed]"));
    board::Command command;
    command.kind = "district.redact";
    command.actor = "operator";
    command.body.set("position", position_)
        .set("part", "party")
        .set("substitute", substitute)
        .set("reason", "r");
    const auto outcome = district->board().decide(command);
    ASSERT_TRUE(outcome) << outcome.error().line();
    command.actor = "person:1";
    EXPECT_FALSE(district->board().decide(command)) << "nobody but the operator";
    EXPECT_TRUE(anywhere(secret)) << "told, not done";
  }
  open();
  EXPECT_FALSE(anywhere(secret));
  EXPECT_EQ(test::run("verify --data " + data_).code, 0);
}

TEST_F(Redact, StaysRedactedWhereTheClockIsTakenBack) {
  const std::string before = format_instant(open()->board().last_at() + 1);
  ASSERT_EQ(redact(patch).code, 0);
  const std::string back = (folder_ / "back").string();
  const auto ran = test::run("rewind --data " + data_ + " --to " + back + " --before " + before +
                             " --reason clock --json");
  ASSERT_EQ(ran.code, 0) << ran.out;
  EXPECT_EQ(test::run("verify --data " + back).code, 0);
  auto district = board::District::open(back, cmd::make_engines);
  ASSERT_TRUE(district) << district.error().line();
  EXPECT_EQ(held_fields(**district).substr(0, 27), R"({"description":"[removed]"})");
}
