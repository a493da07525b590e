#pragma once

#include "base/json.hpp"
#include "pack/document.hpp"

namespace qipan::pack {

/// TOML as the JSON that a request would bring: times stay texts, whole numbers stay numbers.
[[nodiscard]] Json json_of(const Node& node);

}  // namespace qipan::pack
