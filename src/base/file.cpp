#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace qipan {

namespace fs = std::filesystem;

namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

tl::unexpected<Problem> file_problem(const std::string& path, const char* doing) {
  const int error = errno;
  return refuse({error == ENOENT ? Problem::Kind::not_found : Problem::Kind::unavailable, "file-unusable",
                 path, std::strerror(error), std::string("to ") + doing + " this file",
                 "check that it exists, its rights and the free space"});
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<Bytes> read_file(const std::string& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return file_problem(path, "read");
  if (!S_ISREG(status.st_mode)) {
    return invalid("file-not-regular", path, "", "a regular file", "name a file, not a folder or device");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > bytes_max) {
    return refuse({Problem::Kind::too_large, "file-too-large", path, std::to_string(size) + " bytes",
                   "at most " + std::to_string(bytes_max) + " bytes", "split the file"});
  }
  Bytes bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.get(), bytes.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_problem(path, "read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode) {
  static std::atomic<unsigned> serial{0};
  const std::string temporary = path + ".new-" + std::to_string(::getpid()) + "-" + std::to_string(serial++);
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0) return file_problem(path, "write");
    if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0) {
      auto problem = file_problem(path, "write");
      ::unlink(temporary.c_str());
      return problem;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    auto problem = file_problem(path, "write");
    ::unlink(temporary.c_str());
    return problem;
  }
  const std::string folder = fs::path(path).parent_path().string();
  const Descriptor directory(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return file_problem(path, "write");
  return {};
}

Result<void> append_lines(const std::string& path, const std::vector<std::string>& lines, unsigned mode) {
  const bool fresh = !file_exists(path);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode));
  std::string bytes = "\n";
  for (const std::string& line : lines) bytes += line + "\n";
  if (file.get() < 0 || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0)
    return file_problem(path, "write");
  if (!fresh) return {};
  const Descriptor folder(::open(fs::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return file_problem(path, "write");
  return {};
}

Result<void> overwrite_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return file_problem(path, "write");
  const std::string zeros(static_cast<std::size_t>(status.st_size), '\0');
  if (!write_all(file.get(), zeros) || ::fsync(file.get()) != 0) return file_problem(path, "write");
  return {};
}

bool file_exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    return refuse({Problem::Kind::unavailable, "folder-unusable", path, error.message(),
                   "to make this folder", "check the rights of the folder above it"});
  }
  return {};
}

Result<std::vector<std::string>> files_under(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> found;
  auto walk = fs::recursive_directory_iterator(folder, error);
  if (error) {
    return refuse({Problem::Kind::not_found, "folder-unreadable", folder, error.message(),
                   "a folder that can be read", "check the path"});
  }
  while (walk != fs::recursive_directory_iterator()) {
    const auto& entry = *walk;
    if (entry.is_regular_file(error) && !entry.is_symlink(error)) {
      found.push_back(fs::relative(entry.path(), folder, error).generic_string());
    }
    walk.increment(error);
    if (error) {
      return refuse({Problem::Kind::unavailable, "folder-unreadable", folder, error.message(),
                     "folders in it that can be read", "check their rights"});
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace qipan
