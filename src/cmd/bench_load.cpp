#include <algorithm>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <chrono>
#include <thread>

#include "base/json.hpp"
#include "cmd/bench.hpp"
#include "cmd/output.hpp"

namespace qipan::cmd {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using Time = std::chrono::steady_clock;
constexpr const char* steps[] = {"create", "file_and_dispatch", "resolve", "close"};

struct Login {
  std::string cookie;
  std::string csrf;
};

/// One keep-alive connection that walks cases through their lives, by callbacks: the generator must cost less
/// than what it measures.
class Walker {
 public:
  Walker(asio::io_context& context, std::uint16_t port, const Login& leader, const Login& handler,
         std::atomic<std::int64_t>& left, std::int64_t serial)
      : socket_(context), leader_(leader), handler_(handler), left_(left), serial_(serial) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay(true));
  }

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
             R"(,"fields":{"description":"暴露垃圾,请清理","condition":"dirty"}})";
    } else {
      path += "/" + std::to_string(case_) + "/transitions/" + steps[step_];
      body = step_ == 2 ? R"({"fields":{"result":"已清理"}})" : "{}";
    }
    const Login& who = step_ == 2 ? handler_ : leader_;
    request_ = "POST " + path +
               " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nCookie: qipan_session=" +
               who.cookie + "\r\nX-CSRF-Token: " + who.csrf +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    sent_ = Time::now();
    asio::async_write(socket_, asio::buffer(request_), [this](const error_code& error, std::size_t) {
      if (error) return fail(error.message());
      response_.clear();
      receive();
    });
  }

  void receive() {
    socket_.async_read_some(asio::buffer(buffer_), [this](const error_code& error, std::size_t count) {
      if (error) return fail(error.message());
      response_.append(buffer_.data(), count);
      const auto head = response_.find("\r\n\r\n");
      if (head == std::string::npos) return receive();
      const auto length = response_.find("Content-Length: ");
      const std::size_t size =
          length == std::string::npos ? 0 : std::strtoul(response_.c_str() + length + 16, nullptr, 10);
      if (response_.size() < head + 4 + size) return receive();
      answered(std::string_view(response_).substr(head + 4));
    });
  }

  void answered(std::string_view body) {
    if (!response_.starts_with("HTTP/1.1 201"))
      return fail(std::string(steps[step_]) + ": " + response_.substr(0, 12) + " " + std::string(body));
    micros[step_].push_back(
        std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - sent_).count());
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

  void fail(const std::string& what) { failure = what; }

  tcp::socket socket_;
  const Login& leader_;
  const Login& handler_;
  std::atomic<std::int64_t>& left_;
  std::int64_t serial_;
  std::int64_t case_ = 0;
  int step_ = 0;
  std::string request_;
  std::string response_;
  std::array<char, 8'192> buffer_{};
  Time::time_point sent_;
};

std::string ask_once(std::uint16_t port, const std::string& request) {
  asio::io_context context;
  tcp::socket socket(context);
  socket.connect({asio::ip::address_v4::loopback(), port});
  asio::write(socket, asio::buffer(request));
  std::string response;
  error_code error;
  asio::read(socket, asio::dynamic_buffer(response), error);
  return response;
}

Result<Login> log_in(const BenchOptions& options, const std::string& name) {
  const std::string body = Json::object().set("login", name).set("password", options.password).dump();
  const std::string response = ask_once(options.port,
                                        "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: "
                                        "close\r\nContent-Type: application/json\r\nContent-Length: " +
                                            std::to_string(body.size()) + "\r\n\r\n" + body);
  const auto cookie = response.find("qipan_session=");
  const auto csrf = response.find("\"csrf\":\"");
  if (cookie == std::string::npos || csrf == std::string::npos)
    return invalid("bench-login", "--login", options.login, "a login that the server knows",
                   "set --password");
  return Login{response.substr(cookie + 14, response.find(';', cookie) - cookie - 14),
               response.substr(csrf + 8, response.find('"', csrf + 8) - csrf - 8)};
}

std::int64_t percentile(std::vector<std::int64_t>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * share);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

int run_bench_load(const BenchOptions& options) {
  Output output(options.json);
  const auto leader = log_in(options, options.login);
  if (!leader) return output.problem(leader.error());
  const auto handler = log_in(options, options.handler);
  if (!handler) return output.problem(handler.error());
  asio::io_context context(1);
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
    json.set(std::string(steps[s]) + "_p50_us", p50).set(std::string(steps[s]) + "_p99_us", p99);
    text += "\n  " + std::string(steps[s]) + " p50 " + std::to_string(p50) + " µs, p99 " +
            std::to_string(p99) + " µs";
  }
  output.result(json, text);
  return exit_done;
}

}  // namespace qipan::cmd
