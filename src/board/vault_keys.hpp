#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/result.hpp"

namespace qipan::board {

/// What opens the vault, kept apart from it and from every backup: a key for each epoch, which wraps the keys
/// of single values, and the list of what was erased. A value that was erased is gone from every backup as
/// soon as the keys of the epochs in which those were made are destroyed; until then the list keeps it from
/// coming back.
class VaultKeys {
 public:
  struct Epoch {
    std::string key;  // 32 bytes
    Instant made = 0;
  };

  /// One epoch in memory, and a list that ends with the process: for scratch boards and tests.
  explicit VaultKeys(std::string key) { epochs_[1] = {std::move(key), 0}; }
  /// Of a folder of keys that may not be there: it then opens nothing.
  [[nodiscard]] static Result<VaultKeys> read(const std::string& folder);
  /// Begins the first epoch of a new district in its folder of keys.
  [[nodiscard]] static Result<VaultKeys> make(const std::string& folder, Instant now);

  [[nodiscard]] bool opens() const { return !epochs_.empty(); }
  [[nodiscard]] const std::map<std::int64_t, Epoch>& epochs() const { return epochs_; }
  /// Of the epoch in which values are sealed now.
  [[nodiscard]] std::int64_t newest() const { return epochs_.empty() ? 0 : epochs_.rbegin()->first; }
  /// Null where it was destroyed.
  [[nodiscard]] const std::string* key(std::int64_t epoch) const;
  /// Begins the next epoch: its key is on disk when this returns.
  [[nodiscard]] Result<void> turn(Instant now);
  /// Removes an epoch's key for good; the newest stays whatever is asked.
  [[nodiscard]] Result<void> destroy(std::int64_t epoch);

  /// Values by their ids in hex; on disk when this returns.
  [[nodiscard]] Result<void> note_erased(const std::vector<std::string>& ids);
  [[nodiscard]] const std::set<std::string, std::less<>>& erased() const { return erased_; }

 private:
  VaultKeys() = default;

  std::string folder_;  // empty: in memory
  std::map<std::int64_t, Epoch> epochs_;
  std::set<std::string, std::less<>> erased_;
};

}  // namespace qipan::board
