#include "cmd/serve.hpp"

#include <csignal>

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

int run_serve(const ServeOptions& options) {
  Output output(options.json);
  Signals signals;
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  std::unique_ptr<face::App> app;
  board::Writer writer((*district)->board(), (*district)->clock(), [&app](Position next) {
    if (app) app->committed(next);
  });
  face::AppOptions app_options{options.web, options.secure_cookies, {20, 30}, {10, 10}};
  if (options.no_limits) app_options.anonymous = {1e9, 1e9};
  app = std::make_unique<face::App>(**district, writer, model_loader(), app_options);
  face::Server server(options.server, [&app](face::Request request, const face::Respond& respond) { app->handle(std::move(request), respond); });
  if (const auto started = server.start(); !started) return output.problem(started.error());
  app->watch(server);
  output.line("ready at http://" + (options.server.address == "0.0.0.0" ? std::string("localhost") : options.server.address) + ":" + std::to_string(server.port()));
  signals.wait();
  output.line("stopping: answering what was asked, then closing");
  server.stop();
  return exit_done;
}

}  // namespace qipan::cmd
