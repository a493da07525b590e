#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/json.hpp"
#include "board/vault_keys.hpp"

namespace qipan::board {

/// Personal values, apart from the log: each sealed with a key of its own, and that wrapped by the key of an
/// epoch that no backup holds. The log has a salted hash; erasing a value erases its key and salt too, and
/// the hash then says nothing.
class Vault {
 public:
  /// The file is made when missing.
  Vault(const std::string& path, VaultKeys keys, const DatabaseOptions& options);

  /// Stores a value; durable only after commit(). The reference {vault, hash, sealed} is what facts hold.
  [[nodiscard]] Json put(std::string_view value);
  /// Takes back one put() that its command did not keep.
  void discard(const Json& reference);
  /// Makes all put() so far durable. Must come before the log's commit: a fact never refers to nothing.
  void commit();
  /// Undoes all put() since the last commit.
  void rollback();

  /// The value behind a reference, unless erased, or damaged.
  [[nodiscard]] Result<std::string> reveal(const Json& reference);
  [[nodiscard]] bool has(const Json& reference) { return has_id(reference.text_or("vault", "")); }
  [[nodiscard]] bool has_id(std::string_view hex);
  /// Whether it lies here as the log says: its sealed bytes, and with the keys what they open to.
  [[nodiscard]] Result<void> check(const Json& reference);
  /// For good, by ids in hex: first noted beside the keys, so that no older copy of this file brings one
  /// back.
  [[nodiscard]] Result<void> erase(const std::vector<std::string>& ids);
  /// Erases again what the list says, as after a backup was put in place of this file.
  [[nodiscard]] Result<void> erase_listed();

  /// Begins the next epoch. Values move to it by rewrap().
  [[nodiscard]] Result<void> turn(Instant now) { return keys_.turn(now); }
  /// Wraps so many values of older epochs anew; false when none was left.
  bool rewrap(std::size_t most);
  /// How many values each epoch wraps; 0 are those that nothing opens.
  [[nodiscard]] std::map<std::int64_t, std::int64_t> counts();
  /// Destroys the keys of epochs that ended `kept` microseconds ago or earlier: copies of this file that need
  /// them open no more. An epoch ends when this first finds that its key wraps nothing here any more. How
  /// many.
  [[nodiscard]] Result<std::size_t> destroy_ended(Instant now, std::int64_t kept);

  [[nodiscard]] const VaultKeys& keys() const { return keys_; }
  [[nodiscard]] std::int64_t size() { return database_.integer("SELECT count(*) FROM vault_values"); }

 private:
  struct Row {
    Bytes id;
    std::int64_t epoch = 0;
    Bytes wrapped;
    Bytes sealed;
  };
  [[nodiscard]] std::vector<Row> older_rows(std::size_t most);
  [[nodiscard]] std::optional<Row> row_of(const Json& reference);
  [[nodiscard]] std::optional<std::string> open_row(const Row& row, const Json& reference) const;

  Database database_;
  VaultKeys keys_;
  bool open_ = false;
};

}  // namespace qipan::board
