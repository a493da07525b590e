#include <array>

#include "base/text.hpp"
#include "board/directory.hpp"
#include "expr/json_values.hpp"
#include "notices/declaration.hpp"
#include "notices/steps.hpp"

namespace qipan::notices {

using board::Decision;

namespace {

constexpr std::int64_t minute = 60 * microseconds_per_second;
/// How long after each failed attempt the next one comes: about nine hours in all.
constexpr std::array<std::int64_t, attempts_max - 1> pauses = {minute, 5 * minute, 30 * minute, 120 * minute,
                                                               360 * minute};
constexpr std::size_t told_bytes_max = 300;

std::int64_t next_id(Database& database, std::string_view table) {
  return database.integer("SELECT coalesce(max(id),0)+1 FROM " + std::string(table), 1);
}

struct Sending {
  std::int64_t id = 0;
  std::int64_t attempts = 0;
  std::string state;
};

Result<Sending> notice_of(Decision& decision) {
  const std::int64_t id = decision.body().integer_or("id", 0);
  auto statement = decision.database().prepare("SELECT attempts, state FROM notice_notices WHERE id=?");
  statement.bind(id);
  if (!statement.step())
    return refuse({Problem::Kind::not_found, "notice-unknown", "id", std::to_string(id),
                   "the number of a notice", "see GET /api/v1/notices"});
  return Sending{id, statement.integer(0), std::string(statement.text(1))};
}

/// A value as a letter has it; what is not there is a dash.
std::string told(const expr::Value& value) {
  const Json json = expr::json_of(value);
  if (json.is_null() || json.is_object() || json.is_array()) return "-";
  std::string text;
  // In one line, and nothing in it is a name of ours.
  for (const char c : json.is_text() ? json.text() : json.dump()) {
    if (c == '{' || c == '}') {
      text += c == '{' ? "（" : "）";
    } else {
      text += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return shortened(text);
}

/// The message with what its texts name through references.
Json with_all_named(Decision& decision, const Json& message) {
  Json made = Json::object();
  for (const auto& [name, value] : message.members())
    if (name != "named") made.set(name, value);
  for (const Json& one : message["named"].items()) {
    const Named named{one["reference"].text(), one["member"].text()};
    const expr::Value context = decision.referred(one["subject"].text());
    const expr::Value* value = context.context() == nullptr ? nullptr : context.context()->find(named.member);
    for (const char* text : {"subject", "text"})
      made.set(text, with_named(made[text].text(), named, value == nullptr ? "-" : told(*value)));
  }
  return made;
}

}  // namespace

Result<void> decide_queue(Decision& decision) {
  const Json& messages = decision.body()["messages"];
  if (messages.items().empty()) return invalid("messages-needed", "messages", "", "a message or more");
  std::int64_t id = next_id(decision.database(), "notice_notices");
  for (const Json& message : messages.items())
    decision.record("notice.queued", board::subject_of("notice", id++),
                    message.has("named") ? with_all_named(decision, message) : message);
  return {};
}

Result<void> decide_result(Decision& decision) {
  QIPAN_TRY(sending, notice_of(decision));
  if (sending.state != "queued")
    return refuse({Problem::Kind::conflict, "notice-not-queued", "id", std::to_string(sending.id),
                   "a notice that is still to be sent", ""});
  const std::int64_t attempt = sending.attempts + 1;
  Json fact = Json::object();
  fact.set("attempt", attempt).set("told", shortened(decision.body().text_or("told", ""), told_bytes_max));
  const std::string subject = board::subject_of("notice", sending.id);
  if (decision.body()["delivered"] == Json(true)) {
    decision.record("notice.sent", subject, std::move(fact));
  } else if (decision.body()["permanent"] == Json(true) || attempt >= attempts_max) {
    decision.record("notice.given_up", subject, std::move(fact));
  } else {
    fact.set("next", decision.at() + pauses[static_cast<std::size_t>(attempt - 1)]);
    decision.record("notice.failed", subject, std::move(fact));
  }
  return {};
}

Result<void> decide_retry(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "notice", {}));
  QIPAN_TRY(sending, notice_of(decision));
  if (sending.state != "given_up")
    return refuse({Problem::Kind::conflict, "notice-not-given-up", "id", std::to_string(sending.id),
                   "a notice that was given up", "one that waits is tried again by itself"});
  decision.record("notice.retried", board::subject_of("notice", sending.id),
                  Json::object().set("next", decision.at()));
  return {};
}

/// A notice to whoever asks, so that a channel can be tried before a case depends on it.
Result<void> decide_test(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "notice", {}));
  Json message = Json::object();
  message.set("case", 0).set("name", "test");
  message.set("subject", "棋盘通知试发 / Qipan test notice");
  const std::int64_t webhook = decision.body().integer_or("webhook", 0);
  if (webhook > 0) {
    auto statement = decision.database().prepare("SELECT 1 FROM notice_webhooks WHERE id=? AND retired=0");
    statement.bind(webhook);
    if (!statement.step())
      return refuse({Problem::Kind::not_found, "webhook-unknown", "webhook", std::to_string(webhook),
                     "the number of a webhook", "see GET /api/v1/notice-channels"});
    message.set("channel", "webhook")
        .set("target", "webhook:" + std::to_string(webhook))
        .set("address", Json());
    message.set("text", Json::object().set("notice", "test").set("case", Json()).dump());
  } else {
    const std::int64_t person = decision.directory().person_of(decision.actor()).value;
    auto statement = decision.database().prepare("SELECT email FROM unit_people WHERE id=?");
    statement.bind(person);
    const bool known = statement.step() && !statement.text(0).empty();
    if (!known)
      return refuse({Problem::Kind::conflict, "no-mail-address", "email", "", "a mail address of your own",
                     "set it with unit.set_contact first"});
    if (decision.database().integer("SELECT count(*) FROM notice_mail") == 0)
      return refuse({Problem::Kind::conflict, "no-mail-server", "", "", "a mail server that is configured",
                     "set it with notice.set_mail first"});
    message.set("channel", "mail").set("target", "person:" + std::to_string(person));
    message.set("address", parse_json(statement.text(0)).value_or(Json()));
    message.set("text", "这是一封试发的通知，无须处理。\n\nThis is a test. Nothing needs to be done.");
  }
  const std::int64_t id = next_id(decision.database(), "notice_notices");
  decision.record("notice.queued", board::subject_of("notice", id), std::move(message));
  decision.answer(Json::object().set("notice", id));
  return {};
}

}  // namespace qipan::notices
