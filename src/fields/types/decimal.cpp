#include "fields/types/number.hpp"

namespace qipan::fields::types {

/// A number with its unit of measure.
const Type* decimal() {
  static const Number type("decimal", {.bounds = amount_bounds(), .digits = 6, .unit = true});
  return &type;
}

}  // namespace qipan::fields::types
