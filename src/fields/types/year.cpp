#include "fields/types/number.hpp"

namespace qipan::fields::types {

/// A year of the calendar, as a number.
const Type* year() {
  static const Number type("year", {.bounds = Attributes::Bounds{1900, 2200, 1, 9999}});
  return &type;
}

}  // namespace qipan::fields::types
