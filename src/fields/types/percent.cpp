#include "fields/types/number.hpp"

namespace qipan::fields::types {

/// In hundredths: 12.5 is 12.5 %, in FEEL too.
const Type* percent() {
  static const Number type("percent",
                           {.bounds = Attributes::Bounds{0, 100, -1'000'000, 1'000'000}, .digits = 2});
  return &type;
}

}  // namespace qipan::fields::types
