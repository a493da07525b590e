#include "notices/queries.hpp"

namespace qipan::notices {

namespace {

constexpr std::string_view columns =
    "SELECT id, case_id, name, channel, target, address, subject, text, state, attempts, next_at, queued_at, "
    "finished_at, told FROM notice_notices ";

Json reference(std::string_view text) {
  return text.empty() ? Json() : parse_json(text).value_or(Json());
}

NoticeRow read_row(const Statement& statement) {
  NoticeRow row;
  row.id = statement.integer(0);
  row.case_id = statement.integer(1);
  row.name = statement.text(2);
  row.channel = statement.text(3);
  row.target = statement.text(4);
  row.address = reference(statement.text(5));
  row.subject = statement.text(6);
  row.text = statement.text(7);
  row.state = statement.text(8);
  row.attempts = statement.integer(9);
  row.next_at = statement.integer(10);
  row.queued_at = statement.integer(11);
  if (!statement.is_null(12)) row.finished_at = statement.integer(12);
  row.told = statement.text(13);
  return row;
}

std::vector<NoticeRow> read_rows(Statement& statement) {
  std::vector<NoticeRow> rows;
  while (statement.step()) rows.push_back(read_row(statement));
  return rows;
}

}  // namespace

std::vector<NoticeRow> list_notices(Database& reader, const NoticeFilter& filter) {
  // Two texts, so that each finds its index.
  auto statement =
      reader.prepare(std::string(columns) + (filter.case_id > 0 ? "WHERE case_id=?1" : "WHERE ?1=0") +
                     " AND (?2='' OR state=?2) AND (?3=0 OR id<?3) ORDER BY id DESC LIMIT ?4");
  statement.bind(filter.case_id).bind(filter.state).bind(filter.before).bind(filter.limit);
  return read_rows(statement);
}

std::vector<NoticeRow> list_own_notices(Database& reader, const board::Mandate& mandate, std::int64_t before,
                                        std::int64_t limit) {
  auto statement = reader.prepare(std::string(columns) +
                                  "WHERE id<?1 AND id IN (SELECT min(n.id) FROM notice_notices n JOIN "
                                  "case_cases c ON c.id=n.case_id JOIN "
                                  "board_kinds k ON k.name=c.type JOIN board_parties p ON p.kind=k.id AND "
                                  "p.subject=c.id WHERE p.party=?2 AND "
                                  "p.since<=n.queued AND (n.target=?2 OR n.target IN (SELECT 'mandate:'||id "
                                  "FROM unit_mandates WHERE party=?2)) "
                                  "AND (?3='[]' OR c.type IN (SELECT value FROM json_each(?3))) GROUP BY "
                                  "n.case_id, n.name, n.queued_at) ORDER "
                                  "BY id DESC LIMIT ?4");
  statement.bind(before).bind(mandate.party).bind(board::texts_json(mandate.kinds)).bind(limit);
  return read_rows(statement);
}

std::vector<NoticeRow> due_notices(Database& reader, Instant now, std::int64_t a_route) {
  auto statement = reader.prepare(std::string(columns) +
                                  "WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY "
                                  "CASE channel WHEN 'mail' THEN '' ELSE "
                                  "target END ORDER BY next_at, id) AS place FROM notice_notices WHERE "
                                  "state='queued' AND next_at<=?) WHERE "
                                  "place<=?) ORDER BY next_at, id");
  statement.bind(now).bind(a_route);
  return read_rows(statement);
}

std::optional<MailServer> mail_server(Database& reader) {
  auto statement = reader.prepare("SELECT body FROM notice_mail");
  if (!statement.step()) return std::nullopt;
  const Json body = parse_json(statement.text(0)).value_or(Json::object());
  MailServer server;
  server.host = body.text_or("host", "");
  server.port = body.integer_or("port", 0);
  server.security = body.text_or("security", "");
  server.from = body.text_or("from", "");
  server.login = body.text_or("login", "");
  server.password = body["password"];
  server.site = body.text_or("site", "");
  return server;
}

std::vector<WebhookRow> webhooks(Database& reader) {
  std::vector<WebhookRow> list;
  auto statement =
      reader.prepare("SELECT id, name, url, unit, secret FROM notice_webhooks WHERE retired=0 ORDER BY id");
  while (statement.step())
    list.push_back({statement.integer(0), std::string(statement.text(1)), std::string(statement.text(2)),
                    statement.integer(3), reference(statement.text(4))});
  return list;
}

std::optional<std::string> name_of_webhook(Database& reader, std::int64_t id) {
  auto statement = reader.prepare("SELECT name FROM notice_webhooks WHERE id=?");
  statement.bind(id);
  return statement.step() ? std::optional<std::string>(statement.text(0)) : std::nullopt;
}

}  // namespace qipan::notices
