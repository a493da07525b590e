#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cmd/bench.hpp"

namespace qipan::cmd {

struct BenchLogin {
  std::string cookie;
  std::string csrf;
};

[[nodiscard]] Result<BenchLogin> bench_login(const BenchOptions& options, const std::string& name);

/// One keep-alive connection to a server on this machine, by callbacks: the generator must cost less than
/// what it measures.
class BenchClient {
 public:
  /// Head and body of the answer; an empty head and the reason when the connection broke.
  using Answered = std::function<void(std::string_view head, std::string_view body)>;

  BenchClient(boost::asio::io_context& context, std::uint16_t port);
  void post(const std::string& path, const std::string& body, const BenchLogin& who, Answered answered);
  /// How long the last request took.
  [[nodiscard]] std::int64_t micros() const { return micros_; }

 private:
  void receive();

  boost::asio::ip::tcp::socket socket_;
  Answered answered_;
  std::string request_;
  std::string response_;
  std::array<char, 8'192> buffer_{};
  std::chrono::steady_clock::time_point sent_;
  std::int64_t micros_ = 0;
};

/// The value below which `share` of them lie; reorders them.
[[nodiscard]] std::int64_t percentile(std::vector<std::int64_t>& values, double share);

}  // namespace qipan::cmd
