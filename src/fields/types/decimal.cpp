#include "fields/types/number.hpp"

namespace qipan::fields::types {

/// A number with its unit of measure.
const Type* decimal() {
  static const Number type(
      "decimal", {.bounds = Attributes::Bounds{-1'000'000'000'000, 1'000'000'000'000, -widest(0), widest(0)},
                  .digits = 6,
                  .unit = true});
  return &type;
}

}  // namespace qipan::fields::types
