#include "board/content.hpp"

#include "base/crypto.hpp"
#include "base/file.hpp"

namespace qipan::board {

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

Result<std::string> ContentStore::put(std::string_view bytes) const {
  if (bytes.size() > content_bytes_max) {
    return refuse({Problem::Kind::too_large, "content-too-large", "", std::to_string(bytes.size()),
                   "at most 32 MB", "send a smaller file"});
  }
  std::string hash = to_hex(view_of(sha256(bytes)));
  if (has(hash)) return hash;
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
