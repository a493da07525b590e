#pragma once

#include "board/directory.hpp"
#include "cases/declaration.hpp"

namespace qipan::cases {

/// Codes that a case type's rules ask for or answer and that this district does not have: units, classes,
/// kinds of limits. Each with file and line of its rule. A district without any units or classes yet says
/// nothing of those.
[[nodiscard]] pack::Problems unknown_codes(const CaseType& type, Database& database,
                                           const board::Directory& directory);

}  // namespace qipan::cases
