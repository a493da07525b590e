#include "face/http/message.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/json.hpp"

namespace qipan::face {

namespace {

constexpr std::size_t parameters_max = 100;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

template <class Map>
std::string_view find_in(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  return find_in(headers, name);
}
std::string_view Request::parameter(std::string_view name) const {
  return find_in(query, name);
}

std::string_view Request::cookie(std::string_view name) const {
  std::string_view rest = header("cookie");
  while (!rest.empty()) {
    const auto end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

Response Response::text(int status, std::string body, std::string type) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", std::move(type));
  response.body = std::move(body);
  return response;
}

Response Response::json(int status, std::string body) {
  return text(status, std::move(body), "application/json");
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return status < 500 ? "Error" : "Internal Server Error";
  }
}

void add_security_headers(Response& response, bool strict) {
  const auto has = [&](std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& header) { return header.first == name; });
  };
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "same-origin");
  response.headers.emplace_back("X-Frame-Options", "DENY");
  // Maps and charts set styles of single elements, hence unsafe-inline for these alone.
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'self'; worker-src 'self' blob:; style-src 'self' "
                                "'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
                                "frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
  if (!has("Cache-Control")) response.headers.emplace_back("Cache-Control", "no-store");
  if (strict)
    response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string client_of(std::string_view address) {
  in6_addr bytes{};
  std::string text(address.substr(0, address.find('%')));
  if (::inet_pton(AF_INET6, text.c_str(), &bytes) != 1) return text;
  char out[INET6_ADDRSTRLEN] = {};
  if (IN6_IS_ADDR_V4MAPPED(&bytes) != 0) {
    ::inet_ntop(AF_INET, &bytes.s6_addr[12], out, sizeof out);
    return out;
  }
  std::fill(std::begin(bytes.s6_addr) + 8, std::end(bytes.s6_addr), std::uint8_t{0});
  ::inet_ntop(AF_INET6, &bytes, out, sizeof out);
  return std::string(out) + "/64";
}

bool parse_target(std::string_view target, Request& request) {
  if (!target.starts_with('/')) return false;
  const auto mark = target.find('?');
  const auto path = percent_decoded(target.substr(0, mark), false);
  if (!path || !is_utf8(*path)) return false;
  request.path = *path;
  std::string_view rest = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), true);
    const auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                        : percent_decoded(pair.substr(equals + 1), true);
    if (!name || !value || request.query.size() >= parameters_max) return false;
    if (!is_utf8(*name) || !is_utf8(*value)) return false;
    // A name that comes twice means one thing to one reader and another to the next.
    if (!name->empty() && !request.query.emplace(*name, *value).second) return false;
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return true;
}

std::string head_of(const Response& response, bool keep_alive) {
  std::string head =
      "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason_of(response.status)) + "\r\n";
  for (const auto& [name, value] : response.headers) {
    // A header value never carries a line end out of a stored text.
    if (value.find_first_of("\r\n") == std::string::npos)
      head.append(name).append(": ").append(value).append("\r\n");
  }
  if (response.events) {
    head +=
        "Content-Type: text/event-stream; charset=utf-8\r\nX-Accel-Buffering: no\r\nConnection: close\r\n";
  } else {
    if (response.status != 304 && response.status != 204)
      head +=
          "Content-Length: " + std::to_string(response.file ? response.file->size() : response.body.size()) +
          "\r\n";
    head += keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
  }
  return head + "\r\n";
}

}  // namespace qipan::face
