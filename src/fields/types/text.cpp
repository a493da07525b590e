#include "fields/types/plain.hpp"

namespace qipan::fields::types {

/// One line.
const Type* text() {
  static const PlainText type("text", {0, 200, 0, 20'000}, false);
  return &type;
}

}  // namespace qipan::fields::types
