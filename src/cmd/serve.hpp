#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "cmd/output.hpp"
#include "face/app/app.hpp"

namespace qipan::cmd {

struct ServeOptions {
  std::string data;
  face::ServerOptions server;
  std::string web;
  bool secure_cookies = false;
  std::string scanner;       // socket of clamd; empty: uploads are not looked through
  std::string map_key_file;  // with the key of the national map service; empty: no base map
  std::string map_server;    // another address of that service, or of one that speaks as it does
  std::string map;           // GeoJSON that all maps show below everything; empty: outlines of units alone
  std::string log;           // file of the request log, appended; "-" for standard error
  std::vector<std::string> webhooks_near;  // addresses of this machine or its link that webhooks may go to
  std::int64_t backups_kept_days = 90;
  std::string provider;  // file that names the house's login service
  face::SecondFactor second_factor = face::SecondFactor::administrators;
  std::int64_t idle_minutes = 30;  // after which a session is locked; 0: never
  bool confirm_clock = false;      // the machine's clock is right, however far the newest fact lies back
  std::string demonstration_password = {};  // told at the login page; empty: it is no demonstration
  bool clock_runs = false;  // it is made to run ahead of the machine's, and is not held against it
  bool no_limits = false;   // for benchmarks on this machine
  bool json = false;
};

/// Serves until SIGINT or SIGTERM, then lets what is being answered finish.
int run_serve(const ServeOptions& options);

/// Serves an open district. `before_ready`, when given, runs while the server already answers, before "ready"
/// is told; it should look at `stopping` now and then. With `exit_when_ready` it ends then, printing
/// `summary`.
using BeforeReady =
    std::function<void(board::Writer&, const std::string& address, const std::atomic<bool>& stopping)>;
int serve_district(board::District& district, const ServeOptions& options, Output& output,
                   const BeforeReady& before_ready = {}, bool exit_when_ready = false,
                   const Json* summary = nullptr);

}  // namespace qipan::cmd
