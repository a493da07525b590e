#include "notices/notices_engine.hpp"

#include <algorithm>

#include "notices/steps.hpp"

namespace qipan::notices {

namespace {

/// Whether all who are told may read what the kind has under that name: outside the office, what is for them.
bool is_told(const board::PackCheck& check, const std::string& kind, const std::string& member,
             Notice::To to) {
  if (to != Notice::To::reporter && to != Notice::To::party) return check.knows("value of " + kind, member);
  using enum fields::Sensitivity;
  const auto known_for = [&](fields::Sensitivity one) {
    const std::string ending = " of " + kind + " for " + std::string(fields::name_of(one));
    return std::any_of(check.names.begin(), check.names.end(), [&](const auto& names) {
      return names.first.ends_with(ending) && names.second.contains(member);
    });
  };
  return known_for(open) || (to == Notice::To::party && known_for(fields::Sensitivity::party));
}

/// What its texts name through references of the case.
void check_named(const Notice& notice, board::PackCheck& check) {
  for (const Named& named : named_in(notice)) {
    const auto kinds = check.names.find("reference " + notice.case_type + " " + named.reference);
    const bool known = kinds != check.names.end() &&
                       std::all_of(kinds->second.begin(), kinds->second.end(), [&](const std::string& kind) {
                         return is_told(check, kind, named.member, notice.to);
                       });
    if (!known)
      check.problems.push_back(
          {Problem::Kind::invalid, "pack-fault", "notices, " + notice.name,
           "{" + named.reference + "." + named.member + "}",
           "a reference of " + notice.case_type +
               " that is not sensitive, and a field of what it names that all who are told "
               "may read",
           "mend the name, or name the other pack in needs"});
  }
}

/// The case type must be there, with the states and the reporter's field that the notice names.
void check_case_type(const Notice& notice, board::PackCheck& check) {
  if (notice.case_type == "*") return;
  const auto fault = [&](const std::string& value, std::string rule) {
    check.problems.push_back({Problem::Kind::invalid, "pack-fault", "notices, " + notice.name, value,
                              std::move(rule), "mend it, or name the other pack in needs"});
  };
  if (!check.knows("case_type", notice.case_type))
    return fault(notice.case_type, "a case type of this pack or of one that it needs");
  if (notice.to == Notice::To::reporter && !check.knows("mail " + notice.case_type, notice.field))
    fault(notice.field, "a personal field of type email of " + notice.case_type);
  for (const std::string& name : notice.states)
    if (!check.knows("state " + notice.case_type, name)) fault(name, "a state of " + notice.case_type);
}

}  // namespace

bool NoticesEngine::folds(std::string_view kind) const {
  return board::engine_of(kind) == "notice" || kind == "pack.installed";
}

const std::vector<board::FactType>& NoticesEngine::facts() const {
  static const std::vector<board::FactType> all = {{.kind = "notice.failed"},
                                                   {.kind = "notice.given_up"},
                                                   {.kind = "notice.queued"},
                                                   {.kind = "notice.retried"},
                                                   {.kind = "notice.sent"},
                                                   {.kind = "notice.mail_removed", .configures = true},
                                                   {.kind = "notice.mail_set", .configures = true},
                                                   {.kind = "notice.webhook_added", .configures = true},
                                                   {.kind = "notice.webhook_retired", .configures = true}};
  return all;
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

void NoticesEngine::name_beside(Database& database, board::Beside& beside) const {
  // Addresses of notices are a case's own values and go with it.
  auto mail = database.prepare("SELECT body FROM notice_mail");
  if (mail.step()) {
    const auto body = parse_json(mail.text(0));
    if (body && (*body)["password"].has("vault")) beside.sealed.push_back((*body)["password"]);
  }
  auto webhooks = database.prepare("SELECT secret FROM notice_webhooks");
  while (webhooks.step()) {
    auto reference = parse_json(webhooks.text(0));
    if (reference && reference->has("vault")) beside.sealed.push_back(std::move(*reference));
  }
}

namespace {

using board::CommandType;
using fields::Field;
using fields::Make;
namespace types = fields::types;

constexpr board::Right manage = {"manage", "notice"};

Field id() {
  return Make("id", types::integer()).required().means("the notice's number");
}

/// Only the district itself (its courier, its operator) queues and reports: a person who could would tell
/// people what never happened.
std::vector<CommandType> of_sending() {
  return {{.kind = "notice.queue",
           .summary = "somebody is to be told",
           .sender = board::Sender::house,
           .body = {Make("messages", types::list()).required()},
           .run = decide_queue},
          {.kind = "notice.report",
           .summary = "what became of a notice",
           .sender = board::Sender::house,
           .body = {id(), Make("delivered", types::boolean()), Make("permanent", types::boolean()),
                    Make("told", types::any()).means("what the other side said")},
           .run = decide_result},
          {.kind = "notice.retry",
           .summary = "try a notice again that was given up",
           .right = manage,
           .body = {id()},
           .run = decide_retry},
          {.kind = "notice.test",
           .summary = "send a test to a webhook, or by mail to oneself",
           .right = manage,
           .body = {Make("webhook", types::integer())},
           .answer = {Make("notice", types::integer()).required()},
           .run = decide_test}};
}

std::vector<CommandType> of_channels() {
  return {
      {.kind = "notice.set_mail",
       .summary = "by which mail server notices leave",
       .right = manage,
       .body = {Make("host", types::text()).between(1, 200).required(),
                Make("port", types::integer()).between(1, 65'535).required().means("587 and 465 are usual"),
                Make("security", types::choice()).options({"none", "starttls", "tls"}).required(),
                Make("from", types::email()).required(), Make("login", types::text()).most(200),
                Make("site", types::text()).most(500).required().means("address of the pages, for links"),
                Make("password", types::text()).most(500).personal()},
       .run = decide_set_mail},
      {.kind = "notice.remove_mail",
       .summary = "no more notices leave by mail",
       .right = manage,
       .run = decide_remove_mail},
      {.kind = "notice.add_webhook",
       .summary = "tell a program of notices whose place or responsible unit lies at or below a unit",
       .right = manage,
       .body = {Make("name", types::text()).between(1, 100).required(),
                Make("url", types::text()).most(500).required(),
                Make("unit", types::text()).required().means("code of a unit"),
                Make("secret", types::text()).required().personal()},
       .answer = {Make("webhook", types::integer()).required()},
       .supplied = {"secret"},
       .run = decide_add_webhook},
      {.kind = "notice.retire_webhook",
       .summary = "tell that program no more",
       .right = manage,
       .body = {Make("webhook", types::integer()).required()},
       .run = decide_retire_webhook}};
}

}  // namespace

const std::vector<CommandType>& NoticesEngine::commands() const {
  static const std::vector<CommandType> all = [] {
    std::vector<CommandType> list = of_sending();
    for (CommandType& type : of_channels()) list.push_back(std::move(type));
    return list;
  }();
  return all;
}

void NoticesEngine::check_pack(board::PackCheck& check) {
  auto& [pack, database, problems, steps, names, collections] = check;
  Json list = Json::array();
  for (const Notice& notice : read_notices(pack, problems)) {
    auto statement = database.prepare("SELECT pack FROM notice_kinds WHERE name=?");
    statement.bind(notice.name);
    if (statement.step() && statement.text(0) != pack.name) {
      problems.push_back({Problem::Kind::conflict, "pack-fault", "notices", notice.name,
                          "a notice that no other pack has", "rename it"});
    }
    check_case_type(notice, check);
    check_named(notice, check);
    for (const std::string& role : notice.roles) check.check_role(role, "notices, " + notice.name);
    list.push(to_json(notice));
  }
  // A version without any takes those of the version before away.
  auto before = database.prepare("SELECT 1 FROM notice_kinds WHERE pack=? LIMIT 1");
  before.bind(pack.name);
  if (!list.items().empty() || before.step()) steps.set("notices", std::move(list));
}

void NoticesEngine::react(const board::Fact& fact, Database& database,
                          std::vector<board::Command>& reactions) {
  // What an archive tells happened long ago.
  if (settings_.silent() || fact.actor.starts_with("import:")) return;
  if (fact.kind != "case.created" && fact.kind != "case.moved" && fact.kind != "case.supervised") return;
  Json messages = messages_of(fact, settings_, database);
  if (messages.items().empty()) return;
  board::Command command;
  command.kind = "notice.queue";
  command.actor = "system:notices/outbox";
  command.body.set("messages", std::move(messages));
  reactions.push_back(std::move(command));
}

std::vector<std::string> NoticesEngine::own_kinds() const {
  return {"notice", "channel", "webhook"};
}

}  // namespace qipan::notices
