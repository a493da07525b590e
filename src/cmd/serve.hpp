#pragma once

#include <string>

#include "face/app/app.hpp"

namespace qipan::cmd {

struct ServeOptions {
  std::string data;
  face::ServerOptions server;
  std::string web;
  bool secure_cookies = false;
  bool no_limits = false;  // for benchmarks on this machine
  bool json = false;
};

/// Serves until SIGINT or SIGTERM, then lets what is being answered finish.
int run_serve(const ServeOptions& options);

}  // namespace qipan::cmd
