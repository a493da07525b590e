#include "face/app/guards.hpp"

#include <algorithm>
#include <sstream>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "base/file.hpp"

namespace qipan::face {

namespace {

constexpr std::size_t sessions_max = 100'000;

/// What is kept of a cookie: nobody can log in with it.
std::string digest_of(std::string_view cookie) {
  return to_hex(view_of(sha256(cookie)));
}

}  // namespace

Sessions::Sessions(std::string key, Clock& clock, std::string closed_file, std::int64_t idle_seconds)
    : key_(std::move(key)), clock_(clock), closed_file_(std::move(closed_file)), idle_seconds_(idle_seconds) {
  if (closed_file_.empty() || !file_exists(closed_file_)) return;
  std::istringstream lines(read_file(closed_file_, 64U << 20U).value_or(""));
  std::string digest;
  Instant expires = 0;
  while (lines >> digest >> expires)
    if (expires > clock_.now()) closed_.emplace(digest, expires);
  keep();
}

void Sessions::keep() const {
  if (closed_file_.empty()) return;
  std::string text;
  for (const auto& [digest, expires] : closed_) text += digest + " " + std::to_string(expires) + "\n";
  // A disk that is full keeps nobody logged in: memory knows it until the next start.
  if (const auto kept = write_file(closed_file_, text, 0600); !kept)
    tell_fault("logouts", kept.error().line());
}

std::string Sessions::open(const Session& session) const {
  Encoder encoder;
  encoder.number(static_cast<std::uint64_t>(session.person.value));
  encoder.signed_number(clock_.now() + lifetime_seconds * microseconds_per_second);
  encoder.number(session.since);
  encoder.number(session.by_provider ? 1 : 0);
  encoder.raw(random_bytes(16));
  const Hash tag = hmac_sha256(key_, "session 2:" + encoder.bytes());
  return to_base32(encoder.bytes() + std::string(view_of(tag)));
}

std::optional<Sessions::Session> Sessions::check(std::string_view cookie) {
  if (cookie.size() > 200) return std::nullopt;
  const auto bytes = from_base32(cookie);
  if (!bytes || bytes->size() < 33) return std::nullopt;
  const std::string_view body = std::string_view(*bytes).substr(0, bytes->size() - 32);
  const Hash tag = hmac_sha256(key_, "session 2:" + std::string(body));
  if (!equal_in_constant_time(view_of(tag), std::string_view(*bytes).substr(body.size())))
    return std::nullopt;
  Decoder decoder(body);
  const PersonId person{static_cast<std::int64_t>(decoder.number())};
  const Instant expires = decoder.signed_number();
  Session session{person, decoder.number()};
  session.by_provider = decoder.number() != 0;
  session.opened = expires - lifetime_seconds * microseconds_per_second;
  if (!decoder.ok() || expires < clock_.now()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return closed_.contains(digest_of(cookie)) ? std::nullopt : std::optional(session);
}

void Sessions::close(std::string_view cookie) {
  if (!check(cookie)) return;
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  std::erase_if(closed_, [&](const auto& one) { return one.second < now; });
  closed_.emplace(digest_of(cookie), now + lifetime_seconds * microseconds_per_second);
  keep();
}

bool Sessions::is_locked(std::string_view cookie, const Session& session) {
  const std::string digest = digest_of(cookie);
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find(digest);
  const Instant last = found == seen_.end() ? session.opened : found->second;
  if (last == 0) return true;
  return idle_seconds_ > 0 && clock_.now() - last > idle_seconds_ * microseconds_per_second;
}

void Sessions::touch(std::string_view cookie) {
  const Instant now = clock_.now();
  const std::string digest = digest_of(cookie);
  const std::lock_guard lock(mutex_);
  // Sessions that are over say nothing.
  if (seen_.size() >= sessions_max)
    std::erase_if(seen_, [&](const auto& one) {
      return one.second != 0 && now - one.second > lifetime_seconds * microseconds_per_second;
    });
  Instant& seen = seen_.try_emplace(digest, now).first->second;
  if (seen != 0) seen = now;
}

void Sessions::unlock(std::string_view cookie) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  seen_[digest_of(cookie)] = now;
}

void Sessions::lock(std::string_view cookie) {
  const std::lock_guard lock(mutex_);
  seen_[digest_of(cookie)] = 0;
}

bool TakenCodes::take(PersonId person, std::uint64_t step) {
  const std::lock_guard lock(mutex_);
  auto [newest, first] = newest_.try_emplace(person, step);
  if (first) return true;
  if (newest->second >= step) return false;
  newest->second = step;
  return true;
}

std::string Sessions::csrf_of(std::string_view cookie) const {
  const Hash tag = hmac_sha256(key_, "csrf:" + std::string(cookie));
  return to_base32(view_of(tag).substr(0, 20));
}

Result<void> RateLimiter::take(const std::string& name, Rule rule) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  // Full buckets say nothing: they go when there are too many.
  if (buckets_.size() >= buckets_max) {
    std::erase_if(buckets_,
                  [&](const auto& one) { return now - one.second.at > 600 * microseconds_per_second; });
    if (buckets_.size() >= buckets_max) buckets_.clear();
  }
  auto [found, made] = buckets_.try_emplace(name, Bucket{rule.burst, now});
  Bucket& bucket = found->second;
  const double minutes =
      static_cast<double>(std::max<Instant>(0, now - bucket.at)) / (60.0 * microseconds_per_second);
  bucket.left = std::min(rule.burst, bucket.left + minutes * rule.a_minute);
  bucket.at = now;
  if (bucket.left < 1) {
    return refuse({Problem::Kind::too_many, "too-many-requests", "", "", "fewer requests a minute",
                   "wait a minute and try again"});
  }
  bucket.left -= 1;
  return {};
}

void RateLimiter::remember(const std::string& place) {
  const std::lock_guard lock(mutex_);
  if (places_.size() >= buckets_max) places_.clear();
  places_.insert(place);
}

bool RateLimiter::remembers(const std::string& place) {
  const std::lock_guard lock(mutex_);
  return places_.contains(place);
}

bool StreamCounter::enter(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  int& open = open_[caller];
  if (open >= a_caller_max) return false;
  ++open;
  return true;
}

void StreamCounter::leave(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  if (--open_[caller] == 0) open_.erase(caller);
}

}  // namespace qipan::face
