// Observations and alarms on a whole board: what senders are told, what is kept, and that a refold makes the
// same.
#include <gtest/gtest.h>

#include <random>

#include "board/refold.hpp"
#include "cmd/scratch.hpp"
#include "sensing/becomes.hpp"
#include "sensing/compact.hpp"
#include "sensing/index.hpp"
#include "sensing/queries.hpp"
#include "sensing/sensing_engine.hpp"

using namespace qipan;
using namespace qipan::sensing;

namespace {

constexpr Instant start = 1'772'380'800'000'000;  // 2026-03-01T16:00:00Z
constexpr Instant minute = 60 * microseconds_per_second;

constexpr const char* limits_toml = R"(
[[limits]]
name = "level_high"
property = "level"
title = { zh = "过高", en = "too high" }
above = 100
clears_at = 90
minimum_minutes = 10
grade = 2
source = "own"
case_type = "flood"
case_class = "F01"
[[limits]]
name = "level_low"
property = "level"
title = { zh = "过低", en = "too low" }
below = 1.05
source = "own"
)";

constexpr const char* case_toml = R"(
name = "flood"
title = { zh = "水情", en = "Flood" }
initial = "open"
[create]
roles = ["administrator"]
fields = ["description", "stream", "limit", "grade", "value", "threshold"]
[[fields]]
name = "description"
type = "text"
title = { zh = "情况", en = "What" }
[[fields]]
name = "stream"
type = "text"
title = { zh = "流", en = "Stream" }
[[fields]]
name = "limit"
type = "text"
title = { zh = "限", en = "Limit" }
[[fields]]
name = "grade"
type = "integer"
title = { zh = "级", en = "Grade" }
max = 9
[[fields]]
name = "value"
type = "text"
title = { zh = "值", en = "Value" }
[[fields]]
name = "threshold"
type = "text"
title = { zh = "限值", en = "Threshold" }
[[states]]
name = "open"
title = { zh = "办理", en = "Open" }
stage = "handle"
[[states]]
name = "closed"
title = { zh = "办结", en = "Closed" }
stage = "close"
final = true
[[transitions]]
name = "close"
title = { zh = "办结", en = "Close" }
from = ["open"]
to = "closed"
roles = ["administrator"]
)";

class Sensing : public ::testing::Test {
 protected:
  Sensing() : scratch_(start) {
    pack::Problems problems;
    for (const char* name : {"base", "sensing"})
      scratch_.install(*pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems), true,
                       problems);
    scratch_.install(
        *pack::from_files(
            {{"pack.toml",
              "name = \"water\"\nneeds = [\"base\", \"sensing\"]\ntitle = { zh = \"水\", en = "
              "\"Water\" }"},
             {"sensing/limits.toml", limits_toml},
             {"cases/flood.toml", case_toml},
             {"data/classes.csv", "type,code,parent,title_zh,title_en,origin\nflood,F01,,水,Water,own\n"}},
            "water", problems),
        true, problems);
    EXPECT_TRUE(problems.empty()) << problems.front().line();
    run("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"D"})");
  }

  Json run(const std::string& kind, const std::string& body) {
    board::Command command;
    command.kind = kind;
    command.actor = "operator";
    command.body = *parse_json(body);
    const auto outcome = scratch_.board().decide(std::move(command));
    EXPECT_TRUE(outcome) << outcome.error().line();
    return outcome ? parse_json(outcome->answer).value_or(Json()) : Json();
  }

  void add_stream(const std::string& code, const std::string& more = "") {
    run("register.add",
        R"({"register":"datastream","values":{"code":")" + code + R"(","title_zh":")" + code +
            R"(","title_en":")" + code +
            R"(","thing":"t","observed_property":"level","kind":"measurement","decimals":1,"low":-5,"high":500)" +
            more + "}}");
  }

  board::Outcome observe(Incoming incoming, const std::string& actor = "operator") {
    board::Command command;
    command.kind = "sensing.observe";
    command.actor = actor;
    command.block = incoming.take();
    return scratch_.board().decide(std::move(command));
  }

  Json tell(std::int64_t stream, const std::vector<std::pair<Instant, std::int64_t>>& values) {
    Incoming incoming;
    incoming.stream(stream);
    for (const auto& [time, value] : values) incoming.number(time, {value, -1, true});
    const auto outcome = observe(std::move(incoming));
    EXPECT_TRUE(outcome) << outcome.error().line();
    return outcome ? *parse_json(outcome->answer) : Json::object();
  }

  void expect_refold() {
    const auto verified =
        board::verify(database(), ":memory:", scratch_.board().engines(), [](std::string_view, Position) {});
    ASSERT_TRUE(verified) << verified.error().line();
  }

  std::int64_t count(const std::string& sql) { return database().integer("SELECT count(*) FROM " + sql); }
  Database& database() { return scratch_.database(); }

  cmd::Scratch scratch_;
};

}  // namespace

