#pragma once

#include "base/json.hpp"
#include "board/administration.hpp"
#include "pack/pack.hpp"

namespace qipan::units {

/// Roles of roles.toml and calendars of calendars/*.toml as steps: {"roles": […], "calendars": […]}.
void read_declarations(const pack::Pack& pack, pack::Problems& problems, Json& steps);

/// What of the district's administration a role of such steps grants.
[[nodiscard]] std::set<board::Administration> administrations_of_step(const Json& role);

/// What is known of a person besides the login, sealed.
inline constexpr std::string_view contact_fields[] = {"name", "telephone", "email"};

}  // namespace qipan::units
