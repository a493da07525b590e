#include "face/app/spool.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/file.hpp"

namespace qipan::face {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20U;

}  // namespace

Spooled::~Spooled() {
  *all_ -= size_;
  ::close(descriptor_);
  ::unlink(path_.c_str());
}

Result<void> Spooled::count(std::uint64_t bytes) {
  size_ += bytes;
  const std::uint64_t all = all_->fetch_add(bytes) + bytes;
  if (size_ > Spool::file_bytes_max) return refuse(Spool::too_large());
  if (all > Spool::bytes_max)
    return refuse({Problem::Kind::unavailable, "spool-full", "", "", "fewer files on their way to readers",
                   "try again in a minute"});
  return {};
}

Result<void> Spooled::flush() {
  QIPAN_CHECK(count(waiting_.size()));
  std::string_view rest = waiting_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return refuse(Spool::unwritable(std::strerror(errno)));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  waiting_.clear();
  return {};
}

Result<void> Spooled::write(std::string_view bytes) {
  waiting_ += bytes;
  if (waiting_.size() < piece_bytes) return {};
  return flush();
}

Result<void> Spooled::ready() {
  if (!waiting_.empty()) QIPAN_CHECK(flush());
  struct stat state {};
  if (::fstat(descriptor_, &state) != 0) return refuse(Spool::unwritable(std::strerror(errno)));
  const auto whole = static_cast<std::uint64_t>(state.st_size);
  if (whole > size_) QIPAN_CHECK(count(whole - size_));
  ::unlink(path_.c_str());
  return {};
}

std::string Spooled::read(std::uint64_t from, std::size_t most) const {
  std::string piece(most, '\0');
  ssize_t count = -1;
  do {
    count = ::pread(descriptor_, piece.data(), most, static_cast<off_t>(from));
  } while (count < 0 && errno == EINTR);
  piece.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return piece;
}

Spool::Spool(std::string folder) : folder_(std::move(folder)) {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Problem Spool::too_large() {
  return {Problem::Kind::too_large,
          "export-too-large",
          "",
          "",
          "at most " + std::to_string(file_bytes_max >> 20U) + " MB in one file",
          "narrow the filter, or name the properties that you need"};
}

Problem Spool::unwritable(const std::string& why) {
  return {Problem::Kind::unavailable,
          "spool-unwritable",
          "",
          "",
          "a folder of the district with room in it (" + why + ")",
          "tell the operator"};
}

Result<std::shared_ptr<Spooled>> Spool::open() {
  QIPAN_CHECK(make_folders(folder_));
  std::string path = folder_ + "/XXXXXX";
  // For its owner alone (0600).
  const int descriptor = ::mkstemp(path.data());
  if (descriptor < 0) return refuse(Spool::unwritable(std::strerror(errno)));
  return std::make_shared<Spooled>(bytes_, descriptor, std::move(path));
}

}  // namespace qipan::face
