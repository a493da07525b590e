#include "board/board.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "board/refold.hpp"
#include "board/writer.hpp"
#include "support/toy_engine.hpp"

using namespace qipan;
using namespace qipan::board;
using qipan::test::ToyEngine;

namespace {

struct World {
  ManualClock clock{1'000'000'000};
  Database database{":memory:"};
  Vault vault{":memory:", board::VaultKeys(std::string(32, 'k')), {}};
  std::unique_ptr<Board> board;

  explicit World(BoardLimits limits = unhurried()) {
    auto list = engines();
    log::Log::create_tables(database);
    Board::create_tables(database, list);
    board = std::make_unique<Board>(database, vault, clock, std::move(list), "digest", limits);
  }
  /// How many are fired of a group then rests on numbers alone.
  static BoardLimits unhurried() {
    BoardLimits limits;
    limits.background_max = std::chrono::hours(1);
    return limits;
  }
  static std::vector<std::unique_ptr<Engine>> engines() {
    std::vector<std::unique_ptr<Engine>> list;
    list.push_back(std::make_unique<ToyEngine>());
    return list;
  }
  std::int64_t amount(std::int64_t id) {
    return database.integer("SELECT amount FROM toy_accounts WHERE id=" + std::to_string(id), -1);
  }
};

Command toy(const std::string& kind, std::int64_t id, std::int64_t by, const std::string& key = "") {
  Command command;
  command.kind = kind;
  command.actor = "operator";
  command.body.set("id", id).set("by", by).set("to", id + 1).set("delay", 1'000);
  command.key = key;
  return command;
}

}  // namespace

TEST(Board, ARefusalUndoesItsCommandOnly) {
  World world;
  std::vector<Command> commands{toy("toy.add", 1, 30), toy("toy.move", 1, 50), toy("toy.add", 1, 5)};
  std::vector<Outcome> outcomes;
  world.board->decide(commands,
                      [&](std::size_t, Outcome outcome) { outcomes.push_back(std::move(outcome)); });
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_TRUE(outcomes[0]);
  EXPECT_EQ(outcomes[1].error().code, "toy-too-little");
  EXPECT_EQ(outcomes[2]->first, 1U) << "positions roll back too";
  EXPECT_EQ(world.amount(1), 35);
  EXPECT_EQ(world.amount(2), -1);
  EXPECT_EQ(world.board->next_position(), 2U);
}

TEST(Board, TheSameKeyGivesTheSameAnswer) {
  World world;
  const auto first = world.board->decide(toy("toy.add", 1, 30, "k"));
  const auto again = world.board->decide(toy("toy.add", 1, 30, "k"));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->first, again->first);
  EXPECT_EQ(first->answer, again->answer);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(world.amount(1), 30);
  EXPECT_EQ(world.board->decide(toy("toy.add", 1, 31, "k")).error().code, "key-reused");
}

TEST(Board, WhatCouldNotBeReadBackIsRefused) {
  World world;
  const auto before = world.board->next_position();
  Command deep = toy("toy.add", 1, 30);
  Json token("t");
  for (int i = 0; i < 40; ++i) {
    Json around = Json::array();
    around.push(std::move(token));
    token = std::move(around);
  }
  deep.body.set("token", token);
  EXPECT_EQ(world.board->decide(deep).error().code, "fields-too-large") << "a refold would refuse it";
  EXPECT_EQ(world.board->decide(toy("toy.add", 1, 30, "\xff\xff")).error().code, "name-unfit");
  EXPECT_EQ(world.board->next_position(), before);
}

TEST(Board, PersonalValuesStandOnlyInTheVault) {
  World world;
  Command command = toy("toy.add", 1, 30, "k");
  command.personal = {{"token", "13800000000"}};
  const auto first = world.board->decide(command);
  ASSERT_TRUE(first) << first.error().line();
  EXPECT_EQ(world.board->decide(command)->first, first->first)
      << "the key holds for what was sent, not for the reference";
  const auto fact = log::Log::find(world.database, first->first);
  for (const auto& part : fact->fact.parts) EXPECT_EQ(part.bytes.find("13800000000"), std::string::npos);
  EXPECT_EQ(fact->fact.parts.back().audience, log::Audience::sensitive)
      << "even the reference is told to few";
  const auto body = log::body_of(fact->fact);
  EXPECT_EQ(world.vault.reveal((*body)["token"]).value(), "13800000000");
  EXPECT_EQ(world.vault.size(), 1);
  Command refused = toy("toy.add", 1, 0);
  refused.personal = {{"token", "13900000000"}};
  EXPECT_FALSE(world.board->decide(refused));
  EXPECT_EQ(world.vault.size(), 1) << "a refused command leaves nothing";
  ASSERT_TRUE(world.vault.erase({(*body)["token"]["vault"].text()}));
  EXPECT_EQ(world.vault.reveal((*body)["token"]).error().code, "personal-value-gone");
}

TEST(Board, ReactionsFollowAndARefusedOneIsAFact) {
  World world;
  ASSERT_TRUE(world.board->decide(toy("toy.add", 1, 150)));
  EXPECT_EQ(world.amount(1), 0) << "over its limit, so it was reset";
  const auto reset = log::Log::find(world.database, 1);
  EXPECT_EQ(reset->fact.kind, "toy.reset_done");
  EXPECT_EQ(reset->command.cause, 0U);
  EXPECT_EQ(reset->command.actor, "system:toy/reset");
  ASSERT_TRUE(world.board->decide(toy("toy.add", 5, 150))) << "account 5 may not be reset";
  EXPECT_EQ(world.amount(5), 150);
  EXPECT_EQ(log::Log::find(world.database, 3)->fact.kind, "board.reaction_refused");
}

TEST(Board, WhatIsDueForWhatACommandNamesComesBeforeItTheRestBehind) {
  World world;
  for (const std::int64_t id : {4, 2, 1}) ASSERT_TRUE(world.board->decide(toy("toy.later", id, 1)));
  EXPECT_FALSE(world.board->tick());
  world.clock.advance(1'000);
  const auto subject = [&](Position position) {
    return log::Log::find(world.database, position)->fact.subject;
  };
  // 2 and 3 are named; the others are due as long.
  const auto next = world.board->decide(toy("toy.move", 2, 1));
  EXPECT_EQ(subject(3), "toy:2");
  EXPECT_EQ(next->first, 4U);
  EXPECT_EQ(subject(6), "toy:1");
  EXPECT_EQ(subject(7), "toy:4");
  EXPECT_EQ(log::Log::find(world.database, 7)->fact.kind, "toy.fired");
  EXPECT_FALSE(world.board->next_due());
}

// Each thing's facts are found by its name, whatever engine and kind; also what stands for no one thing.
TEST(Board, FactsAreFoundByTheirSubject) {
  World world;
  ASSERT_TRUE(world.board->decide(toy("toy.add", 1, 1)));
  ASSERT_TRUE(world.board->decide(toy("toy.add", 12, 1)));
  ASSERT_TRUE(world.board->decide(toy("toy.move", 12, 1)));
  EXPECT_EQ(history_of(world.database, "toy:12"), (std::vector<Position>{1, 2}));
  EXPECT_EQ(history_of(world.database, "toy:13"), (std::vector<Position>{3}));
  for (const char* unknown : {"toy:2", "toy:", "toy", "toy:012", "top:12", ""})
    EXPECT_TRUE(history_of(world.database, unknown).empty()) << unknown;
  View view(world.database);
  view.note_subject("pack:base", "pack", 90);
  view.note_subject("class:012", "case", 91);
  view.note_subject("class:12", "case", 92);
  view.note_subject("toy:0", "toy", 93);
  EXPECT_EQ(history_of(world.database, "pack:base"), (std::vector<Position>{90}));
  EXPECT_EQ(history_of(world.database, "class:012"), (std::vector<Position>{91})) << "a code is no number";
  EXPECT_EQ(history_of(world.database, "class:12"), (std::vector<Position>{92}));
  EXPECT_TRUE(history_of(world.database, "toy:0").empty()) << "no one thing";
}

TEST(Board, AssertedTimeFiresTimersWhenTheyWereDue) {
  World world;
  Command planned = toy("toy.later", 1, 1);
  planned.at = 5'000'000'000;
  ASSERT_TRUE(world.board->decide(planned));
  Command later = toy("toy.add", 2, 1);
  later.at = 6'000'000'000;
  ASSERT_TRUE(world.board->decide(later));
  EXPECT_EQ(log::Log::find(world.database, 1)->command.at, 5'000'001'000);
  Command earlier = toy("toy.add", 2, 1);
  earlier.at = 1;
  EXPECT_EQ(world.board->decide(earlier)->at, 6'000'000'000) << "time never decreases";
}

TEST(Board, ManyTimersTakeSeveralBatches) {
  World world;
  for (int id = 1; id <= 1'200; ++id) ASSERT_TRUE(world.board->decide(toy("toy.later", id, 1)));
  // A time that is asserted comes after all that was due by then.
  Command asserted = toy("toy.add", 1, 1);
  asserted.at = world.clock.now() + 2'000;
  ASSERT_TRUE(world.board->decide(asserted));
  std::size_t most = 0;
  ASSERT_TRUE(log::Log::read(world.database, 1'200, [&](const log::Batch& batch) {
    most = std::max(most, batch.commands.size());
    return true;
  }));
  EXPECT_EQ(most, 500U);
  EXPECT_EQ(world.board->next_position(), 2'401U);
}

// Commands that fill every batch hold the others' timers up, and do not stop them.
TEST(Board, TimersGetOnBesideFullBatches) {
  BoardLimits limits = World::unhurried();
  limits.batch_bytes_soft_max = 600;
  World world(limits);
  for (std::int64_t id = 1; id <= 40; ++id) ASSERT_TRUE(world.board->decide(toy("toy.later", id, 1)));
  world.clock.set(world.clock.now() + 10'000);
  std::vector<Command> commands;
  for (std::int64_t id = 100; id < 220; ++id) commands.push_back(toy("toy.add", id, 1));
  std::size_t accepted = 0;
  world.board->decide(commands, [&](std::size_t, const Outcome& outcome) { accepted += outcome ? 1 : 0; });
  EXPECT_EQ(accepted, 120U);
  std::size_t batches = 0;
  ASSERT_TRUE(log::Log::read(world.database, 40, [&](const log::Batch&) { return ++batches > 0; }));
  const std::int64_t left = world.database.integer("SELECT count(*) FROM board_timers");
  EXPECT_GT(batches, 10U);
  EXPECT_LE(left, 40 - static_cast<std::int64_t>(std::min<std::size_t>(batches, 40)))
      << "one a batch at least";
}

// A hundred thousand things due in one second: who asks meanwhile is answered first.
TEST(Board, ACommandDoesNotWaitForTheTimersOfOthers) {
  World world;
  for (std::int64_t id = 1; id <= 2'000; ++id) ASSERT_TRUE(world.board->decide(toy("toy.later", id, 1)));
  world.clock.set(world.clock.now() + 10'000);
  const auto asked = world.board->decide(toy("toy.add", 5'000, 7));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->first, 2'000U);
  EXPECT_EQ(world.amount(5'000), 7);
  const std::int64_t left = world.database.integer("SELECT count(*) FROM board_timers");
  EXPECT_EQ(left, 1'500) << "at most 500 behind it in its batch";
  EXPECT_TRUE(world.board->tick(1));
  EXPECT_EQ(world.database.integer("SELECT count(*) FROM board_timers"), 1'000);
  EXPECT_TRUE(world.board->tick());
  EXPECT_EQ(world.database.integer("SELECT count(*) FROM board_timers"), 0);
  EXPECT_FALSE(world.board->tick());
  const auto verified =
      verify(world.database, ":memory:", world.board->engines(), [](std::string_view, Position) {});
  EXPECT_TRUE(verified) << verified.error().line();
}

TEST(Board, RefoldsToTheSameViews) {
  World world;
  for (int i = 0; i < 200; ++i)
    std::ignore = world.board->decide(toy(i % 3 == 0 ? "toy.move" : "toy.add", i % 7 + 1, i % 40,
                                          i % 5 == 0 ? "k" + std::to_string(i) : ""));
  const auto verified =
      verify(world.database, ":memory:", world.board->engines(), [](std::string_view, Position) {});
  ASSERT_TRUE(verified) << verified.error().line();
  EXPECT_EQ(verified->root, world.board->root());
  world.database.execute("UPDATE toy_accounts SET amount=amount+1 WHERE id=3");
  EXPECT_EQ(verify(world.database, ":memory:", world.board->engines(), [](std::string_view, Position) {})
                .error()
                .code,
            "views-differ");
  ASSERT_TRUE(rebuild_views(world.database, world.board->engines(), [](Position) {}));
  EXPECT_TRUE(verify(world.database, ":memory:", world.board->engines(), [](std::string_view, Position) {}));
}

TEST(Writer, AnswersEveryThread) {
  World world;
  std::atomic<int> answered{0};
  {
    Writer writer(*world.board);
    std::vector<std::thread> senders;
    for (int t = 0; t < 4; ++t) {
      senders.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i)
          writer.submit(toy("toy.add", t + 1, 1),
                        [&](const Outcome& outcome) { answered += outcome ? 1 : 0; });
      });
    }
    for (auto& sender : senders) sender.join();
    EXPECT_TRUE(writer.run(toy("toy.add", 9, 1)));
  }
  EXPECT_EQ(answered, 400);
  EXPECT_EQ(world.board->next_position(), 401U);
}
