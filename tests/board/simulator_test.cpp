#include "support/simulator.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "support/toy_plan.hpp"

using namespace qipan;
using namespace qipan::test;

namespace {

/// QIPAN_SEEDS=count plays more; QIPAN_SEED=number replays one.
std::uint64_t environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// How many of some seeds see the planted fault; one is enough, as each seed replays.
int caught(const std::function<void(Plan&)>& plant, int seeds) {
  int count = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Plan plan = toy_plan(static_cast<std::uint64_t>(seed));
    plant(plan);
    count += simulate(plan).violation.empty() ? 0 : 1;
  }
  return count;
}

}  // namespace

TEST(Simulator, ToyEngineLosesNothing) {
  const auto first = environment("QIPAN_SEED", 1);
  const auto count = std::getenv("QIPAN_SEED") != nullptr ? 1 : environment("QIPAN_SEEDS", 1'000);
  Played sum;
  for (auto seed = first; seed < first + count; ++seed) {
    const Played run = simulate(toy_plan(seed));
    ASSERT_EQ(run.violation, "") << "replay with QIPAN_SEED=" << seed;
    sum.acknowledged += run.acknowledged;
    sum.refused += run.refused;
    sum.unavailable += run.unavailable;
    sum.power_cuts += run.power_cuts;
    sum.decided_again += run.decided_again;
  }
  std::cout << "simulator: " << count << " seeds, " << sum.power_cuts << " power cuts, " << sum.acknowledged
            << " acknowledged, " << sum.refused << " refused, " << sum.unavailable << " not written, "
            << sum.decided_again << " decided again\n";
  EXPECT_GT(sum.decided_again, sum.acknowledged);
  if (count >= 1'000) {
    EXPECT_GT(sum.acknowledged, 10'000U);
    EXPECT_GT(sum.refused, 1'000U);
    EXPECT_GT(sum.unavailable, 1'000U);
  }
}

TEST(Simulator, SeesAMissingSync) {
  EXPECT_GT(caught([](Plan& plan) { plan.sync_lies = true; }, 20), 0);
}

TEST(Simulator, SeesAnAcknowledgementBeforeCommit) {
  EXPECT_GT(caught([](Plan& plan) { plan.acknowledge_before_commit = true; }, 40), 0);
}

TEST(Simulator, SeesAFoldThatReadsTheClock) {
  const auto clock_fold = [](Plan& plan) {
    plan.engines = [] {
      Engines engines;
      engines.push_back(std::make_unique<ToyEngine>(ToyFaults{.fold_reads_clock = true}));
      return engines;
    };
  };
  EXPECT_GT(caught(clock_fold, 20), 0);
}

TEST(Simulator, SeesADecisionThatReadsTheClock) {
  const auto clock_decision = [](Plan& plan) {
    plan.engines = [] {
      Engines engines;
      engines.push_back(std::make_unique<ToyEngine>(ToyFaults{.decide_reads_clock = true}));
      return engines;
    };
  };
  EXPECT_GT(caught(clock_decision, 5), 0) << "decided again, its facts are others";
}

TEST(Simulator, ReadsFactsOfOlderProgramsForEver) {
  // Each cut ends a program; the next writes another version of what it says.
  const auto count = environment("QIPAN_SEEDS", 1'000) / 5;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    Plan plan = toy_plan(seed);
    plan.engines_in = [](int round) {
      Engines engines;
      engines.push_back(std::make_unique<ToyEngine>(ToyFaults{}, 1 + static_cast<std::size_t>(round / 2)));
      return engines;
    };
    plan.rounds = 5;
    ASSERT_EQ(simulate(plan).violation, "") << "seed " << seed;
  }
}

TEST(Simulator, ReplaysASeed) {
  const Played first = simulate(toy_plan(7));
  const Played again = simulate(toy_plan(7));
  EXPECT_EQ(first.acknowledged, again.acknowledged);
  EXPECT_EQ(first.unavailable, again.unavailable);
}
