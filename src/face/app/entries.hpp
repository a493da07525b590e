#pragma once

#include "board/directory.hpp"
#include "board/subject.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::face {

struct Reading;
struct Snapshot;

/// What an entry says to a reader: {"masked": true} for what is hidden, {"personal": true} for what lies in
/// the vault. An empty object where there is none, or none for them.
[[nodiscard]] Json entry_values(const Snapshot& snapshot, Database& reader, std::string_view actor,
                                const board::Subject& subject);
[[nodiscard]] Json entry_values(const Reading& at, const board::Subject& subject);

/// Which sensitive values of a register's entries a reader may see.
[[nodiscard]] board::Scope sees_sensitive(const Snapshot& snapshot, std::string_view actor,
                                          const registers::Register& declared);
/// Values as who may find the entry sees them.
[[nodiscard]] Json shown_values(const registers::Register& declared, Json values, bool sees_sensitive);

}  // namespace qipan::face
