#include "base/clock.hpp"

#include <chrono>

namespace qipan {

Instant SystemClock::now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace qipan
