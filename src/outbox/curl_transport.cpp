#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include "outbox/transport.hpp"

namespace qipan::outbox {

namespace {

constexpr long connect_seconds_max = 10;
constexpr long seconds_max = 30;
constexpr std::size_t answer_bytes_max = 64U * 1024U;

/// A list of headers or recipients.
class List {
 public:
  List() = default;
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() { curl_slist_free_all(list_); }
  void add(const std::string& text) { list_ = curl_slist_append(list_, text.c_str()); }
  [[nodiscard]] curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

struct Source {
  std::string_view left;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* state) {
  auto& left = static_cast<Source*>(state)->left;
  const std::size_t bytes = std::min(size * count, left.size());
  std::memcpy(buffer, left.data(), bytes);
  left.remove_prefix(bytes);
  return bytes;
}

/// Answers are read and thrown away; a server that goes on talking is cut off.
std::size_t take(char*, std::size_t size, std::size_t count, void* state) {
  auto& taken = *static_cast<std::size_t*>(state);
  taken += size * count;
  return taken > answer_bytes_max ? 0 : size * count;
}

int keep_on(void* state, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<std::atomic<bool>*>(state) ? 1 : 0;
}

class CurlTransport final : public Transport {
 public:
  CurlTransport() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl_ = curl_easy_init();
  }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  ~CurlTransport() override { curl_easy_cleanup(curl_); }

  Delivery mail(const notices::MailServer& server, const std::string& password, const Mail& mail) override {
    begin("smtp,smtps");
    const std::string url =
        (server.security == "tls" ? "smtps://" : "smtp://") + server.host + ":" + std::to_string(server.port);
    const std::string from = "<" + server.from + ">";
    const std::string text = mail_text(server.from, mail);
    Source source{text};
    List to;
    to.add("<" + mail.to + ">");
    curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_, CURLOPT_USE_SSL, server.security == "none" ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    if (!server.login.empty()) {
      curl_easy_setopt(curl_, CURLOPT_USERNAME, server.login.c_str());
      curl_easy_setopt(curl_, CURLOPT_PASSWORD, password.c_str());
    }
    curl_easy_setopt(curl_, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl_, CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(curl_, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl_, CURLOPT_READDATA, &source);
    curl_easy_setopt(curl_, CURLOPT_UPLOAD, 1L);
    const CURLcode code = curl_easy_perform(curl_);
    const long status = answer();
    if (code == CURLE_OK) return {true, false, "SMTP " + std::to_string(status)};
    // RFC 5321 §4.2.1: what begins with 5 fails the same way next time.
    const bool permanent = status >= 500 && status < 600;
    return {false, permanent, "SMTP " + std::to_string(status) + ": " + curl_easy_strerror(code)};
  }

  Delivery post(const Post& post) override {
    begin("http,https");
    List headers;
    for (const std::string& header : post.headers) headers.add(header);
    std::size_t taken = 0;
    curl_easy_setopt(curl_, CURLOPT_URL, post.url.c_str());
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, post.body.data());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size()));
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &taken);
    const CURLcode code = curl_easy_perform(curl_);
    const long status = answer();
    if (code != CURLE_OK) return {false, false, curl_easy_strerror(code)};
    // 410: the subscriber says that it is gone for good.
    return {status >= 200 && status < 300, status == 410, "HTTP " + std::to_string(status)};
  }

  void interrupt() override { interrupted_ = true; }

 private:
  void begin(const char* protocols) {
    curl_easy_reset(curl_);
    curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT, connect_seconds_max);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT, seconds_max);
    curl_easy_setopt(curl_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION, keep_on);
    curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, &interrupted_);
    curl_easy_setopt(curl_, CURLOPT_USERAGENT, "qipan/" QIPAN_VERSION);
  }

  long answer() {
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  CURL* curl_ = nullptr;
  std::atomic<bool> interrupted_{false};
};

}  // namespace

std::unique_ptr<Transport> curl_transport() {
  return std::make_unique<CurlTransport>();
}

}  // namespace qipan::outbox
