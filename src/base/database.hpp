#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;
struct sqlite3_context;

namespace qipan {

/// What ends a transaction: full disk, broken file, lost lock. Never thrown for what a user sent.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& what, int code) : std::runtime_error(what), code_(code) {}
  [[nodiscard]] int code() const { return code_; }
  [[nodiscard]] bool interrupted() const;

 private:
  int code_;
};

/// A prepared statement on loan from a Database; resets itself when it goes. Columns and parameters from 0
/// and 1 as in SQLite. One use at a time: two loans of the same text at once are a programmer's error.
class Statement {
 public:
  /// Of a statement that is kept: `busy` says so as long as this lives. Null: it goes with this.
  Statement(sqlite3* database, sqlite3_stmt* statement, bool* busy);
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& bind(std::int64_t value);
  Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(std::string_view text);
  Statement& bind(const char* text) { return bind(std::string_view(text)); }
  Statement& bind(const std::string& text) { return bind(std::string_view(text)); }
  Statement& bind(std::nullptr_t);
  Statement& bind_blob(std::string_view bytes);
  /// Integer, or null for zero: ids start at 1.
  Statement& bind_id(std::int64_t id);
  /// For a function of ours in the statement: what lies there is its own, as long as the statement runs.
  Statement& bind_object(const void* object);

  /// True while there is a row.
  bool step();
  /// For statements without rows.
  void run();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] int type(int column) const;
  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string_view column_name(int column) const;

 private:
  [[noreturn]] void fail() const;
  sqlite3* database_;
  sqlite3_stmt* statement_;
  bool* busy_;
  int next_ = 1;
};

/// What a function of ours is asked with in a statement.
class Arguments {
 public:
  Arguments(sqlite3_value** values, int count) : values_(values), count_(count) {}
  [[nodiscard]] int count() const { return count_; }
  [[nodiscard]] bool is_null(int at) const;
  [[nodiscard]] std::int64_t integer(int at) const;
  [[nodiscard]] std::string_view text(int at) const;
  /// What bind_object() gave; null for anything else.
  [[nodiscard]] const void* object(int at) const;

 private:
  sqlite3_value** values_;
  int count_;
};
/// Answers true, false or neither (null). Throws nothing but what ends the statement.
using Predicate = std::optional<bool> (*)(const Arguments& arguments);

enum class Durability {
  full,     // every commit is on disk when it returns
  relaxed,  // for scratch and rebuilt files, which are made again if lost
};

struct DatabaseOptions {
  bool read_only = false;
  bool immutable = false;  // nobody writes it and nothing beside it can be made: a copy on a read-only medium
  bool exclusive = false;  // one connection only; needs no shared memory
  Durability durability = Durability::full;
  std::string file_system;  // name of an SQLite VFS; empty for the system's
  int page_cache_kibibytes = 65'536;
};

/// One SQLite connection with its prepared statements. Used by one thread at a time.
class Database {
 public:
  explicit Database(const std::string& path, const DatabaseOptions& options = {});
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// The prepared statement of this text, kept for next time.
  [[nodiscard]] Statement prepare(std::string_view sql);
  /// One that is not kept: for texts that readers' questions make.
  [[nodiscard]] Statement prepare_once(std::string_view sql);
  /// From here on a function of any number of arguments in statements of this connection.
  void define(const char* name, Predicate function);
  /// From here on an aggregate of values and a percent: the nearest rank, the least value that so many of a
  /// hundred do not exceed; null of none. All of a group's values are held in memory.
  void define_rank(const char* name);
  /// One or more statements without parameters or rows; for schema and transactions.
  void execute(const std::string& sql);

  [[nodiscard]] bool has_table(std::string_view name);
  /// One integer, or `otherwise` where no row or null comes.
  [[nodiscard]] std::int64_t integer(std::string_view sql, std::int64_t otherwise = 0);
  /// Statement that a reader must not run longer than this many virtual-machine steps; 0 for no limit. What
  /// functions of ours take counts by time: with a limit, they have `function_seconds_max` from now on.
  void limit_steps(std::int64_t steps_max);
  static constexpr int function_seconds_max = 10;
  [[nodiscard]] sqlite3* handle() { return handle_; }

 private:
  struct Kept {
    sqlite3_stmt* statement = nullptr;
    bool busy = false;
  };
  sqlite3* handle_ = nullptr;
  std::map<std::string, Kept, std::less<>> kept_;  // whose elements stay where they are
  struct Recent {
    std::string_view sql;
    Kept* kept = nullptr;
  };
  std::array<Recent, 512> recent_ = {};
  struct Defined {
    Predicate function;
    const Database* database;
  };
  static void call(sqlite3_context* context, int count, sqlite3_value** values);
  std::map<std::string, Defined, std::less<>> defined_;
  std::optional<std::chrono::steady_clock::time_point> functions_until_;
  std::int64_t steps_left_ = 0;
  std::int64_t steps_max_ = 0;
};

/// Begins now, rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

/// Reads of one moment: a snapshot that goes with the object, whatever happened in between.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& database) : database_(database) { database_.execute("BEGIN"); }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Database& database_;
};

/// A table or column name as SQL text; names come from packs, so they are quoted whatever they are.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace qipan
