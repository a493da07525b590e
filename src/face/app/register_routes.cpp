#include "face/app/personal.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"
#include "fields/form.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::face {

namespace {

Response list_registers(Reading& at) {
  Json items = Json::array();
  // What there is to fill in is told to who is logged in; what is in it, to who may read it.
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  for (const auto& [name, declared] : registers::load_registers(at.reader)) {
    Json by_cases = Json::array();
    for (const fields::Field& field : declared.fields)
      if (field.by_cases) by_cases.push(field.name);
    Json json = registers::to_json(declared);
    json.set("form", fields::form_schema(fields::whole_form(declared.fields)));
    items.push(json.set("by_cases", std::move(by_cases)));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

/// An entry's personal values go to the vault, and its photos are there.
void send_entry(Commanding& at) {
  auto wanted = requested(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  const Json& values = wanted->command.body["values"];
  if (const auto known = check_photos(at, values, "values"); !known)
    return at.respond(problem_response(known.error()));
  std::optional<registers::Register> declared;
  {
    auto loan = at.app.district().readers().borrow();
    declared = registers::find_register(*loan, at.parts[0]);
  }
  const auto personal = [&](std::string_view name) -> std::vector<const fields::Field*> {
    const fields::Field* field = declared ? declared->field(name) : nullptr;
    if (field == nullptr || !field->personal()) return {};
    return {field};
  };
  if (const auto taken = take_personal(wanted->command, "values", personal); !taken)
    return at.respond(problem_response(taken.error()));
  submit(at, std::move(wanted));
}

}  // namespace

void add_register_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table
      .read("/api/v1/registers", "registers with their fields; what is in them: /api/v1/collections",
            list_registers)
      .answers(shape::items(shape::titled(
          {{"name", shape::text()},
           {"key", shape::text()},
           {"party_title?", shape::text()},
           {"geometry", shape::text()},
           {"form", shape::form()},
           {"by_cases", shape::list(shape::text())},
           {"fields",
            shape::list(shape::titled({{"name", shape::text()},
                                       {"type", shape::text()},
                                       {"help_zh?", shape::text()},
                                       {"help_en?", shape::text()},
                                       {"sensitivity", shape::text()},
                                       {"required", shape::boolean()},
                                       {"unique", shape::boolean()},
                                       {"indexed", shape::boolean()},
                                       {"min?", shape::integer()},
                                       {"max?", shape::integer()},
                                       {"digits?", shape::integer()},
                                       {"unit?", shape::text()},
                                       {"options?", shape::list(shape::titled({{"value", shape::text()}}))},
                                       {"to?", shape::list(shape::text())},
                                       {"party?", shape::boolean()},
                                       {"by_cases?", shape::boolean()},
                                       {"visible?", shape::text()},
                                       {"required_when?", shape::text()},
                                       {"default?", shape::text()},
                                       {"computed?", shape::text()},
                                       {"prefill?", shape::text()},
                                       {"serial?", shape::text()},
                                       {"checks?", shape::list(shape::titled({{"rule", shape::text()}}))},
                                       {"columns?", shape::list(shape::any())}}))}})));
  table.sends("POST", "/api/v1/registers/{register}/entries", "register.add", send_entry).creating();
  table.sends("PATCH", "/api/v1/registers/{register}/entries/{id}", "register.change", send_entry).creating();
  table.sends("POST", "/api/v1/registers/{register}/entries/{id}/retire", "register.retire").creating();
  table.sends("POST", "/api/v1/registers/{register}/entries/{id}/withdraw", "register.withdraw").creating();
  table.sends("POST", "/api/v1/registers/{register}/entries/{id}/reveal", "register.reveal", reveal)
      .answers(shape::object({{"value", shape::text()}, {"position", shape::integer()}}));
  table.sends("POST", "/api/v1/registers/{register}/entries/{id}/erase", "register.erase");
}

}  // namespace qipan::face
