#include "fields/types/all.hpp"
#include "fields/types/shape.hpp"

namespace qipan::fields::types {

namespace {

/// A course of two points or more: a pipeline, a reach of a river.
class Line final : public ListType {
 public:
  Line() : ListType("line") {}
  [[nodiscard]] Attributes attributes() const override {
    return {.bounds = Attributes::Bounds{2, 10'000, 2, 10'000}};
  }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (check_points(value, field.low, field.high)) return value;
    return unfit(field, value, path,
                 "a line of " + std::to_string(field.low) + " to " + std::to_string(field.high) +
                     " points [longitude, latitude] in whole 1e-7 degrees");
  }
  void describe(const Field& field, Json& schema) const override {
    describe_count(field, schema);
    schema.set("items", point_schema());
  }
};

}  // namespace

const Type* line() {
  static const Line type;
  return &type;
}

}  // namespace qipan::fields::types
