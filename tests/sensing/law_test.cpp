// What a value is judged by: the bounds in force at its time in its class of area, what counts at all, and
// the index that several properties make.
#include <gtest/gtest.h>

#include "pack/pack.hpp"
#include "sensing/declaration.hpp"
#include "sensing/index.hpp"
#include "sensing/streams.hpp"

using namespace qipan;
using namespace qipan::sensing;

namespace {

pack::Pack pack_of(const std::string& toml) {
  pack::Problems problems;
  auto pack = pack::from_files(
      {{"pack.toml", "name = \"p\"\ntitle = { zh = \"包\", en = \"P\" }"}, {"sensing/s.toml", toml}}, "p",
      problems);
  EXPECT_TRUE(problems.empty());
  return *pack;
}

Declarations air() {
  pack::Problems problems;
  const auto pack = pack::read_folder(QIPAN_SOURCE_DIR "/packs/air-quality", problems);
  auto declared = read_declarations(*pack, problems);
  EXPECT_TRUE(problems.empty()) << problems.front().line();
  return declared;
}

Instant noon(const std::string& day) {
  return *parse_instant(day + "T12:00:00+08:00");
}

const Limit& named(const Declarations& declared, std::string_view name) {
  for (const Limit& limit : declared.limits)
    if (limit.name == name) return limit;
  throw std::out_of_range(std::string(name));
}

std::string in_force(const Limit& limit, std::string_view area, Instant time) {
  for (const Bound* bound : limit.bounds_for(area)) {
    bool rounded = false;
    if (time >= bound->from && time < bound->until)
      return steps_text(*to_steps(bound->threshold, 3, rounded), 3);
  }
  return "none";
}

}  // namespace

// GB 3095 by day and class; the last day of one table and the first of the next.
TEST(Law, TablesOfTheAirByDayAndClass) {
  const auto declared = air();
  struct {
    const char* limit;
    const char* area;
    const char* day;
    const char* threshold;
  } cases[] = {{"pm25_24h", "2", "2013-03-01", "75"},  {"pm25_24h", "2", "2026-02-28", "75"},
               {"pm25_24h", "2", "2026-03-01", "60"},  {"pm25_24h", "2", "2030-12-31", "60"},
               {"pm25_24h", "2", "2031-01-01", "50"},  {"pm25_24h", "", "2026-03-01", "60"},
               {"pm25_24h", "1", "2026-02-28", "35"},  {"pm25_24h", "1", "2031-01-01", "25"},
               {"pm10_24h", "2", "2026-02-28", "150"}, {"pm10_24h", "2", "2026-03-01", "120"},
               {"pm10_24h", "2", "2031-01-01", "100"}, {"pm10_24h", "1", "2031-01-01", "50"},
               {"so2_hour", "2", "2030-12-31", "500"}, {"so2_hour", "2", "2031-01-01", "150"},
               {"so2_24h", "2", "2031-01-01", "50"},   {"no2_24h", "2", "2030-12-31", "80"},
               {"no2_24h", "2", "2031-01-01", "50"},   {"o3_8h", "2", "2031-01-01", "160"},
               {"o3_hour", "1", "2026-03-01", "160"},  {"co_24h", "2", "2026-03-01", "4"},
               {"pm25_24h", "3", "2026-03-01", "none"}};
  for (const auto& one : cases)
    EXPECT_EQ(in_force(named(declared, one.limit), one.area, noon(one.day)), one.threshold)
        << one.limit << " " << one.area << " " << one.day;
  // The table changes at midnight of the district, not of Greenwich.
  EXPECT_EQ(in_force(named(declared, "pm25_24h"), "2", *parse_instant("2026-02-28T23:59:59+08:00")), "75");
  EXPECT_EQ(in_force(named(declared, "pm25_24h"), "2", *parse_instant("2026-03-01T00:00:00+08:00")), "60");
}

