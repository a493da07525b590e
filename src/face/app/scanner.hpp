#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace qipan::face {

/// Asks clamd at a local socket whether bytes hold something harmful (its command INSTREAM, clamd(8)).
/// Refused where it finds something (`file-harmful`, with what) and where it keeps waiting for ten seconds
/// (`scanner-silent`): what cannot be looked at is not kept. Any thread; waits.
[[nodiscard]] Result<void> scan(const std::string& socket_path, std::string_view bytes);

}  // namespace qipan::face
