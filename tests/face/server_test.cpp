// The HTTP server against clients that stall, flood, lie and leave.
#include "face/http/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

using namespace qipan;
using namespace qipan::face;

namespace {

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    timeval limit{5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(socket_); }
  void send(std::string_view bytes) const {
    std::ignore = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// What comes until the end, or until `until` is in it.
  std::string receive(std::string_view until = "\r\n\r\n") {
    std::string text;
    char buffer[4'096];
    while (text.find(until) == std::string::npos) {
      const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
  }
  bool closed() {
    char byte = 0;
    return ::recv(socket_, &byte, 1, 0) == 0;
  }

 private:
  int socket_;
  bool connected_ = false;
};

struct Answering {
  Server server;
  explicit Answering(ServerOptions options = {})
      : server(fit(options), [](Request request, const Respond& respond) {
          if (request.path == "/never") return;
          respond(Response::text(200, request.method + " " + request.path + " " + request.body));
        }) {
    EXPECT_TRUE(server.start());
  }
  static ServerOptions fit(ServerOptions options) {
    options.port = 0;
    options.header_seconds_max = 1;
    options.body_seconds_max = 1;
    options.idle_seconds_max = 2;
    options.answer_seconds_max = 1;
    options.header_bytes_max = 2'048;
    options.body_bytes_max = 1'000;
    return options;
  }
};

}  // namespace

TEST(Server, AnswersAndKeepsAlive) {
  Answering world;
  Client client(world.server.port());
  for (int i = 0; i < 3; ++i) {
    client.send("POST /a%20b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_NE(client.receive("hi").find("POST /a b hi"), std::string::npos);
  }
}

TEST(Server, AnswersPipelinedAndSplitRequests) {
  Answering world;
  Client client(world.server.port());
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHo");
  EXPECT_NE(client.receive("/1 ").find("200"), std::string::npos);
  client.send("st: h\r\n\r\n");
  EXPECT_NE(client.receive("/2 ").find("200"), std::string::npos);
}

TEST(Server, SaysGoOnToAClientThatAsksFirst) {
  Answering world;
  Client client(world.server.port());
  client.send("POST /first HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_NE(client.receive().find(" 100 "), std::string::npos);
  client.send("hi");
  EXPECT_NE(client.receive("/first hi").find(" 200 "), std::string::npos);
}

namespace {

/// As large as it says, but what is missing at its end cannot be read.
class Numbered final : public face::BodyFile {
 public:
  Numbered(std::uint64_t size, std::uint64_t missing) : size_(size), there_(size - missing) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] std::string read(std::uint64_t from, std::size_t most) const override {
    std::string piece;
    for (std::uint64_t at = from; at < there_ && piece.size() < most; ++at)
      piece += static_cast<char>('a' + at % 23);
    return piece;
  }

 private:
  std::uint64_t size_;
  std::uint64_t there_;
};

}  // namespace

TEST(Server, SendsFilesWhole) {
  face::Server server(Answering::fit({}), [](const face::Request& request, const face::Respond& respond) {
    Response response = Response::text(200, "");
    response.file = std::make_shared<Numbered>(1'000'000, request.path == "/torn" ? 1 : 0);
    respond(std::move(response));
  });
  ASSERT_TRUE(server.start());
  const std::string whole = Numbered(1'000'000, 0).read(0, 1'000'000);
  Client client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.send("GET /file HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::string answer = client.receive(whole);
    EXPECT_NE(answer.find("Content-Length: 1000000\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + whole));
  }
  // As long as GET would be, and nothing of it.
  client.send("HEAD /file HTTP/1.1\r\nHost: h\r\n\r\nGET /file HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string heads = client.receive(whole);
  EXPECT_EQ(heads.find("HTTP/1.1 200", 1), heads.find("\r\n\r\n") + 4);
  // Nobody takes what was torn for the whole: fewer bytes come than were told.
  client.send("GET /torn HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string torn = client.receive("nothing like it");
  EXPECT_NE(torn.find("Content-Length: 1000000\r\n"), std::string::npos);
  EXPECT_LT(torn.size(), 1'000'000 + torn.find("\r\n\r\n") + 4);
}

TEST(Server, RefusesWhatIsNotHttp) {
  Answering world;
  for (const char* bytes :
       {"\x16\x03\x01 tls hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\nA B: c\r\n\r\n",
        "GET /?a=1&a=2 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /?a=%C0%80 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"}) {
    Client client(world.server.port());
    client.send(bytes);
    EXPECT_NE(client.receive().find(" 400 "), std::string::npos) << bytes;
  }
  EXPECT_EQ(world.server.statistics().broken, 16U);
}

TEST(Server, BoundsHeadersAndBodies) {
  Answering world;
  Client headers(world.server.port());
  headers.send("GET / HTTP/1.1\r\nX: " + std::string(4'000, 'x') + "\r\n\r\n");
  EXPECT_NE(headers.receive().find(" 431 "), std::string::npos);
  Client body(world.server.port());
  body.send("POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n");
  EXPECT_NE(body.receive().find(" 413 "), std::string::npos);
  Client chunked(world.server.port());
  chunked.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + std::string(4'096, 'x') +
               "\r\n");
  EXPECT_NE(chunked.receive().find(" 413 "), std::string::npos);
}

TEST(Server, CutsClientsThatStallWithoutHarmToOthers) {
  Answering world;
  Client half(world.server.port());
  half.send("GET / HTTP/1.1\r\nHos");
  Client silent(world.server.port());
  Client slow_body(world.server.port());
  slow_body.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  for (int i = 0; i < 5; ++i) {
    Client other(world.server.port());
    other.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_NE(other.receive("/ok").find("200"), std::string::npos);
  }
  EXPECT_TRUE(half.closed());
  EXPECT_TRUE(slow_body.closed());
  EXPECT_TRUE(silent.closed());
}

TEST(Server, TellsWhenNoAnswerComes) {
  Answering world;
  Client client(world.server.port());
  client.send("GET /never HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.receive().find(" 503 "), std::string::npos);
}

TEST(Server, TurnsAwayMoreThanItsConnections) {
  ServerOptions options;
  options.connections_max = 3;
  Answering world(options);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(world.server.port()));
    clients.back()->send("GET /in HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_NE(clients.back()->receive("/in").find("200"), std::string::npos);
  }
  // Idle clients make room: the one that has waited longest goes.
  Client fourth(world.server.port());
  fourth.send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(fourth.receive("/again").find("200"), std::string::npos);
  EXPECT_TRUE(clients[0]->closed());
  EXPECT_EQ(world.server.statistics().turned_away, 0U);
}

TEST(Server, TurnsAwayWhereAllAreBeingAnswered) {
  ServerOptions options;
  options.connections_max = 2;
  Answering world(options);
  Client first(world.server.port());
  Client second(world.server.port());
  for (Client* one : {&first, &second}) one->send("GET /never HTTP/1.1\r\nHost: h\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  Client third(world.server.port());
  EXPECT_TRUE(third.closed());
  EXPECT_EQ(world.server.statistics().turned_away, 1U);
}

TEST(Server, SlowBodiesKeepNobodyOut) {
  ServerOptions options;
  options.connections_max = 8;
  Answering world(options);
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 8; ++i) {
    slow.push_back(std::make_unique<Client>(world.server.port()));
    slow.back()->send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\nabc");
  }
  for (int i = 0; i < 4; ++i) {
    Client other(world.server.port());
    other.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_NE(other.receive("/ok").find("200"), std::string::npos) << i;
  }
}

// What is idle, silent or half-sent is cut at once; nothing of a session is used after it is gone.
TEST(Server, StopsWithOpenConnections) {
  std::vector<std::unique_ptr<Client>> clients;
  const auto begin = std::chrono::steady_clock::now();
  {
    Answering world;
    for (const char* bytes : {"", "GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc",
                              "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n"}) {
      clients.push_back(std::make_unique<Client>(world.server.port()));
      clients.back()->send(bytes);
    }
    EXPECT_NE(clients.back()->receive("/ok").find("200"), std::string::npos);
    world.server.stop();
    EXPECT_EQ(world.server.statistics().connections, 0U);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Server, CutsStreamsWhoseClientWent) {
  class Silent final : public EventSource {
   public:
    std::string poll() override { return {}; }
  };
  ServerOptions options;
  options.streams_max = 1;
  Server server(Answering::fit(options), [](const Request&, const Respond& respond) {
    Response response;
    response.events = std::make_shared<Silent>();
    respond(std::move(response));
  });
  ASSERT_TRUE(server.start());
  auto first = std::make_unique<Client>(server.port());
  first->send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(first->receive().find(" 200 "), std::string::npos);
  {
    Client second(server.port());
    second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_NE(second.receive().find(" 503 "), std::string::npos) << "one stream is all that it may have";
  }
  first.reset();
  for (int waited = 0; waited < 50 && server.statistics().connections > 0; ++waited)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(server.statistics().connections, 0U) << "a close is seen without anything to send";
}

TEST(Server, TellsBrowsersItsRulesInEveryAnswer) {
  ServerOptions options;
  options.strict_transport = true;
  Answering world(options);
  for (const char* bytes :
       {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET\r\n\r\n", "GET /never HTTP/1.1\r\nHost: h\r\n\r\n"}) {
    Client client(world.server.port());
    client.send(bytes);
    const std::string head = client.receive();
    for (const char* header : {"nosniff", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'",
                               "Cache-Control: no-store", "max-age=31536000"})
      EXPECT_NE(head.find(header), std::string::npos) << header << " of " << bytes;
  }
  Answering plain;
  Client client(plain.server.port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive().find("Strict-Transport"), std::string::npos)
      << "without TLS it would shut the page out";
}

TEST(Server, BelievesWhatItsProxySaysAndNobodyElse) {
  const auto remote = [](bool trust, const std::string& forwarded) {
    ServerOptions options = Answering::fit({});
    options.trust_proxy = trust;
    Server server(options, [](const Request& request, const Respond& respond) {
      respond(Response::text(200, "<" + request.remote + ">"));
    });
    EXPECT_TRUE(server.start());
    Client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n");
    const std::string answer = client.receive(">");
    return answer.substr(answer.find('<'));
  };
  EXPECT_EQ(remote(false, "192.0.2.7"), "<127.0.0.1>");
  EXPECT_EQ(remote(true, "192.0.2.7"), "<192.0.2.7>");
  EXPECT_EQ(remote(true, "203.0.113.9, 192.0.2.7"), "<192.0.2.7>") << "the last is what our own proxy saw";
  EXPECT_EQ(remote(true, "somebody"), "<127.0.0.1>");
  EXPECT_EQ(remote(true, "192.0.2.7, \"x"), "<127.0.0.1>");
}

TEST(Server, TellsAProxyThatIsNoAddress) {
  ServerOptions options = Answering::fit({});
  options.trust_proxy = true;
  options.proxies = {"10.0.0.5", "proxy1"};
  Server server(options, [](const Request&, const Respond& respond) { respond(Response::text(200, "")); });
  const auto started = server.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().value, "proxy1");
}

TEST(Server, LargeBodiesShareABudget) {
  ServerOptions options = Answering::fit({});
  options.small_body_bytes_max = 1'000;
  options.large_bodies = {{"/photos", 100'000}};
  options.body_bytes_max = options.bodies_bytes_max = 100'000;
  Server server(options,
                [](const Request&, const Respond& respond) { respond(Response::text(200, "taken")); });
  ASSERT_TRUE(server.start());
  const std::string body(60'000, 'x');
  const std::string head = "POST /photos HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n";
  Client first(server.port());
  first.send(head + "Expect: 100-continue\r\n\r\n");
  EXPECT_NE(first.receive().find(" 100 "), std::string::npos);
  Client small(server.port());
  small.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_NE(small.receive("taken").find(" 200 "), std::string::npos) << "small ones are not counted";
  const auto second = [&] {
    Client client(server.port());
    client.send(head + "\r\n" + body);
    return client.receive();
  };
  // Who announces a large one and sends nothing takes no room.
  EXPECT_NE(second().find(" 200 "), std::string::npos);
  first.send(body.substr(1));
  std::string answer;
  // Until the server has read what was sent.
  for (int tries = 0; tries < 500 && answer.find(" 503 ") == std::string::npos; ++tries) answer = second();
  EXPECT_NE(answer.find(" 503 "), std::string::npos) << answer;
  first.send("x");
  EXPECT_NE(first.receive().find(" 200 "), std::string::npos);
  EXPECT_NE(second().find(" 200 "), std::string::npos) << "given back";
}

TEST(Server, LargeAnswersShareABudget) {
  constexpr std::size_t large = 40U << 20U;
  ServerOptions options = Answering::fit({});
  options.answers_bytes_max = large + large / 2;
  options.body_seconds_max = 5;
  Server server(options, [](const Request&, const Respond& respond) {
    respond(Response::text(200, std::string(large, 'x')));
  });
  ASSERT_TRUE(server.start());
  {
    Client slow(server.port());
    slow.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_NE(slow.receive().find(" 200 "), std::string::npos);
    Client second(server.port());
    second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_NE(second.receive().find(" 503 "), std::string::npos);
  }
  for (int waited = 0; waited < 100 && server.statistics().connections > 0; ++waited)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  Client third(server.port());
  third.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(third.receive().find(" 200 "), std::string::npos) << "given back";
}

TEST(Server, CountsClientsByNetwork) {
  EXPECT_EQ(client_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), client_of("2001:db8:1:2:ffff::1"));
  EXPECT_NE(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:3::1"));
}

TEST(Server, TellsThePortInUse) {
  Answering world;
  ServerOptions options;
  options.port = world.server.port();
  Server second(options, [](const Request&, const Respond&) {});
  EXPECT_EQ(second.start().error().code, "port-unusable");
}
