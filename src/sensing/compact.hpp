#pragma once

#include "base/database.hpp"

namespace qipan::sensing {

/// When what arrived is moved from the tail into chunks, whichever comes first. Both are functions of the
/// log, so that a refold makes the same chunks.
inline constexpr std::int64_t tail_samples_max = 262'144;
inline constexpr std::int64_t tail_rows_max = 2'048;

/// Moves the whole tail into chunks, hourly sums and newest values. Integers only: part of the fold.
void compact(Database& database);

}  // namespace qipan::sensing
