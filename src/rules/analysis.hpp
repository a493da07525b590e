#pragma once

#include <vector>

#include "base/problem.hpp"
#include "rules/table.hpp"

namespace qipan::rules {

/// Inputs that no rule answers, and those that several answer where only one may or where they disagree; each
/// with the place in the file and an example. At most ten a table. A table that is too large or whose tests
/// look beyond their column is named as not examined.
[[nodiscard]] std::vector<Problem> findings_of(const Table& table);

}  // namespace qipan::rules
