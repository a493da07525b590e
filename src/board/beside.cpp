#include "board/beside.hpp"

#include <unistd.h>

#include <filesystem>
#include <set>

#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "base/file.hpp"

namespace qipan::board {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t faults_named_max = 20;

Beside named_by(Database& views, const std::vector<std::unique_ptr<Engine>>& engines) {
  Beside beside;
  for (const auto& engine : engines) engine->name_beside(views, beside);
  // What a rewinding found gone is told in the log, and no fault of what lies here.
  std::set<std::string> told;
  if (views.has_table("district_gone")) {
    auto gone = views.prepare("SELECT vault FROM district_gone");
    while (gone.step()) told.emplace(gone.text(0));
  }
  std::erase_if(beside.sealed,
                [&](const Json& reference) { return told.contains(reference.text_or("vault", "")); });
  return beside;
}

/// All faults at once: a restorer wants to know how much is gone.
class Faults {
 public:
  void add(const std::string& fault) {
    if (++count_ <= faults_named_max) text_ += (text_.empty() ? "" : "; ") + fault;
  }
  [[nodiscard]] bool none() const { return count_ == 0; }
  [[nodiscard]] Problem problem() const {
    return {Problem::Kind::invalid,
            "beside-differs",
            "",
            std::to_string(count_) + ": " + text_,
            "vault and content as the log names them",
            "restore vault.db and content from a backup"};
  }

 private:
  std::size_t count_ = 0;
  std::string text_;
};

/// A database that nobody may have to write beside.
DatabaseOptions reading(const std::string& folder, const std::string& path) {
  std::error_code error;
  const auto journal = fs::file_size(path + "-wal", error);
  const bool quiet = error || journal == 0;
  return {.read_only = true, .immutable = quiet && ::access(folder.c_str(), W_OK) != 0};
}

void check_sealed(const std::string& folder, const std::vector<Json>& references, CheckedBeside& checked,
                  Faults& faults) {
  const std::string path = folder + "/vault.db";
  if (references.empty() && !file_exists(path)) return;
  auto keys = VaultKeys::read(folder + "/keys");
  if (!keys) return faults.add(keys.error().line());
  checked.opened = keys->opens();
  Vault vault(path, std::move(*keys), reading(folder, path));
  for (const Json& reference : references) {
    const auto one = vault.check(reference);
    one ? static_cast<void>(++checked.sealed) : faults.add(one.error().line());
  }
}

std::string hash_of_file(const std::string& path) {
  const auto bytes = read_file(path);
  return bytes ? to_hex(view_of(sha256(*bytes))) : "";
}

void check_contents(const std::string& folder, std::set<std::string> named, CheckedBeside& checked,
                    Faults& faults) {
  const ContentStore content(folder + "/content");
  if (file_exists(content.folder())) {
    for (const std::string& hash : content.hashes()) {
      if (hash_of_file(content.path_of(hash)) != hash) faults.add("content " + hash + " is altered");
      named.erase(hash) > 0 ? ++checked.contents : ++checked.unnamed;
    }
  }
  for (const std::string& hash : named) faults.add("content " + hash + " is missing");
}

}  // namespace

std::vector<std::string> sealed_missing(const std::string& folder, Database& views,
                                        const std::vector<std::unique_ptr<Engine>>& engines) {
  const std::string path = folder + "/vault.db";
  Vault vault(path, VaultKeys(std::string(32, '\0')), reading(folder, path));
  std::set<std::string> missing;
  for (const Json& reference : named_by(views, engines).sealed)
    if (!vault.has(reference)) missing.insert(reference.text_or("vault", ""));
  return {missing.begin(), missing.end()};
}

Result<CheckedBeside> check_beside(const std::string& folder, Database& views,
                                   const std::vector<std::unique_ptr<Engine>>& engines) {
  Beside beside = named_by(views, engines);
  CheckedBeside checked;
  Faults faults;
  try {
    check_sealed(folder, beside.sealed, checked, faults);
  } catch (const DatabaseError& error) {
    faults.add(std::string("vault.db: ") + error.what());
  }
  check_contents(folder, std::move(beside.contents), checked, faults);
  if (!faults.none()) return refuse(faults.problem());
  return checked;
}

