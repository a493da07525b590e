#include "notices/notices_engine.hpp"

#include "notices/steps.hpp"

namespace qipan::notices {

bool NoticesEngine::folds(std::string_view kind) const {
  return board::engine_of(kind) == "notice" || kind == "pack.installed";
}

bool NoticesEngine::configures(std::string_view kind) const {
  return kind.starts_with("notice.mail_") || kind.starts_with("notice.webhook_");
}

void NoticesEngine::reload(Database& database) {
  settings_ = {};
  {
    auto statement = database.prepare("SELECT body FROM notice_kinds ORDER BY name");
    while (statement.step())
      settings_.notices.push_back(notice_from_json(parse_json(statement.text(0)).value_or(Json())));
  }
  settings_.mail = database.integer("SELECT count(*) FROM notice_mail") > 0;
  auto statement = database.prepare("SELECT id, unit FROM notice_webhooks WHERE retired=0 ORDER BY id");
  while (statement.step()) settings_.webhooks.push_back({statement.integer(0), {statement.integer(1)}});
}

Result<void> NoticesEngine::decide(board::Decision& decision) {
  const std::string& kind = decision.command().kind;
  if (kind == "notice.queue") return decide_queue(decision);
  if (kind == "notice.report") return decide_result(decision);
  if (kind == "notice.retry") return decide_retry(decision);
  if (kind == "notice.test") return decide_test(decision);
  if (kind == "notice.set_mail") return decide_set_mail(decision);
  if (kind == "notice.remove_mail") return decide_remove_mail(decision);
  if (kind == "notice.add_webhook") return decide_add_webhook(decision);
  if (kind == "notice.retire_webhook") return decide_retire_webhook(decision);
  return invalid("command-unknown", "kind", kind, "a command of the notices engine",
                 "see the API description");
}

void NoticesEngine::check_pack(const pack::Pack& pack, Database& database, pack::Problems& problems,
                               Json& steps) {
  Json list = Json::array();
  for (const Notice& notice : read_notices(pack, problems)) {
    auto statement = database.prepare("SELECT pack FROM notice_kinds WHERE name=?");
    statement.bind(notice.name);
    if (statement.step() && statement.text(0) != pack.name) {
      problems.push_back({Problem::Kind::conflict, "pack-fault", "notices", notice.name,
                          "a notice that no other pack has", "rename it"});
    }
    list.push(to_json(notice));
  }
  if (!pack.files_in("notices", ".toml").empty()) steps.set("notices", std::move(list));
}

void NoticesEngine::react(const board::Fact& fact, Database& database,
                          std::vector<board::Command>& reactions) {
  if (settings_.silent()) return;
  if (fact.kind != "case.created" && fact.kind != "case.moved" && fact.kind != "case.supervised") return;
  Json messages = messages_of(fact, settings_, database);
  if (messages.items().empty()) return;
  board::Command command;
  command.kind = "notice.queue";
  command.actor = "system:notices/outbox";
  command.body.set("messages", std::move(messages));
  reactions.push_back(std::move(command));
}

}  // namespace qipan::notices
