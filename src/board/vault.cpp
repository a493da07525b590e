#include "board/vault.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/crypto.hpp"

namespace qipan::board {

namespace {
constexpr std::size_t id_bytes = 16;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t own_key_bytes = 32;
}  // namespace

Vault::Vault(const std::string& path, VaultKeys keys, const DatabaseOptions& options)
    : database_(path, options), keys_(std::move(keys)) {
  if (options.read_only) return;
  database_.execute(
      "CREATE TABLE IF NOT EXISTS vault_values(id BLOB PRIMARY KEY, epoch INTEGER NOT NULL, wrapped BLOB NOT "
      "NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;"
      "CREATE INDEX IF NOT EXISTS vault_epochs ON vault_values(epoch);"
      "CREATE TABLE IF NOT EXISTS vault_ended(epoch INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT");
}

Json Vault::put(std::string_view value) {
  const std::string* epoch = keys_.key(keys_.newest());
  QIPAN_ASSERT(epoch != nullptr);
  if (!open_) {
    database_.execute("BEGIN IMMEDIATE");
    open_ = true;
  }
  const Bytes id = random_bytes(id_bytes);
  const Bytes salt = random_bytes(salt_bytes);
  const Bytes own = random_bytes(own_key_bytes);
  const Bytes sealed = seal(own, salt + std::string(value), id);
  database_.prepare("INSERT INTO vault_values(id, epoch, wrapped, sealed) VALUES(?,?,?,?)")
      .bind_blob(id)
      .bind(keys_.newest())
      .bind_blob(seal(*epoch, own, id))
      .bind_blob(sealed)
      .run();
  Json reference = Json::object();
  reference.set("vault", to_hex(id));
  reference.set("hash", to_hex(view_of(sha256(salt, value))));
  // What auditors hold the file against without its key.
  reference.set("sealed", to_hex(view_of(sha256(sealed))));
  return reference;
}

void Vault::discard(const Json& reference) {
  if (const auto id = from_hex(reference.text_or("vault", ""))) {
    database_.prepare("DELETE FROM vault_values WHERE id=?").bind_blob(*id).run();
  }
}

void Vault::commit() {
  if (!open_) return;
  database_.execute("COMMIT");
  open_ = false;
}

void Vault::rollback() {
  if (!open_) return;
  open_ = false;
  try {
    database_.execute("ROLLBACK");
  } catch (const DatabaseError&) {
    // A failed commit may have rolled back already.
  }
}

std::optional<Vault::Row> Vault::row_of(const Json& reference) {
  const auto id = from_hex(reference.text_or("vault", ""));
  if (!id || id->size() != id_bytes) return std::nullopt;
  auto statement = database_.prepare("SELECT epoch, wrapped, sealed FROM vault_values WHERE id=?");
  statement.bind_blob(*id);
  if (!statement.step()) return std::nullopt;
  return Row{*id, statement.integer(0), Bytes(statement.blob(1)), Bytes(statement.blob(2))};
}

std::optional<std::string> Vault::open_row(const Row& row, const Json& reference) const {
  const std::string* epoch = keys_.key(row.epoch);
  const auto own = epoch == nullptr ? std::nullopt : unseal(*epoch, row.wrapped, row.id);
  const auto plain = own ? unseal(*own, row.sealed, row.id) : std::nullopt;
  if (!plain || plain->size() < salt_bytes ||
      to_hex(view_of(sha256(*plain))) != reference.text_or("hash", ""))
    return std::nullopt;
  return plain->substr(salt_bytes);
}

Result<std::string> Vault::reveal(const Json& reference) {
  const auto row = row_of(reference);
  if (!row)
    return refuse({Problem::Kind::not_found, "personal-value-gone", "", "", "a value that was not erased",
                   "nothing can bring it back; the log shows who erased it"});
  if (auto plain = open_row(*row, reference)) return std::move(*plain);
  return refuse({Problem::Kind::unavailable, "personal-value-damaged", "", "",
                 "a value that matches its hash", "restore the vault and its keys from backup"});
}

bool Vault::has_id(std::string_view hex) {
  auto statement = database_.prepare("SELECT 1 FROM vault_values WHERE id=?");
  statement.bind_blob(from_hex(hex).value_or(Bytes()));
  return statement.step();
}

Result<void> Vault::check(const Json& reference) {
  const std::string id = reference.text_or("vault", "");
  // An older log names it still; that it is gone is no fault of what lies here.
  if (keys_.erased().contains(id)) return {};
  const auto wrong = [&](std::string rule) {
    return invalid("sealed-value-differs", "vault.db", id, std::move(rule),
                   "restore the vault (and its keys) from a backup");
  };
  const auto row = row_of(reference);
  if (!row) return wrong("a value that the district names and did not erase");
  const std::string sealed = reference.text_or("sealed", "");
  if (!sealed.empty() && to_hex(view_of(sha256(row->sealed))) != sealed)
    return wrong("bytes of the hash that the log has");
  if (!keys_.opens() || open_row(*row, reference)) return {};
  return wrong("a value that these keys open and that matches its hash");
}

Result<void> Vault::erase(const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  QIPAN_CHECK(keys_.note_erased(ids));
  database_.execute("PRAGMA secure_delete=ON");
  for (const std::string& hex : ids) {
    if (const auto id = from_hex(hex))
      database_.prepare("DELETE FROM vault_values WHERE id=?").bind_blob(*id).run();
  }
  database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return {};
}

Result<void> Vault::erase_listed() {
  std::vector<std::string> back;
  for (const std::string& id : keys_.erased())
    if (has_id(id)) back.push_back(id);
  return erase(back);
}

std::vector<Vault::Row> Vault::older_rows(std::size_t most) {
  std::vector<Row> rows;
  // Those of a key that is not here wait until it is.
  for (const auto& [number, epoch] : keys_.epochs()) {
    if (number == keys_.newest()) break;
    auto statement = database_.prepare("SELECT id, wrapped FROM vault_values WHERE epoch=? LIMIT ?");
    statement.bind(number).bind(static_cast<std::int64_t>(most - rows.size()));
    while (statement.step()) rows.push_back({Bytes(statement.blob(0)), number, Bytes(statement.blob(1)), {}});
  }
  return rows;
}

bool Vault::rewrap(std::size_t most) {
  const std::vector<Row> rows = older_rows(most);
  if (rows.empty()) return false;
  database_.execute("PRAGMA secure_delete=ON");
  Transaction transaction(database_);
  for (const Row& row : rows) {
    const auto own = unseal(*keys_.key(row.epoch), row.wrapped, row.id);
    // What its key does not open is damaged: it belongs to no epoch any more, and verify tells of it.
    database_.prepare("UPDATE vault_values SET epoch=?, wrapped=? WHERE id=?")
        .bind(own ? keys_.newest() : 0)
        .bind_blob(own ? seal(*keys_.key(keys_.newest()), *own, row.id) : row.wrapped)
        .bind_blob(row.id)
        .run();
  }
  transaction.commit();
  database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return true;
}

std::map<std::int64_t, std::int64_t> Vault::counts() {
  std::map<std::int64_t, std::int64_t> counts;
  for (const auto& [number, epoch] : keys_.epochs()) counts[number] = 0;
  auto statement = database_.prepare("SELECT epoch, count(*) FROM vault_values GROUP BY epoch");
  while (statement.step()) counts[statement.integer(0)] = statement.integer(1);
  return counts;
}

Result<std::size_t> Vault::destroy_ended(Instant now, std::int64_t kept) {
  std::vector<std::int64_t> ended;
  for (const auto& [epoch, used] : counts()) {
    if (used > 0 || epoch == keys_.newest() || keys_.key(epoch) == nullptr) continue;
    database_.prepare("INSERT OR IGNORE INTO vault_ended(epoch, at) VALUES(?,?)").bind(epoch).bind(now).run();
    auto statement = database_.prepare("SELECT at FROM vault_ended WHERE epoch=?");
    statement.bind(epoch);
    if (statement.step() && statement.integer(0) <= now - kept) ended.push_back(epoch);
  }
  for (const std::int64_t epoch : ended) QIPAN_CHECK(keys_.destroy(epoch));
  return ended.size();
}

}  // namespace qipan::board
