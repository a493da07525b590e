#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>

#include "base/clock.hpp"
#include "board/directory.hpp"
#include "board/engine.hpp"
#include "board/referred.hpp"
#include "board/vault.hpp"
#include "log/log.hpp"

namespace qipan::board {

class Deciding;
struct Group;

/// Faults that the simulator plants to prove that it can see them. Never set outside tests.
struct PlantedFaults {
  bool acknowledge_before_commit = false;
};

struct BoardLimits {
  std::size_t commands_a_batch_max = 512;
  std::size_t ticks_a_batch_max = 500;
  /// How long the background lane may take of a group: what is due for others than the commands name.
  std::chrono::microseconds background_max{20'000};
  std::size_t reaction_depth_max = 8;
  /// A batch closes before it could pass log::batch_bytes_max.
  std::size_t batch_bytes_soft_max = 384U * 1024U;
};

/// Whether a command of this actor under this key was decided already, whatever it said.
[[nodiscard]] bool key_is_known(Database& database, std::string_view actor, std::string_view key);

/// Decides commands and records what follows, in groups: one transaction, one batch, one commit.
/// Single-threaded; Writer brings the threads.
class Board {
 public:
  Board(Database& database, Vault& vault, Clock& clock, std::vector<std::unique_ptr<Engine>> engines,
        std::string digest_key, BoardLimits limits = {});
  ~Board();

  static void create_tables(Database& database, const std::vector<std::unique_ptr<Engine>>& engines);

  /// Decides all, in order, in as many batches as it takes. `answered` is called once a command, only after
  /// the commit that made it durable (or for a refusal, after the group it was seen in).
  void decide(std::span<Command> commands, const std::function<void(std::size_t, Outcome)>& answered);
  /// The same for one.
  [[nodiscard]] Outcome decide(Command command);

  /// What would come of each, in order, if all were sent now: nothing of it is written, or stays. For some
  /// hundred at a time, as nobody else writes meanwhile. `look` is called behind each, while what came of it
  /// can still be read in database().
  [[nodiscard]] std::vector<Outcome> try_out(
      std::span<const Command> commands, const std::function<void(std::size_t, const Outcome&)>& look = {});

  /// Fires what is due by now, in at most so many batches; false when nothing was.
  bool tick(std::size_t batches_max = SIZE_MAX);
  [[nodiscard]] std::optional<Instant> next_due();

  /// Takes out of the vault what the log says is gone and a crash, a full disk or an older copy of the vault
  /// left there. At every start of whoever writes.
  void finish_erasing();

  /// Of the newest command; 0 in an empty log.
  [[nodiscard]] Instant last_at() const { return last_at_; }
  [[nodiscard]] Position next_position() const { return log_.next(); }
  [[nodiscard]] Hash root() const { return log_.root(); }
  [[nodiscard]] Database& database() { return database_; }
  /// As it is at a moment: that of a command, or now.
  [[nodiscard]] const Directory& directory(Instant at);
  [[nodiscard]] Engine* engine(std::string_view name);
  [[nodiscard]] const std::vector<std::unique_ptr<Engine>>& engines() const { return engines_; }
  PlantedFaults planted;

 private:
  friend class Deciding;
  friend class Again;

  std::size_t run_group(std::span<Command> commands,
                        const std::function<void(std::size_t, Outcome)>& answered, std::size_t offset);
  Result<Accepted> run_command(Group& group, Command& command, const Bytes& digest, Instant at,
                               std::size_t depth);
  /// The same for one whose sender, right and body were looked at.
  Result<Accepted> decide_read(Group& group, const CommandType& type, const Command& command,
                               const Bytes& digest, Instant at, std::size_t depth);
  Outcome run_top(Group& group, Command& command);
  /// What an asserted clock makes due, all of it; false when it takes another batch.
  bool fire_asserted(Group& group, Instant until);
  /// What is due for the subjects that a command names; false when it takes another batch.
  bool fire_named(Group& group, const Command& command, Instant at);
  /// What else is due, for as long as the background lane may take; false when some is left.
  bool fire_background(Group& group, Instant at);
  /// Whether it fitted into the batch; else nothing was done.
  bool fire(Group& group, const Timer& timer, Instant at);
  /// Told, and its timer cleared: it would fire again and again.
  void refused_tick(Group& group, const Timer& timer, Instant at, const std::string& problem);
  [[nodiscard]] bool stands_alone(const Command& command) const;
  [[nodiscard]] bool has_room_for_ticks(const Group& group) const;
  /// What the board itself has to tell, as a fact of its own.
  void note(Group& group, log::CommandRecord record, std::string_view kind, Json body);
  void refused_reaction(Group& group, const Command& reaction, const Problem& problem, Instant at);
  void commit(Group& group);
  void erase_gone(std::vector<std::string> ids);
  void recover();
  void reload();
  /// What was folded was undone: what memory holds of the tables is read again before it is used.
  void forget();
  void refresh(Instant at);
  std::optional<Outcome> known_answer(const Command& command, const Bytes& digest);
  [[nodiscard]] Bytes digest_of(const Command& command) const;

  Database& database_;
  Vault& vault_;
  Clock& clock_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::string digest_key_;
  BoardLimits limits_;
  log::Log log_;
  View view_;
  Directory directory_;
  Referred referred_;
  Instant last_at_ = 0;
  std::vector<std::string> still_there_;  // gone by the log, and could not be erased yet
  bool stale_ = true;                     // memory of engines is older than their tables
};

/// Folds one fact into every engine that wants it. The one way facts enter views: live and in a refold.
void fold_fact(const std::vector<std::unique_ptr<Engine>>& engines, const FactType& type, const Fact& fact,
               View& view);

/// What the board itself keeps of a command: its answer under its key.
void fold_command(const log::CommandRecord& command, Position position, View& view);

}  // namespace qipan::board
