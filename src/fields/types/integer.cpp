#include "fields/types/number.hpp"

namespace qipan::fields::types {

const Type* integer() {
  static const Number type("integer", {.bounds = amount_bounds(), .unit = true});
  return &type;
}

}  // namespace qipan::fields::types
