#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace qipan::test {

/// A disk in memory behind an SQLite VFS. What was written but not synced may be dropped or torn when the
/// power goes: each unsynced write survives whole, in part (by sectors of 512 bytes), or not at all.
class SimulatedDisk {
 public:
  explicit SimulatedDisk(std::uint64_t seed);
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;
  ~SimulatedDisk();

  [[nodiscard]] const std::string& name() const { return name_; }

  /// After this many more operations every one fails, as if the machine were gone; 0 for never.
  void die_after(std::uint64_t operations) {
    dies_after_ = operations;
    dead_ = false;
  }
  [[nodiscard]] bool dead() const { return dead_; }
  /// Loses what was not synced, and lives again. No file may be open.
  void power_cycle();
  /// While set, writes fail with a full disk.
  void set_full(bool full) { full_ = full; }
  /// Planted fault: syncs answer well and do nothing.
  void set_sync_lies(bool lies) { sync_lies_ = lies; }

  [[nodiscard]] std::uint64_t operations() const { return operations_; }

  struct Change {
    std::int64_t offset = 0;
    std::string bytes;
    std::int64_t truncate_to = -1;
  };
  struct File {
    std::string durable;
    std::string current;
    std::vector<Change> unsynced;
    bool ever_synced = false;
  };
  // For the VFS functions.
  std::map<std::string, File> files;
  [[nodiscard]] int step();        // SQLITE_OK or an error that ends the operation
  [[nodiscard]] int write_step();  // also full disks
  [[nodiscard]] bool sync_lies() const { return sync_lies_; }
  std::mt19937_64 random;

 private:
  std::string name_;
  std::uint64_t operations_ = 0;
  std::uint64_t dies_after_ = 0;
  bool dead_ = false;
  bool full_ = false;
  bool sync_lies_ = false;
};

}  // namespace qipan::test
