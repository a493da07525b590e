#include "fields/types/all.hpp"
#include "fields/types/shape.hpp"

namespace qipan::fields::types {

namespace {

constexpr std::int64_t ring_points_min = 3;
constexpr std::int64_t rings_max = 100;

/// An outer ring and its holes, closed or not; bounded by the points of all rings together, which a schema
/// can only say of each.
class Area final : public ListType {
 public:
  Area() : ListType("area") {}
  [[nodiscard]] Attributes attributes() const override {
    return {.bounds = Attributes::Bounds{ring_points_min, 10'000, ring_points_min, 10'000}};
  }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    const auto rings = value.is_array() ? static_cast<std::int64_t>(value.items().size()) : 0;
    bool fits = rings >= 1 && rings <= rings_max;
    std::int64_t points = 0;
    for (std::size_t i = 0; fits && i < value.items().size(); ++i) {
      fits = check_points(value.items()[i], field.low, field.high - points).has_value();
      if (fits) points += static_cast<std::int64_t>(value.items()[i].items().size());
    }
    if (fits) return value;
    return unfit(field, value, path,
                 "an area: 1 to 100 rings of " + std::to_string(field.low) + " points or more, at most " +
                     std::to_string(field.high) + " together, [longitude, latitude] in whole 1e-7 degrees");
  }
  void describe(const Field& field, Json& schema) const override {
    Json ring = Json::object();
    describe_count(field, ring);
    ring.set("items", point_schema());
    schema.set("type", "array").set("minItems", 1).set("maxItems", rings_max).set("items", std::move(ring));
  }
};

}  // namespace

const Type* area() {
  static const Area type;
  return &type;
}

}  // namespace qipan::fields::types
