#include "board/vault.hpp"

#include "base/bytes.hpp"
#include "base/crypto.hpp"

namespace qipan::board {

Vault::Vault(const std::string& path, std::string key, const DatabaseOptions& options)
    : database_(path, options), key_(std::move(key)) {
  if (options.read_only) return;
  database_.execute(
      "CREATE TABLE IF NOT EXISTS vault_values(id BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT "
      "ROWID");
}

Json Vault::put(std::string_view value) {
  if (!open_) {
    database_.execute("BEGIN IMMEDIATE");
    open_ = true;
  }
  const Bytes id = random_bytes(16);
  const Bytes salt = random_bytes(16);
  const Bytes sealed = seal(key_, salt + std::string(value), id);
  database_.prepare("INSERT INTO vault_values(id, sealed) VALUES(?,?)").bind_blob(id).bind_blob(sealed).run();
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

Result<std::string> Vault::reveal(const Json& reference) {
  const auto id = from_hex(reference.text_or("vault", ""));
  const auto gone = [] {
    return refuse({Problem::Kind::not_found, "personal-value-gone", "", "", "a value that was not erased",
                   "nothing can bring it back; the log shows who erased it"});
  };
  if (!id || id->size() != 16) return gone();
  auto statement = database_.prepare("SELECT sealed FROM vault_values WHERE id=?");
  statement.bind_blob(*id);
  if (!statement.step()) return gone();
  auto plain = reveal_bytes(statement.blob(0), *id, reference);
  if (!plain) {
    return refuse({Problem::Kind::unavailable, "personal-value-damaged", "", "",
                   "a value that matches its hash", "restore the vault and its key from backup"});
  }
  return std::move(*plain);
}

bool Vault::has(const Json& reference) {
  auto statement = database_.prepare("SELECT 1 FROM vault_values WHERE id=?");
  statement.bind_blob(from_hex(reference.text_or("vault", "")).value_or(Bytes()));
  return statement.step();
}

Result<void> Vault::check(const Json& reference, bool with_key) {
  const auto id = from_hex(reference.text_or("vault", ""));
  auto statement = database_.prepare("SELECT sealed FROM vault_values WHERE id=?");
  statement.bind_blob(id.value_or(Bytes()));
  const auto wrong = [&](std::string rule) {
    return invalid("sealed-value-differs", "vault.db", reference.text_or("vault", ""), std::move(rule),
                   "restore the vault (and its key) from a backup");
  };
  if (!statement.step()) return wrong("a value that the district names and did not erase");
  const std::string sealed = reference.text_or("sealed", "");
  if (!sealed.empty() && to_hex(view_of(sha256(statement.blob(0)))) != sealed)
    return wrong("bytes of the hash that the log has");
  if (!with_key || reveal_bytes(statement.blob(0), *id, reference)) return {};
  return wrong("a value that this key opens and that matches its hash");
}

std::optional<std::string> Vault::reveal_bytes(std::string_view sealed, std::string_view id,
                                               const Json& reference) const {
  auto plain = unseal(key_, sealed, id);
  if (!plain || plain->size() < 16 || to_hex(view_of(sha256(*plain))) != reference.text_or("hash", ""))
    return std::nullopt;
  return plain->substr(16);
}

void Vault::erase(const Json& reference) {
  const auto id = from_hex(reference.text_or("vault", ""));
  if (!id) return;
  database_.execute("PRAGMA secure_delete=ON");
  database_.prepare("DELETE FROM vault_values WHERE id=?").bind_blob(*id).run();
  database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace qipan::board
