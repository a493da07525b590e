// Real processes, really killed: a child decides commands on a district on disk and tells each
// acknowledgement through a pipe; the parent kills it at any moment, opens the district again and looks for
// everything that was acknowledged.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <random>
#include <thread>

#include "board/district.hpp"
#include "board/pack_engine.hpp"
#include "board/refold.hpp"
#include "board/writer.hpp"
#include "cmd/engines.hpp"
#include "cmd/seeds.hpp"
#include "sensing/incoming.hpp"
#include "sensing/series.hpp"
#include "support/toy_plan.hpp"

using namespace qipan;
using namespace qipan::test;

namespace {

std::vector<std::unique_ptr<board::Engine>> engines() {
  std::vector<std::unique_ptr<board::Engine>> list;
  list.push_back(std::make_unique<board::IdentityEngine>());
  list.push_back(std::make_unique<ToyEngine>());
  return list;
}

struct Acknowledged {
  std::uint64_t first;
  std::uint64_t token;
};

[[noreturn]] void child(const std::string& folder, int pipe, std::uint64_t seed) {
  auto district = board::District::open(folder, engines);
  if (!district) _exit(2);
  std::mt19937_64 random(seed);
  board::Writer writer((*district)->board());
  for (std::uint64_t serial = 0;; ++serial) {
    const std::uint64_t token = seed * 1'000'000 + serial;
    writer.submit(toy_command(random, "t" + std::to_string(token)),
                  [pipe, token](const board::Outcome& outcome) {
                    if (!outcome) return;
                    const Acknowledged told{outcome->first, token};
                    if (::write(pipe, &told, sizeof told) != sizeof told) _exit(3);
                  });
    if (serial % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// The same at full ingest: observations as fast as the writer takes them, over a limit now and then.
struct Told {
  std::uint64_t first;
  std::int64_t time;
};

std::unique_ptr<board::District> sensing_district(const std::string& folder) {
  auto district = *board::District::create(folder, {"qipan.example/kill", {"甲", "A"}}, cmd::make_engines);
  pack::Problems problems;
  for (const char* name : {"base", "sensing", "air-quality"}) {
    const auto pack = pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems);
    EXPECT_TRUE(board::install_packs(district->board(), {&*pack, 1}));
    auto seeds =
        cmd::seed_commands(*pack, registers::load_registers(district->board().database()), "", problems);
    district->board().decide(seeds, [](std::size_t, const board::Outcome& outcome) { EXPECT_TRUE(outcome); });
  }
  return district;
}

[[noreturn]] void ingesting_child(const std::string& folder, int pipe, std::uint64_t seed) {
  auto district = board::District::open(folder, cmd::make_engines);
  if (!district) _exit(2);
  board::Writer writer((*district)->board());
  const Instant begin = SystemClock().now() - microseconds_per_day + static_cast<Instant>(seed) * 600'000'000;
  for (std::int64_t serial = 0;; ++serial) {
    // One time for all of a command's streams: it is looked for again by it.
    const Instant time = begin + serial * 1'000;
    sensing::Incoming incoming;
    for (std::int64_t stream = 1; stream <= 24; ++stream) {
      incoming.stream(stream);
      incoming.number(time, {serial % 500 == 499 ? 250 : 40 + serial % 20, 0, true});
    }
    board::Command command;
    command.kind = "sensing.observe";
    command.actor = "operator";
    command.block = incoming.take();
    writer.submit(std::move(command), [pipe, time](const board::Outcome& outcome) {
      if (!outcome) return;
      const Told told{outcome->first, time};
      if (::write(pipe, &told, sizeof told) != sizeof told) _exit(3);
    });
    if (serial % 100 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool holds_all(Database& database, const Told& told) {
  std::size_t found = 0;
  const auto fact = log::Log::find(database, told.first);
  const auto block =
      fact ? sensing::decode_block(fact->fact.block()) : Result<std::vector<sensing::Series>>();
  if (!block) return false;
  for (const auto& series : *block) {
    for (const auto& sample : series.samples) found += sample.time == told.time ? 1 : 0;
  }
  return found == 24;
}

/// QIPAN_KILLS=count kills more often than usual.
std::uint64_t kills_of(std::uint64_t usual) {
  const char* text = std::getenv("QIPAN_KILLS");
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST(Kill, NothingAcknowledgedIsLostAtFullIngest) {
  const auto folder = std::filesystem::temp_directory_path() / ("qipan-ingest-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  sensing_district(folder).reset();
  std::mt19937_64 random(11);
  const std::uint64_t kills = kills_of(10);
  std::uint64_t acknowledged = 0;
  for (std::uint64_t kill = 1; kill <= kills; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t process = ::fork();
    ASSERT_GE(process, 0);
    if (process == 0) {
      ::close(ends[0]);
      ingesting_child(folder, ends[1], kill);
    }
    ::close(ends[1]);
    // Reads while it runs: a pipe is small, and whoever tells must not wait.
    std::vector<Told> told;
    std::thread listener([&] {
      for (Told one{}; ::read(ends[0], &one, sizeof one) == sizeof one;) told.push_back(one);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(150 + random() % 300));
    ASSERT_EQ(::kill(process, SIGKILL), 0);
    int status = 0;
    ::waitpid(process, &status, 0);
    listener.join();
    ::close(ends[0]);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    auto district = board::District::open(folder, cmd::make_engines);
    ASSERT_TRUE(district) << district.error().line();
    for (const auto& one : told)
      ASSERT_TRUE(holds_all((*district)->board().database(), one)) << "kill " << kill << " lost " << one.time;
    acknowledged += told.size();
    if (kill % 5 != 0) continue;
    const auto verified =
        board::verify((*district)->board().database(), ":memory:", (*district)->board().engines(),
                      [](std::string_view, Position) {});
    ASSERT_TRUE(verified) << verified.error().line();
  }
  std::cout << "kills: " << kills << " processes killed at full ingest, " << acknowledged
            << " acknowledged arrays all there\n";
  EXPECT_GT(acknowledged, kills);
  std::filesystem::remove_all(folder);
}

TEST(Kill, NothingAcknowledgedIsLost) {
  const auto folder = std::filesystem::temp_directory_path() / ("qipan-kill-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(board::District::create(folder, {"qipan.example/kill", {"甲", "A"}}, engines));
  std::mt19937_64 random(7);
  const std::uint64_t kills = kills_of(30);
  std::uint64_t acknowledged = 0;
  for (std::uint64_t kill = 1; kill <= kills; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t process = ::fork();
    ASSERT_GE(process, 0);
    if (process == 0) {
      ::close(ends[0]);
      child(folder, ends[1], kill);
    }
    ::close(ends[1]);
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + random() % 120));
    ASSERT_EQ(::kill(process, SIGKILL), 0);
    int status = 0;
    ::waitpid(process, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    std::vector<Acknowledged> told;
    for (Acknowledged one{}; ::read(ends[0], &one, sizeof one) == sizeof one;) told.push_back(one);
    ::close(ends[0]);
    auto district = board::District::open(folder, engines);
    ASSERT_TRUE(district) << district.error().line();
    for (const auto& one : told) {
      const auto fact = log::Log::find((*district)->board().database(), one.first);
      ASSERT_TRUE(fact && fact->fact.parts.back().bytes.find("\"t" + std::to_string(one.token) + "\"") !=
                              std::string::npos)
          << "kill " << kill << " lost " << one.token;
    }
    acknowledged += told.size();
    if (kill % 10 == 0) {
      const auto verified =
          board::verify((*district)->board().database(), ":memory:", (*district)->board().engines(),
                        [](std::string_view, Position) {});
      ASSERT_TRUE(verified) << verified.error().line();
    }
  }
  std::cout << "kills: " << kills << " processes killed, " << acknowledged
            << " acknowledged commands all there\n";
  EXPECT_GT(acknowledged, kills);
  std::filesystem::remove_all(folder);
}
