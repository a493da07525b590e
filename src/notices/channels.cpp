#include <algorithm>

#include "board/directory.hpp"
#include "notices/steps.hpp"

namespace qipan::notices {

using board::Decision;

namespace {

Result<void> may_manage(Decision& decision) {
  return decision.directory().permit(decision.actor(), "manage", "notice", {});
}

/// A text of printable ASCII: it ends up in a protocol line.
Result<std::string> plain_text(const Decision& decision, std::string_view field) {
  const std::string text = decision.body().text_or(field, "");
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  if (!plain)
    return invalid("text-unfit", std::string(field), text, "printable ASCII characters without spaces");
  return text;
}

/// http or https, a host, no user information; anything else a URL library may read in two ways.
Result<std::string> web_address(const Decision& decision, std::string_view field) {
  const std::string text = decision.body().text_or(field, "");
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](char c) { return c > ' ' && c < 127 && c != '\\' && c != '"'; });
  const std::string_view rest = text.starts_with("https://")  ? std::string_view(text).substr(8)
                                : text.starts_with("http://") ? std::string_view(text).substr(7)
                                                              : std::string_view();
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (!plain || host.empty() || host.find('@') != std::string_view::npos)
    return invalid("url-unfit", std::string(field), text, "http:// or https:// with a host and no user name",
                   "write the whole address");
  return text;
}

}  // namespace

Result<void> decide_set_mail(Decision& decision) {
  QIPAN_CHECK(may_manage(decision));
  const Json& body = decision.body();
  QIPAN_TRY(host, plain_text(decision, "host"));
  QIPAN_TRY(login, plain_text(decision, "login"));
  QIPAN_TRY(site, web_address(decision, "site"));
  const std::int64_t port = body.integer_or("port", 0);
  if (host.find_first_of("/@?#") != std::string::npos)
    return invalid("host-unfit", "host", host, "the name or address of a mail server alone");
  const std::string security = body.text_or("security", "");
  const std::string from = body.text_or("from", "");
  if (!login.empty() && security == "none")
    return invalid("password-in-the-clear", "security", security, "starttls or tls where there is a login",
                   "choose one of them, or leave the login out");
  Json fact = Json::object();
  fact.set("host", host).set("port", port).set("security", security).set("from", from).set("login", login);
  fact.set("site", site.ends_with('/') ? site.substr(0, site.size() - 1) : site);
  if (body["password"].is_object()) {
    fact.set("password", body["password"]);
  } else if (!login.empty()) {
    // Who changes the port need not know the password; who changes the server or login must.
    auto statement = decision.database().prepare("SELECT body FROM notice_mail");
    const Json known = statement.step() ? parse_json(statement.text(0)).value_or(Json()) : Json();
    if (known.text_or("host", "") != host || known.text_or("login", "") != login ||
        !known["password"].is_object())
      return invalid("password-needed", "password", "", "the password of the login", "send it too");
    fact.set("password", known["password"]);
  }
  decision.record("notice.mail_set", "channel:1", std::move(fact));
  return {};
}

Result<void> decide_remove_mail(Decision& decision) {
  QIPAN_CHECK(may_manage(decision));
  if (decision.database().integer("SELECT count(*) FROM notice_mail") == 0)
    return refuse(
        {Problem::Kind::conflict, "no-mail-server", "", "", "a mail server that is configured", ""});
  decision.record("notice.mail_removed", "channel:1", Json::object());
  return {};
}

Result<void> decide_add_webhook(Decision& decision) {
  QIPAN_CHECK(may_manage(decision));
  QIPAN_TRY(url, web_address(decision, "url"));
  const std::string name = decision.body().text_or("name", "");
  const std::string code = decision.body().text_or("unit", "");
  const board::Unit* unit = decision.directory().unit_by_code(code);
  if (unit == nullptr)
    return refuse(
        {Problem::Kind::not_found, "not-known", "unit", code, "the code of a unit", "see GET /api/v1/units"});
  const std::int64_t id = decision.database().integer("SELECT coalesce(max(id),0)+1 FROM notice_webhooks", 1);
  Json fact = Json::object();
  fact.set("name", name).set("url", url).set("unit", unit->id.value).set("secret", decision.body()["secret"]);
  decision.record("notice.webhook_added", board::subject_of("webhook", id), std::move(fact));
  decision.answer(Json::object().set("webhook", id));
  return {};
}

Result<void> decide_retire_webhook(Decision& decision) {
  QIPAN_CHECK(may_manage(decision));
  const std::int64_t id = decision.body().integer_or("webhook", 0);
  auto statement = decision.database().prepare("SELECT 1 FROM notice_webhooks WHERE id=? AND retired=0");
  statement.bind(id);
  if (!statement.step())
    return refuse({Problem::Kind::not_found, "webhook-unknown", "webhook", std::to_string(id),
                   "the number of a webhook that is not retired", "see GET /api/v1/notice-channels"});
  decision.record("notice.webhook_retired", board::subject_of("webhook", id), Json::object());
  return {};
}

}  // namespace qipan::notices
