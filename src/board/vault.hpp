#pragma once

#include <optional>
#include <string>

#include "base/database.hpp"
#include "base/json.hpp"

namespace qipan::board {

/// Personal values, apart from the log: sealed with a key that no backup holds. The log has a salted hash;
/// erasing a value erases its salt too, and the hash then says nothing.
class Vault {
 public:
  /// `key`: 32 bytes. The file is made when missing.
  Vault(const std::string& path, std::string key, const DatabaseOptions& options);

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
  [[nodiscard]] bool has(const Json& reference);
  /// Whether it lies here as the log says: its sealed bytes, and with the key what they open to.
  [[nodiscard]] Result<void> check(const Json& reference, bool with_key);
  void erase(const Json& reference);
  [[nodiscard]] std::int64_t size() { return database_.integer("SELECT count(*) FROM vault_values"); }

 private:
  [[nodiscard]] std::optional<std::string> reveal_bytes(std::string_view sealed, std::string_view id,
                                                        const Json& reference) const;
  Database database_;
  std::string key_;
  bool open_ = false;
};

}  // namespace qipan::board
