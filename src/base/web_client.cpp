#include "base/web_client.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace qipan {

namespace {

constexpr long connect_seconds_max = 10;
constexpr long seconds_max = 30;
constexpr std::size_t answer_bytes_max = 64U * 1024U;

struct Sink {
  std::string* body;
  std::size_t bytes_max;
  bool whole;  // else what is over is passed by
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* state) {
  auto& sink = *static_cast<Sink*>(state);
  const std::size_t left = sink.bytes_max - sink.body->size();
  if (size * count > left && sink.whole) return 0;
  sink.body->append(bytes, std::min(left, size * count));
  return size * count;
}

/// Whether one of this machine's own interfaces has the address.
bool is_own_address(const std::string& address) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return true;  // what cannot be told is not called
  bool own = false;
  for (const ifaddrs* one = list; one != nullptr && !own; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    char text[INET6_ADDRSTRLEN] = "";
    const int family = one->ifa_addr->sa_family;
    if (family == AF_INET)
      inet_ntop(family, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text, sizeof text);
    if (family == AF_INET6)
      inet_ntop(family, &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr, text, sizeof text);
    own = address == text;
  }
  freeifaddrs(list);
  return own;
}

/// curl asks here for each address that it would connect to, after names were resolved.
curl_socket_t open_far_socket(void* state, curlsocktype, curl_sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  const void* bytes =
      address->family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<sockaddr_in6*>(&address->addr)->sin6_addr)
          : &reinterpret_cast<sockaddr_in*>(&address->addr)->sin_addr;
  if (inet_ntop(address->family, bytes, text, sizeof text) == nullptr) return CURL_SOCKET_BAD;
  const auto& allowed = *static_cast<const std::vector<std::string>*>(state);
  if ((is_near_address(text) || is_own_address(text)) &&
      std::find(allowed.begin(), allowed.end(), text) == allowed.end())
    return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int keep_on(void* state, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<std::atomic<bool>*>(state) ? 1 : 0;
}

}  // namespace

bool is_near_address(const std::string& address) {
  in6_addr six{};
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) != 1) {
    if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return true;
    if (IN6_IS_ADDR_V4MAPPED(&six) || IN6_IS_ADDR_V4COMPAT(&six)) {
      std::memcpy(&four, &six.s6_addr[12], 4);
    } else {
      return IN6_IS_ADDR_LOOPBACK(&six) || IN6_IS_ADDR_LINKLOCAL(&six) || IN6_IS_ADDR_UNSPECIFIED(&six) ||
             IN6_IS_ADDR_MULTICAST(&six);
    }
  }
  const std::uint32_t bits = ntohl(four.s_addr);
  return bits >> 24 == 0 || bits >> 24 == 127 || bits >> 16 == 0xA9FE || bits >> 28 == 0xE ||
         bits == 0xFFFFFFFF;
}

void WebClient::refuse_near(std::vector<std::string> allowed) {
  refuses_near_ = true;
  allowed_ = std::move(allowed);
}

void* new_curl_handle() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return curl_easy_init();
}

void set_curl_limits(void* handle, const char* protocols, std::atomic<bool>& interrupted) {
  auto* curl = static_cast<CURL*>(handle);
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds_max);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds_max);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, keep_on);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &interrupted);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "qipan/" QIPAN_VERSION);
}

WebClient::WebClient() : handle_(new_curl_handle()) {}

WebClient::~WebClient() {
  curl_easy_cleanup(static_cast<CURL*>(handle_));
}

WebAnswer WebClient::perform(const std::string& url, std::size_t bytes_max, bool whole) {
  auto* curl = static_cast<CURL*>(handle_);
  WebAnswer answer;
  Sink sink{&answer.body, bytes_max, whole};
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  if (refuses_near_) {
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_far_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &allowed_);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) {
    answer.failure = curl_easy_strerror(code);
    return answer;
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  answer.type = type == nullptr ? "" : type;
  return answer;
}

WebAnswer WebClient::get(const std::string& url, std::size_t bytes_max) {
  set_curl_limits(handle_, "http,https", interrupted_);
  return perform(url, bytes_max, true);
}

WebAnswer WebClient::post(const std::string& url, const std::string& body,
                          const std::vector<std::string>& headers) {
  set_curl_limits(handle_, "http,https", interrupted_);
  auto* curl = static_cast<CURL*>(handle_);
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  WebAnswer answer = perform(url, answer_bytes_max, false);
  curl_slist_free_all(list);
  return answer;
}

}  // namespace qipan
