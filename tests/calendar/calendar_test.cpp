#include "calendar/calendar.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>

using namespace qipan;
using namespace qipan::calendar;

namespace {

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, by);) parts.push_back(part);
  return parts;
}

Calendar standard() {
  Calendar::Declaration declaration;
  declaration.name = "standard";
  declaration.shifts = {{8 * 3600 + 1800, 12 * 3600}, {14 * 3600, 17 * 3600 + 1800}};
  declaration.first = *parse_day("2021-01-01");
  declaration.last = *parse_day("2026-12-31");
  std::ifstream file(QIPAN_SOURCE_DIR "/packs/base/calendars/standard.csv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    declaration.exceptions.emplace_back(*parse_day(cells[0]), cells[1] == "workday");
  }
  return *Calendar::make(declaration);
}

Instant local(const std::string& text) {
  auto with_zone = text + "+08:00";
  with_zone[10] = 'T';
  return *parse_instant(with_zone);
}

}  // namespace

TEST(Calendar, DeadlinesReasonedByHand) {
  const Calendar calendar = standard();
  std::ifstream file(QIPAN_SOURCE_DIR "/tests/calendar/deadlines.tsv");
  int rows = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto cells = split(line, '\t');
    ASSERT_EQ(cells.size(), 6U) << line;
    std::vector<Pause> pauses;
    for (const auto& pause : split(cells[3], ',')) {
      pauses.push_back({local(pause.substr(0, 19)), local(pause.substr(21))});
    }
    const auto amount = parse_amount(cells[1], cells[2]);
    ASSERT_TRUE(amount) << line;
    const Deadline deadline = calendar.deadline(local(cells[0]), *amount, pauses);
    EXPECT_EQ(format_instant(deadline.due), format_instant(local(cells[4]))) << line;
    EXPECT_EQ(deadline.provisional, cells[5].starts_with("provisional")) << line;
    ++rows;
  }
  std::cout << "deadlines reasoned by hand: " << rows << " held\n";
  EXPECT_GE(rows, 60);
}

TEST(Calendar, ReadsAmountsAndRefusesTheRest) {
  EXPECT_EQ(parse_amount("working-hours", "0.5")->count, 30);
  EXPECT_EQ(parse_amount("urgent-hours", "2")->count, 120);
  EXPECT_EQ(parse_amount("working-days", "3")->count, 3);
  for (const char* text : {"", "0", "-1", "1.5x", "0.001", "1.", ".5", "9999999", "0.01"}) {
    EXPECT_FALSE(parse_amount("working-hours", text)) << text;
  }
  EXPECT_FALSE(parse_amount("working-days", "1.5"));
  EXPECT_FALSE(parse_amount("weeks", "1"));
}

TEST(Calendar, JsonRoundTrips) {
  const Calendar calendar = standard();
  const auto again = Calendar::from_json(calendar.to_json());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->to_json(), calendar.to_json());
}

TEST(Calendar, RefusesImpossibleDeclarations) {
  Calendar::Declaration declaration;
  declaration.first = 0;
  declaration.last = 10;
  EXPECT_FALSE(Calendar::make(declaration)) << "no hours";
  declaration.shifts = {{10, 20}, {15, 30}};
  EXPECT_FALSE(Calendar::make(declaration)) << "overlap";
  declaration.shifts = {{10, 20}};
  declaration.exceptions = {{11, true}};
  EXPECT_FALSE(Calendar::make(declaration)) << "outside";
  declaration.exceptions = {{3, true}, {3, false}};
  EXPECT_FALSE(Calendar::make(declaration)) << "twice";
}

TEST(Calendar, SharesOfALimit) {
  const Calendar calendar = standard();
  const Instant basis = local("2026-03-02 09:00:00");
  const Amount five{Kind::working_hours, 300};
  const Deadline deadline = calendar.deadline(basis, five);
  const auto marks = calendar.marks(basis, five, basis, deadline.due);
  EXPECT_EQ(marks.at_80, local("2026-03-02 15:00:00")) << "4 of 5 hours";
  EXPECT_EQ(marks.at_100, deadline.due + 1) << "red is more than 100 %";
  EXPECT_EQ(marks.at_300, local("2026-03-04 10:00:00")) << "15 hours: 6.5, 7, 1.5";
  const Amount two{Kind::urgent_hours, 120};
  const auto late = calendar.marks(basis, two, basis + 110 * 60 * microseconds_per_second,
                                   basis + 130 * 60 * microseconds_per_second);
  EXPECT_EQ(late.at_80, basis + 110 * 60 * microseconds_per_second) << "resumed with less than a fifth left";
}

RC_GTEST_PROP(Calendar, LaterBasisNeverGivesEarlierDeadline, ()) {
  static const Calendar calendar = standard();
  const auto start = local("2021-01-01 00:00:00");
  const auto basis = start + *rc::gen::inRange<std::int64_t>(0, 6LL * 365 * microseconds_per_day);
  const auto later = basis + *rc::gen::inRange<std::int64_t>(0, 10 * microseconds_per_day);
  const Amount amount{static_cast<Kind>(*rc::gen::inRange(0, 4)), *rc::gen::inRange<std::int64_t>(1, 40)};
  RC_ASSERT(calendar.deadline(basis, amount).due <= calendar.deadline(later, amount).due);
  RC_ASSERT(calendar.deadline(basis, amount).due > basis);
}

RC_GTEST_PROP(Calendar, WorkingHoursAreExact, ()) {
  static const Calendar calendar = standard();
  const auto basis =
      local("2021-01-01 00:00:00") + *rc::gen::inRange<std::int64_t>(0, 5LL * 365 * microseconds_per_day);
  const auto minutes = *rc::gen::inRange<std::int64_t>(1, 5'000);
  const auto due = calendar.deadline(basis, {Kind::working_hours, minutes}).due;
  RC_ASSERT(calendar.working_between(basis, due) == minutes * 60 * microseconds_per_second);
}

RC_GTEST_PROP(Calendar, APauseNeverShortens, ()) {
  static const Calendar calendar = standard();
  const auto basis =
      local("2021-01-01 00:00:00") + *rc::gen::inRange<std::int64_t>(0, 5LL * 365 * microseconds_per_day);
  const Amount amount{static_cast<Kind>(*rc::gen::inRange(0, 4)), *rc::gen::inRange<std::int64_t>(1, 40)};
  const auto from = basis + *rc::gen::inRange<std::int64_t>(0, 20 * microseconds_per_day);
  const auto to = from + *rc::gen::inRange<std::int64_t>(0, 20 * microseconds_per_day);
  const auto plain = calendar.deadline(basis, amount).due;
  const auto paused = calendar.deadline(basis, amount, {{from, to}}).due;
  RC_ASSERT(paused >= plain);
  const bool left_to_act = from >= plain || paused > to;
  RC_ASSERT(left_to_act);
}
