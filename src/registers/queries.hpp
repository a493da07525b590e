#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "log/fact.hpp"
#include "query/collection.hpp"
#include "registers/declaration.hpp"

namespace qipan::registers {

/// All registers that packs declared, by name.
using Registers = std::map<std::string, Register, std::less<>>;
[[nodiscard]] Registers load_registers(Database& database);
/// One of them, without reading the others.
[[nodiscard]] std::optional<Register> find_register(Database& database, std::string_view name);

/// What readers find of a register.
[[nodiscard]] query::Collection collection_of(const Register& declared);

struct Entry {
  std::int64_t id = 0;
  UnitId unit;
  bool retired = false;
  Instant changed = 0;
  std::optional<std::int64_t> x, y;  // 1e-7 degrees
  Json values;                       // by name; a personal one is its reference into the vault
};
[[nodiscard]] std::optional<Entry> find_entry(Database& database, const Register& declared, std::int64_t id);

/// A change of an entry that is to come.
struct Plan {
  Position position = 0;  // of the fact that planned it
  Day from = 0;
  Json values;
};
/// In the order in which they take effect.
[[nodiscard]] std::vector<Plan> plans_of(Database& database, std::string_view register_name, std::int64_t id);
/// Since which day the value that an entry has there holds; the least day where it was never changed.
[[nodiscard]] Day holds_since(Database& database, std::string_view register_name, std::int64_t id,
                              std::string_view field);

/// The entry that is not retired with that value of the register's key; 0 for none.
[[nodiscard]] std::int64_t entry_of_key(Database& database, const Register& declared, const Json& key);

/// What an organisation is called in its register; nothing where there is no such entry.
[[nodiscard]] std::optional<std::string> title_of_party(Database& database, std::string_view subject);
struct PartyRow {
  std::string subject;
  std::string title;
  std::string key;
};
/// Organisations whose title has the text in it or whose key it is, in order of their registers and numbers;
/// retired ones are none.
[[nodiscard]] std::vector<PartyRow> find_parties(Database& database, std::string_view text,
                                                 std::int64_t limit);
/// Entries of that party behind the number `after`, so many at most.
[[nodiscard]] std::vector<Entry> entries_of_party(Database& database, const Register& declared,
                                                  std::string_view party, std::int64_t after,
                                                  std::int64_t limit);

/// Subjects whose facts name a photo or a file, by its hash.
[[nodiscard]] std::vector<std::string> entries_with_content(Database& database, std::string_view hash);

}  // namespace qipan::registers