TEST(Law, ReachedAndAboveAtTheThreshold) {
  const auto bound_of = [](const char* written) {
    pack::Problems problems;
    auto declared = read_declarations(
        pack_of(std::string("[[limits]]\nname = \"l\"\nproperty = \"p\"\ntitle = { zh = \"限\", "
                            "en = \"L\" }\nsource = \"own\"\n") +
                written),
        problems);
    EXPECT_TRUE(problems.empty()) << problems.front().line();
    return std::make_shared<const Limit>(declared.limits.at(0));
  };
  struct {
    const char* written;
    std::int64_t value;  // tenths
    bool over;
  } cases[] = {{"above = 10", 100, false},
               {"above = 10", 101, true},
               {"at_or_above = 10", 100, true},
               {"at_or_above = 10", 99, false},
               {"below = 5", 50, false},
               {"below = 5", 49, true},
               {"at_or_below = 5", 50, true},
               {"at_or_below = 5", 51, false},
               // Finer than the stream's steps.
               {"above = 0.15", 1, false},
               {"above = 0.15", 2, true},
               {"at_or_above = 0.15", 1, false},
               {"at_or_above = 0.15", 2, true},
               {"at_or_below = 0.15", 1, true},
               {"below = 0.15", 2, false},
               {"above = 0.00000015", 0, false},
               {"at_or_above = 0.00000015", 0, false},
               {"above = 1000000000000", 1, false},
               {"below = 1000000000000", 1, true}};
  for (const auto& one : cases) {
    Stream stream;
    stream.decimals = 1;
    const StreamLimit limit = stream_limit(bound_of(one.written), stream);
    EXPECT_EQ(limit.is_over({true, one.value * 1'000, 1}, 0), one.over) << one.written << " " << one.value;
  }
  // A mean between two steps: 0.14 is not over 0.145, 0.146 is.
  Stream stream;
  stream.decimals = 1;
  const StreamLimit limit = stream_limit(bound_of("above = 0.145\nmean_hours = 2"), stream);
  EXPECT_FALSE(limit.is_over({true, 2'800, 2}, 0));
  EXPECT_TRUE(limit.is_over({true, 2'920, 2}, 0));
}

TEST(Law, FaultsOfLimitsAndIndicesAreToldTogether) {
  const std::string toml = R"(
[[limits]]
name = "a"
property = "p"
title = { zh = "限", en = "L" }
values = [
  { from = "2026-01-01", until = "2026-12-31", above = 5, source = "s" },
  { from = "2026-06-01", above = 6, source = "s" },
  { from = "2028-01-01", until = "2027-01-01", below = 6, source = "s" },
]
[[limits]]
name = "b"
property = "p"
title = { zh = "限", en = "L" }
source = "s"
above = 5
silent = true
[[limits]]
name = "c"
property = "p"
title = { zh = "限", en = "L" }
source = "s"
at_or_above = 5
clears_at = 6
[[indices]]
name = "i"
title = { zh = "指数", en = "I" }
steps = [0, 50, 50]
levels = [{ to = 50, title = { zh = "优", en = "A" }, color = "green" }]
parts = [{ property = "p", amounts = [0, 1, 2, 3], source = "s" }, { property = "p", amounts = [1], source = "s" }]
)";
  pack::Problems problems;
  (void)read_declarations(pack_of(toml), problems);
  std::string all;
  for (const auto& problem : problems) all += problem.line() + "\n";
  for (const char* part :
       {"one value a day and class of area", "a day that is not before from", "all above, or all below",
        "one of a threshold, values, silent and flat_minutes", "a value on the good side",
        "two or more numbers that ascend", "a colour as #rrggbb", "at most as many as there are steps",
        "one table of amounts"})
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
}

TEST(Law, DeclarationsSurviveTheirFacts) {
  const auto declared = air();
  for (const Limit& limit : declared.limits)
    EXPECT_EQ(to_json(limit_from_json(to_json(limit))).dump(), to_json(limit).dump());
  for (const Index& index : declared.indices)
    EXPECT_EQ(to_json(index_from_json(to_json(index))).dump(), to_json(index).dump());
}

// HJ 633: piecewise linear, rounded up, the amount rounded half to even before; over the last step it stays.
TEST(Index, SubIndicesOfTheAir) {
  const auto declared = air();
  const Index& index = declared.indices.at(0);
  struct {
    const char* property;
    Index::Of of;
    const char* day;
    const char* amount;
    std::int64_t wanted;
  } cases[] = {{"pm25", Index::Of::day, "2026-02-28", "75", 100},
               {"pm25", Index::Of::day, "2026-02-28", "68", 92},  // 50 + 50 × 33 / 40 = 91.25
               {"pm25", Index::Of::day, "2026-03-01", "60", 100},
               {"pm25", Index::Of::day, "2026-03-01", "68", 108},  // 100 + 50 × 8 / 55 = 107.3
               {"pm25", Index::Of::day, "2026-03-01", "60.5", 100},
               {"pm25", Index::Of::day, "2026-03-01", "60.501", 101},
               {"pm25", Index::Of::day, "2026-03-01", "61.5", 102},  // 62
               {"pm25", Index::Of::day, "2026-03-01", "0", 0},
               {"pm25", Index::Of::day, "2026-03-01", "700", 500},
               {"pm10", Index::Of::day, "2026-02-28", "150", 100},
               {"pm10", Index::Of::day, "2026-03-01", "150", 112},
               {"so2", Index::Of::hour, "2026-03-01", "900", 200},
               {"o3", Index::Of::day_greatest_8h, "2026-03-01", "900", 300},
               {"o3", Index::Of::hour, "2026-03-01", "160", 50},
               {"co", Index::Of::hour, "2026-03-01", "5.04", 50},
               {"co", Index::Of::day, "2026-03-01", "4.1", 101},
               {"no2", Index::Of::day, "2026-03-01", "-3", 0}};
  for (const auto& one : cases) {
    const Index::Part* found = nullptr;
    for (const auto& part : index.parts) {
      const Instant time = noon(one.day);
      if (part.property == one.property && part.of == one.of && time >= part.from && time < part.until)
        found = &part;
    }
    ASSERT_NE(found, nullptr) << one.property;
    bool rounded = false;
    EXPECT_EQ(sub_index(index, *found, *to_steps(*parse_number(one.amount), 3, rounded)), one.wanted)
        << one.property << " " << one.amount << " " << one.day;
  }
  EXPECT_EQ(index.level_of(50).title.zh, "优");
  EXPECT_EQ(index.level_of(101).title.en, "Lightly polluted");
  EXPECT_EQ(index.level_of(501).title.zh, "严重污染");
}

TEST(Law, QualitiesHaveNamesBothWays) {
  for (std::uint8_t flags = 0; flags <= outage; ++flags)
    EXPECT_EQ(quality_of(quality_name(flags)), Quality{flags});
  EXPECT_FALSE(quality_of("Good"));
  EXPECT_EQ(quality_name(200), "doubtful");
}
