#include "log/log.hpp"

#include "base/assert.hpp"
#include "log/merkle.hpp"
#include "log/read_ahead.hpp"

namespace qipan::log {

void Log::create_tables(Database& database) {
  database.execute("CREATE TABLE log_batches(first INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT");
  Tree::create_tables(database);
}

Append Log::append(const Batch& batch, Position expected) {
  if (expected != next() || batch.first != expected) return Append::lost;
  for (const CommandRecord& command : batch.commands)
    QIPAN_ASSERT(!command.salts.empty() || command.seed.size() == sizeof(Salt));
  const Bytes bytes = encode(batch);
  QIPAN_ASSERT(bytes.size() <= batch_bytes_max);
  database_.prepare("INSERT INTO log_batches(first, bytes) VALUES(?,?)")
      .bind(batch.first)
      .bind_blob(bytes)
      .run();
  for (const Hash& leaf : leaves_of(batch)) tree_.append(leaf);
  tree_.flush();
  return Append::stored;
}

void Log::rows(Database& reader, Position from,
               const std::function<bool(Position first, std::string_view bytes)>& visit) {
  const std::int64_t start = [&] {
    auto statement = reader.prepare("SELECT max(first) FROM log_batches WHERE first<=?");
    statement.bind(from);
    return statement.step() && !statement.is_null(0) ? statement.integer(0) : 0;
  }();
  auto statement = reader.prepare("SELECT first, bytes FROM log_batches WHERE first>=? ORDER BY first");
  statement.bind(start);
  while (statement.step()) {
    if (!visit(static_cast<Position>(statement.integer(0)), statement.blob(1))) return;
  }
}

Result<Batch> Log::batch_of(Position first, std::string_view bytes) {
  QIPAN_TRY(batch, decode_batch(bytes));
  if (batch.first == first) return batch;
  return invalid("log-broken", "log_batches " + std::to_string(first), std::to_string(batch.first),
                 "a batch that begins where it stands", "restore from a backup");
}

Result<void> Log::read(Database& reader, Position from, const std::function<bool(const Batch&)>& visit) {
  Result<void> fault;
  rows(reader, from, [&](Position first, std::string_view bytes) {
    const auto batch = batch_of(first, bytes);
    if (!batch) fault = refuse(batch.error());
    return batch && visit(*batch);
  });
  return fault;
}

std::optional<Log::Found> Log::find(Database& reader, Position position) {
  auto statement = reader.prepare("SELECT bytes FROM log_batches WHERE first<=? ORDER BY first DESC LIMIT 1");
  statement.bind(position);
  if (!statement.step()) return std::nullopt;
  auto batch = decode_batch(statement.blob(0));
  if (!batch) return std::nullopt;
  Position at = batch->first;
  for (auto& command : batch->commands) {
    const std::size_t count = command.facts.size();
    if (position >= at + count) {
      at += count;
      continue;
    }
    const auto index = static_cast<std::size_t>(position - at);
    Found found;
    found.fact = command.facts[index];
    found.header = {position, at, command.at, count, found.fact.kind, found.fact.version, found.fact.subject};
    std::size_t part = 1;
    for (std::size_t i = 0; i < index; ++i) part += command.facts[i].parts.size();
    found.head_salt = command.salt(0);
    if (command.said) found.said_salt = command.salt(command.salt_count() - 1);
    for (std::size_t i = 0; i < found.fact.parts.size(); ++i) found.salts.push_back(command.salt(part + i));
    found.command = std::move(command);
    found.command.facts = {found.fact};
    return found;
  }
  return std::nullopt;
}

Result<void> Log::remove_part(Database& database, Position position, Audience audience) {
  Bytes bytes;
  {
    auto statement =
        database.prepare("SELECT bytes FROM log_batches WHERE first<=? ORDER BY first DESC LIMIT 1");
    statement.bind(position);
    if (statement.step()) bytes = statement.blob(0);
  }
  QIPAN_TRY(batch, decode_batch(bytes));
  const std::vector<Hash> leaves = leaves_of(batch);
  Position at = batch.first;
  for (CommandRecord& command : batch.commands) {
    const bool here = position >= at && position < at + command.facts.size();
    if (here) command.remove_part(static_cast<std::size_t>(position - at), audience);
    at += command.facts.size();
  }
  QIPAN_ASSERT(leaves_of(batch) == leaves);
  database.prepare("UPDATE log_batches SET bytes=? WHERE first=?")
      .bind_blob(encode(batch))
      .bind(batch.first)
      .run();
  return {};
}

std::uint64_t Log::size(Database& reader) {
  auto statement = reader.prepare(
      "SELECT tile, length(hashes)/32 FROM log_tiles WHERE level=0 ORDER BY tile DESC LIMIT 1");
  if (!statement.step()) return 0;
  return static_cast<std::uint64_t>(statement.integer(0)) * Tree::tile_width +
         static_cast<std::uint64_t>(statement.integer(1));
}

Checkpoint Log::checkpoint(Database& reader, const std::string& origin) {
  const std::uint64_t count = size(reader);
  return {origin, count, Tree::root_at(reader, count)};
}

Result<Checkpoint> Log::check(Database& reader, const std::string& origin,
                              const std::function<void(Position)>& progress) {
  // A second tree is built from the batches alone, in memory, and must equal the stored one tile for tile.
  Database scratch(":memory:");
  Tree::create_tables(scratch);
  Tree tree(scratch);
  Position expected = 0;
  struct Hashed {
    Position first = 0;
    std::vector<Hash> leaves;
  };
  ReadAhead<Hashed> walk(
      [](Batch batch) {
        return Hashed{batch.first, leaves_of(batch)};
      },
      [&](const Hashed& batch) -> Result<bool> {
        if (batch.first != expected) return false;
        for (const Hash& leaf : batch.leaves) tree.append(leaf);
        tree.flush();
        expected += batch.leaves.size();
        progress(expected);
        return true;
      });
  QIPAN_CHECK(walk.read(reader, 0));
  const auto broken = [](const std::string& where, const std::string& rule) {
    return invalid("log-broken", where, "", rule,
                   "the file was changed outside Qipan: restore it from a backup");
  };
  if (expected != size(reader))
    return broken("position " + std::to_string(expected), "as many facts as leaves");
  auto stored = reader.prepare("SELECT level, tile, hashes FROM log_tiles ORDER BY level, tile");
  auto rebuilt = scratch.prepare("SELECT level, tile, hashes FROM log_tiles ORDER BY level, tile");
  for (;;) {
    const bool more = stored.step();
    if (more != rebuilt.step()) return broken("log_tiles", "the tiles of this log and no others");
    if (!more) break;
    if (stored.integer(0) != rebuilt.integer(0) || stored.integer(1) != rebuilt.integer(1) ||
        stored.blob(2) != rebuilt.blob(2)) {
      return broken("tile " + std::to_string(stored.integer(0)) + "/" + std::to_string(stored.integer(1)) +
                        ", facts from " + std::to_string(stored.integer(1) * 256),
                    "the hashes of the facts as they stand");
    }
  }
  return Checkpoint{origin, expected, tree.root()};
}

}  // namespace qipan::log
