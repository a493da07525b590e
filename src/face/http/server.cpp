#include "face/http/server.hpp"

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace qipan::face {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto quiet = asio::as_tuple_t<asio::use_awaitable_t<>>{};
constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t file_piece_bytes = 256 * 1024;
constexpr auto event_interval = std::chrono::milliseconds(500);
constexpr int heartbeat_polls = 30;  // 15 seconds

}  // namespace

/// An IPv4 peer of a socket that listens to both is written within IPv6.
static asio::ip::address unmapped(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

/// What the server itself asks of a connection. Any thread.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Ends it unless it is being answered.
  virtual void end_if_waiting() = 0;
  [[nodiscard]] bool waiting() const { return !answering_; }
  [[nodiscard]] std::int64_t since() const { return since_; }

 protected:
  std::atomic<bool> answering_{false};
  std::atomic<std::int64_t> since_{0};  // when it began to wait for a request, by the steady clock
};

struct Server::State {
  State(ServerOptions given, Handler given_handler)
      : options(std::move(given)), handler(std::move(given_handler)), acceptor(context) {}

  ServerOptions options;
  Handler handler;
  std::vector<asio::ip::address> proxies;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> streams{0};
  std::atomic<std::uint64_t> answer_bytes{0};  // of large answers that are being sent
  std::atomic<std::uint64_t> body_bytes{0};    // of large bodies that are being received
  std::mutex addresses_mutex;
  std::map<std::string, std::size_t> addresses;  // connections of each client
  std::mutex sessions_mutex;
  std::map<const Connection*, std::weak_ptr<Connection>> sessions;

  /// Whether what this peer says of its client is believed.
  [[nodiscard]] bool is_proxy(const asio::ip::address& peer) const {
    if (!options.trust_proxy) return false;
    const asio::ip::address plain = unmapped(peer);
    return plain.is_loopback() || std::find(proxies.begin(), proxies.end(), plain) != proxies.end();
  }
  /// Whether one more of this address fits; counted until leave().
  bool enter(const std::string& address, bool proxy) {
    const std::lock_guard lock(addresses_mutex);
    if (!proxy && addresses[address] >= options.connections_an_address_max) return false;
    ++addresses[address];
    return true;
  }
  void leave(const std::string& address) {
    const std::lock_guard lock(addresses_mutex);
    if (--addresses[address] == 0) addresses.erase(address);
  }
  /// Whether so much more may be received now; counted until given back.
  bool reserve(std::uint64_t bytes) {
    if (body_bytes.fetch_add(bytes) + bytes <= options.bodies_bytes_max) return true;
    body_bytes -= bytes;
    return false;
  }
  /// Closes the connection that has waited longest without a whole request, so that slow clients keep nobody
  /// out. False where all are being answered.
  bool evict();

  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> turned_away{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> broken{0};

  // Last, so that it goes first: it destroys the sessions that are left, and they use all that stands above.
  asio::io_context context;
  tcp::acceptor acceptor;
  std::vector<std::thread> threads;
};

namespace {

/// One connection: all its coroutines run on one strand, so nothing here needs a lock.
class Session final : public Connection, public std::enable_shared_from_this<Session> {
 public:
  Session(Server::State& state, tcp::socket socket, std::string address);
  ~Session() override;
  asio::awaitable<void> run();
  asio::awaitable<void> watch();
  void end_if_waiting() override;

 private:
  [[nodiscard]] std::uint64_t body_most(std::string_view path) const {
    std::uint64_t most = state_.options.small_body_bytes_max;
    for (const auto& [where, large] : state_.options.large_bodies)
      if (path.substr(0, path.find('?')) == where) most = large;
    return std::min(most, state_.options.body_bytes_max);
  }
  enum class Reading { whole, closed, refused };
  asio::awaitable<Reading> read(Request& request, Response& refusal, bool& keep_alive);
  asio::awaitable<bool> fill();
  asio::awaitable<Response> answer(Request request);
  asio::awaitable<bool> send(std::string bytes);
  asio::awaitable<bool> send_file(std::shared_ptr<const BodyFile> file);
  asio::awaitable<void> tell(std::shared_ptr<EventSource> events);
  asio::awaitable<void> notice_close(asio::steady_timer& pause);
  asio::awaitable<void> linger();
  Response refuse_message(const error_code& error);
  bool convert(const http::request<http::string_body>& message, Request& request) const;
  void expire_in(int seconds) { deadline_.expires_after(std::chrono::seconds(seconds)); }

