#include "fields/types/all.hpp"
#include "fields/types/shape.hpp"

namespace qipan::fields::types {

namespace {

/// A point.
class Place final : public ListType {
 public:
  Place() : ListType("place") {}
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (point_of(value)) return value;
    return unfit(
        field, value, path,
        "位置，写作 [经度, 纬度]，单位 1e-7 度 / a place as [longitude, latitude] in whole 1e-7 degrees");
  }
  void describe(const Field&, Json& schema) const override {
    for (auto& member : point_schema().take_members()) schema.set(member.key, std::move(member.value));
  }
};

}  // namespace

const Type* place() {
  static const Place type;
  return &type;
}

}  // namespace qipan::fields::types
