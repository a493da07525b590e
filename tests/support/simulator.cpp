#include "support/simulator.hpp"

#include <algorithm>
#include <optional>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "board/again.hpp"
#include "board/redact.hpp"
#include "board/refold.hpp"
#include "log/merkle.hpp"
#include "support/simulated_disk.hpp"

namespace qipan::test {

namespace {

using board::Accepted;
using board::Board;
using board::Command;
using board::Outcome;
using board::Vault;

struct Acknowledged {
  Position first;
  Position next;
  std::string token;
  std::string kind;
};

class Simulation {
 public:
  explicit Simulation(const Plan& plan)
      : plan_(plan), random_(plan.seed), disk_(plan.seed ^ 0x9E3779B97F4A7C15ULL) {}

  /// Ends with the files on the disk.
  std::map<std::string, std::string> prepare(std::vector<Command> first) {
    open();
    board_->decide(first, [&](std::size_t, const Outcome& outcome) {
      if (!outcome) throw std::logic_error("first command refused: " + outcome.error().line());
    });
    board_.reset();
    vault_.reset();
    database_.reset();
    std::map<std::string, std::string> image;
    for (const auto& [name, file] : disk_.files) image[name] = file.current;
    return image;
  }

  Played play() {
    if (plan_.image) {
      for (const auto& [name, bytes] : *plan_.image) disk_.files[name] = {bytes, bytes, {}, true};
    }
    open();
    for (int round = 0; round < plan_.rounds && run_.violation.empty(); ++round) {
      round_ = round + 1;  // whose engines open it after the cut
      disk_.set_sync_lies(plan_.sync_lies);
      if (random_() % 4 != 0) disk_.die_after(1 + random_() % 400);
      work();
      if (plan_.redacts && random_() % 2 == 0) try_to_redact();
      cut();
    }
    return run_;
  }

 private:
  Played violated(const std::string& what) {
    run_.violation = "seed " + std::to_string(plan_.seed) + ": " + what;
    return run_;
  }

  void open() {
    const DatabaseOptions options{
        .exclusive = true, .file_system = disk_.name(), .page_cache_kibibytes = 512};
    database_.emplace("district.db", options);
    vault_.emplace("vault.db", board::VaultKeys(std::string(32, 'v')), options);
    auto engines = this->engines();
    if (!database_->has_table("log_batches")) {
      Transaction transaction(*database_);
      log::Log::create_tables(*database_);
      Board::create_tables(*database_, engines);
      transaction.commit();
    }
    if (plan_.redacts) {
      if (const auto applied = board::apply_redactions(*database_, engines, "nowhere"); !applied)
        violated("redactions: " + applied.error().line());
    }
    // A seed plays the same whatever the machine is doing.
    board::BoardLimits limits;
    limits.background_max = std::chrono::hours(1);
    board_.emplace(*database_, *vault_, clock_, std::move(engines), "digest", limits);
    board_->finish_erasing();
    board_->planted.acknowledge_before_commit = plan_.acknowledge_before_commit;
  }

  [[nodiscard]] Engines engines() const {
    return plan_.engines_in ? plan_.engines_in(round_) : plan_.engines();
  }

  /// A part of a fact that holds what an acknowledged command said.
  struct Holding {
    Position position = 0;
    log::Part part;
  };
  std::optional<Holding> holding(const Acknowledged& one) {
    for (Position at = one.first; at < one.next; ++at) {
      const auto found = log::Log::find(*database_, at);
      if (!found || !found->fact.block().empty()) continue;
      for (const log::Part& part : found->fact.parts)
        if (part.bytes.find('"' + one.token + '"') != Bytes::npos) return Holding{at, part};
    }
    return std::nullopt;
  }

  /// Whether views can be made with what is to stand there: as the command does, before it says a word.
  bool can_be_made_with(const Holding& found, const Json& substitute) {
    Database scratch(":memory:");
    try {
      auto substitutes = board::substitutes_of(*database_);
      if (!substitutes) return false;
      (*substitutes)[{found.position, found.part.audience}] = substitute;
      Board::create_tables(scratch, board_->engines());
      return board::refold(*database_, scratch, board_->engines(), *substitutes, [](Position) {}).has_value();
    } catch (const std::exception&) {
      return false;
    }
  }

