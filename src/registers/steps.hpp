#pragma once

#include "board/engine.hpp"
#include "registers/queries.hpp"

namespace qipan::registers {

// The commands of the engine; each decides one and records its facts.
[[nodiscard]] Result<void> add_entry(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> change_entry(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> retire_entry(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> reveal_value(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> erase_value(board::Decision& decision, const Register& declared);

/// Whether a value of it may stand in one entry alone.
[[nodiscard]] bool is_unique(const Register& declared, const Field& field);

}  // namespace qipan::registers
