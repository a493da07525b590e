#pragma once

#include <string>

#include "cmd/serve.hpp"

namespace qipan::cmd {

struct DemoOptions {
  ServeOptions serve;
  int days = 14;           // fast-forwarded before the last one
  int live_seconds = 120;  // in which the last 24 hours play
  int reports_a_day = 140;
  std::uint64_t seed = 440704;
  std::string air;               // file of measurements; empty: the district senses nothing
  std::string air_map;           // how it is read
  bool exit_when_ready = false;  // for tests
};

/// Fills a fresh district with days of invented reports and real hours of air, plays the last 24 hours live,
/// prints a summary, and serves.
int run_demo(const DemoOptions& options);

}  // namespace qipan::cmd
