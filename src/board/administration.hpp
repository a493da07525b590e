#pragma once

#include <set>
#include <string>
#include <string_view>

namespace qipan::board {

/// Stand among roles, and are none: everybody, and whoever acts for the organisation that something is of.
inline constexpr std::string_view anonymous_role = "anonymous";
inline constexpr std::string_view party_role = "party";

/// The three administrations of a district that no person holds together (GB/T 22239, 三员分立): who keeps
/// the system, who says who may what, and who looks at what both did.
enum class Administration { system, security, audit };

inline constexpr Administration administrations[] = {Administration::system, Administration::security,
                                                     Administration::audit};

[[nodiscard]] std::string_view name_of(Administration administration);

/// "system, audit".
[[nodiscard]] std::string names_of(const std::set<Administration>& held);

/// What a grant belongs to, "*" standing for everything; empty for the work itself.
[[nodiscard]] std::set<Administration> administrations_of(std::string_view action, std::string_view resource);

/// Whether a resource is the same as the other or lies under it: "case/grid_event" under "case" and "*".
[[nodiscard]] bool lies_under(std::string_view resource, std::string_view above);

}  // namespace qipan::board
