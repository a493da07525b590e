#include "base/crypto.hpp"
#include "board/directory.hpp"
#include "face/app/routes.hpp"
#include "fields/form.hpp"

// Requests that become commands.

namespace qipan::face {

board::Command command_of(const Commanding& at, std::string kind) {
  board::Command command;
  command.kind = std::move(kind);
  command.actor = at.caller.actor;
  command.key = at.request.header("idempotency-key");
  // All who are not known share one name: a key that others may think of too is theirs only from where they
  // are. Where that is, the log need not know.
  constexpr std::size_t own_key_min = 16;
  if (command.actor == "anonymous" && !command.key.empty() && command.key.size() < own_key_min)
    command.key = to_hex(
        view_of(hmac_sha256(at.app.district().token_key(), "key:" + at.caller.address + " " + command.key)));
  return command;
}

namespace {

Problem unknown_member(const std::string& name, std::string rule) {
  // Its value may be a secret in the wrong place.
  return {Problem::Kind::invalid, "field-unknown", name, "", std::move(rule), "leave it out"};
}

std::string members_of(const Route& route) {
  std::string list;
  const auto add = [&](const fields::Field& field) { list += (list.empty() ? "only " : ", ") + field.name; };
  for (const fields::Field& field : route.sends->body)
    if (route.says(field.name)) add(field);
  for (const fields::Field& field : route.body) add(field);
  return list.empty() ? "no members" : list;
}

/// What is known here of who may what may be a moment old, and the same request sent again hears the same
/// even if it took away the sender's own right.
Result<void> may_ask(const Commanding& at) {
  const board::CommandType& type = *at.route.sends;
  if (board::may_send(type, at.caller.actor, at.app.recent_snapshot()->directory)) return {};
  auto loan = at.app.district().readers().borrow();
  const board::Command again = command_of(at, type.kind);
  if (!again.key.empty() && board::key_is_known(*loan, again.actor, again.key)) return {};
  return board::may_send(type, at.caller.actor, at.app.snapshot(*loan)->directory);
}

/// Null, and an empty text as everywhere, are no value; but only null takes away what the vault holds.
Result<void> take_value(const fields::Field& field, const Json& value, bool changes,
                        board::Command& command) {
  if (value.is_null() || (!changes && value.is_text() && value.text().empty())) {
    command.body.set(field.name, Json());
    return {};
  }
  QIPAN_TRY(read, field.type->read(field, value, field.name));
  command.personal.push_back({field.name, read.text()});
  return {};
}

void take_path(const Commanding& at, board::Command& command) {
  std::size_t place = 0;
  for (const std::string& name : at.route.path_names()) {
    const std::string& part = at.parts[place++];
    const fields::Field* field = fields::find(at.route.sends->body, name);
    if (field == nullptr) continue;
    // What is no number names nothing.
    const bool number = field->type == fields::types::integer();
    command.body.set(name, number ? Json(number_of(part).value_or(0)) : Json(part));
  }
}

}  // namespace

Result<Requested> requested(const Commanding& at) {
  const board::CommandType& type = *at.route.sends;
  QIPAN_CHECK(may_ask(at));
  QIPAN_TRY(body, json_body(at.request));
  Requested made{command_of(at, type.kind)};
  for (auto& [name, value] : body.take_members()) {
    if (fields::find(at.route.body, name) != nullptr) {
      made.besides.set(name, std::move(value));
      continue;
    }
    const fields::Field* field = fields::find(type.body, name);
    if (field == nullptr || !at.route.says(name)) return refuse(unknown_member(name, members_of(at.route)));
    if (field->personal()) {
      QIPAN_CHECK(take_value(*field, value, type.changes, made.command));
    } else {
      made.command.body.set(name, std::move(value));
    }
  }
  take_path(at, made.command);
  return made;
}

Json accepted_json(const board::Accepted& accepted) {
  auto answer = parse_json(accepted.answer);
  Json json = answer && answer->is_object() ? std::move(*answer) : Json::object();
  return json.set("position", accepted.next).set("at", format_instant(accepted.at));
}

Response accepted_response(const Route& route, const board::Accepted& accepted) {
  return json_response(accepted_json(accepted), route.creates && !accepted.repeated ? 201 : 200);
}

void send(Commanding& at) {
  submit(at, requested(at));
}

void submit(Commanding& at, Result<Requested> wanted) {
  if (!wanted) return at.respond(problem_response(wanted.error()));
  at.app.submit(std::move(wanted->command), at.respond, [&route = at.route](const board::Accepted& accepted) {
    return accepted_response(route, accepted);
  });
}

}  // namespace qipan::face
