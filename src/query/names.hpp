#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/collection.hpp"

namespace qipan::query {

/// "a,sum(b)" at its commas, but for those in brackets.
[[nodiscard]] std::vector<std::string> parts_of(std::string_view text);
/// False of null.
[[nodiscard]] bool is_sensitive(const Property* property);

}  // namespace qipan::query
