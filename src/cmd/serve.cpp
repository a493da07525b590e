#include "cmd/serve.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "outbox/courier.hpp"

namespace qipan::cmd {

namespace {

/// The request log: whole lines from any thread.
class RequestLog {
 public:
  explicit RequestLog(const std::string& path)
      : file_(path == "-" ? stderr : std::fopen(path.c_str(), "ae")), own_(path != "-") {}
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;
  ~RequestLog() {
    if (own_ && file_ != nullptr) std::fclose(file_);
  }
  [[nodiscard]] bool usable() const { return file_ != nullptr; }
  void write(const std::string& line) {
    const std::lock_guard lock(mutex_);
    std::fwrite((line + "\n").data(), 1, line.size() + 1, file_);
    std::fflush(file_);
  }

 private:
  std::mutex mutex_;
  std::FILE* file_;
  bool own_;
};

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
  std::optional<RequestLog> log;
  if (!options.log.empty()) {
    log.emplace(options.log);
    if (!log->usable()) {
      return output.problem({Problem::Kind::unavailable, "log-unusable", "--log", options.log,
                             "a file that can be appended to", "check its folder and rights"});
    }
  }
  face::AppOptions app_options;
  app_options.web_folder = options.web;
  app_options.secure_cookies = options.secure_cookies;
  if (log) app_options.log = [&log](const std::string& line) { log->write(line); };
  if (options.no_limits) app_options.anonymous = {1e9, 1e9};
  // Declared so that what may still be asked outlives who asks: pages first, then the writer, the sockets
  // last.
  face::App* handler = nullptr;
  face::Server server(options.server, [&handler](face::Request request, const face::Respond& respond) {
    handler->handle(std::move(request), respond);
  });
  std::optional<board::Writer> owned(std::in_place, district.board());
  board::Writer& writer = *owned;
  face::App app(district, writer, model_loader(), app_options);
  handler = &app;
  if (const auto started = server.start(); !started) return output.problem(started.error());
  app.watch(server);
  std::optional<outbox::Courier> courier(std::in_place, district, writer, outbox::curl_transport());
  courier->start();
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
  app.finish();
  courier.reset();
  owned.reset();  // decides what still waits; its answers need the app
  return exit_done;
}

int run_serve(const ServeOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  return serve_district(**district, options, output);
}

}  // namespace qipan::cmd
