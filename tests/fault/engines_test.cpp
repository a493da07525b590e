// The simulator over every engine: random commands of all kinds while the power is cut at any operation.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "board/pack_engine.hpp"
#include "cmd/engines.hpp"
#include "sensing/incoming.hpp"
#include "support/declared_commands.hpp"
#include "support/simulator.hpp"
#include "support/whole_district.hpp"

using namespace qipan;
using namespace qipan::test;
using board::Command;

namespace {

Json case_body(std::mt19937_64& random, const std::string& token) {
  static constexpr const char* classes[] = {"B0101", "B0103", "S0102", "S0502", "none"};
  Json body = Json::object();
  body.set("type", "grid_event").set("class", classes[random() % 5]);
  body.set(
      "fields",
      Json::object().set("description", token).set("condition", random() % 2 == 0 ? "missing" : "loose"));
  if (random() % 2 == 0)
    body.set("x", static_cast<std::int64_t>(random() % 1'500))
        .set("y", static_cast<std::int64_t>(random() % 1'500));
  return body;
}

/// A newer version of a pack, or the set that has it: cases of older sets go on by their own.
Command pack_command(std::mt19937_64& random) {
  const auto version = static_cast<std::int64_t>(2 + random() % 3);
  if (random() % 2 == 0) {
    Database none(":memory:");
    board::PackEngine().create_tables(none);
    const auto pack = towers(version);
    return board::install_commands({&pack, 1}, none).front();
  }
  return made("pack.install",
              Json::object()
                  .set("packs", Json::object().set("towers", to_hex(view_of(towers(version).hash()))))
                  .set("checked_against", static_cast<std::int64_t>(4 + random() % 3)));
}

Json tower_fault(std::mt19937_64& random, const std::string& token) {
  if (random() % 2 == 0)
    return Json::object().set("type", "tower_fault").set("fields", Json::object().set("description", token));
  return Json::object()
      .set("id", static_cast<std::int64_t>(1 + random() % 12))
      .set("transition", random() % 2 == 0 ? "finish" : "settle")
      .set("comment", token);
}

Json transition_body(std::mt19937_64& random, const std::string& token) {
  static constexpr const char* names[] = {"file",   "file_and_dispatch", "dispatch", "accept",    "send_back",
                                          "extend", "suspend",           "resume",   "resolve",   "rework",
                                          "close",  "withdraw",          "merge",    "supervise", "reopen"};
  Json body = Json::object();
  const auto* name = names[random() % std::size(names)];
  body.set("id", static_cast<std::int64_t>(1 + random() % 12)).set("transition", name).set("comment", token);
  if (std::string_view(name) == "resolve") body.set("fields", Json::object().set("result", "done"));
  if (std::string_view(name) == "extend") body.set("extension", static_cast<std::int64_t>(1 + random() % 3));
  if (std::string_view(name) == "merge") body.set("parent", static_cast<std::int64_t>(1 + random() % 12));
  if (random() % 3 == 0) body.set("responsible", "D-SW");
  return body;
}

Command tower_check(std::mt19937_64& random) {
  const auto number = [&](std::uint64_t most) { return static_cast<std::int64_t>(1 + random() % most); };
  Json body = Json::object();
  if (random() % 3 == 0) {
    const std::string post = "lamp_post:" + std::to_string(number(3));
    body.set("type", "tower_check").set("fields", Json::object().set("post", post));
    return made("case.create", std::move(body));
  }
  body.set("id", number(12)).set("transition", random() % 4 == 0 ? "end" : "look");
  return made("case.transition", std::move(body));
}

/// A number and, so that it can be found again, the token as a category.
Command observation(std::mt19937_64& random, const std::string& token) {
  sensing::Incoming incoming;
  incoming.stream(1);
  const Instant time = static_cast<Instant>(random() % 400) * microseconds_per_second;
  for (std::uint64_t i = 0; i < 1 + random() % 5; ++i) {
    // Later, earlier, and the same again: the simulator's clock stands at the beginning of time.
    incoming.number(time + static_cast<Instant>(random() % 90) * microseconds_per_second,
                    {static_cast<std::int64_t>(random() % 100), 0, true});
  }
  incoming.stream(2);
  incoming.text(std::nullopt, token);
  Command command;
  command.kind = "sensing.observe";
  command.actor = "operator";
  command.block = incoming.take();
  return command;
}

/// What the courier says became of a notice.
Command courier_report(std::mt19937_64& random, const std::string& token) {
  Json body = Json::object();
  body.set("id", static_cast<std::int64_t>(1 + random() % 12)).set("told", token);
  body.set("delivered", random() % 2 == 0).set("permanent", random() % 5 == 0);
  Command command = made("notice.report", std::move(body));
  command.actor = "system:outbox/courier";
  return command;
}

Command engines_command(std::mt19937_64& random, const std::string& token) {
  Command command;
  if (random() % 10 == 0) return pack_command(random);
  if (random() % 9 == 0) return tower_check(random);
  if (random() % 8 == 0) {
    Json body = tower_fault(random, token);
    const char* kind = body.has("type") ? "case.create" : "case.transition";
    return made(kind, std::move(body));
  }
  const auto pick = random() % 28;
  if (pick >= 25) return courier_report(random, token);
  if (pick >= 20) return observation(random, token);
  if (pick < 6) {
    command = made("case.create", case_body(random, token));
    if (random() % 3 == 0) command.personal.push_back({"fields/reporter_telephone", "138" + token});
  } else if (pick < 14) {
    command = made("case.transition", transition_body(random, token));
  } else if (pick < 16) {
    command = made("case.comment",
                   Json::object().set("id", static_cast<std::int64_t>(1 + random() % 12)).set("text", token));
  } else if (pick == 16) {
    command = made("unit.create", Json::object()
                                      .set("code", token)
                                      .set("kind", "grid")
                                      .set("parent", "X1")
                                      .set("title_zh", token)
                                      .set("title_en", token));
  } else if (pick == 17) {
    command = made(
        "unit.add_person",
        Json::object().set("login", token).set("unit", "X").set("title_zh", token).set("title_en", token));
    command.personal.push_back({"name", "somebody"});
  } else if (pick == 18 && random() % 2 == 0) {
    command = made("case.erase", Json::object()
                                     .set("id", static_cast<std::int64_t>(1 + random() % 12))
                                     .set("field", "reporter_telephone")
                                     .set("purpose", token));
  } else if (pick == 18) {
    command = made("register.add", Json::object()
                                       .set("register", "lamp_post")
                                       .set("values", Json::object().set("code", token).set("height", 3)));
    if (random() % 2 == 0) command.personal.push_back({"values/keeper", "keeper " + token});
  } else if (random() % 2 == 0) {
    const bool replaces = random() % 2 == 0;
    command = made(
        replaces ? "register.change" : "register.erase",
        Json::object().set("register", "lamp_post").set("id", static_cast<std::int64_t>(1 + random() % 4)));
    if (replaces && random() % 2 == 0) {
      // Of a day to come, of today, or gone by.
      command.body.set("values", Json::object().set("height", static_cast<std::int64_t>(1 + random() % 9)))
          .set("from", format_day(static_cast<Day>(random() % 4)))
          .set("reason", token);
    } else if (replaces) {
      command.body.set("values", Json::object());
      command.personal.push_back({"values/keeper", "another " + token});
    } else {
      command.body.set("field", "keeper").set("purpose", token);
    }
  } else {
    command = made("register.retire", Json::object()
                                          .set("register", "lamp_post")
                                          .set("id", static_cast<std::int64_t>(1 + random() % 4))
                                          .set("reason", token));
  }
  if (random() % 4 == 0) command.key = "key-" + token;
  return command;
}

/// What is there when the plans begin, by the names of the members that name it.
Words words() {
  const auto texts = [](std::initializer_list<const char*> list) {
    std::vector<Json> values;
    for (const char* text : list) values.emplace_back(text);
    return values;
  };
  const auto values = [](std::initializer_list<const char*> list) {
    std::vector<Json> parsed;
    for (const char* text : list) parsed.push_back(*parse_json(text));
    return parsed;
  };
  return {{"unit", texts({"X", "X1", "X1G", "D-SW"})},
          {"code", texts({"X1", "X1G", "D-SW", "B01"})},
          {"parent", values({R"("X")", R"("X1")", "1", "2"})},
          {"responsible", texts({"D-SW", "X1"})},
          {"calendar", values({R"("standard")", R"({"name":"own","version":1,"from":2026,"to":2026})"})},
          {"login", texts({"w", "w2"})},
          {"deputy", values({R"("w")", R"("w2")", "null"})},
          {"from", texts({"1970-01-01T00:00:01Z", "2026-01-01T00:00:00Z"})},
          {"until", texts({"1970-02-01T00:00:01Z", "2026-06-01T00:00:00Z"})},
          {"absence", values({"1", "2"})},
          {"role", texts({"handler", "dispatcher", "administrator"})},
          {"roles", values({R"(["handler"])"})},
          {"party", texts({"owner:1", "owner:2"})},
          {"kinds", values({R"(["tower_fault"])", R"(["grid_event","lamp_post"])"})},
          {"mandate", values({"1", "2"})},
          {"type", texts({"grid_event", "tower_fault", "tower_check"})},
          {"class", texts({"B0101", "S0102"})},
          {"register", texts({"lamp_post"})},
          {"fields", values({R"({"description":"declared"})",
                             R"({"description":"declared","condition":"loose"})", R"({"result":"done"})"})},
          {"field", texts({"name", "email", "reporter_telephone", "keeper"})},
          {"values", values({R"({"code":"a"})", R"({"code":"b","height":3})", R"({"height":4})",
                             R"({"code":"c","owner":"owner:1"})", R"({"owner":"owner:2"})"})},
          {"geometry", values({"[[0,0,10,0,10,10]]"})},
          {"transition", texts({"file", "file_and_dispatch", "dispatch", "accept", "resolve", "close",
                                "withdraw", "finish", "look"})},
          {"stream", texts({"measurement"})},
          {"result", values({"1", "60", "12.5"})},
          {"time", texts({"1970-01-01T00:00:01Z"})},
          {"signal", texts({"stream:1/high"})},
          {"part", texts({"internal"})},
          {"pack", texts({"grid-events"})},
          {"base", values({"2", "3"})},
          {"revision", values({"1", "2"})},
          {"files", values({R"({"rules/own.tests.toml":"# nothing"})"})},
          {"checked_against", values({"4", "5", "6"})},
          {"messages", values({"[]"})},
          {"host", texts({"mail.example"})},
          {"port", values({"25"})},
          {"site", texts({"https://q.example"})},
          {"url", texts({"https://hooks.example/"})},
          {"created", values({"1767225600000000"})},
          {"closed", values({"1767225700000000"})},
          {"as_of", values({"1767225800000000"})},
          {"due", values({"1767225900000000"})},
          {"gone", values({"[]"})},
          {"form", texts({"list", "board"})},
          {"content", values({R"({"sort":"due"})"})},
          {"told", texts({"250 ok"})}};
}

/// Every kind that an engine declares, whatever plan was written for it.
Command any_command(std::mt19937_64& random, const std::string& token) {
  static const DeclaredCommands declared(cmd::make_engines(), words());
  Command command = declared.make(random, token);
  // A redaction is applied by whoever sends it; alone it would have the refold read what nobody wrote.
  if (command.kind == "district.redact") command.actor = "anonymous";
  return command;
}

Command mixed_command(std::mt19937_64& random, const std::string& token) {
  return random() % 3 == 0 ? any_command(random, token) : engines_command(random, token);
}

}  // namespace

/// A quarter of the seeds each, so that they can be played side by side.
class EveryEngine : public testing::TestWithParam<std::uint64_t> {};

TEST_P(EveryEngine, LosesNothing) {
  constexpr std::uint64_t parts = 4;
  const char* text = std::getenv("QIPAN_ENGINE_SEEDS");
  const std::uint64_t count = text == nullptr ? 1'000 : std::strtoull(text, nullptr, 10);
  static const auto image = prepare(cmd::make_engines, whole_district());
  Played sum;
  std::uint64_t seeds = 0;
  for (std::uint64_t seed = 1 + GetParam(); seed <= count; seed += parts) {
    Plan plan;
    plan.seed = seed;
    plan.rounds = 3;
    plan.redacts = true;
    plan.engines = cmd::make_engines;
    plan.command = mixed_command;
    plan.image = image;
    const Played played = simulate(plan);
    ASSERT_EQ(played.violation, "") << "replay with seed " << seed;
    ++seeds;
    sum.acknowledged += played.acknowledged;
    sum.refused += played.refused;
    sum.unavailable += played.unavailable;
    sum.power_cuts += played.power_cuts;
    sum.redacted += played.redacted;
    sum.erased += played.erased;
    sum.decided_again += played.decided_again;
    sum.as_recorded += played.as_recorded;
    for (const auto& [kind, accepted] : played.accepted) sum.accepted[kind] += accepted;
  }
  std::cout << "simulator over every engine: " << seeds << " seeds, " << sum.power_cuts << " power cuts, "
            << sum.acknowledged << " acknowledged, " << sum.refused << " refused, " << sum.unavailable
            << " not written, " << sum.redacted << " redacted, " << sum.erased << " erased; "
            << sum.decided_again << " decided again from what was said, " << sum.as_recorded
            << " taken as recorded\n";
  std::cout << "accepted:";
  for (const auto& [kind, accepted] : sum.accepted) std::cout << " " << kind << " " << accepted;
  std::cout << "\n";
  EXPECT_GT(sum.acknowledged, seeds * 10);
  if (seeds >= 50) {
    EXPECT_GE(sum.accepted.size(), 25U) << "most kinds find what they name";
  }
  EXPECT_GT(sum.refused, seeds);
  EXPECT_GT(sum.decided_again, sum.as_recorded);
}

INSTANTIATE_TEST_SUITE_P(Simulator, EveryEngine, testing::Values(0, 1, 2, 3));
