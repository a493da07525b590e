#include "board/clock_guard.hpp"

#include <ctime>

namespace qipan::board {

std::int64_t machine_time() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * microseconds_per_second + now.tv_nsec / 1'000;
}

}  // namespace qipan::board
