#include "board/district.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/crypto.hpp"
#include "base/file.hpp"
#include "board/redact.hpp"
#include "board/refold.hpp"

namespace qipan::board {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t readers_max = 5;
constexpr std::int64_t reader_steps_max = 200'000'000;  // a few seconds of one core
constexpr std::size_t token_tag_bytes = 16;
constexpr std::size_t older_token_tag_bytes = 12;  // of links that were given out before; they stay good

std::string follow_token_of(const std::string& key, std::int64_t id, std::size_t tag_bytes) {
  Encoder encoder;
  encoder.number(static_cast<std::uint64_t>(id));
  const Hash tag = hmac_sha256(key, "follow:" + std::to_string(id));
  encoder.raw(view_of(tag).substr(0, tag_bytes));
  return to_base32(encoder.bytes());
}

Result<std::string> key_file(const std::string& folder, const std::string& name, bool make) {
  const std::string path = folder + "/keys/" + name;
  if (make) {
    const Bytes key = random_bytes(32);
    QIPAN_CHECK(write_file(path, key, 0600));
    return key;
  }
  QIPAN_TRY(key, read_file(path, 1'000));
  if (key.size() != 32)
    return invalid("key-broken", path, "", "32 bytes", "restore the keys folder from where it is kept");
  return key;
}

/// Which fold made the tables of each engine. Not a view: it describes the views.
void write_versions(Database& database, const std::vector<std::unique_ptr<Engine>>& engines) {
  database.execute("DELETE FROM log_folds");
  for (const auto& engine : engines) {
    database.prepare("INSERT INTO log_folds(engine, version) VALUES(?,?)")
        .bind(engine->name())
        .bind(engine->fold_version())
        .run();
  }
}

}  // namespace

Result<void> check_versions(Database& database, const std::vector<std::unique_ptr<Engine>>& engines) {
  for (const auto& engine : engines) {
    auto statement = database.prepare("SELECT version FROM log_folds WHERE engine=?");
    statement.bind(engine->name());
    if (statement.step() && statement.integer(0) == engine->fold_version()) continue;
    return refuse({Problem::Kind::conflict, "views-of-another-version", "--data", std::string(engine->name()),
                   "views made by this version of the program",
                   "stop the server and start this version of it once"});
  }
  return {};
}

Readers::Loan::~Loan() {
  if (!database_) return;
  {
    const std::lock_guard lock(readers_->mutex_);
    readers_->idle_.push_back(std::move(database_));
    --readers_->lent_;
  }
  readers_->returned_.notify_one();
}

Readers::Loan Readers::borrow() {
  std::unique_ptr<Database> database;
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty() || lent_ < count_max_; });
    if (!idle_.empty()) {
      database = std::move(idle_.back());
      idle_.pop_back();
    }
    ++lent_;
  }
  if (!database) {
    try {
      database = std::make_unique<Database>(
          path_, DatabaseOptions{.read_only = true, .page_cache_kibibytes = 16'384});
    } catch (const DatabaseError&) {
      const std::lock_guard lock(mutex_);
      --lent_;
      throw;
    }
  }
  database->limit_steps(reader_steps_max);
  return {*this, std::move(database)};
}

void IdentityEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE district_identity(id INTEGER PRIMARY KEY CHECK(id=1), origin TEXT NOT NULL, title_zh "
      "TEXT NOT NULL, "
      "title_en TEXT NOT NULL) STRICT;"
      // Sealed values that were replaced or erased after the time to which the district was rewound.
      "CREATE TABLE district_gone(vault TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
      "CREATE TABLE district_redactions(position INTEGER NOT NULL, part TEXT NOT NULL, told INTEGER NOT "
      "NULL, "
      "PRIMARY KEY(position, part)) STRICT, WITHOUT ROWID");
}

