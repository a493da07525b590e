#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "fields/make.hpp"
#include "log/log.hpp"
#include "query/declare.hpp"
#include "search/index.hpp"
#include "support/folder.hpp"

// The index names what the texts have, and nothing that they no longer have, whatever happens to both.

namespace qipan::search {

namespace {

using fields::Make;
namespace types = fields::types;

/// A district as far as the index knows one: a log, and a table of what is found.
class Source {
 public:
  explicit Source(const std::string& folder) : database_(folder + "/district.db") {
    log::Log::create_tables(database_);
    database_.execute("CREATE TABLE things(id INTEGER PRIMARY KEY, name TEXT, story TEXT, unit INTEGER)");
    log_.emplace(database_);
    query::Declare things({.name = "thing", .table = "things", .units = {"unit"}});
    things.finds(Make("name", types::text())).finds(Make("story", types::long_text()));
    collections_ = std::make_shared<const std::vector<query::Collection>>(1, things.made());
  }

  /// Without a text it goes.
  void set(std::int64_t id, const std::string& name, const std::string& story = "", std::int64_t unit = 1) {
    Transaction transaction(database_);
    if (name.empty()) {
      database_.prepare("DELETE FROM things WHERE id=?").bind(id).run();
    } else {
      database_.prepare("INSERT OR REPLACE INTO things VALUES(?,?,?,?)")
          .bind(id)
          .bind(name)
          .bind(story)
          .bind(unit)
          .run();
    }
    log::CommandRecord command;
    command.kind = "thing.set";
    command.answer = "{}";
    command.seed = std::string(16, 's');
    command.facts.push_back(
        {"thing.changed", "thing:" + std::to_string(id), {{log::Audience::internal, "{}", {}}}});
    EXPECT_EQ(log_->append({log_->next(), {command}}, log_->next()), log::Append::stored);
    transaction.commit();
  }
  Database& database() { return database_; }
  [[nodiscard]] const Collections& collections() const { return collections_; }

