#pragma once

#include "base/database.hpp"
#include "fields/form.hpp"

namespace qipan::board {

/// Refuses (`reference-unknown`) a value that refers to what is not there, in fields and in columns of rows.
/// `values` are as read_values() gave them.
[[nodiscard]] Result<void> check_references(Database& reader, const fields::Form& form, const Json& values,
                                            const std::string& path);

}  // namespace qipan::board
