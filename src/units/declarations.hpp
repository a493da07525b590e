#pragma once

#include "base/json.hpp"
#include "pack/pack.hpp"

namespace qipan::units {

/// Roles of roles.toml and calendars of calendars/*.toml as steps: {"roles": […], "calendars": […]}.
void read_declarations(const pack::Pack& pack, pack::Problems& problems, Json& steps);

}  // namespace qipan::units