 private:
  Database database_;
  std::optional<log::Log> log_;
  Collections collections_;
};

bool take_in(Index& index, Source& source) {
  return index.update(source.database(), source.collections(),
                      std::chrono::steady_clock::now() + std::chrono::hours(1));
}

std::vector<std::int64_t> found(const std::string& folder, const std::string& wanted,
                                const std::vector<std::int64_t>& units = {}, std::int64_t below = INT64_MAX,
                                std::int64_t most = 100) {
  Database reader(index_path(folder), {.read_only = true});
  return Index::candidates(reader, "thing", *Wanted::read(wanted), {.units = units}, below, most);
}
std::string at(const test::Folder& folder) {
  return (folder / "").parent_path().string();
}
using Ids = std::vector<std::int64_t>;

TEST(SearchIndex, FollowsWhatIsWritten) {
  const test::Folder folder("search");
  Source source(at(folder));
  source.set(1, "江海区", "滨江大道积水");
  Index index(at(folder), source.database());
  source.set(2, "蓬江区", "滨江大道", 2);
  ASSERT_TRUE(take_in(index, source));
  EXPECT_EQ(found(at(folder), "滨江"), (Ids{2, 1}));
  EXPECT_EQ(found(at(folder), "积水"), (Ids{1}));
  EXPECT_EQ(found(at(folder), "jhq"), (Ids{1}));
  // The readings of stories are not told.
  EXPECT_EQ(found(at(folder), "bjdd"), (Ids{}));
  EXPECT_EQ(found(at(folder), "滨江", {2}), (Ids{2}));
  EXPECT_EQ(found(at(folder), "滨江", {3}), (Ids{}));
  EXPECT_EQ(found(at(folder), "滨江", {}, 2), (Ids{1}));
  EXPECT_EQ(found(at(folder), "滨江", {}, INT64_MAX, 1), (Ids{2}));
  source.set(1, "江海区", "已经排干", 2);
  source.set(2, "");
  ASSERT_TRUE(take_in(index, source));
  EXPECT_EQ(found(at(folder), "积水"), (Ids{}));
  EXPECT_EQ(found(at(folder), "滨江"), (Ids{}));
  EXPECT_EQ(found(at(folder), "排干", {2}), (Ids{1}));
}

TEST(SearchIndex, GoesOnWhereItEnded) {
  const test::Folder folder("search");
  Source source(at(folder));
  source.set(1, "积水");
  {
    Index index(at(folder), source.database());
    ASSERT_TRUE(take_in(index, source));
  }
  source.set(2, "积水");
  Index again(at(folder), source.database());
  EXPECT_EQ(found(at(folder), "积水"), (Ids{1}));
  ASSERT_TRUE(take_in(again, source));
  EXPECT_EQ(found(at(folder), "积水"), (Ids{2, 1}));
}

TEST(SearchIndex, IsMadeAgainWhereItCannotBeRight) {
  const test::Folder folder("search");
  Source source(at(folder));
  source.set(1, "积水");
  const auto made_again = [&](const char* by) {
    Index index(at(folder), source.database());
    ASSERT_TRUE(take_in(index, source)) << by;
    EXPECT_EQ(found(at(folder), "积水"), (Ids{1})) << by;
  };
  made_again("nothing there");
  const auto change = [&](const char* sql) { Database(index_path(at(folder))).execute(sql); };
  change("UPDATE search_state SET position=99, tokens=tokens");
  change("DELETE FROM search_texts");
  made_again("knows more than the district");
  change("UPDATE search_state SET tokens=1");
  made_again("of another program");
  change("DROP TABLE search_kinds");
  made_again("half of one");
  std::filesystem::resize_file(index_path(at(folder)), 100);
  made_again("no database");
}

TEST(SearchIndex, LooksAgainAtWhatIsDeclaredOtherwise) {
  const test::Folder folder("search");
  Source source(at(folder));
  source.set(1, "积水", "井盖");
  Index index(at(folder), source.database());
  ASSERT_TRUE(take_in(index, source));
  query::Declare fewer({.name = "thing", .table = "things", .units = {"unit"}});
  fewer.has(Make("name", types::text())).finds(Make("story", types::long_text()));
  const Collections other = std::make_shared<const std::vector<query::Collection>>(1, fewer.made());
  ASSERT_TRUE(
      index.update(source.database(), other, std::chrono::steady_clock::now() + std::chrono::hours(1)));
  EXPECT_EQ(found(at(folder), "积水"), (Ids{}));
  EXPECT_EQ(found(at(folder), "井盖"), (Ids{1}));
}

TEST(SearchIndex, StopsWhenItsTimeIsUp) {
  const test::Folder folder("search");
  Source source(at(folder));
  Index index(at(folder), source.database());
  source.set(1, "积水");
  EXPECT_FALSE(index.update(source.database(), source.collections(), std::chrono::steady_clock::now()));
  EXPECT_EQ(index.position(), 0U);
  EXPECT_TRUE(take_in(index, source));
  EXPECT_EQ(index.position(), 1U);
}

const std::array<std::string, 12> parts = {"积", "水",  "路", "积水", "人民", " ",
                                           "-",  "b12", "L",  "003",  "é",    "𠀀"};

std::string made_text(int most) {
  std::string text;
  const int count = *rc::gen::inRange(0, most);
  for (int i = 0; i < count; ++i) text += parts[static_cast<std::size_t>(*rc::gen::inRange(0, 12))];
  return text;
}

RC_GTEST_PROP(SearchIndexProperty, NamesWhatHasTheWords, ()) {
  const test::Folder folder("search");
  Source source(at(folder));
  Index index(at(folder), source.database());
  std::map<std::int64_t, std::pair<std::string, std::string>> now;
  const int steps = *rc::gen::inRange(1, 30);
  for (int step = 0; step < steps; ++step) {
    const std::int64_t id = *rc::gen::inRange(1, 8);
    const std::string name = made_text(6);
    const std::string story = made_text(10);
    source.set(id, name, story);
    now.erase(id);
    if (!name.empty()) now[id] = {name, story};
    if (*rc::gen::inRange(0, 4) == 0) RC_ASSERT(take_in(index, source));
  }
  RC_ASSERT(take_in(index, source));
  auto wanted = Wanted::read(made_text(5));
  if (!wanted) wanted = Wanted::read("积水");
  Ids expected;
  for (const auto& [id, texts] : now) {
    if (wanted->found_in({{texts.first, true}, {texts.second, false}})) expected.insert(expected.begin(), id);
  }
  Database reader(index_path(at(folder)), {.read_only = true});
  RC_ASSERT(Index::candidates(reader, "thing", *wanted, Within{}, INT64_MAX, 100) == expected);
}

}  // namespace

}  // namespace qipan::search
