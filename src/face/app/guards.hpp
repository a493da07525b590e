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
  /// A session that nobody did anything with for `idle_seconds` is locked; 0: never.
  Sessions(std::string key, Clock& clock, std::string closed_file = {}, std::int64_t idle_seconds = 0);

  struct Session {
    PersonId person;
    Position since = 0;        // Account::sessions_since when it was opened
    bool by_provider = false;  // by the house's login service, which looks after factors itself
    Instant opened = 0;        // set by check()
  };

  [[nodiscard]] std::string open(const Session& session) const;
  /// Who holds this cookie; nothing when it is forged, expired or logged out.
  [[nodiscard]] std::optional<Session> check(std::string_view cookie);
  void close(std::string_view cookie);
  /// Whether its password must be said again before anything else. What memory does not know since a restart
  /// counts from when it was opened.
  [[nodiscard]] bool is_locked(std::string_view cookie, const Session& session);
  /// Somebody did something with it; one that is locked stays so.
  void touch(std::string_view cookie);
  void unlock(std::string_view cookie);
  void lock(std::string_view cookie);
  [[nodiscard]] std::int64_t idle_seconds() const { return idle_seconds_; }
  /// What unsafe requests must carry beside the cookie (header X-CSRF-Token).
  [[nodiscard]] std::string csrf_of(std::string_view cookie) const;

 private:
  std::string key_;
  Clock& clock_;
  std::mutex mutex_;
  void keep() const;
  std::string closed_file_;
  std::int64_t idle_seconds_;
  std::map<std::string, Instant, std::less<>> closed_;  // digests of cookies
  std::map<std::string, Instant, std::less<>> seen_;    // the same; 0 where it was locked by hand
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

/// Codes of second factors that were taken: each counts once (RFC 6238, 5.2). Any thread.
class TakenCodes {
 public:
  /// Whether no code of this half minute or a later one was taken before.
  [[nodiscard]] bool take(PersonId person, std::uint64_t step);

 private:
  std::mutex mutex_;
  std::map<PersonId, std::uint64_t> newest_;
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
