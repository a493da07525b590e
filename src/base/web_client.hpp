#pragma once

#include <atomic>
#include <string>
#include <vector>

namespace qipan {

/// What a server answered; status 0 and a reason where none did.
struct WebAnswer {
  long status = 0;
  std::string type;
  std::string body;
  std::string failure;  // for people; names no address
};

/// HTTP to other servers, by libcurl: 10 seconds to connect, 30 in all, http and https alone, no redirects,
/// certificates checked. One request at a time.
class WebClient {
 public:
  WebClient();
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;
  ~WebClient();

  /// From here on connects to no address of this machine or its own link (loopback, link-local, unspecified,
  /// multicast), whatever name leads there, but for those named: what others configure must not look around
  /// here. Addresses as text, without ports.
  void refuse_near(std::vector<std::string> allowed);
  /// A body over `bytes_max` is a failure.
  WebAnswer get(const std::string& url, std::size_t bytes_max);
  /// Headers as "Name: value". Of what the server says 64 KB are kept.
  WebAnswer post(const std::string& url, const std::string& body, const std::vector<std::string>& headers);
  /// Ends what is under way, soon, and lets nothing more begin. From any thread.
  void interrupt() { interrupted_ = true; }

 private:
  WebAnswer perform(const std::string& url, std::size_t bytes_max, bool whole);
  void* handle_;
  bool refuses_near_ = false;
  std::vector<std::string> allowed_;
  std::atomic<bool> interrupted_{false};
};

/// Whether an address, as text, is of this machine or its own link; also IPv4 within IPv6.
[[nodiscard]] bool is_near_address(const std::string& address);

/// Sets libcurl up, once a process, and gives a new handle of its (CURL*) with the limits above; whoever
/// takes it cleans it up. `interrupted` is looked at while it works.
[[nodiscard]] void* new_curl_handle();
void set_curl_limits(void* handle, const char* protocols, std::atomic<bool>& interrupted);

}  // namespace qipan
