// HTTP: bytes sent to a real server over a socket, and the parts that read targets, cookies and photos.
// Whatever comes, the server answers or closes, and answers the next client.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "cmd/engines.hpp"
#include "face/app/photo.hpp"
#include "face/app/routes.hpp"
#include "face/http/server.hpp"

namespace {

std::uint16_t port() {
  using namespace qipan::face;
  static Server* server = [] {
    ServerOptions options;
    options.port = 0;
    options.threads = 1;
    options.header_bytes_max = 4'096;
    options.body_bytes_max = 4'096;
    auto* made = new Server(
        options, [](Request request, const Respond& respond) { respond(Response::text(200, request.path)); });
    QIPAN_ASSERT(made->start());
    return made;
  }();
  return server->port();
}

std::string exchange_bytes(std::string_view bytes) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // Closed with a reset: thousands of exchanges a second must not leave their ports waiting.
  const linger reset{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  // Thousands of exchanges a second may use up a port for a moment; a server that is gone does not come back.
  bool connected = false;
  for (int attempt = 0; attempt < 100 && !connected; ++attempt) {
    connected = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    if (!connected) ::usleep(50'000);
  }
  QIPAN_ASSERT(connected);
  std::ignore = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  ::shutdown(socket, SHUT_WR);
  std::string answer;
  char buffer[4'096];
  for (;;) {
    const auto count = ::recv(socket, buffer, sizeof buffer, 0);
    if (count <= 0) break;
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(socket);
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace qipan::face;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::ignore = exchange_bytes(bytes);
  static int count = 0;
  if (++count % 64 == 0) {
    const std::string answer = exchange_bytes("GET /still HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    if (!answer.ends_with("/still")) std::fprintf(stderr, "the next client heard: \"%s\"\n", answer.c_str());
    QIPAN_ASSERT(answer.ends_with("/still"));
  }
  Request request;
  if (parse_target(bytes, request)) {
    std::vector<std::string> parts;
    static const auto engines = qipan::cmd::make_engines();
    static const RouteTable table(engines);
    for (const Route& route : table.routes()) std::ignore = matches(route.pattern, request.path, parts);
  }
  request.headers["cookie"] = std::string(bytes);
  std::ignore = request.cookie("qipan_session");
  for (const std::string_view magic :
       {std::string_view(""), std::string_view("\xFF\xD8\xFF"), std::string_view("\x89PNG\r\n\x1a\n")}) {
    const std::string photo = std::string(magic) + std::string(bytes);
    // What was cleaned once is clean.
    if (const auto clean = clean_photo(photo)) {
      const auto again = clean_photo(clean->bytes);
      QIPAN_ASSERT(again && again->bytes == clean->bytes);
    }
  }
  return 0;
}