  Server::State& state_;
  tcp::socket socket_;
  std::string address_;
  asio::steady_timer deadline_;
  std::string buffer_;
  bool closed_ = false;
  std::uint64_t body_most_ = 0;  // of the request that is read
  std::uint64_t reserved_ = 0;
  std::uint64_t sending_ = 0;
  bool streaming_ = false;  // it was counted as a stream, until it is gone
};

std::int64_t steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

Session::Session(Server::State& state, tcp::socket socket, std::string address)
    : state_(state),
      socket_(std::move(socket)),
      address_(std::move(address)),
      deadline_(socket_.get_executor()) {
  // Before the watch begins: a timer that was never set counts as over.
  expire_in(state_.options.header_seconds_max);
  ++state_.connections;
  since_ = steady_now();
}

Session::~Session() {
  state_.body_bytes -= reserved_;
  state_.answer_bytes -= sending_;
  if (streaming_) --state_.streams;
  {
    const std::lock_guard lock(state_.sessions_mutex);
    state_.sessions.erase(this);
  }
  state_.leave(address_);
  --state_.connections;
}

asio::awaitable<void> Session::watch() {
  // Closes a client that stalls: whoever waits for it then sees the closed socket.
  const auto self = shared_from_this();
  while (!closed_) {
    co_await deadline_.async_wait(quiet);
    if (closed_) break;
    if (deadline_.expiry() <= asio::steady_timer::clock_type::now()) {
      error_code ignored;
      socket_.close(ignored);
      closed_ = true;
    }
  }
}

void Session::end_if_waiting() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->answering_ || self->closed_) return;
    self->closed_ = true;
    error_code ignored;
    self->socket_.close(ignored);
    self->deadline_.cancel();
  });
}

asio::awaitable<bool> Session::fill() {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + read_bytes);
  const auto [error, count] =
      co_await socket_.async_read_some(asio::buffer(buffer_.data() + before, read_bytes), quiet);
  buffer_.resize(before + (error ? 0 : count));
  co_return !error;
}

Response Session::refuse_message(const error_code& error) {
  ++state_.broken;
  // Problem details (RFC 9457) written by hand: the server knows no JSON, and nothing of the request is
  // quoted.
  const auto problem = [](int status, const char* code, const std::string& expected, const char* remedy) {
    return Response::text(status,
                          "{\"type\":\"about:blank\",\"title\":\"" + std::string(reason_of(status)) +
                              "\",\"status\":" + std::to_string(status) + ",\"code\":\"" + code +
                              "\",\"expected\":\"" + expected + "\",\"remedy\":\"" + remedy + "\"}",
                          "application/problem+json");
  };
  if (error == http::error::header_limit) {
    return problem(431, "headers-too-large",
                   "headers of at most " + std::to_string(state_.options.header_bytes_max) + " bytes",
                   "send fewer or shorter cookies");
  }
  if (error == http::error::body_limit) {
    return problem(413, "body-too-large", "a body of at most " + std::to_string(body_most_) + " bytes here",
                   "send less in one piece");
  }
  if (error == asio::error::no_buffer_space)
    return problem(503, "too-many-uploads", "fewer large bodies at one time", "try again in a moment");
  return problem(400, "not-http", "an HTTP/1.1 request with a path, one Host and a length that is clear",
                 "check the client");
}

bool Session::convert(const http::request<http::string_body>& message, Request& request) const {
  request.method = std::string(message.method_string());
  // RFC 9112, 3.2 and 6.1: one Host; no coding that we do not know.
  const auto count = [&](http::field name) {
    const auto [first, last] = message.equal_range(name);
    return std::distance(first, last);
  };
  if (count(http::field::host) !=
      (message.version() >= 11 ? 1 : std::min<std::ptrdiff_t>(1, count(http::field::host))))
    return false;
  if (count(http::field::transfer_encoding) > 0 &&
      (count(http::field::transfer_encoding) > 1 || count(http::field::content_length) > 0 ||
       !boost::beast::iequals(message[http::field::transfer_encoding], "chunked")))
    return false;
  const auto target = message.target();
  if (!parse_target({target.data(), target.size()}, request)) return false;
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    // Said twice, these would mean one thing here and another to a proxy.
    const bool once = name == "authorization" || name == "content-type" || name == "idempotency-key" ||
                      name == "x-csrf-token";
    if (once && request.headers.contains(name)) return false;
    request.headers[name] = std::string(field.value());
  }
  error_code error;
  const auto peer = socket_.remote_endpoint(error);
  request.remote = error ? "" : peer.address().to_string();
  if (!error && state_.is_proxy(peer.address())) {
    // The last one is what our own proxy saw; those before it are the client's word.
    const std::string_view forwarded = request.header("x-forwarded-for");
    const auto comma = forwarded.rfind(',');
    std::string_view last = comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    while (last.starts_with(' ')) last.remove_prefix(1);
    error_code no_address;
    const auto client = asio::ip::make_address(last, no_address);
    if (!no_address) request.remote = client.to_string();
  }
  return true;
}

