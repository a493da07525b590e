#include "base/database.hpp"

#include <sqlite3.h>

#include <exception>
#include <new>

#include "base/assert.hpp"
#include "base/pinyin.hpp"

namespace qipan {

namespace {

[[noreturn]] void fail(sqlite3* handle, const std::string& doing) {
  const int code = handle != nullptr ? sqlite3_extended_errcode(handle) : SQLITE_NOMEM;
  throw DatabaseError(doing + ": " + (handle != nullptr ? sqlite3_errmsg(handle) : "out of memory"), code);
}

}  // namespace

bool DatabaseError::interrupted() const {
  return (code_ & 0xFF) == SQLITE_INTERRUPT;
}

Statement::Statement(sqlite3* database, sqlite3_stmt* statement, bool* busy)
    : database_(database), statement_(statement), busy_(busy) {
  QIPAN_ASSERT(busy_ == nullptr || !*busy_);
  if (busy_ != nullptr) *busy_ = true;
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(other.statement_), busy_(other.busy_), next_(other.next_) {
  other.statement_ = nullptr;
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  if (busy_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *busy_ = false;
}

void Statement::fail() const {
  qipan::fail(database_, sqlite3_sql(statement_));
}

Statement& Statement::bind(std::int64_t value) {
  if (sqlite3_bind_int64(statement_, next_++, value) != SQLITE_OK) fail();
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  const char* data = text.data() != nullptr ? text.data() : "";
  if (sqlite3_bind_text64(statement_, next_++, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
      SQLITE_OK) {
    fail();
  }
  return *this;
}

Statement& Statement::bind(std::nullptr_t) {
  if (sqlite3_bind_null(statement_, next_++) != SQLITE_OK) fail();
  return *this;
}

Statement& Statement::bind_blob(std::string_view bytes) {
  const char* data = bytes.data() != nullptr ? bytes.data() : "";
  if (sqlite3_bind_blob64(statement_, next_++, data, bytes.size(), SQLITE_TRANSIENT) != SQLITE_OK) fail();
  return *this;
}

Statement& Statement::bind_id(std::int64_t id) {
  return id == 0 ? bind(nullptr) : bind(id);
}

namespace {
constexpr const char* object_type = "qipan";
}

Statement& Statement::bind_object(const void* object) {
  // SQLite hands it back as it came and never looks.
  if (sqlite3_bind_pointer(statement_, next_++, const_cast<void*>(object), object_type, nullptr) != SQLITE_OK)
    fail();
  return *this;
}

bool Arguments::is_null(int at) const {
  return sqlite3_value_type(values_[at]) == SQLITE_NULL;
}
std::int64_t Arguments::integer(int at) const {
  return sqlite3_value_int64(values_[at]);
}
std::string_view Arguments::text(int at) const {
  const auto* data = sqlite3_value_text(values_[at]);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(values_[at]))};
}
const void* Arguments::object(int at) const {
  return sqlite3_value_pointer(values_[at], object_type);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail();
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text(int column) const {
  const auto* data = sqlite3_column_text(statement_, column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const {
  return type(column) == SQLITE_NULL;
}
int Statement::type(int column) const {
  return sqlite3_column_type(statement_, column);
}
int Statement::columns() const {
  return sqlite3_column_count(statement_);
}
std::string_view Statement::column_name(int column) const {
  return sqlite3_column_name(statement_, column);
}

namespace {

/// The path as a URI that tells SQLite to look for no journal.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

namespace {

/// Once, before the first connection: nobody asks how much memory SQLite has, and counting it costs a lock
/// with each piece.
void configure() {
  static const bool done = [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return true;
  }();
  QIPAN_ASSERT(done);
}

}  // namespace

Database::Database(const std::string& path, const DatabaseOptions& options) {
  configure();
  const int flags = (options.immutable ? SQLITE_OPEN_URI : 0) |
                    (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const char* file_system = options.file_system.empty() ? nullptr : options.file_system.c_str();
  const std::string name = options.immutable ? immutable_uri(path) : path;
  if (sqlite3_open_v2(name.c_str(), &handle_, flags, file_system) != SQLITE_OK) {
    const std::string message = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    const int code = handle_ != nullptr ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM;
    sqlite3_close(handle_);
    throw DatabaseError("open " + path + ": " + message, code);
  }
  sqlite3_busy_timeout(handle_, 5'000);
  // Indexes and lists sort by it.
  const auto key = [](sqlite3_context* context, int, sqlite3_value** values) {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) return sqlite3_result_null(context);
    try {
      const std::string made = pinyin_key(Arguments(values, 1).text(0));
      sqlite3_result_text64(context, made.data(), made.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    } catch (const std::bad_alloc&) {
      sqlite3_result_error_nomem(context);
    }
  };
  sqlite3_create_function_v2(handle_, "pinyin_key_1", 1,
                             SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr, key, nullptr,
                             nullptr, nullptr);
  // Small pieces that live for a statement come from here instead of the heap.
  constexpr int piece_bytes = 1'200;
  constexpr int pieces = 500;
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_LOOKASIDE, nullptr, piece_bytes, pieces);
  // Names in double quotes that match no column must be an error, never a text.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  try {
    if (options.exclusive) execute("PRAGMA locking_mode=EXCLUSIVE");
    if (!options.read_only) {
      execute("PRAGMA journal_mode=WAL");
      execute(options.durability == Durability::full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
      execute("PRAGMA wal_autocheckpoint=4000");
    }
    execute("PRAGMA cache_size=-" + std::to_string(options.page_cache_kibibytes));
    execute("PRAGMA temp_store=MEMORY");
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

Database::~Database() {
  for (auto& [sql, kept] : kept_) sqlite3_finalize(kept.statement);
  sqlite3_close_v2(handle_);
}

Statement Database::prepare(std::string_view sql) {
  // Most texts are literals: the same one is found by where it stands, and is that one only where it says so.
  const auto place = (reinterpret_cast<std::uintptr_t>(sql.data()) ^ sql.size()) % recent_.size();
  if (Recent& recent = recent_[place]; recent.kept != nullptr && recent.sql == sql)
    return {handle_, recent.kept->statement, &recent.kept->busy};
  auto found = kept_.find(sql);
  if (found == kept_.end()) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK) {
      fail(handle_, std::string(sql));
    }
    found = kept_.emplace(std::string(sql), Kept{statement, false}).first;
  }
  recent_[place] = {found->first, &found->second};
  return {handle_, found->second.statement, &found->second.busy};
}

Statement Database::prepare_once(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr) !=
      SQLITE_OK) {
    fail(handle_, std::string(sql));
  }
  return {handle_, statement, nullptr};
}

void Database::call(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto& defined = *static_cast<const Defined*>(sqlite3_user_data(context));
  const auto& until = defined.database->functions_until_;
  if (until && std::chrono::steady_clock::now() > *until)
    return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  // Nothing is thrown through SQLite.
  try {
    const auto answer = defined.function(Arguments(values, count));
    answer ? sqlite3_result_int(context, *answer ? 1 : 0) : sqlite3_result_null(context);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

void Database::define(const char* name, Predicate function) {
  // To define one again would end statements that run.
  const auto [defined, is_new] = defined_.try_emplace(name, Defined{function, this});
  if (!is_new) return;
  if (sqlite3_create_function_v2(handle_, name, -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, &defined->second,
                                 call, nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(handle_, name);
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_, sql);
}

bool Database::has_table(std::string_view name) {
  auto statement = prepare("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?");
  statement.bind(name);
  return statement.step();
}

std::int64_t Database::integer(std::string_view sql, std::int64_t otherwise) {
  auto statement = prepare(sql);
  return statement.step() && !statement.is_null(0) ? statement.integer(0) : otherwise;
}

void Database::limit_steps(std::int64_t steps_max) {
  constexpr int steps_between = 10'000;
  steps_max_ = steps_max;
  steps_left_ = steps_max;
  functions_until_.reset();
  if (steps_max != 0)
    functions_until_ = std::chrono::steady_clock::now() + std::chrono::seconds(function_seconds_max);
  if (steps_max == 0) {
    sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
    return;
  }
  sqlite3_progress_handler(
      handle_, steps_between,
      [](void* self) {
        auto* database = static_cast<Database*>(self);
        database->steps_left_ -= steps_between;
        return database->steps_left_ < 0 ? 1 : 0;
      },
      this);
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const DatabaseError&) {
    // A failed commit may have rolled back already; the state is the same.
  }
}

ReadTransaction::~ReadTransaction() {
  try {
    database_.execute("ROLLBACK");
  } catch (const DatabaseError&) {
    // Some errors end the transaction themselves; there is nothing left to end.
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace qipan
