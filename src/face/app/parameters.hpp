#pragma once

#include "face/app/routes.hpp"

namespace qipan::face {

/// A query parameter that is a whole number from `least` to `most`; `otherwise` where it is missing.
[[nodiscard]] Result<std::int64_t> number_parameter(const Reading& at, std::string_view name,
                                                    std::int64_t otherwise, std::int64_t most,
                                                    std::int64_t least = 0);
/// `limit`: how many rows a page has, 1 to `most`.
[[nodiscard]] Result<std::int64_t> limit_parameter(const Reading& at, std::int64_t otherwise,
                                                   std::int64_t most);
[[nodiscard]] Result<Instant> instant_parameter(const Reading& at, std::string_view name, Instant otherwise);
/// "true" or "false"; nothing where it is missing.
[[nodiscard]] Result<std::optional<bool>> flag_parameter(const Reading& at, std::string_view name);
/// Where the caller may do `action` on `resource`; refused where that is nowhere.
/// The same for the kinds of a family, as "case".
[[nodiscard]] Result<board::Reach> reach_for(const Reading& at, std::string_view action,
                                             std::string_view family);
[[nodiscard]] Result<board::Scope> scope_for(const Reading& at, std::string_view action,
                                             std::string_view resource);

}  // namespace qipan::face
