#include "cmd/bench_client.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/json.hpp"

namespace qipan::cmd {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

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

}  // namespace

BenchClient::BenchClient(asio::io_context& context, std::uint16_t port) : socket_(context) {
  socket_.connect({asio::ip::address_v4::loopback(), port});
  socket_.set_option(tcp::no_delay(true));
}

void BenchClient::post(const std::string& path, const std::string& body, const BenchLogin& who,
                       Answered answered) {
  request_ = "POST " + path +
             " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nCookie: qipan_session=" +
             who.cookie + "\r\nX-CSRF-Token: " + who.csrf +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  answered_ = std::move(answered);
  sent_ = std::chrono::steady_clock::now();
  asio::async_write(socket_, asio::buffer(request_), [this](const error_code& error, std::size_t) {
    if (error) return answered_("", error.message());
    response_.clear();
    receive();
  });
}

void BenchClient::receive() {
  socket_.async_read_some(asio::buffer(buffer_), [this](const error_code& error, std::size_t count) {
    if (error) return answered_("", error.message());
    response_.append(buffer_.data(), count);
    const auto end = response_.find("\r\n\r\n");
    if (end == std::string::npos) return receive();
    const auto length = response_.find("Content-Length: ");
    const std::size_t size =
        length == std::string::npos ? 0 : std::strtoul(response_.c_str() + length + 16, nullptr, 10);
    if (response_.size() < end + 4 + size) return receive();
    micros_ = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - sent_)
                  .count();
    // The callback may post again, which clears the response.
    const std::string response = std::move(response_);
    response_.clear();
    const Answered answered = std::move(answered_);
    answered(std::string_view(response).substr(0, end), std::string_view(response).substr(end + 4));
  });
}

Result<BenchLogin> bench_login(const BenchOptions& options, const std::string& name) {
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
  return BenchLogin{response.substr(cookie + 14, response.find(';', cookie) - cookie - 14),
                    response.substr(csrf + 8, response.find('"', csrf + 8) - csrf - 8)};
}

std::int64_t percentile(std::vector<std::int64_t>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * share);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace qipan::cmd