asio::awaitable<Session::Reading> Session::read(Request& request, Response& refusal, bool& keep_alive) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(state_.options.header_bytes_max);
  parser.body_limit(state_.options.body_bytes_max);
  parser.eager(true);
  expire_in(buffer_.empty() ? state_.options.idle_seconds_max : state_.options.header_seconds_max);
  bool begun = !buffer_.empty();
  bool in_body = false;
  while (!parser.is_done()) {
    if (!buffer_.empty()) {
      error_code error;
      const std::size_t used = parser.put(asio::buffer(buffer_), error);
      buffer_.erase(0, used);
      if (error && error != http::error::need_more) {
        refusal = refuse_message(error);
        co_return Reading::refused;
      }
      if (parser.is_done()) break;
      if (parser.is_header_done() && !in_body) {
        in_body = true;
        const auto target = parser.get().target();
        body_most_ = body_most({target.data(), target.size()});
        parser.body_limit(body_most_);
        const std::uint64_t wanted = parser.content_length().value_or(parser.chunked() ? body_most_ : 0);
        if (wanted > body_most_) {
          refusal = refuse_message(http::error::body_limit);
          co_return Reading::refused;
        }
        expire_in(state_.options.body_seconds_max +
                  static_cast<int>(wanted / state_.options.body_bytes_a_second));
        const auto expects = parser.get()[http::field::expect];
        if (!expects.empty()) {
          // Every temporary has a name across co_await: g++ 12 destroys unnamed ones twice.
          std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
          const bool sent = co_await send(std::move(go_on));
          if (!sent) co_return Reading::closed;
        }
      }
    }
    // What is announced takes no room; what comes does.
    const std::uint64_t here = in_body ? parser.get().body().size() : 0;
    if (here > reserved_ + state_.options.small_body_bytes_max) {
      if (!state_.reserve(here - reserved_)) {
        refusal = refuse_message(asio::error::no_buffer_space);
        co_return Reading::refused;
      }
      reserved_ = here;
    }
    const bool more = co_await fill();
    if (!more) co_return Reading::closed;
    if (!begun) {
      begun = true;
      expire_in(state_.options.header_seconds_max);
    }
  }
  http::request<http::string_body> message = parser.release();
  keep_alive = message.keep_alive();
  if (!convert(message, request)) {
    refusal = refuse_message({});
    co_return Reading::refused;
  }
  request.body = std::move(message.body());
  co_return Reading::whole;
}

