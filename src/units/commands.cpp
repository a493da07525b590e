#include "units/steps.hpp"

// What the engine can be asked to do.

namespace qipan::units {

using board::CommandType;
using board::Sender;
using fields::Field;
using fields::Make;
namespace types = fields::types;

namespace {

Field code() {
  return Make("code", types::text()).between(1, 40).required();
}
Field title_zh() {
  return Make("title_zh", types::text()).between(1, 60);
}
Field title_en() {
  return Make("title_en", types::text()).between(1, 120);
}
Field login() {
  return Make("login", types::text()).required().most(60);
}
Field unit() {
  return Make("unit", types::text()).required().means("code of a unit");
}
Field role() {
  return Make("role", types::text()).required();
}
Field name() {
  return Make("name", types::text()).between(1, 120).personal();
}
Field telephone() {
  return Make("telephone", types::telephone()).personal();
}
Field email() {
  return Make("email", types::email()).personal();
}
Field password() {
  return Make("password", types::text()).most(1'000).personal();
}
Field reason() {
  return Make("reason", types::long_text()).most(1'000);
}

std::vector<CommandType> of_units() {
  return {{.kind = "unit.create",
           .summary = "add a unit",
           .right = {{"manage", "unit"}},
           .body = {code(),
                    Make("kind", types::choice())
                        .options({"district", "street", "community", "grid", "department"})
                        .required(),
                    Make(title_zh()).required(), Make(title_en()).required(),
                    Make("parent", types::text()).means("code of the unit that it lies below"),
                    Make("calendar", types::text()).means("name of the calendar that it works by"),
                    Make("geometry", types::list()).means("rings of 1e-7 degrees, each [x, y, x, y, ...]"),
                    Make("below_root", types::boolean())
                        .means("a district that comes below the one that is there, as a department")},
           .answer = {Make("unit", types::integer()).required()},
           .run = create_unit},
          {.kind = "unit.change",
           .summary = "change what a unit is called or works by",
           .right = {{"manage", "unit"}},
           .body = {code(), title_zh(), title_en(), Make("calendar", types::text())},
           .changes = true,
           .run = change_unit},
          {.kind = "unit.retire",
           .summary = "retire a unit",
           .right = {{"manage", "unit"}},
           .body = {code(), Make(reason()).between(1, 1'000).required()},
           .run = retire_unit},
          {.kind = "unit.install_calendar",
           .summary = "install the next version of a calendar",
           .right = {{"install", "calendar"}},
           .body = {Make("calendar", types::object()).required(),
                    Make("source", types::text()).most(500).means("which notice it follows")},
           .run = install_calendar}};
}

std::vector<CommandType> of_people() {
  return {
      {.kind = "unit.add_person",
       .summary = "add a person",
       .right = {{"manage", "person"}},
       .body = {login(), unit(), Make(title_zh()).required(), Make(title_en()).required(), name(),
                telephone(), email(), password()},
       .answer = {Make("person", types::integer()).required()},
       .run = add_person},
      {.kind = "unit.retire_person",
       .summary = "retire a person",
       .right = {{"manage", "person"}},
       .body = {login(), reason()},
       .run = retire_person},
      {.kind = "unit.set_contact",
       .summary = "say how a person is reached: oneself, or whom one manages; null takes one away",
       .sender = Sender::person,
       .body = {login(), name(), telephone(), email()},
       .changes = true,
       .run = set_contact},
      {.kind = "unit.reveal_person",
       .summary = "see how a person is reached; recorded",
       .sender = Sender::person,
       .right = {{"reveal", "person"}},
       .body = {login(), Make("field", types::choice()).options({"name", "telephone", "email"}).required(),
                Make("purpose", types::text()).between(2, 500).required().means("why it is needed")},
       .run = reveal_person}};
}

std::vector<CommandType> of_accounts() {
  return {{.kind = "unit.set_password",
           .summary = "set a password: one's own, or of whom one manages",
           .sender = Sender::person,
           .body = {login(), Make(password()).required()},
           .run = set_password},
          {.kind = "unit.set_second_factor",
           .summary = "set one's own second factor: what an authenticator's codes are made of (RFC 6238)",
           .sender = Sender::person,
           .body = {login(), Make("secret", types::text()).most(200).personal().required()},
           .supplied = {"secret"},
           .run = set_second_factor},
          {.kind = "unit.clear_second_factor",
           .summary = "take a second factor away: one's own, or that of a person whose posts one gives",
           .sender = Sender::person,
           .body = {login(), Make(reason()).between(1, 1'000).required()},
           .run = clear_second_factor},
          {.kind = "unit.issue_token",
           .summary = "issue a key for a person's programs",
           .sender = Sender::person,
           .right = {{"manage", "token"}},
           .body = {login(), Make("purpose", types::text()).between(1, 60).required(),
                    Make("roles", types::list()).means("those of the person's roles that it is limited to"),
                    Make("hash", types::text()).between(64, 64).required()},
           .answer = {Make("token", types::integer()).required()},
           .supplied = {"hash"},
           .run = issue_token},
          {.kind = "unit.revoke_token",
           .summary = "revoke a key",
           .right = {{"manage", "token"}},
           .body = {Make("token", types::integer()).required()},
           .run = revoke_token}};
}

std::vector<CommandType> of_posts() {
  return {
      {.kind = "unit.give_post",
       .summary = "give a person a role at a unit",
       .right = {{"manage", "post"}},
       .body = {login(), unit(), role()},
       .run = give_post},
      {.kind = "unit.take_post",
       .summary = "take a role at a unit from a person",
       .right = {{"manage", "post"}},
       .body = {login(), unit(), role()},
       .run = take_post},
      {.kind = "unit.set_deputy",
       .summary = "say who stands in for a post while its holder is away; null for nobody",
       .right = {{"manage", "post"}},
       .body = {login(), unit(), role(), Make("deputy", types::text()).most(60).means("login of the deputy")},
       .changes = true,
       .run = set_deputy},
      {.kind = "unit.set_absence",
       .summary = "say from when until when a person is away: oneself, or whom one manages",
       .body = {login(), Make("from", types::instant()).required(),
                Make("until", types::instant()).required(), Make(reason()).required()},
       .answer = {Make("absence", types::integer()).required(),
                  Make("without_deputy", types::list()).required().means("posts that nobody stands in for")},
       .run = set_absence},
      {.kind = "unit.end_absence",
       .summary = "say that a person is back, or will not be away",
       .body = {login(), Make("absence", types::integer()).required()},
       .run = end_absence}};
}

std::vector<CommandType> of_mandates() {
  return {
      {.kind = "unit.give_mandate",
       .summary = "let a person act for an organisation",
       .right = {{"manage", "mandate"}},
       .body = {login(),
                Make("party", types::text())
                    .most(130)
                    .required()
                    .means("an entry of a register of organisations, as enterprise:12"),
                Make("kinds", types::list())
                    .means("case types and registers in which the person may act and read; all without a "
                           "word"),
                Make("until", types::instant()).means("when it ends by itself"),
                Make(reason()).between(1, 1'000).required().means("what it rests on")},
       .answer = {Make("mandate", types::integer()).required()},
       .run = give_mandate},
      {.kind = "unit.end_mandate",
       .summary = "end a mandate",
       .right = {{"manage", "mandate"}},
       .body = {Make("mandate", types::integer()).required(), Make(reason()).between(1, 1'000).required()},
       .run = end_mandate}};
}

}  // namespace

const std::vector<CommandType>& UnitsEngine::commands() const {
  static const std::vector<CommandType> all = [] {
    std::vector<CommandType> list = of_units();
    for (auto* more : {of_people, of_accounts, of_posts, of_mandates})
      for (CommandType& type : more()) list.push_back(std::move(type));
    return list;
  }();
  return all;
}

}  // namespace qipan::units
