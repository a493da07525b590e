#include <atomic>
#include <chrono>
#include <memory>

#include "base/json.hpp"
#include "cmd/bench.hpp"
#include "cmd/bench_client.hpp"
#include "cmd/output.hpp"

namespace qipan::cmd {

namespace {

using Time = std::chrono::steady_clock;
constexpr const char* step_names[] = {"create", "file_and_dispatch", "resolve", "close"};

/// One connection that walks cases through their lives.
class Walker {
 public:
  Walker(boost::asio::io_context& context, std::uint16_t port, const BenchLogin& leader,
         const BenchLogin& handler, std::atomic<std::int64_t>& left, std::int64_t serial)
      : client_(context, port), leader_(leader), handler_(handler), left_(left), serial_(serial) {}

  void start() {
    if (left_.fetch_sub(1) <= 0) return;
    step_ = 0;
    send();
  }

  std::vector<std::int64_t> micros[4];
  std::int64_t done = 0;
  std::string failure;

 private:
  void send() {
    std::string path = "/api/v1/cases";
    std::string body;
    if (step_ == 0) {
      const std::int64_t n = serial_++;
      body = R"({"type":"grid_event","class":"S0102","x":)" +
             std::to_string(1'131'000'000 + n * 7'919 % 1'040'000) + R"(,"y":)" +
             std::to_string(225'000'000 + n * 104'729 % 810'000) +
             R"(,"fields":{"description":"暴露垃圾，请清理","condition":"dirty"}})";
    } else {
      path += "/" + std::to_string(case_) + "/transitions/" + step_names[step_];
      body = step_ == 2 ? R"({"fields":{"result":"已清理"}})" : "{}";
    }
    const BenchLogin& who = step_ == 2 ? handler_ : leader_;
    client_.post(path, body, who,
                 [this](std::string_view head, std::string_view answer) { answered(head, answer); });
  }

  void answered(std::string_view head, std::string_view body) {
    if (!head.starts_with("HTTP/1.1 201")) {
      failure =
          std::string(step_names[step_]) + ": " + std::string(head.substr(0, 12)) + " " + std::string(body);
      return;
    }
    micros[step_].push_back(client_.micros());
    if (step_ == 0) {
      const auto at = body.find("\"case\":");
      case_ = std::strtoll(body.data() + at + 7, nullptr, 10);
    }
    if (++step_ == 4) {
      ++done;
      return start();
    }
    send();
  }

  BenchClient client_;
  const BenchLogin& leader_;
  const BenchLogin& handler_;
  std::atomic<std::int64_t>& left_;
  std::int64_t serial_;
  std::int64_t case_ = 0;
  int step_ = 0;
};

}  // namespace

int run_bench_load(const BenchOptions& options) {
  Output output(options.json);
  const auto leader = bench_login(options, options.login);
  if (!leader) return output.problem(leader.error());
  const auto handler = bench_login(options, options.handler);
  if (!handler) return output.problem(handler.error());
  boost::asio::io_context context(1);
  std::atomic<std::int64_t> left{options.cases};
  std::vector<std::unique_ptr<Walker>> walkers;
  for (int i = 0; i < options.connections; ++i)
    walkers.push_back(
        std::make_unique<Walker>(context, options.port, *leader, *handler, left, i * 1'000'003LL));
  const auto begin = Time::now();
  for (auto& walker : walkers) walker->start();
  context.run();
  const double seconds = std::chrono::duration<double>(Time::now() - begin).count();
  std::int64_t done = 0;
  std::vector<std::int64_t> micros[4];
  for (auto& walker : walkers) {
    if (!walker->failure.empty())
      return output.problem({Problem::Kind::unavailable, "bench-load", "", shortened(walker->failure, 300),
                             "201 to every request", ""});
    done += walker->done;
    for (int s = 0; s < 4; ++s)
      micros[s].insert(micros[s].end(), walker->micros[s].begin(), walker->micros[s].end());
  }
  Json json = Json::object();
  json.set("cases", done)
      .set("seconds_thousandths", static_cast<std::int64_t>(seconds * 1'000))
      .set("cases_a_second", static_cast<std::int64_t>(static_cast<double>(done) / seconds));
  std::string text = std::to_string(done) + " lifecycles in " + std::to_string(seconds) +
                     " s: " + std::to_string(static_cast<std::int64_t>(static_cast<double>(done) / seconds)) +
                     "/s";
  for (int s = 0; s < 4; ++s) {
    const auto p50 = percentile(micros[s], 0.5);
    const auto p99 = percentile(micros[s], 0.99);
    json.set(std::string(step_names[s]) + "_p50_us", p50).set(std::string(step_names[s]) + "_p99_us", p99);
    text += "\n  " + std::string(step_names[s]) + " p50 " + std::to_string(p50) + " µs, p99 " +
            std::to_string(p99) + " µs";
  }
  output.result(json, text);
  return exit_done;
}

}  // namespace qipan::cmd
