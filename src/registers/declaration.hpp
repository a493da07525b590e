#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "fields/form.hpp"
#include "pack/pack.hpp"

namespace qipan::registers {

using fields::Field;

/// A register as a pack declares it: one typed table with history.
struct Register {
  std::string name;
  pack::Title title;
  std::string key;       // the field that names an entry, unique among those not retired
  std::string geometry;  // none, point or polygon
  std::vector<Field> fields;
  /// The field by which an entry is called, where entries are organisations that people may have a mandate
  /// for; empty where they are not.
  std::string party_title;

  [[nodiscard]] const Field* field(std::string_view wanted) const { return fields::find(fields, wanted); }
  [[nodiscard]] bool is_of_parties() const { return !party_title.empty(); }
  [[nodiscard]] std::string table() const { return "register_" + name; }
};

[[nodiscard]] std::vector<Register> read_registers(const pack::Pack& pack, pack::Problems& problems);

/// As it stands in installation facts and in register_registers.
[[nodiscard]] Json to_json(const Register& declared);
[[nodiscard]] Register from_json(const Json& json);

}  // namespace qipan::registers
