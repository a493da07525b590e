#include "fields/types/plain.hpp"

namespace qipan::fields::types {

/// May have lines.
const Type* long_text() {
  static const PlainText type("long_text", {0, 4'000, 0, 20'000}, true);
  return &type;
}

}  // namespace qipan::fields::types
