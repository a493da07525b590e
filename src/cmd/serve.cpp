#include "cmd/serve.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

#include "base/file.hpp"
#include "board/beside.hpp"
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

/// A key from its file, so that it stands in no list of processes: letters and digits alone.
Result<std::string> read_key(const std::string& path) {
  QIPAN_TRY(text, read_file(path, 4'096));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const bool fits = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (fits) return text;
  return invalid("key-unreadable", path, "", "letters and digits on one line",
                 "copy the key as the service shows it");
}

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
  if (!options.secure_cookies && !options.server.address.starts_with("127.") &&
      options.server.address != "::1" && !options.json)
    output.line("warning: " + options.server.address +
                " is reached from elsewhere without TLS; set a proxy before it and start with "
                "--secure-cookies (docs/operation.md)");
  app_options.second_factor = options.second_factor;
  app_options.demonstration_password = options.demonstration_password;
  app_options.scanner = options.scanner;
  app_options.idle_seconds = options.idle_minutes * 60;
  if (!options.provider.empty()) {
    auto provider = face::read_provider(options.provider);
    if (!provider) return output.problem(provider.error());
    app_options.provider = std::move(*provider);
  }
  if (!options.map_server.empty()) app_options.map_server = options.map_server;
  if (!options.map_key_file.empty()) {
    const auto key = read_key(options.map_key_file);
    if (!key) return output.problem(key.error());
    app_options.map_key = *key;
  }
  if (!options.map.empty()) {
    const auto text = read_file(options.map, geo::VectorTiles::bytes_max);
    if (!text) return output.problem(text.error());
    auto picture = geo::VectorTiles::read(*text);
    if (!picture) return output.problem(picture.error());
    app_options.picture = std::make_shared<const geo::VectorTiles>(std::move(*picture));
  }
  if (log) app_options.log = [&log](const std::string& line) { log->write(line); };
  if (options.no_limits) app_options.anonymous = app_options.unknown = app_options.uploads = {1e9, 1e9};
  // Declared so that what may still be asked outlives who asks: pages first, then the writer, the sockets
  // last.
  face::App* handler = nullptr;
  face::ServerOptions server_options = options.server;
  server_options.strict_transport = options.secure_cookies;
  if (!server_options.proxies.empty()) server_options.trust_proxy = true;
  face::Server server(server_options, [&handler](face::Request request, const face::Respond& respond) {
    handler->handle(std::move(request), respond);
  });
  std::optional<board::Writer> owned(std::in_place, district.board(),
                                     options.clock_runs ? nullptr : &district.clock());
  board::Writer& writer = *owned;
  face::App app(district, writer, model_loader(), app_options);
  handler = &app;
  if (const auto started = server.start(); !started) return output.problem(started.error());
  app.watch(server);
  app.keep_searchable();
  std::optional<outbox::Courier> courier(
      std::in_place, district, writer, [&options] { return outbox::curl_transport(options.webhooks_near); });
  courier->start();
  std::optional<board::Sweeper> sweeper(std::in_place, district, writer,
                                        options.backups_kept_days * microseconds_per_day);
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
  sweeper.reset();
  owned.reset();  // decides what still waits; its answers need the app
  return exit_done;
}

int run_serve(const ServeOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  const Instant last = (*district)->board().last_at();
  const Instant now = (*district)->clock().now();
  if (!options.confirm_clock && last > 0 && now - last > board::ClockGuard::start_max)
    return output.problem({Problem::Kind::conflict, "clock-ahead", "", format_instant(now),
                           "a clock at most 31 days ahead of the newest fact, of " + format_instant(last),
                           "set the machine's clock; if it is right, start with --confirm-clock"});
  if (last - now > board::ClockGuard::jump_max)
    output.line("warning: the newest fact is of " + format_instant(last) +
                ", ahead of the clock; until then all that is "
                "written bears that time. If a wrong clock wrote it, restore the backup made before.");
  return serve_district(**district, options, output);
}

}  // namespace qipan::cmd
