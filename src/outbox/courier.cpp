#include "outbox/courier.hpp"

#include <algorithm>
#include <chrono>

#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "base/mail_address.hpp"
#include "notices/declaration.hpp"

namespace qipan::outbox {

namespace {

constexpr std::int64_t notices_a_route = 20;
constexpr auto pause = std::chrono::milliseconds(500);
/// After a failure a route is left alone for so long.
constexpr Instant rest = 60 * microseconds_per_second;

Delivery failed(bool permanent, std::string told) {
  return {false, permanent, std::move(told)};
}

}  // namespace

Courier::Courier(board::District& district, board::Writer& writer, TransportFactory transports)
    : district_(district), writer_(writer), transports_(std::move(transports)) {}

Courier::~Courier() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [route, lane] : lanes_) lane.transport->interrupt();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (auto& [route, lane] : lanes_) lane.thread.join();
}

void Courier::start() {
  thread_ = std::thread([this] { loop(); });
}

bool Courier::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Courier::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    join_done(lock);
    lock.unlock();
    std::map<std::string, Notices> due;
    try {
      if (report_lost()) due = due_by_route();
    } catch (const DatabaseError& error) {
      tell_fault("courier", error.what());  // the next round will do
    }
    lock.lock();
    for (auto& [route, notices] : due) {
      if (stopping_ || lanes_.size() >= lanes_max) break;
      if (lanes_.contains(route)) continue;
      Lane& lane = lanes_[route];
      lane.transport = transports_();
      lane.thread = std::thread([this, route = route, notices = std::move(notices), &lane] {
        carry(route, notices, *lane.transport);
        const std::lock_guard done(mutex_);
        lane.done = true;
        changed_.notify_all();
      });
    }
    const auto came_back = [this] {
      return stopping_ ||
             std::any_of(lanes_.begin(), lanes_.end(), [](const auto& one) { return one.second.done; });
    };
    changed_.wait_for(lock, pause, came_back);
  }
}

void Courier::join_done(std::unique_lock<std::mutex>& lock) {
  for (auto one = lanes_.begin(); one != lanes_.end();) {
    if (!one->second.done) {
      ++one;
      continue;
    }
    std::thread thread = std::move(one->second.thread);
    one = lanes_.erase(one);
    lock.unlock();
    thread.join();
    lock.lock();
    one = lanes_.begin();
  }
}

bool Courier::report_lost() {
  while (true) {
    std::pair<std::int64_t, Delivery> first;
    {
      const std::lock_guard lock(mutex_);
      if (unreported_.empty()) return true;
      first = *unreported_.begin();
    }
    if (!report(first.first, first.second)) return false;
    const std::lock_guard lock(mutex_);
    unreported_.erase(first.first);
  }
}

std::map<std::string, Courier::Notices> Courier::due_by_route() {
  const Instant now = district_.clock().now();
  Notices due;
  {
    auto reader = district_.readers().borrow();
    due = notices::due_notices(*reader, now, notices_a_route);
  }
  std::map<std::string, Notices> routes;
  const std::lock_guard lock(mutex_);
  for (auto& notice : due) {
    const auto resting = resting_.find(notice.route());
    if (resting != resting_.end() && resting->second > now) continue;
    if (!unreported_.contains(notice.id)) routes[notice.route()].push_back(std::move(notice));
  }
  return routes;
}

std::size_t Courier::send_due() {
  if (!report_lost()) return 0;
  std::size_t tried = 0;
  const auto transport = transports_();
  for (const auto& [route, notices] : due_by_route()) tried += carry(route, notices, *transport);
  return tried;
}

std::size_t Courier::carry(const std::string& route, const Notices& notices, Transport& transport) {
  std::size_t tried = 0;
  for (const auto& notice : notices) {
    if (stopping()) break;
    const Delivery delivery = send(notice, transport);
    // Interrupted: it was no fault of the other side's, and goes out again after the next start.
    if (!delivery.delivered && stopping()) break;
    ++tried;
    const bool written = report(notice.id, delivery);
    const std::lock_guard lock(mutex_);
    if (!written) unreported_[notice.id] = delivery;
    const bool rests = !delivery.delivered && !delivery.permanent;
    if (rests) resting_[route] = district_.clock().now() + rest;
    if (rests || !written) break;
  }
  return tried;
}

Delivery Courier::send(const notices::NoticeRow& notice, Transport& transport) {
  try {
    return notice.channel == "mail" ? send_mail(notice, transport) : send_webhook(notice, transport);
  } catch (const DatabaseError& error) {
    tell_fault("courier", error.what());
    return failed(false, "the district cannot be read");
  }
}

bool Courier::report(std::int64_t id, const Delivery& delivery) {
  board::Command report;
  report.kind = "notice.report";
  report.actor = "system:outbox/courier";
  report.body.set("id", id).set("delivered", delivery.delivered).set("permanent", delivery.permanent);
  report.body.set("told", delivery.told);
  const auto outcome = writer_.run(std::move(report));
  return outcome || outcome.error().kind != Problem::Kind::unavailable;
}

Result<std::string> Courier::reveal(const Json& reference) {
  Result<std::string> value = refuse({});
  writer_.between_groups([&](board::Board&) {
    try {
      value = district_.vault().reveal(reference);
    } catch (const DatabaseError& error) {
      tell_fault("courier's vault", error.what());
      value =
          refuse({Problem::Kind::unavailable, "vault-unreadable", "", "", "a vault that can be read", ""});
    }
  });
  return value;
}

Delivery Courier::send_mail(const notices::NoticeRow& notice, Transport& transport) {
  const auto server = notices::mail_server(*district_.readers().borrow());
  if (!server) return failed(false, "no mail server is configured");
  const auto address = reveal(notice.address);
  if (!address) return failed(address.error().kind != Problem::Kind::unavailable, "the address was erased");
  if (!is_mail_address(*address)) return failed(true, "what was given is no mail address");
  std::string password;
  if (server->password.is_object()) {
    const auto known = reveal(server->password);
    if (!known) return failed(false, "the mail server's password cannot be read");
    password = *known;
  }
  Mail mail;
  mail.to = *address;
  mail.message_id =
      "notice-" + std::to_string(notice.id) + "@" + server->from.substr(server->from.find('@') + 1);
  mail.subject = notice.subject;
  const std::string number = std::to_string(notice.case_id);
  const std::string link =
      server->site + (notice.target == "reporter" ? "/follow/" + district_.follow_token(notice.case_id)
                      : notice.target.starts_with("mandate:") ? "/own/cases/" + number
                                                              : "/cases/" + number);
  mail.text = notices::with_link(notice.text, link);
  mail.date = notice.queued_at;
  return transport.mail(*server, password, mail);
}

Delivery Courier::send_webhook(const notices::NoticeRow& notice, Transport& transport) {
  for (const auto& webhook : notices::webhooks(*district_.readers().borrow())) {
    if (notice.target != "webhook:" + std::to_string(webhook.id)) continue;
    const auto secret = reveal(webhook.secret);
    if (!secret) return failed(false, "the webhook's secret cannot be read");
    const std::string second = std::to_string(district_.clock().now() / microseconds_per_second);
    const std::string signature = to_hex(view_of(hmac_sha256(*secret, second + "." + notice.text)));
    Post post;
    post.url = webhook.url;
    post.body = notice.text;
    post.headers = {"Content-Type: application/json", "Qipan-Notice: " + std::to_string(notice.id),
                    "Qipan-Signature: t=" + second + ",v1=" + signature, "Expect:"};
    return transport.post(post);
  }
  return failed(true, "the webhook was retired");
}

}  // namespace qipan::outbox
