#pragma once

namespace qipan {

/// Stops the program: a broken invariant must never reach the log. Stays on in release builds.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace qipan

#define QIPAN_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::qipan::assertion_failed(#condition, __FILE__, __LINE__))
