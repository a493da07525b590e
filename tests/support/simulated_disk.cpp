#include "support/simulated_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

namespace qipan::test {

namespace {

constexpr std::size_t sector_bytes = 512;

struct OpenFile {
  sqlite3_file base;
  SimulatedDisk* disk;
  char path[512];
  int flags;
};

OpenFile& open_file(sqlite3_file* file) {
  return *reinterpret_cast<OpenFile*>(file);
}
SimulatedDisk::File& file_of(sqlite3_file* file) {
  return open_file(file).disk->files[open_file(file).path];
}

void carry_out(std::string& bytes, const SimulatedDisk::Change& change) {
  if (change.truncate_to >= 0) {
    bytes.resize(static_cast<std::size_t>(change.truncate_to));
    return;
  }
  const auto end = static_cast<std::size_t>(change.offset) + change.bytes.size();
  if (bytes.size() < end) bytes.resize(end, '\0');
  std::copy(change.bytes.begin(), change.bytes.end(), bytes.begin() + change.offset);
}

int close_file(sqlite3_file* file) {
  auto& open = open_file(file);
  if ((open.flags & SQLITE_OPEN_DELETEONCLOSE) != 0) open.disk->files.erase(open.path);
  return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
  if (const int error = open_file(file).disk->step()) return error;
  const std::string& bytes = file_of(file).current;
  std::memset(into, 0, static_cast<std::size_t>(count));
  if (offset >= static_cast<sqlite3_int64>(bytes.size())) return SQLITE_IOERR_SHORT_READ;
  const auto available =
      std::min<std::size_t>(static_cast<std::size_t>(count), bytes.size() - static_cast<std::size_t>(offset));
  std::memcpy(into, bytes.data() + offset, available);
  return available == static_cast<std::size_t>(count) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int change_file(sqlite3_file* file, SimulatedDisk::Change change) {
  if (const int error = open_file(file).disk->write_step()) return error;
  auto& target = file_of(file);
  carry_out(target.current, change);
  target.unsynced.push_back(std::move(change));
  return SQLITE_OK;
}

int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  return change_file(
      file, {offset, std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(count)), -1});
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return change_file(file, {0, {}, size});
}

int sync_file(sqlite3_file* file, int) {
  auto& disk = *open_file(file).disk;
  if (const int error = disk.step()) return error;
  if (disk.sync_lies()) return SQLITE_OK;
  auto& target = file_of(file);
  target.durable = target.current;
  target.unsynced.clear();
  target.ever_synced = true;
  return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(file_of(file).current.size());
  return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) {
  return SQLITE_OK;
}
int reserved_lock(sqlite3_file*, int* out) {
  *out = 0;
  return SQLITE_OK;
}
int control_file(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int sector_size(sqlite3_file*) {
  return sector_bytes;
}
int characteristics(sqlite3_file*) {
  return 0;
}

const sqlite3_io_methods methods = {
    1,         close_file, read_file,     write_file,   truncate_file, sync_file,       size_of_file,
    lock_file, lock_file,  reserved_lock, control_file, sector_size,   characteristics, nullptr,
    nullptr,   nullptr,    nullptr,       nullptr,      nullptr};

SimulatedDisk& disk_of(sqlite3_vfs* vfs) {
  return *static_cast<SimulatedDisk*>(vfs->pAppData);
}

int vfs_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  auto& open = *new (file) OpenFile{};
  auto& disk = disk_of(vfs);
  if (const int error = disk.step()) return error;
  static std::atomic<int> temporary{0};
  const std::string name = path != nullptr ? path : "temporary-" + std::to_string(temporary++);
  if ((flags & SQLITE_OPEN_CREATE) == 0 && !disk.files.contains(name)) return SQLITE_CANTOPEN;
  disk.files.try_emplace(name);
  open.base.pMethods = &methods;
  open.disk = &disk;
  open.flags = flags;
  std::strncpy(open.path, name.c_str(), sizeof(open.path) - 1);
  if (flags_out != nullptr) *flags_out = flags;
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* vfs, const char* path, int) {
  auto& disk = disk_of(vfs);
  if (const int error = disk.step()) return error;
  return disk.files.erase(path) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int vfs_access(sqlite3_vfs* vfs, const char* path, int, int* out) {
  *out = disk_of(vfs).files.contains(path) ? 1 : 0;
  return SQLITE_OK;
}

int vfs_full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  std::strncpy(out, path, static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int vfs_randomness(sqlite3_vfs* vfs, int count, char* out) {
  for (int i = 0; i < count; ++i) out[i] = static_cast<char>(disk_of(vfs).random());
  return count;
}

int vfs_sleep(sqlite3_vfs*, int microseconds) {
  return microseconds;
}
int vfs_time(sqlite3_vfs*, double* out) {
  *out = 2'460'000.5;
  return SQLITE_OK;
}
int vfs_error(sqlite3_vfs*, int, char*) {
  return 0;
}

}  // namespace

SimulatedDisk::SimulatedDisk(std::uint64_t seed) : random(seed) {
  static std::atomic<int> serial{0};
  name_ = "simulated-" + std::to_string(serial++);
  auto* vfs = new sqlite3_vfs{};
  vfs->iVersion = 1;
  vfs->szOsFile = sizeof(OpenFile);
  vfs->mxPathname = 500;
  vfs->zName = name_.c_str();
  vfs->pAppData = this;
  vfs->xOpen = vfs_open;
  vfs->xDelete = vfs_delete;
  vfs->xAccess = vfs_access;
  vfs->xFullPathname = vfs_full_path;
  vfs->xRandomness = vfs_randomness;
  vfs->xSleep = vfs_sleep;
  vfs->xCurrentTime = vfs_time;
  vfs->xGetLastError = vfs_error;
  sqlite3_vfs_register(vfs, 0);
}

SimulatedDisk::~SimulatedDisk() {
  auto* vfs = sqlite3_vfs_find(name_.c_str());
  sqlite3_vfs_unregister(vfs);
  delete vfs;
}

int SimulatedDisk::step() {
  ++operations_;
  if (dead_) return SQLITE_IOERR;
  if (dies_after_ > 0 && --dies_after_ == 0) {
    dead_ = true;
    return SQLITE_IOERR;
  }
  return SQLITE_OK;
}

int SimulatedDisk::write_step() {
  if (const int error = step()) return error;
  return full_ ? SQLITE_FULL : SQLITE_OK;
}

void SimulatedDisk::power_cycle() {
  dead_ = false;
  dies_after_ = 0;
  full_ = false;
  for (auto at = files.begin(); at != files.end();) {
    File& file = at->second;
    if (!file.ever_synced && random() % 2 == 0) {
      at = files.erase(at);
      continue;
    }
    for (Change& change : file.unsynced) {
      const auto fate = random() % 3;
      if (fate == 0) continue;
      if (fate == 1 || change.truncate_to >= 0) {
        carry_out(file.durable, change);
        continue;
      }
      for (std::size_t from = 0; from < change.bytes.size(); from += sector_bytes) {
        if (random() % 2 == 0) continue;
        carry_out(file.durable, {change.offset + static_cast<std::int64_t>(from),
                                 change.bytes.substr(from, sector_bytes), -1});
      }
    }
    file.unsynced.clear();
    file.current = file.durable;
    ++at;
  }
}

}  // namespace qipan::test
