#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "face/http/message.hpp"

namespace qipan::face {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  std::size_t threads = 2;
  std::size_t connections_max = 1'000;
  std::size_t connections_an_address_max = 200;  // not counted for a trusted proxy
  std::uint32_t header_bytes_max = 16 * 1024;
  std::uint64_t body_bytes_max = 32U << 20U;
  /// Bodies over this are only taken on these paths, so large each.
  std::uint64_t small_body_bytes_max = 1U << 20U;
  std::vector<std::pair<std::string, std::uint64_t>> large_bodies = {
      {"/api/v1/photos", 8U << 20U}, {"/api/v1/files", 8U << 20U}, {"/api/v1/imports", 32U << 20U}};
  /// Bodies over the small size that are being received at one time, all connections together.
  std::uint64_t bodies_bytes_max = 96U << 20U;
  /// Answers over 1 MB that clients have not read yet, all connections together: over it they are told to
  /// come again.
  std::uint64_t answers_bytes_max = 128U << 20U;
  /// Streams of events that stay open; the rest of the connections is for everybody else.
  std::size_t streams_max = 500;
  int header_seconds_max = 10;  // from the first byte of a request, or from connecting, to its last header
  int body_seconds_max = 60;    // and a second more for each `body_bytes_a_second`
  std::uint64_t body_bytes_a_second = 256U << 10U;  // also of files that are sent
  int idle_seconds_max = 75;                        // between requests
  int answer_seconds_max = 120;                     // for the handler; files of everything take the longest
  /// X-Forwarded-For names the client where this machine's own loopback or one of `proxies` sends it.
  bool trust_proxy = false;
  std::vector<std::string> proxies;
  bool strict_transport = false;  // browsers reach it by TLS alone
};

struct ServerStatistics {
  std::uint64_t connections = 0;  // open now
  std::uint64_t accepted = 0;
  std::uint64_t turned_away = 0;  // over connections_max
  std::uint64_t requests = 0;
  std::uint64_t broken = 0;  // not HTTP, too large or too slow
};

/// HTTP/1.1 on Asio coroutines with Beast's parser; neither shows here. TLS belongs to a proxy in front
/// (docs/operation.md).
class Server {
 public:
  Server(ServerOptions options, Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Stops, lets requests that are being answered finish for a few seconds, then closes.
  ~Server();

  /// Binds and starts its threads; refused when the port is taken.
  [[nodiscard]] Result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  void stop();
  [[nodiscard]] ServerStatistics statistics() const;

  /// What its connections share; known only to server.cpp.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace qipan::face
