#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace qipan::test {

/// Takes one connection on this machine; says what the script says after each line (or whole request) it
/// hears.
class Peer {
 public:
  /// `answer` gives what to say to what was heard so far; empty: wait for more. "\x04" at its end hangs up.
  Peer(std::string greeting, std::function<std::string(const std::string& line)> answer,
       in_addr_t interface = INADDR_LOOPBACK)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(interface);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this, greeting = std::move(greeting), answer = std::move(answer)] {
      const int peer = ::accept(socket_, nullptr, nullptr);
      if (peer < 0) return;
      std::ignore = ::send(peer, greeting.data(), greeting.size(), MSG_NOSIGNAL);
      std::string line;
      for (char byte = 0; ::recv(peer, &byte, 1, 0) == 1;) {
        heard += byte;
        line += byte;
        if (byte != '\n') continue;
        std::string said = answer(line);
        line.clear();
        const bool ends = said.ends_with('\x04');
        if (ends) said.pop_back();
        std::ignore = ::send(peer, said.data(), said.size(), MSG_NOSIGNAL);
        if (ends) break;
      }
      ::close(peer);
    });
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { finish(); }
  /// What was heard, once the connection has ended.
  void finish() {
    ::shutdown(socket_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  int port = 0;
  std::string heard;

 private:
  int socket_;
  std::thread thread_;
};

/// Answers one HTTP request.
inline std::function<std::string(const std::string&)> http_answer(std::string answer) {
  return [answer = std::move(answer)](const std::string& line) {
    return line == "\r\n" ? answer + "\x04" : std::string();
  };
}

}  // namespace qipan::test
