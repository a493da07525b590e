#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace qipan {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "qipan: broken invariant %s at %s:%d; stopping before anything is written\n",
               condition, file, line);
  std::abort();
}

}  // namespace qipan