Result<VerifiedFolder> verify_folder(const std::string& folder, const EngineFactory& engines, bool again,
                                     const std::function<void(std::string_view, Position)>& progress) {
  const std::string path = folder + "/district.db";
  if (!file_exists(path))
    return refuse({Problem::Kind::not_found, "district-missing", "--data", folder, "a folder with a district",
                   "make one with qipan init"});
  const std::string scratch =
      (::access(folder.c_str(), W_OK) == 0 ? folder : fs::temp_directory_path().string()) +
      "/verify-scratch-" + std::to_string(::getpid()) + ".db";
  const auto sweep = [&] {
    std::error_code error;
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(scratch + ending, error);
  };
  try {
    Database database(path, reading(folder, path));
    const auto list = engines();
    QIPAN_CHECK(check_versions(database, list));
    sweep();
    auto verified = verify(database, scratch, list, progress);
    sweep();
    if (!verified) return refuse(std::move(verified).error());
    QIPAN_TRY(beside, check_beside(folder, database, list));
    VerifiedFolder found{std::move(*verified), beside, std::nullopt};
    if (again) {
      auto decided = decide_again(database, scratch, engines,
                                  [&](Position position) { progress("decide again", position); });
      sweep();
      if (!decided) return refuse(std::move(decided).error());
      found.again = *decided;
    }
    return found;
  } catch (const DatabaseError& error) {
    sweep();
    return refuse({Problem::Kind::unavailable, "district-unusable", path, error.what(),
                   "a database that opens and a folder or /tmp with room for another",
                   "check rights and free space"});
  }
}

std::size_t sweep_contents(const ContentStore& content, Database& views,
                           const std::vector<std::unique_ptr<Engine>>& engines, std::int64_t age) {
  if (!file_exists(content.folder())) return 0;
  const Beside beside = named_by(views, engines);
  std::size_t removed = 0;
  for (const std::string& hash : content.hashes()) {
    if (!beside.contents.contains(hash) && content.remove_untouched(hash, age)) ++removed;
  }
  return removed;
}

namespace {
constexpr std::int64_t epoch_length = 30 * microseconds_per_day;
constexpr std::size_t wrapped_a_step = 500;
}  // namespace

bool keep_epochs(Vault& vault, Instant now, std::int64_t kept) {
  const auto told = [](const Result<void>& result) {
    if (!result) tell_fault("vault", result.error().line());
  };
  if (now - vault.keys().epochs().rbegin()->second.made >= epoch_length) told(vault.turn(now));
  if (vault.rewrap(wrapped_a_step)) return false;
  const auto destroyed = vault.destroy_ended(now, kept);
  if (!destroyed) tell_fault("vault", destroyed.error().line());
  return true;
}

Sweeper::Sweeper(District& district, Writer& writer, std::int64_t kept)
    : district_(district), writer_(writer), kept_(kept), thread_([this] { loop(); }) {}

Sweeper::~Sweeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Sweeper::sweep() {
  {
    auto loan = district_.readers().borrow();
    sweep_contents(district_.content(), *loan, district_.board().engines(), unused_max);
  }
  // A clock that is ahead would destroy keys too early.
  for (bool done = writer_.clock_is_ahead(); !done;) {
    writer_.between_groups(
        [&](Board&) { done = keep_epochs(district_.vault(), district_.clock().now(), kept_); });
  }
}

void Sweeper::loop() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, every, [this] { return stopping_; })) {
    lock.unlock();
    try {
      sweep();
    } catch (const std::exception& error) {
      // A full or failing disk, or a folder that cannot be read: the next time may do.
      tell_fault("sweeper", error.what());
    }
    lock.lock();
  }
}

}  // namespace qipan::board
