#pragma once

#include <optional>
#include <string_view>

#include "query/collection.hpp"

namespace qipan::query {

/// How many references one name may go through.
inline constexpr std::size_t hops_max = 3;

/// "firm.level": what the subject that a reference of the row names has there, as a property of the row: null
/// where the reader may not find that subject, or see that of it (design §4b.13), as where there is none. Of
/// a unit it is what the unit has. Nothing where the name leads nowhere that the reader knows.
[[nodiscard]] std::optional<Property> through(const Collection& collection, const Sight& sight,
                                              std::string_view name);

}  // namespace qipan::query
