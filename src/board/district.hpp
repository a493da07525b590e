#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "board/board.hpp"
#include "board/content.hpp"
#include "board/vault.hpp"
#include "log/checkpoint.hpp"

namespace qipan::board {

using EngineFactory = std::function<std::vector<std::unique_ptr<Engine>>()>;

/// Whether every view was made by the folds of this program.
[[nodiscard]] Result<void> check_versions(Database& database,
                                          const std::vector<std::unique_ptr<Engine>>& engines);

struct DistrictIdentity {
  std::string origin;  // name of its log, as signed
  pack::Title title;
};

/// Read-only connections, lent one at a time to any thread.
class Readers {
 public:
  Readers(std::string path, std::size_t count_max) : path_(std::move(path)), count_max_(count_max) {}

  class Loan {
   public:
    Loan(Readers& readers, std::unique_ptr<Database> database)
        : readers_(&readers), database_(std::move(database)) {}
    Loan(Loan&&) = default;
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Loan& operator=(Loan&&) = delete;
    ~Loan();
    [[nodiscard]] Database& operator*() { return *database_; }
    [[nodiscard]] Database* operator->() { return database_.get(); }

   private:
    Readers* readers_;
    std::unique_ptr<Database> database_;
  };
  /// Waits while all are lent. Each statement may take about a second's worth of steps.
  [[nodiscard]] Loan borrow();

 private:
  std::string path_;
  std::size_t count_max_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Database>> idle_;
  std::size_t lent_ = 0;
};

/// Of logs, facts and what packs may say; the first fact of a district tells that which it was made with.
inline constexpr std::int64_t format_now = 2;

struct DistrictOptions {
  Clock* clock = nullptr;  // the system's when null
  Durability durability = Durability::full;
  BoardLimits limits;
  /// Two writers would decide on what the other does not know, so a writer holds the folder's lock.
  /// Verifying, backing up and making receipts read only, and may run beside one.
  bool writes = true;
};

/// One board, one log, one data folder: district.db (log and views), vault.db (sealed personal values),
/// content/ (photos) and keys/ (log, vault, digest and token keys; never part of a backup).
class District {
 public:
  ~District();

  /// Makes a new one; refused where there is one already.
  [[nodiscard]] static Result<std::unique_ptr<District>> create(const std::string& folder,
                                                                const DistrictIdentity& identity,
                                                                const EngineFactory& engines,
                                                                const DistrictOptions& options = {});
  /// Opens one; rebuilds views whose folds are newer than they are.
  [[nodiscard]] static Result<std::unique_ptr<District>> open(const std::string& folder,
                                                              const EngineFactory& engines,
                                                              const DistrictOptions& options = {});

  [[nodiscard]] Board& board() { return *board_; }
  [[nodiscard]] Vault& vault() { return *vault_; }
  [[nodiscard]] Clock& clock() { return *clock_; }
  [[nodiscard]] Readers& readers() { return *readers_; }
  [[nodiscard]] const ContentStore& content() const { return content_; }
  [[nodiscard]] const log::SigningKey& signing_key() const { return signing_key_; }
  [[nodiscard]] const std::string& token_key() const { return token_key_; }
  [[nodiscard]] const DistrictIdentity& identity() const { return identity_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string database_path() const { return folder_ + "/district.db"; }

  /// A token that its holder can follow case `id` with; unguessable, and nothing of it is stored.
  [[nodiscard]] std::string follow_token(std::int64_t id) const;
  [[nodiscard]] std::optional<std::int64_t> follow_case(std::string_view token) const;

  /// A consistent copy into a folder that must not exist: database, vault (sealed), content. Never the keys.
  [[nodiscard]] Result<void> backup(const std::string& target);

 private:
  District(std::string folder, const DistrictOptions& options);
  District(const District&) = delete;
  District& operator=(const District&) = delete;
  Result<void> open_keys(bool make);
  Result<void> lock();
  Result<void> start(const EngineFactory& engines, const DistrictOptions& options);

  std::string folder_;
  int lock_ = -1;
  SystemClock system_clock_;
  Clock* clock_;
  ContentStore content_;
  log::SigningKey signing_key_;
  std::optional<VaultKeys> vault_keys_;
  std::string digest_key_;
  std::string token_key_;
  DistrictIdentity identity_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Board> board_;
  std::unique_ptr<Readers> readers_;
};

/// The engine that holds what a district is called: commands district.found, once, and district.rewind
/// (board/rewind.hpp).
class IdentityEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "district"; }
  [[nodiscard]] int fold_version() const override { return 5; }
  void create_tables(Database& database) const override;
  [[nodiscard]] const std::vector<CommandType>& commands() const override;
  [[nodiscard]] const std::vector<FactType>& facts() const override;
  void fold(const Fact& fact, View& view) override;
};

}  // namespace qipan::board
