// Reading ahead: in order, to the end or to where it is told to stop, whatever the other threads meet.
#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "log/read_ahead.hpp"

using namespace qipan;

namespace {

/// Batches of one fact each, large enough for many groups.
class ReadingAhead : public testing::Test {
 protected:
  static constexpr Position batches = 600;
  ReadingAhead() {
    log::Log::create_tables(database_);
    log::Log log(database_);
    Transaction transaction(database_);
    for (Position i = 0; i < batches; ++i) {
      log::CommandRecord command;
      command.kind = "toy.put";
      command.actor = "operator";
      command.seed = random_bytes(sizeof(log::Salt));
      command.facts.push_back(
          {"toy.put",
           "toy:1",
           {{log::Audience::internal, std::string(2'000, static_cast<char>('a' + i % 26)), {}}}});
      EXPECT_EQ(log.append({i, {std::move(command)}}, i), log::Append::stored);
    }
    transaction.commit();
  }
  Database database_{":memory:"};
};

}  // namespace

TEST_F(ReadingAhead, IsInOrder) {
  std::vector<Position> seen;
  log::ReadAhead<Position> walk([](log::Batch batch) -> Result<Position> { return batch.first; },
                                [&](Position first) -> Result<bool> {
                                  seen.push_back(first);
                                  return true;
                                });
  ASSERT_TRUE(walk.read(database_, 0));
  ASSERT_EQ(seen.size(), batches);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(ReadingAhead, StopsWhereItIsTold) {
  Position visited = 0;
  log::ReadAhead<Position> walk([](log::Batch batch) -> Result<Position> { return batch.first; },
                                [&](Position) -> Result<bool> { return ++visited < 70; });
  ASSERT_TRUE(walk.read(database_, 0));
  EXPECT_EQ(visited, 70U);
}

TEST_F(ReadingAhead, TellsAFaultAfterWhatCameBeforeIt) {
  Position visited = 0;
  log::ReadAhead<Position> walk(
      [](log::Batch batch) -> Result<Position> {
        if (batch.first == 300) return invalid("toy-fault", "", "", "anything else");
        return batch.first;
      },
      [&](Position) -> Result<bool> {
        ++visited;
        return true;
      });
  const auto read = walk.read(database_, 0);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "toy-fault");
  EXPECT_EQ(visited, 300U);
}

TEST_F(ReadingAhead, PassesOnWhatIsThrown) {
  log::ReadAhead<Position> preparing(
      [](log::Batch batch) -> Result<Position> {
        if (batch.first == 300) throw std::runtime_error("told");
        return batch.first;
      },
      [](Position) -> Result<bool> { return true; });
  EXPECT_THROW(std::ignore = preparing.read(database_, 0), std::runtime_error);
  log::ReadAhead<Position> visiting([](log::Batch batch) -> Result<Position> { return batch.first; },
                                    [](Position first) -> Result<bool> {
                                      if (first == 300) throw std::runtime_error("told");
                                      return true;
                                    });
  EXPECT_THROW(std::ignore = visiting.read(database_, 0), std::runtime_error);
}

TEST_F(ReadingAhead, RefusesABatchThatDoesNotStandWhereItSays) {
  database_.execute("UPDATE log_batches SET first=1000 WHERE first=300");
  Position visited = 0;
  log::ReadAhead<Position> walk([](log::Batch batch) -> Result<Position> { return batch.first; },
                                [&](Position) -> Result<bool> {
                                  ++visited;
                                  return true;
                                });
  const auto read = walk.read(database_, 0);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "log-broken");
  EXPECT_EQ(visited, batches - 1);
}
