#include "outbox/courier.hpp"

#include <chrono>

#include "base/crypto.hpp"
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

Courier::Courier(board::District& district, board::Writer& writer, std::unique_ptr<Transport> transport)
    : district_(district), writer_(writer), transport_(std::move(transport)) {}

Courier::~Courier() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  transport_->interrupt();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Courier::start() {
  thread_ = std::thread([this] { loop(); });
}

bool Courier::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Courier::loop() {
  while (true) {
    std::size_t tried = 0;
    try {
      tried = send_due();
    } catch (const DatabaseError&) {
      // The disk's trouble is told where it is met first, by the writer; here the next round will do.
    }
    std::unique_lock lock(mutex_);
    if (tried == 0) changed_.wait_for(lock, pause, [this] { return stopping_; });
    if (stopping_) return;
  }
}

std::size_t Courier::send_due() {
  for (auto at = unreported_.begin(); at != unreported_.end(); at = unreported_.erase(at)) {
    if (!report(at->first, at->second)) return 0;
  }
  const Instant now = district_.clock().now();
  std::vector<notices::NoticeRow> due;
  {
    auto reader = district_.readers().borrow();
    due = notices::due_notices(*reader, now, notices_a_route);
  }
  std::size_t tried = 0;
  for (const auto& notice : due) {
    if (stopping()) break;
    const auto resting = resting_.find(notice.route());
    if (resting != resting_.end() && resting->second > now) continue;
    const Delivery delivery = notice.channel == "mail" ? send_mail(notice) : send_webhook(notice);
    // Interrupted: it was no fault of the other side's, and goes out again after the next start.
    if (!delivery.delivered && stopping()) break;
    if (!delivery.delivered && !delivery.permanent) resting_[notice.route()] = now + rest;
    ++tried;
    if (report(notice.id, delivery)) continue;
    unreported_[notice.id] = delivery;
    return 0;
  }
  return tried;
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
    } catch (const DatabaseError&) {
      value =
          refuse({Problem::Kind::unavailable, "vault-unreadable", "", "", "a vault that can be read", ""});
    }
  });
  return value;
}

Delivery Courier::send_mail(const notices::NoticeRow& notice) {
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
  const std::string link = notice.target == "reporter"
                               ? server->site + "/follow/" + district_.follow_token(notice.case_id)
                               : server->site + "/cases/" + std::to_string(notice.case_id);
  mail.text = notices::with_link(notice.text, link);
  mail.date = notice.queued_at;
  return transport_->mail(*server, password, mail);
}

Delivery Courier::send_webhook(const notices::NoticeRow& notice) {
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
    return transport_->post(post);
  }
  return failed(true, "the webhook was retired");
}

}  // namespace qipan::outbox