  /// Takes what somebody said out of the log: first the word, then the deed, and the power may fail between.
  void redact() {
    if (acknowledged_.empty()) return;
    Acknowledged& one = acknowledged_[random_() % acknowledged_.size()];
    const auto found = one.token.empty() ? std::nullopt : holding(one);
    if (!found || found->part.bytes.find("\"format\"") != Bytes::npos) return;
    std::string bytes = found->part.bytes;
    for (auto at = bytes.find('"' + one.token + '"'); at != std::string::npos;
         at = bytes.find('"' + one.token + '"'))
      bytes.replace(at + 1, one.token.size(), "gone" + std::to_string(found->position));
    const Json substitute = *parse_json(bytes, {.bytes_max = log::batch_bytes_max});
    if (!can_be_made_with(*found, substitute)) return;
    Command command;
    command.kind = "district.redact";
    command.actor = "operator";
    command.body.set("position", found->position)
        .set("part", std::string(log::audience_name(found->part.audience)))
        .set("substitute", substitute)
        .set("reason", "told by mistake");
    const Outcome outcome = board_->decide(std::move(command));
    // Where no answer came it may be in the log all the same, and is then applied at the next start.
    one.token.clear();
    if (!outcome) return;
    ++run_.redacted;
    redacted_.push_back(*found);
    if (random_() % 2 == 0) open();  // else the next start finishes it
  }

  void try_to_redact() {
    if (disk_.dead()) return;
    try {
      redact();
    } catch (const DatabaseError&) {
      // The power went, anywhere in it.
    }
  }

