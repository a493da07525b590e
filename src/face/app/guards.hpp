#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/result.hpp"

namespace qipan::face {

/// Login sessions as signed cookies: person, expiry, the position since which the person's sessions count and
/// a nonce under an HMAC, so that a restart logs nobody out and a new password ends every older session. A
/// logout is remembered in a file until the cookie would have expired, so that one that was copied
/// before counts no more, also after a restart.
class Sessions {
 public:
  static constexpr std::int64_t lifetime_seconds = 12 * 3600;

  /// `closed_file`: where logouts are kept; empty: nowhere.
  Sessions(std::string key, Clock& clock, std::string closed_file = {});

  struct Session {
    PersonId person;
    Position since = 0;  // Directory::sessions_since when it was opened
  };

  [[nodiscard]] std::string open(const Session& session) const;
  /// Who holds this cookie; nothing when it is forged, expired or logged out.
  [[nodiscard]] std::optional<Session> check(std::string_view cookie);
  void close(std::string_view cookie);
  /// What unsafe requests must carry beside the cookie (header X-CSRF-Token).
  [[nodiscard]] std::string csrf_of(std::string_view cookie) const;

 private:
  std::string key_;
  Clock& clock_;
  std::mutex mutex_;
  void keep() const;
  std::string closed_file_;
  std::map<std::string, Instant, std::less<>> closed_;  // digests of cookies
};

/// Token buckets by name: so many at once, and so many more each minute. Any thread.
class RateLimiter {
 public:
  struct Rule {
    double burst = 10;
    double a_minute = 30;
  };
  explicit RateLimiter(Clock& clock) : clock_(clock) {}
  [[nodiscard]] Result<void> take(const std::string& bucket, Rule rule);
  /// Somebody logged in from there before: wrong tries from elsewhere do not lock them out.
  void remember(const std::string& place);
  [[nodiscard]] bool remembers(const std::string& place);

 private:
  static constexpr std::size_t buckets_max = 100'000;
  struct Bucket {
    double left = 0;
    Instant at = 0;
  };
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
  std::set<std::string> places_;
};

/// How many streams of events each caller has open. Any thread.
class StreamCounter {
 public:
  static constexpr int a_caller_max = 12;
  [[nodiscard]] bool enter(const std::string& caller);
  void leave(const std::string& caller);

 private:
  std::mutex mutex_;
  std::map<std::string, int> open_;
};

}  // namespace qipan::face
