#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "notices/queries.hpp"

namespace qipan::outbox {

/// What became of one attempt.
struct Delivery {
  bool delivered = false;
  bool permanent = false;  // trying again would change nothing
  std::string told;        // the other side's answer or what went wrong, for people; no address, no secret
};

struct Mail {
  std::string to;
  std::string message_id;  // the same for every attempt, so that a second copy is seen to be one
  std::string subject;
  std::string text;
  Instant date = 0;
};

struct Post {
  std::string url;
  std::string body;
  std::vector<std::string> headers;  // "Name: value"
};

/// How notices leave the house. One call at a time; may take as long as its limits allow.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Delivery mail(const notices::MailServer& server, const std::string& password, const Mail& mail) = 0;
  virtual Delivery post(const Post& post) = 0;
  /// Ends what is under way, soon, and lets nothing more begin. From any thread.
  virtual void interrupt() {}
};

/// SMTP and HTTP by libcurl; 10 seconds to connect, 30 in all, no redirects, certificates checked. Posts go
/// to no address of this machine or its link but those in `near_allowed`.
[[nodiscard]] std::unique_ptr<Transport> curl_transport(std::vector<std::string> near_allowed = {});

/// A mail as RFC 5322 text in UTF-8, all of it in ASCII: subject as RFC 2047 words, body in base64.
[[nodiscard]] std::string mail_text(const std::string& from, const Mail& mail);

}  // namespace qipan::outbox
