// Many alarms at once, each with its case and its notices: what does not fit into one command goes on in
// ticks, and nothing is left out.
#include <gtest/gtest.h>

#include "board/refold.hpp"
#include "cmd/scratch.hpp"
#include "sensing/incoming.hpp"
#include "sensing/steps.hpp"

using namespace qipan;
using namespace qipan::sensing;

namespace {

constexpr Instant many_start = 1'772'380'800'000'000;
constexpr Instant many_minute = 60 * microseconds_per_second;
constexpr int count = 130;

class Many : public testing::Test {
 protected:
  Many() : scratch_(many_start) {
    pack::Problems problems;
    for (const char* name : {"base", "sensing", "air-quality"})
      scratch_.install(*pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems), false,
                       problems);
    EXPECT_TRUE(problems.empty());
    run("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"D"})", many_start);
    for (const char* code : {"D-ST", "D-ZH"}) {
      run("unit.create",
          R"({"kind":"department","parent":"X","title_zh":"部","title_en":"D","code":")" + std::string(code) +
              R"("})",
          many_start);
      // More people than a group of a hundred alarms would have room for.
      for (int i = 0; i < 8; ++i) {
        const std::string login = std::string(code) + std::to_string(i);
        run("unit.add_person",
            R"({"unit":")" + std::string(code) + R"(","title_zh":"人","title_en":"P","login":")" + login +
                R"("})",
            many_start, login + "@example.org");
        run("unit.give_post",
            R"({"role":"handler","unit":")" + std::string(code) + R"(","login":")" + login + R"("})",
            many_start);
      }
    }
    run("notice.set_mail",
        R"({"host":"m","port":25,"security":"none","from":"q@example.org","site":"https://q"})", many_start);
    for (const char* code : {"A01", "A03"})
      run("case.define_class",
          R"({"type":"air_excess","title_zh":"超","title_en":"O","code":")" + std::string(code) + R"("})",
          many_start);
    for (int i = 0; i < count; ++i)
      run("register.add",
          R"({"register":"datastream","values":{"title_zh":"流","title_en":"S","thing":"t","observed_property":"no2","kind":"measurement","silence_minutes":10,"code":"s)" +
              std::to_string(i) + R"("}})",
          many_start);
  }

  void run(const std::string& kind, const std::string& body, Instant at, const std::string& email = "") {
    board::Command command;
    command.kind = kind;
    command.actor = "operator";
    command.body = *parse_json(body);
    if (!email.empty()) command.personal.push_back({"email", email});
    command.at = at;
    const auto outcome = scratch_.board().decide(std::move(command));
    EXPECT_TRUE(outcome) << kind << " " << outcome.error().line();
  }

  void observe(std::int64_t value, Instant at) {
    Incoming incoming;
    for (int i = 1; i <= count; ++i) {
      incoming.stream(i);
      incoming.number(at, {value, 0, true});
    }
    board::Command command;
    command.kind = "sensing.observe";
    command.actor = "operator";
    command.block = incoming.take();
    command.at = at;
    const auto outcome = scratch_.board().decide(std::move(command));
    ASSERT_TRUE(outcome) << outcome.error().line();
  }

  std::int64_t ask(const std::string& sql) {
    return scratch_.database().integer("SELECT count(*) FROM " + sql);
  }
  /// Lets time pass, and with it the ticks that are due.
  /// Any command of that time: what is due by then comes first.
  void wait(Instant until) {
    run("unit.change", R"({"code":"X","title_en":"D)" + std::to_string(until) + R"("})", until);
  }

  cmd::Scratch scratch_;
};

}  // namespace

TEST_F(Many, ExcessesAllBecomeCases) {
  observe(50, many_start + many_minute);
  observe(250, many_start + 2 * many_minute);
  wait(many_start + 3 * many_minute);
  EXPECT_EQ(ask("sensing_alarms WHERE state='active' AND limit_name<>'air_silent'"), count);
  EXPECT_EQ(ask("case_cases WHERE open=1"), count);
  EXPECT_EQ(ask("notice_notices"), count * 8);
  observe(50, many_start + 4 * many_minute);
  wait(many_start + 5 * many_minute);
  EXPECT_EQ(ask("sensing_alarms WHERE state='active'"), 0);
  EXPECT_EQ(ask("board_timers t JOIN board_kinds k ON k.id=t.kind WHERE k.engine='sensing' AND t.due<" +
                std::to_string(many_start + 5 * many_minute)),
            0);
}

TEST_F(Many, SilenceBeginsAndEndsForAll) {
  observe(50, many_start + many_minute);
  wait(many_start + 20 * many_minute);
  EXPECT_EQ(ask("sensing_alarms WHERE state='active'"), count);
  EXPECT_EQ(ask("case_cases WHERE open=1"), count);
  observe(50, many_start + 21 * many_minute);
  wait(many_start + 22 * many_minute);
  EXPECT_EQ(ask("sensing_alarms WHERE state='active'"), 0);
  wait(many_start + 60 * many_minute);
  EXPECT_EQ(ask("sensing_alarms WHERE state='active'"), count) << "and they are watched again";
  const auto same = board::verify(scratch_.database(), ":memory:", scratch_.board().engines(),
                                  [](std::string_view, Position) {});
  EXPECT_TRUE(same) << same.error().line();
}
