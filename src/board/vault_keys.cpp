#include "board/vault_keys.hpp"

#include <charconv>
#include <filesystem>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/file.hpp"

namespace qipan::board {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view file_prefix = "vault-";
constexpr std::string_view file_suffix = ".key";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t list_bytes_max = 256U << 20U;

std::string path_of(const std::string& folder, std::int64_t epoch) {
  return folder + "/" + std::string(file_prefix) + std::to_string(epoch) + std::string(file_suffix);
}

std::string list_of(const std::string& folder) {
  return folder + "/erased";
}

/// The number in "vault-7.key"; 0 for other names.
std::int64_t epoch_of(std::string_view name) {
  if (!name.starts_with(file_prefix) || !name.ends_with(file_suffix)) return 0;
  name.remove_prefix(file_prefix.size());
  name.remove_suffix(file_suffix.size());
  std::int64_t epoch = 0;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), epoch);
  return code == std::errc() && end == name.data() + name.size() && epoch > 0 ? epoch : 0;
}

/// A key and, behind it, when it was made.
Result<VaultKeys::Epoch> read_epoch(const std::string& path) {
  QIPAN_TRY(bytes, read_file(path, 1'000));
  Decoder decoder(bytes);
  VaultKeys::Epoch epoch{std::string(decoder.raw(key_bytes)), decoder.signed_number()};
  if (!decoder.done())
    return invalid("key-broken", path, "", "32 bytes and a time",
                   "restore the keys folder from where it is kept");
  return epoch;
}

}  // namespace

Result<VaultKeys> VaultKeys::read(const std::string& folder) {
  VaultKeys keys;
  keys.folder_ = folder;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    const std::int64_t number = epoch_of(file.path().filename().string());
    if (number == 0) continue;
    QIPAN_TRY(epoch, read_epoch(file.path().string()));
    keys.epochs_[number] = std::move(epoch);
  }
  if (!file_exists(list_of(folder))) return keys;
  QIPAN_TRY(list, read_file(list_of(folder), list_bytes_max));
  for (std::size_t at = 0; at < list.size();) {
    // A last line without its end was not acknowledged; it is taken for what it is, or says nothing.
    const std::size_t end = std::min(list.find('\n', at), list.size());
    if (end > at) keys.erased_.insert(list.substr(at, end - at));
    at = end + 1;
  }
  return keys;
}

Result<VaultKeys> VaultKeys::make(const std::string& folder, Instant now) {
  QIPAN_TRY(keys, read(folder));
  if (!keys.opens()) QIPAN_CHECK(keys.turn(now));
  return keys;
}

const std::string* VaultKeys::key(std::int64_t epoch) const {
  const auto found = epochs_.find(epoch);
  return found == epochs_.end() ? nullptr : &found->second.key;
}

Result<void> VaultKeys::turn(Instant now) {
  Epoch epoch{random_bytes(key_bytes), now};
  const std::int64_t number = newest() + 1;
  if (!folder_.empty()) {
    Encoder encoder;
    encoder.raw(epoch.key);
    encoder.signed_number(epoch.made);
    QIPAN_CHECK(write_file(path_of(folder_, number), encoder.bytes(), 0600));
  }
  epochs_[number] = std::move(epoch);
  return {};
}

Result<void> VaultKeys::destroy(std::int64_t epoch) {
  if (epoch == newest() || !epochs_.contains(epoch)) return {};
  if (!folder_.empty()) {
    // Overwritten first: what a file system forgets may still lie on its disk.
    QIPAN_CHECK(overwrite_file(path_of(folder_, epoch)));
    std::error_code error;
    fs::remove(path_of(folder_, epoch), error);
    if (error)
      return refuse({Problem::Kind::unavailable, "key-undestroyed", path_of(folder_, epoch), error.message(),
                     "a folder of keys that can be written", "check its rights"});
  }
  epochs_.erase(epoch);
  return {};
}

Result<void> VaultKeys::note_erased(const std::vector<std::string>& ids) {
  std::vector<std::string> fresh;
  for (const std::string& id : ids)
    if (!erased_.contains(id)) fresh.push_back(id);
  if (fresh.empty()) return {};
  if (!folder_.empty()) QIPAN_CHECK(append_lines(list_of(folder_), fresh, 0600));
  erased_.insert(fresh.begin(), fresh.end());
  return {};
}

}  // namespace qipan::board