namespace {

/// What such a fact says was looked at by whoever sent the command, under the district's lock.
Result<void> tell(Decision& decision, std::string_view kind,
                  std::initializer_list<std::string_view> members) {
  Json told = Json::object();
  for (const std::string_view member : members) {
    if (decision.body().has(member)) told.set(member, decision.body()[member]);
  }
  decision.record(kind, "district:1", std::move(told));
  return {};
}

Result<void> found(Decision& decision) {
  if (decision.database().integer("SELECT count(*) FROM district_identity") != 0) {
    return refuse({Problem::Kind::conflict, "district-known", "", "", "a district that was not founded yet",
                   "use another data folder"});
  }
  Json fact = Json::object();
  for (const std::string_view field : {"origin", "title_zh", "title_en"})
    fact.set(field, decision.body().text_or(field, ""));
  fact.set("format", format_now);
  decision.record("district.founded", "district:1", std::move(fact));
  return {};
}

}  // namespace

const std::vector<FactType>& IdentityEngine::facts() const {
  static const std::vector<FactType> all = {
      {.kind = "district.founded"}, {.kind = "district.redacted"}, {.kind = "district.rewound"}};
  return all;
}

const std::vector<CommandType>& IdentityEngine::commands() const {
  using fields::Make;
  namespace types = fields::types;
  const fields::Field reason = Make("reason", types::long_text()).required();
  static const std::vector<CommandType> all = {
      {.kind = "district.found",
       .summary = "begin a district",
       .sender = Sender::command_line,
       .body = {Make("origin", types::text()), Make("title_zh", types::text()),
                Make("title_en", types::text())},
       .run = found},
      {.kind = "district.redact",
       .summary = "put something else in the place of what a fact said",
       .sender = Sender::command_line,
       .body = {Make("position", types::integer()).required(), Make("part", types::text()).required(),
                Make("substitute", types::any()), reason},
       .run =
           [](Decision& decision) {
             return tell(decision, "district.redacted", {"position", "part", "substitute", "reason"});
           }},
      // For whoever holds a checkpoint of a log that went on otherwise.
      {.kind = "district.rewind",
       .summary = "tell that the log was taken back to an earlier time",
       .sender = Sender::command_line,
       .body = {Make("size", types::integer()).required(), Make("root", types::text()).required(),
                Make("before", types::instant()).required(), reason, Make("gone", types::any())},
       .run = [](Decision& decision) {
         return tell(decision, "district.rewound", {"size", "root", "before", "reason", "gone"});
       }}};
  return all;
}

void IdentityEngine::fold(const Fact& fact, View& view) {
  if (fact.kind == "district.redacted") {
    view.database()
        .prepare("INSERT OR REPLACE INTO district_redactions(position, part, told) VALUES(?,?,?)")
        .bind(fact.body["position"].integer())
        .bind(fact.body["part"].text())
        .bind(fact.position)
        .run();
    return;
  }
  if (fact.kind == "district.rewound") {
    if (!fact.body.has("gone")) return;
    for (const Json& vault : fact.body["gone"].items())
      view.database()
          .prepare("INSERT OR IGNORE INTO district_gone(vault) VALUES(?)")
          .bind(vault.text())
          .run();
    return;
  }
  view.database()
      .prepare("INSERT INTO district_identity(id, origin, title_zh, title_en) VALUES(1,?,?,?)")
      .bind(fact.body["origin"].text())
      .bind(fact.body["title_zh"].text())
      .bind(fact.body["title_en"].text())
      .run();
}

District::District(std::string folder, const DistrictOptions& options)
    : folder_(std::move(folder)),
      clock_(options.clock != nullptr ? options.clock : &system_clock_),
      content_(folder_ + "/content") {}

District::~District() {
  // The board and its files go before the lock.
  readers_.reset();
  board_.reset();
  vault_.reset();
  database_.reset();
  if (lock_ >= 0) ::close(lock_);
}

Result<void> District::lock() {
  const std::string path = folder_ + "/lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0)
    return refuse({Problem::Kind::unavailable, "folder-unusable", "--data", std::strerror(errno),
                   "a folder that can be written", "check its owner, its rights and how it is mounted"});
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  return refuse({Problem::Kind::unavailable, "district-in-use", "--data", folder_,
                 "a district that no other qipan writes", "stop the one that serves it, or use its API"});
}

