#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "board/again.hpp"
#include "board/district.hpp"
#include "board/refold.hpp"
#include "board/writer.hpp"

namespace qipan::board {

/// What lies beside the log and is as it says.
struct CheckedBeside {
  std::size_t sealed = 0;    // values in the vault, each of the hash in the log
  bool opened = false;       // and with the key each opens to its value
  std::size_t contents = 0;  // files that the district names
  std::size_t unnamed = 0;   // files that nothing names yet, or any more
};

/// Vault ids of the values that the views name and that do not lie in the vault, in order.
[[nodiscard]] std::vector<std::string> sealed_missing(const std::string& folder, Database& views,
                                                      const std::vector<std::unique_ptr<Engine>>& engines);

/// Holds vault and content against what the views name; all faults, the first twenty by name.
[[nodiscard]] Result<CheckedBeside> check_beside(const std::string& folder, Database& views,
                                                 const std::vector<std::unique_ptr<Engine>>& engines);

struct VerifiedFolder {
  Verified verified;
  CheckedBeside beside;
  std::optional<DecidedAgain> again;  // where it was asked for
};

/// What `qipan verify` does. Reads only, needs no key, and takes a copy on a read-only medium as well as a
/// district that is served.
[[nodiscard]] Result<VerifiedFolder> verify_folder(
    const std::string& folder, const EngineFactory& engines, bool again,
    const std::function<void(std::string_view, Position)>& progress);

/// Removes files of the content store that nothing names and that were neither stored nor touched for `age`
/// (microseconds). A command touches what it will name before it is sent, so none loses its own. How many.
std::size_t sweep_contents(const ContentStore& content, Database& views,
                           const std::vector<std::unique_ptr<Engine>>& engines, std::int64_t age);

/// Begins a new epoch of the vault every thirty days, wraps what lies there anew in small steps, and destroys
/// the keys of epochs whose backups are kept no longer: those that ended `kept` microseconds ago. On the
/// writing thread. False when something is left to wrap.
bool keep_epochs(Vault& vault, Instant now, std::int64_t kept);

/// Sweeps a served district now and then: what was uploaded for a report that nobody sent, a week ago; and
/// keeps the epochs of its vault.
class Sweeper {
 public:
  static constexpr std::chrono::hours every{6};
  static constexpr std::int64_t unused_max = 7 * microseconds_per_day;

  /// Backups are kept for `kept` microseconds.
  Sweeper(District& district, Writer& writer, std::int64_t kept);
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;
  ~Sweeper();

 private:
  void loop();

  void sweep();

  District& district_;
  Writer& writer_;
  std::int64_t kept_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace qipan::board
