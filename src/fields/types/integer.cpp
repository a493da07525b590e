#include "fields/types/number.hpp"

namespace qipan::fields::types {

const Type* integer() {
  static const Number type(
      "integer", {.bounds = Attributes::Bounds{-1'000'000'000'000, 1'000'000'000'000, -widest(0), widest(0)},
                  .unit = true});
  return &type;
}

}  // namespace qipan::fields::types
