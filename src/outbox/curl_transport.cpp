#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "base/web_client.hpp"
#include "outbox/transport.hpp"

namespace qipan::outbox {

namespace {

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

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(std::vector<std::string> near_allowed)
      : curl_(static_cast<CURL*>(new_curl_handle())) {
    web_.refuse_near(std::move(near_allowed));
  }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  ~CurlTransport() override { curl_easy_cleanup(curl_); }

  Delivery mail(const notices::MailServer& server, const std::string& password, const Mail& mail) override {
    set_curl_limits(curl_, "smtp,smtps", interrupted_);
    const std::string url =
        (server.security == "tls" ? "smtps://" : "smtp://") + server.host + ":" + std::to_string(server.port);
    const std::string from = "<" + server.from + ">";
    const std::string text = mail_text(server.from, mail);
    Source source{text};
    curl_slist* to = curl_slist_append(nullptr, ("<" + mail.to + ">").c_str());
    curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_, CURLOPT_USE_SSL, server.security == "none" ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    if (!server.login.empty()) {
      curl_easy_setopt(curl_, CURLOPT_USERNAME, server.login.c_str());
      curl_easy_setopt(curl_, CURLOPT_PASSWORD, password.c_str());
    }
    curl_easy_setopt(curl_, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl_, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl_, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl_, CURLOPT_READDATA, &source);
    curl_easy_setopt(curl_, CURLOPT_UPLOAD, 1L);
    const CURLcode code = curl_easy_perform(curl_);
    curl_slist_free_all(to);
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK) return {true, false, "SMTP " + std::to_string(status)};
    // RFC 5321 §4.2.1: what begins with 5 fails the same way next time. But only what is said to the envelope
    // or the letter is about this notice; a wrong password or a closed door is about the server, and may be
    // mended.
    const bool about_this = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    const bool permanent =
        about_this && status >= 500 && status < 600 && status != 530 && status != 535 && status != 554;
    return {false, permanent, "SMTP " + std::to_string(status) + ": " + curl_easy_strerror(code)};
  }

  Delivery post(const Post& post) override {
    const WebAnswer answer = web_.post(post.url, post.body, post.headers);
    if (answer.status == 0) return {false, false, answer.failure};
    // 410: the subscriber says that it is gone for good.
    return {answer.status >= 200 && answer.status < 300, answer.status == 410,
            "HTTP " + std::to_string(answer.status)};
  }

  void interrupt() override {
    interrupted_ = true;
    web_.interrupt();
  }

 private:
  CURL* curl_;
  WebClient web_;
  std::atomic<bool> interrupted_{false};
};

}  // namespace

std::unique_ptr<Transport> curl_transport(std::vector<std::string> near_allowed) {
  return std::make_unique<CurlTransport>(std::move(near_allowed));
}

}  // namespace qipan::outbox
