#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "pack/pack.hpp"

namespace qipan::registers {

enum class FieldType { text, integer, decimal, boolean, choice, date };

struct Field {
  std::string name;
  FieldType type = FieldType::text;
  pack::Title title;
  bool required = false;
  bool indexed = false;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::vector<std::string> options;
};

/// A register as a pack declares it: one typed table with history.
struct Register {
  std::string name;
  pack::Title title;
  std::string key;       // the field that names an entry, unique among those not retired
  std::string geometry;  // none, point or polygon
  std::vector<Field> fields;

  [[nodiscard]] const Field* field(std::string_view name) const;
  [[nodiscard]] std::string table() const { return "register_" + name; }
};

[[nodiscard]] std::vector<Register> read_registers(const pack::Pack& pack, pack::Problems& problems);

/// As it stands in installation facts and in register_registers.
[[nodiscard]] Json to_json(const Register& declared);
[[nodiscard]] Register from_json(const Json& json);

[[nodiscard]] std::string_view sql_type(FieldType type);
[[nodiscard]] std::string_view name_of(FieldType type);

/// Checks an entry's values; with `partial`, missing ones are allowed. Returns them in the order of the
/// declaration.
[[nodiscard]] Result<Json> check_values(const Register& declared, const Json& values, bool partial);

/// A CSV cell or GeoJSON property as a value of the field's type.
[[nodiscard]] Result<Json> value_from_text(const Field& field, std::string_view text);

}  // namespace qipan::registers