Result<void> District::open_keys(bool make) {
  QIPAN_CHECK(make_folders(folder_ + "/keys"));
  std::error_code error;
  fs::permissions(folder_ + "/keys", fs::perms::owner_all, error);
  QIPAN_TRY(seed, key_file(folder_, "log.key", make));
  QIPAN_TRY(digest, key_file(folder_, "digest.key", make));
  QIPAN_TRY(token, key_file(folder_, "token.key", make));
  signing_key_.seed = seed;
  QIPAN_TRY(vault_keys,
            make ? VaultKeys::make(folder_ + "/keys", clock_->now()) : VaultKeys::read(folder_ + "/keys"));
  if (!vault_keys.opens())
    return refuse({Problem::Kind::not_found, "file-unusable", folder_ + "/keys/vault-1.key", "",
                   "the keys of the vault", "restore the keys folder from where it is kept"});
  vault_keys_ = std::move(vault_keys);
  digest_key_ = digest;
  token_key_ = token;
  return {};
}

namespace {

/// A district of a format that this program does not know is not touched: read by other rules, its packs and
/// facts would say other things.
Result<void> check_format(Database& database) {
  const auto first = log::Log::find(database, 0);
  if (!first) return {};
  const auto body = log::body_of(first->fact);
  const std::int64_t format = body ? body->integer_or("format", 1) : 0;
  if (format == format_now) return {};
  return invalid("format-other", "--data", std::to_string(format),
                 "a district of format " + std::to_string(format_now),
                 "open it with the program that made it, or lay out a new one");
}

}  // namespace

Result<void> District::start(const EngineFactory& engines, const DistrictOptions& options) {
  auto list = engines();
  try {
    database_ =
        std::make_unique<Database>(database_path(), DatabaseOptions{.durability = options.durability});
    vault_ = std::make_unique<Vault>(folder_ + "/vault.db", *vault_keys_,
                                     DatabaseOptions{.durability = options.durability});
    if (!database_->has_table("log_batches")) {
      Transaction transaction(*database_);
      log::Log::create_tables(*database_);
      database_->execute(
          "CREATE TABLE log_folds(engine TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID");
      Board::create_tables(*database_, list);
      write_versions(*database_, list);
      transaction.commit();
    } else if (const auto known = check_format(*database_); !known) {
      return refuse(known.error());
    } else if (const auto same = check_versions(*database_, list); !same) {
      if (!options.writes) return refuse(same.error());
      QIPAN_CHECK(rebuild_views(*database_, list, [](Position) {}));
      Transaction transaction(*database_);
      write_versions(*database_, list);
      transaction.commit();
    }
    // What a crash left between the word and the deed.
    if (options.writes) QIPAN_CHECK(apply_redactions(*database_, list, folder_));
    board_ =
        std::make_unique<Board>(*database_, *vault_, *clock_, std::move(list), digest_key_, options.limits);
    if (options.writes) board_->finish_erasing();
    readers_ = std::make_unique<Readers>(database_path(), readers_max);
  } catch (const DatabaseError& error) {
    return refuse({Problem::Kind::unavailable, "district-unusable", database_path(), error.what(),
                   "a database that opens", "check rights and free space; another qipan may hold it"});
  }
  return {};
}

Result<std::unique_ptr<District>> District::create(const std::string& folder,
                                                   const DistrictIdentity& identity,
                                                   const EngineFactory& engines,
                                                   const DistrictOptions& options) {
  if (file_exists(folder + "/district.db")) {
    return refuse({Problem::Kind::conflict, "district-known", "--data", folder, "a folder without a district",
                   "name another folder, or open this one"});
  }
  QIPAN_CHECK(make_folders(folder));
  std::unique_ptr<District> district(new District(folder, options));
  QIPAN_CHECK(district->lock());
  QIPAN_CHECK(district->open_keys(true));
  QIPAN_CHECK(district->start(engines, options));
  Command found;
  found.kind = "district.found";
  found.actor = "operator";
  found.body.set("origin", identity.origin)
      .set("title_zh", identity.title.zh)
      .set("title_en", identity.title.en);
  const Outcome outcome = district->board().decide(found);
  if (!outcome) return refuse(outcome.error());
  district->identity_ = identity;
  district->signing_key_.name = identity.origin;
  return district;
}

