#include "face/app/scanner.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

#include "base/fault_log.hpp"
#include "base/text.hpp"

namespace qipan::face {

namespace {

class Socket {
 public:
  Socket() : handle_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // Of each wait; and of all of it, below.
    constexpr timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  ~Socket() {
    if (handle_ >= 0) ::close(handle_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] bool connect(const std::string& path) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (handle_ < 0 || path.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, path.data(), path.size());
    return ::connect(handle_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  [[nodiscard]] bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      if (late()) return false;
      const ssize_t sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Up to the zero byte that ends an answer, or to the end.
  [[nodiscard]] std::string receive() const {
    constexpr std::size_t answer_max = 4'096;
    std::string answer;
    char some[256];
    while (answer.size() < answer_max && !late()) {
      const ssize_t got = ::recv(handle_, some, sizeof some, 0);
      if (got <= 0) break;
      answer.append(some, static_cast<std::size_t>(got));
      if (const auto end = answer.find('\0'); end != std::string::npos) return answer.substr(0, end);
    }
    return answer;
  }

 private:
  [[nodiscard]] bool late() const { return std::chrono::steady_clock::now() > until_; }
  int handle_;
  std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + std::chrono::seconds(30);
};

/// A piece behind its length in four bytes, the most significant first.
bool send_piece(const Socket& socket, std::string_view piece) {
  std::string length;
  for (unsigned shift = 32; shift > 0; shift -= 8)
    length += static_cast<char>(piece.size() >> (shift - 8) & 0xFFU);
  return socket.send(length) && socket.send(piece);
}

bool send_all(const Socket& socket, std::string_view bytes) {
  constexpr std::size_t piece_bytes = 64U << 10U;
  if (!socket.send(std::string_view("zINSTREAM\0", 10))) return false;
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes)
    if (!send_piece(socket, bytes.substr(at, piece_bytes))) return false;
  return send_piece(socket, "");
}

}  // namespace

Result<void> scan(const std::string& socket_path, std::string_view bytes) {
  const Socket socket;
  const bool sent = socket.connect(socket_path) && send_all(socket, bytes);
  // One that has seen enough answers before it was sent everything.
  const std::string answer = socket.receive();
  if (sent && answer == "stream: OK") return {};
  constexpr std::string_view head = "stream: ";
  constexpr std::string_view tail = " FOUND";
  if (answer.starts_with(head) && answer.ends_with(tail))
    return invalid(
        "file-harmful", "body", answer.substr(head.size(), answer.size() - head.size() - tail.size()),
        "a file in which the scanner finds nothing", "do not open it; tell who keeps the computers");
  tell_fault("scanner", answer.empty() ? "no answer at " + socket_path : shortened(answer));
  return refuse({Problem::Kind::unavailable, "scanner-silent", "", "", "a scanner that answers",
                 "try again in a moment; else tell the operator"});
}

}  // namespace qipan::face
