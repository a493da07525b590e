#pragma once

#include "base/database.hpp"
#include "pack/pack.hpp"

namespace qipan::sensing {

/// Codes that limits name and that this district does not have: properties that no datastream observes, and
/// classes that their case type lacks. A district without any datastreams, or a type without classes, says
/// nothing of those.
[[nodiscard]] pack::Problems unknown_codes(Database& database);

}  // namespace qipan::sensing
