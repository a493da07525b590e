#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "board/directory.hpp"

namespace qipan::notices {

/// One notice in the outbox.
struct NoticeRow {
  std::int64_t id = 0;
  std::int64_t case_id = 0;  // 0: of no case
  std::string name;
  std::string channel;  // mail or webhook
  // person:7, reporter, unit:3 (nobody there has an address), webhook:1, mandate:5, or the party itself
  // (nobody acts for it)
  std::string target;
  Json address;  // reference into the vault
  std::string subject;
  std::string text;
  std::string state;  // queued, sent, given_up, unaddressed
  std::int64_t attempts = 0;
  Instant next_at = 0;
  Instant queued_at = 0;
  std::optional<Instant> finished_at;
  std::string told;  // what the other side answered

  /// What it leaves by: the one mail server, or a webhook.
  [[nodiscard]] const std::string& route() const { return channel == "mail" ? channel : target; }
};

struct NoticeFilter {
  std::string state;
  std::int64_t case_id = 0;  // 0: of all
  std::int64_t before = 0;   // number of the last notice of the page before
  std::int64_t limit = 100;
};
/// Newest first.
[[nodiscard]] std::vector<NoticeRow> list_notices(Database& reader, const NoticeFilter& filter);
/// Those to a mandate's organisation about cases that it covers and that are still its own, since they are;
/// newest first, below the number `before`.
[[nodiscard]] std::vector<NoticeRow> list_own_notices(Database& reader, const board::Mandate& mandate,
                                                      std::int64_t before, std::int64_t limit);

/// What is to be sent by `now`, the longest due first; at most `a_route` of each route, so that what waits
/// for a dead one holds up no other.
[[nodiscard]] std::vector<NoticeRow> due_notices(Database& reader, Instant now, std::int64_t a_route);

struct MailServer {
  std::string host;
  std::int64_t port = 587;
  std::string security;  // none, starttls, tls
  std::string from;
  std::string login;
  Json password;     // reference into the vault, or null
  std::string site;  // where the pages are, for links; without a slash at its end
};
[[nodiscard]] std::optional<MailServer> mail_server(Database& reader);

struct WebhookRow {
  std::int64_t id = 0;
  std::string name;
  std::string url;
  std::int64_t unit = 0;
  Json secret;  // reference into the vault
};
[[nodiscard]] std::vector<WebhookRow> webhooks(Database& reader);
/// What a listener is called, also one that was removed.
[[nodiscard]] std::optional<std::string> name_of_webhook(Database& reader, std::int64_t id);

}  // namespace qipan::notices