asio::awaitable<Response> Session::answer(Request request) {
  // The timer stands for the answer: cancelled when it is there, and over when it never comes.
  struct Waiting {
    explicit Waiting(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer;
    Response response = Response::text(503, "no answer in time\n");
    bool done = false;
  };
  const auto executor = socket_.get_executor();
  auto waiting = std::make_shared<Waiting>(executor);
  waiting->timer.expires_after(std::chrono::seconds(state_.options.answer_seconds_max));
  expire_in(state_.options.answer_seconds_max + state_.options.idle_seconds_max);
  Respond respond = [waiting, executor](Response response) {
    asio::post(executor, [waiting, made = std::move(response)]() mutable {
      if (waiting->done) return;
      waiting->done = true;
      waiting->response = std::move(made);
      waiting->timer.cancel();
    });
  };
  state_.handler(std::move(request), std::move(respond));
  if (!waiting->done) co_await waiting->timer.async_wait(quiet);
  waiting->done = true;
  Response response = std::move(waiting->response);
  co_return response;
}

asio::awaitable<bool> Session::send(std::string bytes) {
  const auto [error, count] = co_await asio::async_write(socket_, asio::buffer(bytes), quiet);
  co_return !error;
}

/// A piece has the time of a small body, the whole its own by its size. A file that ends early ends the
/// connection: the length was told.
asio::awaitable<bool> Session::send_file(std::shared_ptr<const BodyFile> file) {
  const auto seconds = state_.options.body_seconds_max +
                       static_cast<std::int64_t>(file->size() / state_.options.body_bytes_a_second);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  for (std::uint64_t at = 0; at < file->size();) {
    if (std::chrono::steady_clock::now() > until) co_return false;
    std::string piece = file->read(at, file_piece_bytes);
    if (piece.empty()) co_return false;
    at += piece.size();
    expire_in(state_.options.body_seconds_max);
    const bool sent = co_await send(std::move(piece));
    if (!sent) co_return false;
  }
  co_return true;
}

/// A stream's client sends nothing more: whatever can be read means that it went.
asio::awaitable<void> Session::notice_close(asio::steady_timer& pause) {
  const auto self = shared_from_this();
  std::array<char, 64> ignored{};
  co_await socket_.async_read_some(asio::buffer(ignored), quiet);
  if (closed_) co_return;
  closed_ = true;
  pause.cancel();
}

/// Reads a moment longer what a refused client still sends: a socket closed with unread bytes is reset, and
/// the answer is lost with it (RFC 9112, 9.6).
asio::awaitable<void> Session::linger() {
  constexpr std::size_t bytes_max = 16U << 20U;
  constexpr int seconds = 2;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  expire_in(seconds);
  for (std::size_t read = 0; read < bytes_max && !closed_;) {
    buffer_.clear();
    const bool more = co_await fill();
    if (!more) break;
    read += buffer_.size();
  }
}

asio::awaitable<void> Session::tell(std::shared_ptr<EventSource> events) {
  const auto shared_pause = std::make_shared<asio::steady_timer>(socket_.get_executor());
  asio::steady_timer& pause = *shared_pause;
  asio::co_spawn(
      socket_.get_executor(),
      [](std::shared_ptr<Session> self, std::shared_ptr<asio::steady_timer> timer) -> asio::awaitable<void> {
        co_await self->notice_close(*timer);
      }(shared_from_this(), shared_pause),
      asio::detached);
  for (int quiet_polls = 0; !closed_ && !state_.stopping;) {
    expire_in(state_.options.idle_seconds_max);
    std::string text = events->poll();
    if (text.empty() && ++quiet_polls >= heartbeat_polls) text = ":";
    if (!text.empty()) {
      quiet_polls = 0;
      std::string frame = text + "\n\n";
      const bool sent = co_await send(std::move(frame));
      if (!sent) co_return;
    }
    pause.expires_after(event_interval);
    co_await pause.async_wait(quiet);
  }
}

asio::awaitable<void> Session::run() {
  const auto self = shared_from_this();
  bool keep_alive = true;
  while (keep_alive && !closed_ && !state_.stopping) {
    Request request;
    Response response;
    bool head_only = false;
    const Reading reading = co_await read(request, response, keep_alive);
    if (reading == Reading::closed) break;
    answering_ = true;
    if (reading == Reading::refused) {
      keep_alive = false;
    } else {
      ++state_.requests;
      head_only = request.method == "HEAD";
      response = co_await answer(std::move(request));
      streaming_ = response.events != nullptr;
      if (streaming_ && state_.streams.fetch_add(1) >= state_.options.streams_max) {
        response = Response::text(503, "too many streams of events are open\n");
        keep_alive = false;
      }
    }
    state_.body_bytes -= std::exchange(reserved_, 0);
    constexpr std::size_t large = 1U << 20U;
    if (response.body.size() > large) {
      sending_ = response.body.size();
      if (state_.answer_bytes.fetch_add(sending_) + sending_ > state_.options.answers_bytes_max) {
        response = Response::text(503, "too many large answers are being read: try again in a moment\n");
        response.headers.emplace_back("Retry-After", "5");
      }
    }
    expire_in(state_.options.body_seconds_max);
    // Here, so that what the server answers by itself has them too.
    add_security_headers(response, state_.options.strict_transport);
    std::string bytes = head_of(response, keep_alive && !state_.stopping);
    // The length of what GET would give (RFC 9110, 8.6), and nothing of it.
    if (head_only) {
      response.file.reset();
    } else {
      bytes += response.body;
    }
    const bool sent = co_await send(std::move(bytes));
    state_.answer_bytes -= std::exchange(sending_, 0);
    if (!sent) break;
    if (response.file) {
      const bool whole = co_await send_file(std::move(response.file));
      if (!whole) break;
    }
    if (response.events) {
      co_await tell(response.events);
      break;
    }
    if (reading == Reading::refused) {
      co_await linger();
      break;
    }
    since_ = steady_now();
    answering_ = false;
  }
  closed_ = true;
  error_code ignored;
  deadline_.cancel();
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

asio::awaitable<void> accept_all(Server::State& state) {
  while (!state.stopping) {
    auto [error, socket] = co_await state.acceptor.async_accept(asio::make_strand(state.context), quiet);
    if (error) {
      if (state.stopping) break;
      // Out of descriptors, most likely: wait rather than spin.
      asio::steady_timer pause(state.context, std::chrono::milliseconds(50));
      co_await pause.async_wait(quiet);
      continue;
    }
    ++state.accepted;
    error_code unknown;
    const auto peer = socket.remote_endpoint(unknown);
    const std::string address = unknown ? "" : client_of(peer.address().to_string());
    const bool proxy = !unknown && state.is_proxy(peer.address());
    if ((state.connections >= state.options.connections_max && !state.evict()) ||
        !state.enter(address, proxy)) {
      ++state.turned_away;
      error_code ignored;
      socket.close(ignored);
      continue;
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto executor = socket.get_executor();
    auto session = std::make_shared<Session>(state, std::move(socket), address);
    {
      const std::lock_guard lock(state.sessions_mutex);
      state.sessions.emplace(session.get(), session);
    }
    asio::co_spawn(executor, session->watch(), asio::detached);
    asio::co_spawn(executor, session->run(), asio::detached);
  }
}

}  // namespace

bool Server::State::evict() {
  std::shared_ptr<Connection> oldest;
  {
    std::vector<std::shared_ptr<Connection>>
        alive;  // may be the last to hold one: let go of outside of the lock
    const std::lock_guard lock(sessions_mutex);
    for (const auto& [key, weak] : sessions) {
      auto session = weak.lock();
      if (session && session->waiting() && (!oldest || session->since() < oldest->since())) oldest = session;
      if (session) alive.push_back(std::move(session));
    }
    if (!oldest) return false;
    oldest->end_if_waiting();
  }
  return true;
}

Server::Server(ServerOptions options, Handler handler)
    : state_(std::make_unique<State>(std::move(options), std::move(handler))) {}

Server::~Server() {
  stop();
}

Result<void> Server::start() {
  error_code error;
  const auto address = asio::ip::make_address(state_->options.address, error);
  if (error)
    return invalid("address-unreadable", "--address", state_->options.address,
                   "an IP address such as 127.0.0.1");
  for (const std::string& text : state_->options.proxies) {
    const auto proxy = asio::ip::make_address(text, error);
    if (error) return invalid("address-unreadable", "--proxy", text, "an IP address such as 10.0.0.5");
    state_->proxies.push_back(unmapped(proxy));
  }
  const tcp::endpoint endpoint(address, state_->options.port);
  state_->acceptor.open(endpoint.protocol(), error);
  if (!error) state_->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state_->acceptor.bind(endpoint, error);
  if (!error) state_->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return refuse({Problem::Kind::unavailable, "port-unusable", "--port",
                   std::to_string(state_->options.port), "a free port (" + error.message() + ")",
                   "stop what listens there, or choose another port"});
  }
  asio::co_spawn(state_->context, accept_all(*state_), asio::detached);
  for (std::size_t i = 0; i < state_->options.threads; ++i) {
    state_->threads.emplace_back([this] { state_->context.run(); });
  }
  return {};
}

std::uint16_t Server::port() const {
  return state_->acceptor.local_endpoint().port();
}

void Server::stop() {
  if (state_->stopping.exchange(true)) return;
  asio::post(state_->context, [this] {
    error_code error;
    state_->acceptor.close(error);
  });
  // Requests that are being answered finish; idle, silent and half-sent ones are cut.
  {
    std::vector<std::shared_ptr<Connection>> alive;
    const std::lock_guard lock(state_->sessions_mutex);
    for (const auto& [key, weak] : state_->sessions)
      if (auto session = weak.lock()) alive.push_back(std::move(session));
    for (const auto& session : alive) session->end_if_waiting();
  }
  for (int waited = 0; waited < 100 && state_->connections > 0; ++waited)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  state_->context.stop();
  for (auto& thread : state_->threads) thread.join();
  state_->threads.clear();
}

ServerStatistics Server::statistics() const {
  return {state_->connections, state_->accepted, state_->turned_away, state_->requests, state_->broken};
}

}  // namespace qipan::face
