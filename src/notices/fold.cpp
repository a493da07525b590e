#include "notices/notices_engine.hpp"

namespace qipan::notices {

using board::Fact;
using board::View;

namespace {

void fold_queued(const Fact& fact, Database& database) {
  const Json& body = fact.body;
  // A message without an address can never be sent: it is there to be seen.
  const bool addressed = body["channel"].text() != "mail" || body["address"].is_object();
  database
      .prepare(
          "INSERT INTO notice_notices(id, case_id, name, channel, target, address, subject, text, state, "
          "attempts, "
          "next_at, queued_at, finished_at, told, position, queued) "
          "VALUES(?,?,?,?,?,?,?,?,?,0,?,?,NULL,'',?,?)")
      .bind(fact.subject_id())
      .bind(body["case"].integer())
      .bind(body["name"].text())
      .bind(body["channel"].text())
      .bind(body["target"].text())
      .bind(body["address"].is_object() ? body["address"].dump() : "")
      .bind(body["subject"].text())
      .bind(body["text"].text())
      .bind(addressed ? "queued" : "unaddressed")
      .bind(fact.at)
      .bind(fact.at)
      .bind(fact.position)
      .bind(fact.position)
      .run();
}

void fold_result(const Fact& fact, Database& database) {
  const bool again = fact.kind == "notice.failed";
  auto statement = database.prepare(
      "UPDATE notice_notices SET state=?, attempts=?, next_at=?, finished_at=?, told=?, position=? WHERE "
      "id=?");
  statement.bind(again ? "queued" : fact.kind == "notice.sent" ? "sent" : "given_up");
  statement.bind(fact.body["attempt"].integer()).bind(again ? fact.body["next"].integer() : 0);
  again ? statement.bind(nullptr) : statement.bind(fact.at);
  statement.bind(fact.body["told"].text()).bind(fact.position).bind(fact.subject_id()).run();
}

void fold_pack(const Fact& fact, Database& database) {
  const Json& notices = fact.body["steps"]["notices"];
  if (!notices.is_array()) return;
  database.prepare("DELETE FROM notice_kinds WHERE pack=?").bind(fact.body["name"].text()).run();
  for (const Json& notice : notices.items()) {
    database.prepare("INSERT INTO notice_kinds(name, pack, body) VALUES(?,?,?)")
        .bind(notice["name"].text())
        .bind(fact.body["name"].text())
        .bind(notice.dump())
        .run();
  }
}

/// A mail server's password, unless the same one is meant to stay.
void forget_mail(const Fact& fact, View& view) {
  auto statement = view.database().prepare("SELECT body FROM notice_mail");
  const auto body = statement.step() ? parse_json(statement.text(0)) : Result<Json>(Json());
  if (body && (*body)["password"] != fact.body["password"]) view.gone((*body)["password"]);
}

/// Nothing is signed with it any more.
void forget_secret(const Fact& fact, View& view) {
  auto statement = view.database().prepare("SELECT secret FROM notice_webhooks WHERE id=?");
  statement.bind(fact.subject_id());
  const auto secret = statement.step() ? parse_json(statement.text(0)) : Result<Json>(Json());
  if (secret) view.gone(*secret);
}

void fold_webhook(const Fact& fact, Database& database) {
  database.prepare("INSERT INTO notice_webhooks(id, name, url, unit, secret, retired) VALUES(?,?,?,?,?,0)")
      .bind(fact.subject_id())
      .bind(fact.body["name"].text())
      .bind(fact.body["url"].text())
      .bind(fact.body["unit"].integer())
      .bind(fact.body["secret"].dump())
      .run();
}

}  // namespace

void NoticesEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE notice_kinds(name TEXT PRIMARY KEY, pack TEXT NOT NULL, body TEXT NOT NULL) STRICT, "
      "WITHOUT "
      "ROWID;"
      "CREATE TABLE notice_mail(id INTEGER PRIMARY KEY CHECK(id=1), body TEXT NOT NULL) STRICT;"
      "CREATE TABLE notice_webhooks(id INTEGER PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, unit "
      "INTEGER NOT "
      "NULL, secret TEXT NOT NULL, retired INTEGER NOT NULL) STRICT;"
      "CREATE TABLE notice_notices(id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, name TEXT NOT NULL, "
      "channel TEXT "
      "NOT NULL, target TEXT NOT NULL, address TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, "
      "state TEXT NOT "
      "NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, queued_at INTEGER NOT NULL, finished_at "
      "INTEGER, told "
      "TEXT NOT NULL, position INTEGER NOT NULL, queued INTEGER NOT NULL) STRICT;"
      // What waits is little, whatever was sent before.
      "CREATE INDEX notice_waiting ON notice_notices(next_at, id) WHERE state='queued';"
      "CREATE INDEX notice_of_case ON notice_notices(case_id, id)");
}

void NoticesEngine::fold(const Fact& fact, board::View& view) {
  Database& database = view.database();
  if (fact.kind == "pack.installed") return fold_pack(fact, database);
  if (fact.kind == "notice.queued") return fold_queued(fact, database);
  if (fact.kind == "notice.webhook_added") return fold_webhook(fact, database);
  if (fact.kind.starts_with("notice.mail_")) forget_mail(fact, view);
  if (fact.kind == "notice.mail_set") {
    database.prepare("INSERT OR REPLACE INTO notice_mail(id, body) VALUES(1,?)").bind(fact.body.dump()).run();
  } else if (fact.kind == "notice.mail_removed") {
    database.prepare("DELETE FROM notice_mail").run();
  } else if (fact.kind == "notice.webhook_retired") {
    forget_secret(fact, view);
    database.prepare("UPDATE notice_webhooks SET retired=1, secret='null' WHERE id=?")
        .bind(fact.subject_id())
        .run();
  } else if (fact.kind == "notice.retried") {
    database
        .prepare(
            "UPDATE notice_notices SET state='queued', attempts=0, next_at=?, finished_at=NULL WHERE id=?")
        .bind(fact.body["next"].integer())
        .bind(fact.subject_id())
        .run();
  } else {
    fold_result(fact, database);
  }
}

}  // namespace qipan::notices
