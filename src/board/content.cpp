#include "board/content.hpp"

#include <chrono>
#include <filesystem>

#include "base/crypto.hpp"
#include "base/file.hpp"

namespace qipan::board {

namespace fs = std::filesystem;

namespace {
constexpr std::size_t content_bytes_max = 32U << 20U;

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
}  // namespace

std::string ContentStore::path_of(std::string_view hash) const {
  return folder_ + "/" + std::string(hash.substr(0, 2)) + "/" + std::string(hash);
}

bool ContentStore::has(std::string_view hash) const {
  return is_hash(hash) && file_exists(path_of(hash));
}

std::vector<std::string> ContentStore::hashes() const {
  std::vector<std::string> found;
  const auto paths = files_under(folder_);
  if (!paths) return found;
  for (const std::string& path : *paths) {
    std::string name = path.substr(path.rfind('/') + 1);
    if (is_hash(name)) found.push_back(std::move(name));
  }
  return found;
}

bool ContentStore::touch(std::string_view hash) const {
  const std::lock_guard lock(*sweeping_);
  if (!has(hash)) return false;
  std::error_code error;
  fs::last_write_time(path_of(hash), fs::file_time_type::clock::now(), error);
  return !error;
}

bool ContentStore::remove_untouched(std::string_view hash, std::int64_t age) const {
  const std::lock_guard lock(*sweeping_);
  std::error_code error;
  const auto touched = fs::last_write_time(path_of(hash), error);
  if (error || fs::file_time_type::clock::now() - touched < std::chrono::microseconds(age)) return false;
  return fs::remove(path_of(hash), error);
}

Result<std::string> ContentStore::put(std::string_view bytes) const {
  if (bytes.size() > content_bytes_max) {
    return refuse({Problem::Kind::too_large, "content-too-large", "", std::to_string(bytes.size()),
                   "at most 32 MB", "send a smaller file"});
  }
  std::string hash = to_hex(view_of(sha256(bytes)));
  if (touch(hash)) return hash;
  QIPAN_CHECK(make_folders(folder_ + "/" + hash.substr(0, 2)));
  QIPAN_CHECK(write_file(path_of(hash), bytes));
  return hash;
}

Result<Bytes> ContentStore::get(std::string_view hash) const {
  if (!is_hash(hash))
    return refuse(
        {Problem::Kind::not_found, "content-unknown", "hash", shortened(hash), "a hex SHA-256", ""});
  QIPAN_TRY(bytes, read_file(path_of(hash), content_bytes_max));
  if (to_hex(view_of(sha256(bytes))) != hash) {
    return refuse({Problem::Kind::unavailable, "content-damaged", "hash", std::string(hash),
                   "bytes of this hash", "restore the content folder from a backup"});
  }
  return bytes;
}

}  // namespace qipan::board