// Beside a block stands what is said of all its values, and nothing that nobody reads.
TEST_F(Sensing, ABlockTakesWhatIsSaidOfAllItsValuesAlone) {
  add_stream("beside");
  const auto with = [&](const char* member, Json value) {
    Incoming incoming;
    incoming.stream(1);
    incoming.number(1'000'000, {5, -1, true});
    board::Command command;
    command.kind = "sensing.observe";
    command.actor = "operator";
    command.body.set(member, std::move(value));
    command.block = incoming.take();
    const auto outcome = scratch_.board().decide(std::move(command));
    return outcome ? std::string("accepted") : outcome.error().code;
  };
  EXPECT_EQ(with("archive", true), "accepted");
  EXPECT_EQ(with("archive", "yes"), "field-unfit");
  EXPECT_EQ(with("result", 7), "field-unknown");
}

TEST_F(Sensing, TellsWhatBecameOfEveryValue) {
  add_stream("a");
  Json told = tell(1, {{start - 10 * minute, 100}, {start - 5 * minute, 110}, {start, 6'000}});
  EXPECT_EQ(told["accepted"].integer(), 3);
  EXPECT_EQ(told["out_of_range"].integer(), 1);
  told = tell(1, {{start - 7 * minute, 105}, {start - 5 * minute, 110}, {start - 10 * minute, 101}});
  EXPECT_EQ(told["late"].integer(), 1);
  EXPECT_EQ(told["repeated"].integer(), 1);
  EXPECT_EQ(told["corrected"].integer(), 1);
  const auto series = series_of(database(), {1}, start - 60 * minute, start + 1, 100);
  ASSERT_EQ(series.size(), 4U);
  EXPECT_EQ(series[0].value, 101);
  EXPECT_EQ(series[1].value, 105);
  EXPECT_EQ(series[3].flags, out_of_range);
  // The last of several at one instant in one array stands; only repeated ones make a fact all the same.
  told = tell(1, {{start - 5 * minute, 110}});
  EXPECT_EQ(told["repeated"].integer(), 1);
  EXPECT_EQ(told["accepted"].integer(), 0);
  Incoming fine;
  fine.stream(1);
  fine.number(start + minute, {12'345, -3, true});
  const auto rounded = observe(std::move(fine));
  ASSERT_TRUE(rounded);
  EXPECT_EQ((*parse_json(rounded->answer))["rounded"].integer(), 1);
  expect_refold();
}

TEST_F(Sensing, TakesAnArrayWholeOrNotAtAll) {
  add_stream("a");
  const auto refused = [&](Incoming incoming) {
    const auto outcome = observe(std::move(incoming));
    EXPECT_FALSE(outcome);
    EXPECT_EQ(count("sensing_tail"), 0);
    if (outcome) return std::string();
    EXPECT_FALSE(outcome.error().remedy.empty()) << outcome.error().code;
    return outcome.error().code;
  };
  Incoming unknown;
  unknown.stream(1);
  unknown.number(start, {1, 0, true});
  unknown.stream(99);
  unknown.number(start, {1, 0, true});
  EXPECT_EQ(refused(std::move(unknown)), "datastream-unknown");
  Incoming ahead;
  ahead.stream(1);
  ahead.number(start, {1, 0, true});
  ahead.number(start + 2 * microseconds_per_hour, {1, 0, true});
  EXPECT_EQ(refused(std::move(ahead)), "time-ahead");
  Incoming text;
  text.stream(1);
  text.text(start, "高");
  EXPECT_EQ(refused(std::move(text)), "result-unfit");
  Incoming large;
  large.stream(1);
  large.number(start, {1, 17, true});
  EXPECT_EQ(refused(std::move(large)), "result-unfit");
  Incoming nobody;
  nobody.stream(1);
  nobody.number(start, {1, 0, true});
  const auto outcome = observe(std::move(nobody), "anonymous");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, Problem::Kind::unauthenticated);
}

TEST_F(Sensing, AnAlarmWaitsItsMinimumAndEndsBelowItsLowerMark) {
  add_stream("a");
  tell(1, {{start, 1'001}});
  EXPECT_EQ(count("sensing_alarms WHERE state='pending'"), 1);
  EXPECT_EQ(count("case_cases"), 0);
  // Not long enough: dropped.
  tell(1, {{start + 5 * minute, 999}});
  EXPECT_EQ(count("sensing_alarms"), 0);
  scratch_.clock().set(start + 60 * minute);
  tell(1, {{start + 10 * minute, 1'001}, {start + 15 * minute, 1'200}});
  EXPECT_EQ(count("sensing_alarms WHERE state='pending'"), 1);
  tell(1, {{start + 20 * minute, 1'100}});
  EXPECT_EQ(count("sensing_alarms WHERE state='active'"), 1);
  EXPECT_EQ(database().integer("SELECT since FROM sensing_alarms"), start + 10 * minute);
  EXPECT_EQ(count("case_cases WHERE open=1"), 1);
  tell(1, {{start + 25 * minute, 950}});
  EXPECT_EQ(count("sensing_alarms WHERE state='active'"), 1);
  tell(1, {{start + 30 * minute, 900}});
  EXPECT_EQ(count("sensing_alarms WHERE state='cleared'"), 1);
  // Again, while the case is open: told there.
  tell(1, {{start + 31 * minute, 1'500}, {start + 45 * minute, 1'500}});
  EXPECT_EQ(count("sensing_alarms WHERE state='active'"), 1);
  EXPECT_EQ(count("case_cases"), 1);
  EXPECT_EQ(count("board_subjects s JOIN board_kinds k ON k.id=s.kind JOIN case_types t ON t.name=k.name"),
            3);  // created, ended, signalled again
  run("case.transition", R"({"id":1,"transition":"close"})");
  tell(1, {{start + 50 * minute, 100}, {start + 51 * minute, 1'500}, {start + 62 * minute, 1'500}});
  EXPECT_EQ(count("case_cases"), 2);
  expect_refold();
}

TEST_F(Sensing, AThresholdFinerThanTheStepsStillComparesRight) {
  add_stream("a");
  // below 1.05 in tenths: 1.0 is, 1.1 is not.
  tell(1, {{start, 11}});
  EXPECT_EQ(count("sensing_alarms"), 0);
  tell(1, {{start + minute, 10}});
  EXPECT_EQ(count("sensing_alarms WHERE limit_name='level_low' AND state='active'"), 1);
  tell(1, {{start + 2 * minute, 11}});
  EXPECT_EQ(count("sensing_alarms WHERE state='cleared'"), 1);
}

TEST_F(Sensing, WhatIsMarkedOrImplausibleIsKeptAndCountsNowhere) {
  add_stream("a", R"(,"change_max":20)");
  Incoming incoming;
  incoming.stream(1);
  incoming.number(start, {50, 0, true});
  incoming.number(start + minute, {400, 0, true}, calibration);
  incoming.number(start + 2 * minute, {400, 0, true});  // a jump that nothing bears out
  incoming.number(start + 3 * minute, {55, 0, true});
  const auto outcome = observe(std::move(incoming));
  ASSERT_TRUE(outcome) << outcome.error().line();
  const auto told = *parse_json(outcome->answer);
  EXPECT_EQ(told["marked"].integer(), 1);
  EXPECT_EQ(told["implausible"].integer(), 1);
  EXPECT_EQ(told["over"].dump(), "{}");
  const auto flags = [&](std::size_t at) {
    return series_of(database(), {1}, start, start + 60 * minute, 100).at(at).flags;
  };
  EXPECT_EQ(flags(1), calibration);
  EXPECT_EQ(flags(2), implausible);
  EXPECT_EQ(flags(3), good);
  const auto hours = hours_of(database(), {1}, start, start + 60 * minute);
  ASSERT_EQ(hours.size(), 1U);
  EXPECT_EQ(hours[0].count, 2);
  // Sent again as it was, it stays what it was found to be.
  EXPECT_EQ(tell(1, {{start + 2 * minute, 4'000}})["repeated"].integer(), 1);
  EXPECT_EQ(flags(2), implausible);
  // Two that agree are a rise, and both of them count: in one array, or when the second comes later.
  EXPECT_EQ(tell(1, {{start + 4 * minute, 4'000}})["implausible"].integer(), 1);
  EXPECT_EQ(flags(4), implausible);
  const Json borne = tell(1, {{start + 5 * minute, 4'050}});
  EXPECT_EQ(borne["corrected"].integer(), 1);
  EXPECT_EQ(borne["over"]["level_high"].integer(), 2);
  EXPECT_EQ(flags(4), good);
  EXPECT_EQ(flags(5), good);
  const Json rise = tell(1, {{start + 6 * minute, 4'900}, {start + 7 * minute, 4'950}});
  EXPECT_EQ(rise["implausible"].integer(), 0);
  EXPECT_EQ(flags(6), good);
  // Sent with a mark, it is corrected.
  Incoming mark;
  mark.stream(1);
  mark.number(start + 5 * minute, {405, 0, true}, fault);
  EXPECT_EQ((*parse_json(observe(std::move(mark))->answer))["corrected"].integer(), 1);
  EXPECT_EQ(flags(5), fault);
  expect_refold();
}

TEST_F(Sensing, AWithdrawnValueTakesItsAlarmWithIt) {
  add_stream("a");
  tell(1, {{start, 10}});
  EXPECT_EQ(count("sensing_alarms WHERE limit_name='level_low' AND state='active'"), 1);
  Incoming mark;
  mark.stream(1);
  mark.number(start, {1, 0, true}, fault);
  ASSERT_TRUE(observe(std::move(mark)));
  EXPECT_EQ(count("sensing_alarms WHERE limit_name='level_low' AND state='active'"), 0);
  expect_refold();
}

// As facts of before limits had days have them: one threshold, also where there is nothing to compare.
TEST(Limits, OfOldFactsStillHold) {
  const auto old = [](int side) {
    return *parse_json(
        R"({"name":"l","property":"*","title_zh":"限","title_en":"l","side":)" + std::to_string(side) +
        R"(,"threshold":{"mantissa":5,"exponent":0},"clears_at":{"mantissa":5,"exponent":0},)"
        R"("mean_hours":0,"valid_hours":0,"minimum_minutes":0,"grade":1,"source":"own","case_type":"c","case_class":""})");
  };
  EXPECT_EQ(limit_from_json(old(0)).bounds.size(), 1U);
  EXPECT_EQ(limit_from_json(old(1)).bounds.size(), 1U);
  EXPECT_TRUE(limit_from_json(old(2)).bounds.empty()) << "silence compares nothing";
}

TEST_F(Sensing, AFlatLineIsAnAlarmAndEndsWithAnotherValue) {
  pack::Problems problems;
  scratch_.install(
      *pack::from_files(
          {{"pack.toml", "name = \"flat\"\nneeds = [\"sensing\"]\ntitle = { zh = \"平\", en = \"F\" }"},
           {"sensing/limits.toml",
            "[[limits]]\nname = \"flat\"\nproperty = \"level\"\nflat_minutes = 60\nflat_allows = 0\n"
            "source = \"own\"\ntitle = { zh = \"不变\", en = \"flat\" }"}},
          "flat", problems),
      true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  add_stream("a", R"(,"silence_minutes":60)");
  scratch_.clock().set(start + 900 * minute);
  const auto active = [&] { return count("sensing_alarms WHERE limit_name='flat' AND state='active'"); };
  tell(1, {{start, 300}, {start + 30 * minute, 300}, {start + 59 * minute, 300}});
  EXPECT_EQ(active(), 0);
  // Memory made anew from the tables knows as much.
  Streams fresh;
  fresh.refresh(database());
  ASSERT_TRUE(fresh.find(StreamId{1})->same_since);
  EXPECT_EQ(fresh.find(StreamId{1})->same_since->time, start);
  tell(1, {{start + 60 * minute, 300}});
  EXPECT_EQ(active(), 1);
  EXPECT_EQ(database().integer("SELECT since FROM sensing_alarms WHERE limit_name='flat'"), start);
  tell(1, {{start + 61 * minute, 301}});
  EXPECT_EQ(active(), 0);
  // A value that may stand, a gap without a word, and one other value late in between are no flat line.
  tell(1, {{start + 70 * minute, 0}, {start + 120 * minute, 0}, {start + 140 * minute, 0}});
  EXPECT_EQ(active(), 0);
  tell(1, {{start + 150 * minute, 200}, {start + 300 * minute, 200}, {start + 330 * minute, 200}});
  EXPECT_EQ(active(), 0);
  tell(1, {{start + 320 * minute, 210}, {start + 361 * minute, 200}});
  EXPECT_EQ(active(), 0);
  expect_refold();
}

TEST_F(Sensing, ALimitChangesWithTheDayOfTheValueAndTheClassOfItsArea) {
  pack::Problems problems;
  scratch_.install(
      *pack::from_files(
          {{"pack.toml", "name = \"law\"\nneeds = [\"sensing\"]\ntitle = { zh = \"法\", en = \"L\" }"},
           {"sensing/limits.toml",
            "[[limits]]\nname = \"law\"\nproperty = \"level\"\ntitle = { zh = \"限\", en = \"l\" }\n"
            "assumed_area_class = \"2\"\nvalues = [\n"
            "{ area_class = \"2\", until = \"2026-03-01\", above = 75, source = \"old\" },\n"
            "{ area_class = \"2\", from = \"2026-03-02\", at_or_above = 60, source = \"new\" },\n"
            "{ area_class = \"1\", above = 10, source = \"one\" }]"}},
          "law", problems),
      true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  run("register.add",
      R"({"register":"thing","values":{"code":"t1","title_zh":"站","title_en":"S","area_class":"1"}})");
  add_stream("a");
  run("register.add",
      R"({"register":"datastream","values":{"code":"b","title_zh":"b","title_en":"b","thing":"t1","observed_property":"level","kind":"measurement","decimals":1}})");
  // start is midnight of 2026-03-02 in the district.
  const auto over = [&](std::int64_t stream, Instant time, std::int64_t value) {
    return tell(stream, {{time, value}})["over"].integer_or("law", 0);
  };
  EXPECT_EQ(over(1, start - 3 * minute, 680), 0);
  EXPECT_EQ(over(1, start - 2 * minute, 751), 1);
  EXPECT_EQ(over(1, start, 599), 0);
  EXPECT_EQ(over(1, start + minute, 600), 1);
  EXPECT_EQ(over(2, start + minute, 101), 1);
  auto alarms = list_alarms(database(), {}, board::Scope{true, {}});
  std::string sources;
  for (const auto& alarm : alarms) sources += alarm.source + " ";
  EXPECT_EQ(sources, "one new old ");
  // The class of the area is edited: from then on the other table.
  const std::int64_t id = database().integer("SELECT id FROM sensing_things WHERE code='t1'");
  run("register.change",
      R"({"register":"thing","id":)" + std::to_string(id) + R"(,"values":{"area_class":"2"}})");
  EXPECT_EQ(over(2, start + 2 * minute, 101), 0);
  expect_refold();
}

TEST_F(Sensing, ManyAlarmsAtOnceAreAllRaised) {
  Incoming incoming;
  for (int i = 1; i <= 400; ++i) {
    add_stream("s" + std::to_string(i));
    incoming.stream(i);
    incoming.number(start, {5, -1, true});
  }
  const auto outcome = observe(std::move(incoming));
  ASSERT_TRUE(outcome) << outcome.error().line();
  scratch_.board().tick();
  EXPECT_EQ(count("sensing_alarms WHERE state='active'"), 400);
  EXPECT_EQ(count("sensing_alarms a JOIN sensing_streams s ON s.id=a.stream"), 400);
  expect_refold();
}

TEST_F(Sensing, SilenceIsWatchedFromTheFirstValueOn) {
  pack::Problems problems;
  scratch_.install(
      *pack::from_files({{"pack.toml",
                          "name = \"quiet\"\nneeds = [\"sensing\"]\ntitle = { zh = \"静\", en = "
                          "\"Quiet\" }"},
                         {"sensing/limits.toml",
                          "[[limits]]\nname = \"quiet\"\nsilent = true\nsource = \"own\"\ntitle = { zh = "
                          "\"静\", en = \"quiet\" }"}},
                        "quiet", problems),
      true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  add_stream("a", R"(,"silence_minutes":30)");
  add_stream("b", R"(,"silence_minutes":30)");
  scratch_.clock().set(start + 600 * minute);
  scratch_.board().tick();
  EXPECT_EQ(count("sensing_alarms"), 0);
  tell(1, {{start + 600 * minute, 50}});
  scratch_.clock().set(start + 620 * minute);
  scratch_.board().tick();
  tell(1, {{start + 620 * minute, 50}});
  scratch_.clock().set(start + 649 * minute);
  scratch_.board().tick();
  EXPECT_EQ(count("sensing_alarms"), 0);
  scratch_.clock().set(start + 650 * minute);
  scratch_.board().tick();
  EXPECT_EQ(count("sensing_alarms WHERE state='active'"), 1);
  tell(1, {{start + 650 * minute, 50}});
  EXPECT_EQ(count("sensing_alarms WHERE state='cleared'"), 1);
  scratch_.clock().set(start + 681 * minute);
  scratch_.board().tick();
  EXPECT_EQ(count("sensing_alarms WHERE state='active'"), 1);
  expect_refold();
}

TEST_F(Sensing, SeriesAndHoursAreWhatAPlainMapSays) {
  for (int i = 1; i <= 3; ++i) add_stream("s" + std::to_string(i));
  scratch_.clock().set(start + 200 * microseconds_per_hour);
  std::mt19937_64 random(11);
  test::Model model;
  Instant front = start;
  for (int round = 0; round < 800; ++round) {
    Incoming incoming;
    std::vector<test::Said> said;
    for (std::int64_t stream = 1; stream <= 3; ++stream) {
      incoming.stream(stream);
      for (int i = 0; i < 120; ++i) {
        // Mostly forwards, some late, some known.
        const Instant time = random() % 10 == 0 ? start + static_cast<Instant>(random() % 500) * minute
                                                : (front += static_cast<Instant>(random() % 2'000'000));
        const auto value = static_cast<std::int64_t>(20 + random() % 3);
        incoming.number(time, {value, -1, true});
        said.emplace_back(stream, time, value);
      }
    }
    const std::string wanted = test::becomes(said, model);
    const auto outcome = observe(std::move(incoming));
    ASSERT_TRUE(outcome) << outcome.error().line();
    const Json told = *parse_json(outcome->answer);
    ASSERT_EQ(told["late"].dump() + " " + told["repeated"].dump() + " " + told["corrected"].dump(), wanted);
    if (front > start + 190 * microseconds_per_hour) break;
  }
  ASSERT_GT(count("sensing_chunks"), 100);
  ASSERT_GT(count("sensing_tail"), 0);
  for (std::int64_t stream = 1; stream <= 3; ++stream) {
    std::vector<Sample> wanted;
    std::map<Instant, Aggregate> hours;
    for (const auto& [key, value] : model) {
      if (key.first != stream) continue;
      wanted.push_back({key.second, value, 0});
      const Instant begin = key.second / microseconds_per_hour * microseconds_per_hour;
      Aggregate& hour = hours[begin];
      hour.low = hour.count == 0 ? value : std::min(hour.low, value);
      hour.high = hour.count == 0 ? value : std::max(hour.high, value);
      ++hour.count;
      hour.sum += value;
    }
    EXPECT_EQ(series_of(database(), {stream}, instant_min, instant_max, SIZE_MAX), wanted);
    const auto found = hours_of(database(), {stream}, start, front + microseconds_per_hour);
    ASSERT_EQ(found.size(), hours.size());
    for (const Aggregate& hour : found) {
      const Aggregate& expected = hours.at(hour.begin);
      EXPECT_EQ(hour.count, expected.count);
      EXPECT_EQ(hour.sum, expected.sum);
      EXPECT_EQ(hour.low, expected.low);
      EXPECT_EQ(hour.high, expected.high);
    }
  }
  expect_refold();
}

// History that is entered newest first: each value is told once, and again as known.
TEST_F(Sensing, ValuesMayComeBackwards) {
  add_stream("s");
  scratch_.clock().set(start + 200 * microseconds_per_hour);
  constexpr int blocks = 20;
  for (const bool again : {false, true}) {
    for (int block = blocks; block > 0; --block) {
      std::vector<std::pair<Instant, std::int64_t>> values;
      for (int i = 0; i < 300; ++i)
        values.emplace_back(start + (block * 300 + i) * microseconds_per_second, i);
      const Json told = tell(1, values);
      EXPECT_EQ(told["accepted"], Json(again ? 0 : 300));
      EXPECT_EQ(told["late"], Json(again || block == blocks ? 0 : 300));
      EXPECT_EQ(told["repeated"], Json(again ? 300 : 0));
    }
  }
  EXPECT_EQ(series_of(database(), {1}, instant_min, instant_max, SIZE_MAX).size(), blocks * 300U);
  expect_refold();
}

// HJ 633: the amount is rounded before it is looked up; what is just over a half is no half.
TEST_F(Sensing, AMeanJustOverAHalfIsRoundedUp) {
  add_stream("level");
  const auto index_with = [&](Instant hour, std::int64_t last) {
    scratch_.clock().set(hour + 2 * microseconds_per_hour);
    std::vector<std::pair<Instant, std::int64_t>> values;
    for (int i = 0; i < 3'000; ++i)
      values.emplace_back(hour + i * microseconds_per_second, i == 0 ? last : 605);
    for (std::size_t from = 0; from < values.size(); from += 500)
      tell(1, {values.begin() + static_cast<std::ptrdiff_t>(from),
               values.begin() + static_cast<std::ptrdiff_t>(from) + 500});
    Index index;
    index.steps = {0, 50, 100};
    index.levels.push_back({100, {"优", "Good"}, "#00e400"});
    Index::Part part;
    part.property = "level";
    part.of = Index::Of::hour;
    part.valid_hours = 1;
    part.amounts = {0, 60'000, 120'000};
    index.parts.push_back(part);
    const auto rows = list_streams(database(), {}, {.all = true, .units = {}});
    const auto found =
        index_of(database(), index, {{"level", rows.at(0)}}, hour, hour + microseconds_per_hour, false);
    return found.size() == 1 ? found[0].index : -1;
  };
  const Instant hour = (start / microseconds_per_hour + 10) * microseconds_per_hour;
  EXPECT_EQ(index_with(hour, 605), 50) << "60.5 is 60, the even one";
  EXPECT_EQ(index_with(hour + 3 * microseconds_per_hour, 606), 51) << "60.50003 is 61";
}

TEST_F(Sensing, CategoriesKeepTheirNumbers) {
  run("register.add",
      R"({"register":"datastream","values":{"code":"w","title_zh":"风","title_en":"w","thing":"t","observed_property":"wind","kind":"category"}})");
  Incoming incoming;
  incoming.stream(1);
  incoming.text(start, "东北");
  incoming.text(start + minute, "南");
  incoming.text(start + 2 * minute, "东北");
  ASSERT_TRUE(observe(std::move(incoming)));
  EXPECT_EQ(categories_of(database(), {1}), (std::vector<std::string>{"东北", "南"}));
  const auto series = series_of(database(), {1}, start, start + microseconds_per_hour, 10);
  ASSERT_EQ(series.size(), 3U);
  EXPECT_EQ(series[2].value, 0);
  Incoming empty;
  empty.stream(1);
  empty.text(start + 3 * minute, "");
  EXPECT_FALSE(observe(std::move(empty)));
  expect_refold();
}
