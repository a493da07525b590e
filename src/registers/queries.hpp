#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "registers/declaration.hpp"

namespace qipan::registers {

/// All registers that packs declared, by name.
using Registers = std::map<std::string, Register, std::less<>>;
[[nodiscard]] Registers load_registers(Database& database);
/// One of them, without reading the others.
[[nodiscard]] std::optional<Register> find_register(Database& database, std::string_view name);

struct Entry {
  std::int64_t id = 0;
  UnitId unit;
  bool retired = false;
  std::optional<std::int64_t> x, y;  // 1e-7 degrees
  Json values;                       // by name; a personal one is its reference into the vault
};
[[nodiscard]] std::optional<Entry> find_entry(Database& database, const Register& declared, std::int64_t id);

/// Subjects whose facts name a photo or a file, by its hash.
[[nodiscard]] std::vector<std::string> entries_with_content(Database& database, std::string_view hash);

}  // namespace qipan::registers
