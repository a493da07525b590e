#pragma once

#include "base/instant.hpp"

namespace qipan {

/// Where the board's time comes from; injected, so that simulation and import bring their own.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() override;
};

/// Stands still until set: for tests, scenarios, and files that bring their own time.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  [[nodiscard]] Instant now() override { return now_; }
  void set(Instant instant) { now_ = instant; }
  void advance(std::int64_t microseconds) { now_ += microseconds; }

 private:
  Instant now_;
};

}  // namespace qipan
