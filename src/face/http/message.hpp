#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qipan::face {

/// A whole HTTP request. Header names are lower case; the path is percent-decoded, without query.
struct Request {
  std::string method;
  std::string path;
  std::map<std::string, std::string, std::less<>> query;
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;
  std::string remote;  // address of the client, or of the proxy's client where proxies are trusted

  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  /// A cookie's value, or empty.
  [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

/// Where server-sent events come from: asked at most twice a second by each connection that listens.
class EventSource {
 public:
  virtual ~EventSource() = default;
  /// The next event's text (id, event and data lines, without the closing empty line), or empty when nothing
  /// is new.
  [[nodiscard]] virtual std::string poll() = 0;
};

/// A body that lies on disk and is read as the client takes it. Any thread, one at a time.
class BodyFile {
 public:
  virtual ~BodyFile() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// At most so many bytes from there on; fewer, or none, where it cannot be read.
  [[nodiscard]] virtual std::string read(std::uint64_t from, std::size_t most) const = 0;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<const BodyFile> file = {};  // the body, where it is a file
  std::string code;                           // of a refusal, for the log of requests; not sent
  std::string whom;                           // whom a login was tried for, likewise
  std::shared_ptr<EventSource> events;        // set: the connection stays open and tells events

  [[nodiscard]] static Response text(int status, std::string body,
                                     std::string type = "text/plain; charset=utf-8");
  [[nodiscard]] static Response json(int status, std::string body);
};

using Respond = std::function<void(Response)>;
/// Takes a request and answers once, from any thread.
using Handler = std::function<void(Request, Respond)>;

[[nodiscard]] std::string_view reason_of(int status);
/// What stands before an answer's body (RFC 9112).
[[nodiscard]] std::string head_of(const Response& response, bool keep_alive);

/// What browsers are told of every answer: take nothing for another type, frame nothing, run and load nothing
/// from elsewhere, keep nothing that does not say so; over TLS, `strict`, no other way for a year.
void add_security_headers(Response& response, bool strict);

/// Percent-decoding of one path or query part; nothing for a broken escape or a NUL.
/// Letters, digits and -._~ as they are (RFC 3986, 2.3), everything else by its bytes.
[[nodiscard]] std::string percent_encoded(std::string_view text);
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

/// Whom an address stands for when clients are counted: an IPv6 network of 64 bits is one client, as any of
/// its addresses is for the asking; an IPv4 address within IPv6 is itself.
[[nodiscard]] std::string client_of(std::string_view address);

/// Splits a request target into path and query, both UTF-8, no parameter twice. False when it is not one.
[[nodiscard]] bool parse_target(std::string_view target, Request& request);

}  // namespace qipan::face
