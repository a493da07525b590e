// How long commands wait while a hundred thousand timers come due in one second. Prints one line of JSON.
//   timers [COUNT]
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "board/writer.hpp"
#include "support/folder.hpp"
#include "support/toy_engine.hpp"

using namespace qipan;
using Steady = std::chrono::steady_clock;

namespace {

board::Command toy(const char* kind, std::int64_t id) {
  board::Command command;
  command.kind = kind;
  command.actor = "operator";
  command.body.set("id", id).set("by", 1).set("delay", 60'000'000);
  return command;
}

std::int64_t milliseconds(Steady::duration length) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
}

}  // namespace

int main(int count, char** words) {
  const std::int64_t timers = count > 1 ? std::atoll(words[1]) : 100'000;
  const test::Folder folder("timers");
  ManualClock clock{1'000'000'000};
  Database database((folder / "district.db").string(), {.exclusive = true});
  board::Vault vault((folder / "vault.db").string(), board::VaultKeys(std::string(32, 'k')), {});
  std::vector<std::unique_ptr<board::Engine>> engines;
  engines.push_back(std::make_unique<test::ToyEngine>());
  log::Log::create_tables(database);
  board::Board::create_tables(database, engines);
  board::Board board(database, vault, clock, std::move(engines), "digest");
  for (std::int64_t id = 1; id <= timers; id += 500) {
    std::vector<board::Command> group;
    for (std::int64_t next = id; next < id + 500 && next <= timers; ++next)
      group.push_back(toy("toy.later", next));
    board.decide(group, [](std::size_t, const board::Outcome&) {});
  }
  clock.advance(61'000'000);
  std::vector<Steady::duration> waits;
  const auto begin = Steady::now();
  {
    board::Writer writer(board);
    bool left = true;
    for (std::int64_t id = timers + 1; left; ++id) {
      const auto asked = Steady::now();
      if (!writer.run(toy("toy.add", id))) return 1;
      waits.push_back(Steady::now() - asked);
      if (id % 16 == 0)
        writer.between_groups([&](board::Board& idle) { left = idle.next_due().has_value(); });
    }
  }
  std::sort(waits.begin(), waits.end());
  std::cout << "{\"timers\":" << timers << ",\"commands\":" << waits.size()
            << ",\"p50_ms\":" << milliseconds(waits[waits.size() / 2])
            << ",\"p99_ms\":" << milliseconds(waits[waits.size() * 99 / 100])
            << ",\"longest_ms\":" << milliseconds(waits.back())
            << ",\"all_fired_ms\":" << milliseconds(Steady::now() - begin) << "}\n";
}
