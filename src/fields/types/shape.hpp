#pragma once

#include "fields/types/listed.hpp"
#include "geo/polygons.hpp"

namespace qipan::fields::types {

/// Points are [longitude, latitude] in whole 1e-7 degrees (WGS 84 / CGCS2000).
[[nodiscard]] Result<geo::Point> point_of(const Json& value);
[[nodiscard]] Json point_schema();

/// `least` to `most` points.
[[nodiscard]] Result<void> check_points(const Json& value, std::int64_t least, std::int64_t most);

}  // namespace qipan::fields::types
