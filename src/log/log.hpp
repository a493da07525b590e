#pragma once

#include <functional>
#include <optional>

#include "base/database.hpp"
#include "log/batch.hpp"
#include "log/checkpoint.hpp"
#include "log/tree.hpp"

namespace qipan::log {

enum class Append {
  stored,   // in the caller's transaction: durable when that commits
  lost,     // another writer was first; decide again on what it wrote
  unknown,  // no answer came; read the log before going on
};

/// The append-only log of one district, in the same SQLite file as its views. One writer; readers use the
/// static functions on their own connection.
class Log {
 public:
  static void create_tables(Database& database);

  explicit Log(Database& database) : database_(database), tree_(database) {}

  [[nodiscard]] Position next() const { return tree_.size(); }
  /// Adds a batch whose first position must be `expected`, inside the caller's transaction.
  [[nodiscard]] Append append(const Batch& batch, Position expected);
  /// After a rollback: forget what was not committed.
  void reload() { tree_.reload(); }
  [[nodiscard]] Hash root() const { return tree_.root(); }

  /// Batches from the one that holds `from`, in order, until `visit` says false.
  static Result<void> read(Database& reader, Position from, const std::function<bool(const Batch&)>& visit);
  /// The same as they are stored; and what one is, refused where it does not begin where it stands.
  static void rows(Database& reader, Position from,
                   const std::function<bool(Position first, std::string_view bytes)>& visit);
  [[nodiscard]] static Result<Batch> batch_of(Position first, std::string_view bytes);

  struct Found {
    CommandRecord command;  // with only the found fact
    FactRecord fact;
    Salt head_salt{};
    Salt said_salt{};
    std::vector<Salt> salts;  // of its parts
    FactHeader header;
  };
  [[nodiscard]] static std::optional<Found> find(Database& reader, Position position);

  /// Leaves the commitment of a part instead of its bytes, inside the caller's transaction; every leaf stays
  /// as it is.
  [[nodiscard]] static Result<void> remove_part(Database& database, Position position, Audience audience);

  [[nodiscard]] static std::uint64_t size(Database& reader);
  [[nodiscard]] static Checkpoint checkpoint(Database& reader, const std::string& origin);

  /// Hashes every stored batch again and compares with the tree: finds a changed byte anywhere in the log.
  [[nodiscard]] static Result<Checkpoint> check(Database& reader, const std::string& origin,
                                                const std::function<void(Position)>& progress);

 private:
  Database& database_;
  Tree tree_;
};

}  // namespace qipan::log
