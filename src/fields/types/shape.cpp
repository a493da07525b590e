#include "fields/types/shape.hpp"

namespace qipan::fields::types {

namespace {

constexpr std::int64_t longitude_max = 1'800'000'000;
constexpr std::int64_t latitude_max = 900'000'000;

Json range_schema(std::int64_t most) {
  return Json::object().set("type", "integer").set("minimum", -most).set("maximum", most);
}

}  // namespace

Result<geo::Point> point_of(const Json& value) {
  if (!value.is_array() || value.items().size() != 2 || !value.items()[0].is_integer() ||
      !value.items()[1].is_integer())
    return invalid("point-unreadable", "", value.dump(), "[longitude, latitude] in whole 1e-7 degrees");
  return geo::make_point(value.items()[0].integer(), value.items()[1].integer());
}

Json point_schema() {
  Json parts = Json::array();
  parts.push(range_schema(longitude_max)).push(range_schema(latitude_max));
  return Json::object()
      .set("type", "array")
      .set("prefixItems", std::move(parts))
      .set("minItems", 2)
      .set("maxItems", 2);
}

Result<void> check_points(const Json& value, std::int64_t least, std::int64_t most) {
  const auto count = value.is_array() ? static_cast<std::int64_t>(value.items().size()) : -1;
  if (count < least || count > most)
    return invalid("points-unreadable", "", "",
                   std::to_string(least) + " to " + std::to_string(most) + " points");
  for (const Json& point : value.items()) QIPAN_CHECK(point_of(point));
  return {};
}

}  // namespace qipan::fields::types
