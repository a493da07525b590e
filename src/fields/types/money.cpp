#include "fields/types/number.hpp"

namespace qipan::fields::types {

/// Yuan to the fen, unless another unit is declared (万元 with its own digits).
const Type* money() {
  static const Number type("money", {.bounds = amount_bounds(), .digits = 2, .unit = true});
  return &type;
}

}  // namespace qipan::fields::types
