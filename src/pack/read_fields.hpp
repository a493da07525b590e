#pragma once

#include "fields/field.hpp"
#include "pack/document.hpp"

namespace qipan::pack {

/// What fields may be where they are declared.
struct FieldPlace {
  bool personal = false;                // values may go to the vault
  bool contents = false;                // values may name photos and files
  bool shared = true;                   // each may have an audience of its own
  bool columns = false;                 // each has a column, which may be unique or indexed
  std::vector<std::string_view> taken;  // names that what has the fields uses itself
};

/// The tables under `fields` (or another key), each with the attributes that its type takes; every fault is
/// noted with file and line, and its field left out.
[[nodiscard]] std::vector<fields::Field> read_fields(Fields& table, std::string_view key,
                                                     const FieldPlace& place);

}  // namespace qipan::pack