  void work() {
    const auto groups = 1 + random_() % 12;
    for (std::size_t g = 0; g < groups && !disk_.dead(); ++g) {
      disk_.set_full(random_() % 15 == 0);
      // A broken clock: it may jump back, and the log's own time still never decreases.
      const auto jump = random_() % 20;
      if (jump < 2) clock_.advance(-5'000'000);
      if (jump == 2) clock_.advance(static_cast<std::int64_t>(random_() % 20) * 3'600'000'000);
      clock_.advance(static_cast<std::int64_t>(random_() % 2'000'000));
      if (random_() % 5 == 0) board_->tick();
      group();
    }
    disk_.set_full(false);
  }

  void group() {
    std::vector<Command> commands;
    std::vector<std::string> tokens;
    const auto count = 1 + random_() % 10;
    for (std::size_t c = 0; c < count; ++c) {
      tokens.push_back("t" + std::to_string(serial_++));
      commands.push_back(plan_.command(random_, tokens.back()));
      const bool told = commands.back().body.dump().find('"' + tokens.back() + '"') != std::string::npos ||
                        commands.back().block.find(tokens.back()) != std::string::npos;
      if (!told) tokens.back().clear();
    }
    board_->decide(commands, [&](std::size_t index, const Outcome& outcome) {
      if (outcome) {
        acknowledged_.push_back({outcome->first, outcome->next, tokens[index], commands[index].kind});
        ++run_.accepted[commands[index].kind];
        ++run_.acknowledged;
      } else if (outcome.error().kind == Problem::Kind::unavailable) {
        ++run_.unavailable;
      } else {
        ++run_.refused;
      }
    });
    if (!disk_.dead() && !plan_.acknowledge_before_commit) {
      heads_.push_back({board_->next_position(), board_->root()});
    }
  }

  void cut() {
    board_.reset();
    vault_.reset();
    database_.reset();
    disk_.power_cycle();
    ++run_.power_cuts;
    disk_.set_sync_lies(false);
    try {
      open();
      check();
    } catch (const DatabaseError& error) {
      violated(std::string("the file does not open again: ") + error.what());
    }
  }

  /// Of every fact, by position.
  std::vector<Bytes> bodies_of_log() {
    std::vector<Bytes> bodies;
    const auto read = log::Log::read(*database_, 0, [&](const log::Batch& batch) {
      for (const auto& command : batch.commands)
        for (const auto& fact : command.facts) {
          Bytes& body = bodies.emplace_back();
          for (const auto& part : fact.parts) body += part.bytes;
        }
      return true;
    });
    if (!read) bodies.clear();
    return bodies;
  }

  void check() {
    const std::uint64_t size = log::Log::size(*database_);
    for (const auto& [head_size, root] : heads_) {
      if (head_size > size) return void(violated("the log is shorter than an acknowledged head"));
      if (log::Tree::root_at(*database_, head_size) != root)
        return void(violated("an acknowledged head changed"));
    }
    const std::vector<Bytes> bodies = bodies_of_log();
    for (const Bytes& body : bodies)
      if (body.find("somebody's ") != Bytes::npos)
        return void(violated("a personal value stands in the log"));
    for (const auto& one : acknowledged_) {
      bool found = one.token.empty() && one.next <= bodies.size();
      for (Position at = one.first; at < one.next && at < bodies.size() && !found; ++at)
        found = bodies[at].find('"' + one.token + '"') != std::string::npos;
      if (!found)
        return void(violated("what the acknowledged " + one.kind + " said (" + one.token + ") at " +
                             std::to_string(one.first) + " is lost"));
    }
    for (const Holding& one : redacted_) {
      const auto found = log::Log::find(*database_, one.position);
      const auto& parts = found->fact.parts;
      const bool gone = std::any_of(parts.begin(), parts.end(), [&](const log::Part& part) {
        return part.audience == one.part.audience && part.removed;
      });
      if (!gone || (found->command.said && !found->command.said->removed))
        return void(violated("what was redacted at " + std::to_string(one.position) + " is still there"));
    }
    for (auto gone = database_->prepare("SELECT vault FROM board_gone"); gone.step();) {
      ++run_.erased;
      if (vault_->has_id(gone.text(0))) return void(violated("an erased value is still in the vault"));
    }
    board::Beside beside;
    for (const auto& engine : board_->engines()) engine->name_beside(*database_, beside);
    for (const Json& reference : beside.sealed)
      if (!vault_->has(reference))
        return void(violated("a sealed value that is named is gone: " + reference.dump()));
    // The newest also by the way that receipts take.
    if (!acknowledged_.empty() && !log::Log::find(*database_, acknowledged_.back().next - 1))
      return void(violated("the newest acknowledged fact is not found by its position"));
    const auto verified =
        board::verify(*database_, ":memory:", board_->engines(), [](std::string_view, Position) {});
    if (!verified) return void(violated(verified.error().line()));
    if (round_ < plan_.rounds) return;
    // The longest log holds all that the earlier ones had.
    const auto again = board::decide_again(
        *database_, ":memory:", [this] { return engines(); }, [](Position) {});
    if (!again) return void(violated(again.error().line()));
    run_.decided_again += again->decided;
    run_.as_recorded += again->as_recorded;
  }

  struct Head {
    Position size;
    Hash root;
  };
  const Plan& plan_;
  std::mt19937_64 random_;
  SimulatedDisk disk_;
  ManualClock clock_{1'780'000'000'000'000};
  std::optional<Database> database_;
  std::optional<Vault> vault_;
  std::optional<Board> board_;
  std::vector<Acknowledged> acknowledged_;
  std::vector<Head> heads_;
  std::vector<Holding> redacted_;
  int round_ = 0;
  std::uint64_t serial_ = 0;
  Played run_;
};

}  // namespace

std::shared_ptr<const std::map<std::string, std::string>> prepare(const std::function<Engines()>& engines,
                                                                  std::vector<board::Command> first) {
  Plan plan;
  plan.engines = engines;
  return std::make_shared<const std::map<std::string, std::string>>(
      Simulation(plan).prepare(std::move(first)));
}

Played simulate(const Plan& plan) {
  return Simulation(plan).play();
}

}  // namespace qipan::test