Result<std::unique_ptr<District>> District::open(const std::string& folder, const EngineFactory& engines,
                                                 const DistrictOptions& options) {
  if (!file_exists(folder + "/district.db")) {
    return refuse({Problem::Kind::not_found, "district-missing", "--data", folder, "a folder with a district",
                   "make one with qipan init"});
  }
  std::unique_ptr<District> district(new District(folder, options));
  if (options.writes) QIPAN_CHECK(district->lock());
  QIPAN_CHECK(district->open_keys(false));
  QIPAN_CHECK(district->start(engines, options));
  auto statement = district->database_->prepare("SELECT origin, title_zh, title_en FROM district_identity");
  if (!statement.step())
    return invalid("district-unfounded", "--data", folder, "a district that was founded",
                   "make it anew with qipan init");
  district->identity_ = {std::string(statement.text(0)),
                         {std::string(statement.text(1)), std::string(statement.text(2))}};
  district->signing_key_.name = district->identity_.origin;
  return district;
}

std::string District::follow_token(std::int64_t id) const {
  return follow_token_of(token_key_, id, token_tag_bytes);
}

std::optional<std::int64_t> District::follow_case(std::string_view token) const {
  if (token.size() > 40) return std::nullopt;
  const auto bytes = from_base32(token);
  if (!bytes) return std::nullopt;
  Decoder decoder(*bytes);
  const auto id = static_cast<std::int64_t>(decoder.number());
  const std::size_t tag_bytes = decoder.left();
  if (!decoder.ok() || (tag_bytes != token_tag_bytes && tag_bytes != older_token_tag_bytes))
    return std::nullopt;
  return equal_in_constant_time(follow_token_of(token_key_, id, tag_bytes), token) ? std::optional(id)
                                                                                   : std::nullopt;
}

static Result<void> copy_content(const ContentStore& from, const ContentStore& to) {
  for (const std::string& hash : from.hashes()) {
    std::error_code error;
    fs::create_directories(fs::path(to.path_of(hash)).parent_path(), error);
    fs::copy_file(from.path_of(hash), to.path_of(hash), error);
    // One that was swept since it was listed is named by nothing.
    if (error && from.has(hash))
      return refuse({Problem::Kind::unavailable, "backup-failed", "content", error.message(),
                     "room for the copy", "free space and try again"});
  }
  return {};
}

Result<void> District::backup(const std::string& target) {
  if (file_exists(target)) {
    return refuse({Problem::Kind::conflict, "backup-target", "--to", target, "a folder that does not exist",
                   "name a new one"});
  }
  // Made under another name, so that what stands under the target's is always whole.
  const std::string part = target + ".part";
  std::error_code swept;
  fs::remove_all(part, swept);
  QIPAN_CHECK(make_folders(part));
  try {
    // Database first: what its log names in vault and content was stored there before it.
    database_->prepare("VACUUM INTO ?").bind(part + "/district.db").run();
    Database vault(folder_ + "/vault.db", {.read_only = true});
    vault.prepare("VACUUM INTO ?").bind(part + "/vault.db").run();
  } catch (const DatabaseError& error) {
    return refuse({Problem::Kind::unavailable, "backup-failed", "--to", error.what(), "room for the copy",
                   "free space and try again"});
  }
  QIPAN_CHECK(copy_content(content_, ContentStore(part + "/content")));
  std::error_code error;
  fs::rename(part, target, error);
  if (error)
    return refuse({Problem::Kind::unavailable, "backup-failed", "--to", error.message(),
                   "a folder that can be renamed", "see " + part});
  return {};
}

}  // namespace qipan::board
