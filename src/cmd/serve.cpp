#include "cmd/serve.hpp"

#include <unistd.h>

#include <csignal>
#include <thread>

#include "cmd/engines.hpp"
#include "cmd/output.hpp"

namespace qipan::cmd {

namespace {

/// Blocks the stopping signals in all threads made from here on; wait() gives the one that came.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  int wait() {
    int signal = 0;
    sigwait(&set_, &signal);
    return signal;
  }

 private:
  sigset_t set_{};
};

}  // namespace

int serve_district(board::District& district, const ServeOptions& options, Output& output,
                   const BeforeReady& before_ready, bool exit_when_ready, const Json* summary) {
  Signals signals;
  std::unique_ptr<face::App> app;
  board::Writer writer(district.board(), district.clock(), [&app](Position next) {
    if (app) app->committed(next);
  });
  face::AppOptions app_options{options.web, options.secure_cookies, {20, 30}, {10, 10}};
  if (options.no_limits) app_options.anonymous = {1e9, 1e9};
  app = std::make_unique<face::App>(district, writer, model_loader(), app_options);
  face::Server server(options.server, [&app](face::Request request, const face::Respond& respond) {
    app->handle(std::move(request), respond);
  });
  if (const auto started = server.start(); !started) return output.problem(started.error());
  app->watch(server);
  const bool everywhere = options.server.address == "0.0.0.0" || options.server.address == "127.0.0.1";
  const std::string address = "http://" + (everywhere ? std::string("localhost") : options.server.address) +
                              ":" + std::to_string(server.port());
  std::atomic<bool> stopping{false};
  std::thread before([&] {
    if (before_ready) before_ready(writer, address, stopping);
    if (!stopping) output.line("ready at " + address);
    if (exit_when_ready) ::kill(::getpid(), SIGTERM);
  });
  signals.wait();
  stopping = true;
  before.join();
  if (exit_when_ready && summary != nullptr && output.json()) output.result(*summary, "");
  output.line("stopping: answering what was asked, then closing");
  server.stop();
  return exit_done;
}

int run_serve(const ServeOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  return serve_district(**district, options, output);
}

}  // namespace qipan::cmd
