#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "board/board.hpp"

namespace qipan::test {

using Engines = std::vector<std::unique_ptr<board::Engine>>;

struct Plan {
  std::uint64_t seed = 0;
  std::function<Engines()> engines;
  /// Other engines after each cut, as when a newer program is put in the place of one; none: always the same.
  std::function<Engines(int round)> engines_in;
  /// A random command; `token` is unique, and if it stands in its body it must end in one of its facts.
  std::function<board::Command(std::mt19937_64& random, const std::string& token)> command;
  /// The disk that it begins with, as prepare() left it; none: an empty one.
  std::shared_ptr<const std::map<std::string, std::string>> image;
  int rounds = 6;
  /// Something that was said is redacted between rounds: the engines must have the district's own.
  bool redacts = false;
  bool sync_lies = false;
  bool acknowledge_before_commit = false;
};

struct Played {
  std::string violation;  // empty when everything held
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::uint64_t unavailable = 0;
  std::uint64_t power_cuts = 0;
  std::uint64_t redacted = 0;
  std::uint64_t erased = 0;         // values, found gone after a cut
  std::uint64_t decided_again = 0;  // commands that came out as they stand, decided anew from what was said
  std::uint64_t as_recorded = 0;    // commands of which not all that was said is kept
  std::map<std::string, std::uint64_t> accepted;  // of each kind
};

/// The files of a district in which some commands were decided, without faults: made once, a thousand plans
/// begin there.
[[nodiscard]] std::shared_ptr<const std::map<std::string, std::string>> prepare(
    const std::function<Engines()>& engines, std::vector<board::Command> first);

/// Plays a plan on a simulated disk: random groups of commands, full disks, power cut at any operation; after
/// each cut it checks that nothing acknowledged is lost, nothing is half-applied, and a refold equals the
/// views. The same seed plays the same run.
[[nodiscard]] Played simulate(const Plan& plan);

}  // namespace qipan::test
