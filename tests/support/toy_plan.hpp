#pragma once

#include "support/simulator.hpp"
#include "support/toy_engine.hpp"

namespace qipan::test {

inline board::Command toy_command(std::mt19937_64& random, const std::string& token) {
  board::Command command;
  command.actor = "operator";
  const auto pick = random() % 10;
  command.kind = pick < 5 ? "toy.add" : (pick < 8 ? "toy.move" : "toy.later");
  command.body.set("id", static_cast<std::int64_t>(1 + random() % 8));
  command.body.set("to", static_cast<std::int64_t>(1 + random() % 8));
  command.body.set("by", static_cast<std::int64_t>(random() % 60));
  command.body.set("delay", static_cast<std::int64_t>(random() % 3'000'000));
  command.body.set("token", token);
  if (random() % 4 == 0) command.key = "key-" + token;
  return command;
}

inline Plan toy_plan(std::uint64_t seed) {
  Plan plan;
  plan.seed = seed;
  plan.command = toy_command;
  plan.engines = [] {
    Engines engines;
    engines.push_back(std::make_unique<ToyEngine>());
    return engines;
  };
  return plan;
}

}  // namespace qipan::test
