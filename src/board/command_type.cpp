#include "board/command_type.hpp"

#include <algorithm>

#include "board/directory.hpp"
#include "fields/form.hpp"

namespace qipan::board {

bool CommandType::is_supplied(std::string_view member) const {
  return std::find(supplied.begin(), supplied.end(), member) != supplied.end();
}

Result<void> may_send(const CommandType& type, std::string_view actor, const Directory& directory) {
  const bool operators = type.sender == Sender::command_line;
  if (operators ? actor == "operator" : Directory::is_trusted(actor)) return {};
  if (!from_outside(type.sender))
    return refuse({Problem::Kind::forbidden, "not-permitted", "", type.kind,
                   "a command of the district itself", "see the API description"});
  // One that is over is not everybody either.
  if (actor.starts_with("mandate:") && directory.mandate(actor) == nullptr)
    return refuse({Problem::Kind::forbidden, "mandate-unknown", "", std::string(actor),
                   "a mandate that is in force", "ask who gave it"});
  if (type.sender != Sender::anyone && !directory.person_of(actor) && directory.mandate(actor) == nullptr)
    return refuse({Problem::Kind::unauthenticated, "login-needed", "", type.kind,
                   "a person or token that is known", "log in"});
  if (type.sender == Sender::person && !actor.starts_with("person:"))
    return refuse({Problem::Kind::forbidden, "session-needed", "", type.kind,
                   "a person who is logged in and acts for themselves, not a key", "log in at the page"});
  if (!type.right || directory.permits_somewhere(actor, type.right->action, type.right->resource)) return {};
  return directory.permit(actor, type.right->action, type.right->resource, {});
}

Result<void> check_sealed(const std::vector<fields::Field>& declared, const Json& values,
                          const std::string& path, const Command& command) {
  if (!values.is_object()) return {};
  for (const fields::Field& field : declared) {
    const Json* value = field.personal() ? values.find(field.name) : nullptr;
    if (value == nullptr || value->is_null()) continue;
    const std::string place = path.empty() ? field.name : path + "/" + field.name;
    if (std::any_of(command.personal.begin(), command.personal.end(),
                    [&](const PersonalValue& one) { return one.field == place; }))
      continue;
    return invalid("personal-not-sealed", place, "",
                   "a personal value sent as such, so that it goes to the vault",
                   "send it by the API as text; never as a reference");
  }
  return {};
}

Result<Json> read_body(const CommandType& type, const Command& command) {
  if (!command.body.is_object()) return invalid("body-unreadable", "", command.body.dump(), "a JSON object");
  QIPAN_CHECK(check_sealed(type.body, command.body, "", command));
  if (!command.block.empty()) {
    if (!type.block)
      return invalid("block-unfit", "", type.kind, "a body, as the command takes no block of values");
    return fields::read_values(fields::whole_form(type.beside_block), command.body, "",
                               fields::Absent::refused);
  }
  if (!type.changes)
    return fields::read_values(fields::whole_form(type.body), command.body, "", fields::Absent::refused);
  for (const fields::Field& field : type.body) {
    // What says which one is meant cannot stay as it was.
    if (field.required && command.body[field.name].is_null())
      return invalid("field-required", field.name, "", "a value", "fill it in");
  }
  return fields::read_values(fields::whole_form(type.body), command.body, "", fields::Absent::unchanged);
}

}  // namespace qipan::board
