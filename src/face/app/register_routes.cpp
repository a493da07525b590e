#include "face/app/case_json.hpp"
#include "face/app/entries.hpp"
#include "face/app/parameters.hpp"
#include "face/app/personal.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"
#include "face/app/sight.hpp"
#include "fields/column.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::face {

namespace {

constexpr std::int64_t entries_page_max = 500;
/// A page with long values ends earlier.
constexpr std::size_t entries_bytes_max = 2'000'000;

Response list_registers(Reading& at) {
  Json items = Json::array();
  // What there is to fill in is told to who is logged in; what is in it, to who may read it.
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  for (const auto& [name, declared] : registers::load_registers(at.reader))
    items.push(registers::to_json(declared));
  return json_response(Json::object().set("items", std::move(items)));
}

Result<registers::Register> named(const Reading& at) {
  auto found = registers::find_register(at.reader, at.parts[0]);
  if (!found)
    return refuse({Problem::Kind::not_found, "register-unknown", "register", shortened(at.parts[0]),
                   "a register of an installed pack", "see /api/v1/registers"});
  return std::move(*found);
}

Problem unknown_entry(const Reading& at) {
  return {Problem::Kind::not_found,
          "entry-unknown",
          "id",
          shortened(at.parts[1]),
          "the number of an entry that you may read",
          "look it up in the list"};
}

Response entries(Reading& at) {
  const auto declared = named(at);
  if (!declared) return problem_response(declared.error());
  const auto scope = scope_for(at, "read", board::resource_of("register", declared->name));
  if (!scope) return problem_response(scope.error());
  const board::Scope sees = sees_sensitive(at.snapshot, at.caller.actor, *declared);
  const auto limit = at.request.parameter("limit").empty() ? std::optional<std::int64_t>(50)
                                                           : number_of(at.request.parameter("limit"));
  const auto after = at.request.parameter("after").empty() ? std::optional<std::int64_t>(0)
                                                           : number_of(at.request.parameter("after"));
  if (!limit || *limit < 1 || *limit > entries_page_max || !after)
    return problem_response({Problem::Kind::invalid, "parameter-unreadable", "limit, after", "",
                             "limit 1 to 500, after an entry's number", ""});
  std::string columns = "id, unit, retired, x, y";
  for (const auto& field : declared->fields) columns += ", " + quoted_name(field.name);
  auto statement =
      at.reader.prepare("SELECT " + columns + " FROM " + quoted_name(declared->table()) +
                        " WHERE id>? AND (? OR unit IN (SELECT value FROM json_each(?))) ORDER BY id LIMIT " +
                        std::to_string(*limit + 1));
  statement.bind(*after).bind(scope->all ? 1 : 0).bind(board::ids_json(scope->units));
  Json items = Json::array();
  Json next;
  std::int64_t last = 0;
  std::size_t bytes = 0;
  for (std::int64_t seen = 0; statement.step();) {
    if (++seen > *limit || bytes > entries_bytes_max) {
      next = std::to_string(last);
      break;
    }
    last = statement.integer(0);
    Json item = Json::object();
    item.set("id", last).set("retired", statement.integer(2) != 0);
    if (!statement.is_null(3)) item.set("x", statement.integer(3)).set("y", statement.integer(4));
    Json values = Json::object();
    for (std::size_t i = 0; i < declared->fields.size(); ++i) {
      const int column = static_cast<int>(i) + 5;
      const fields::Field& field = declared->fields[i];
      if (statement.is_null(column)) continue;
      bytes += fields::has_integer_column(field) ? 0 : statement.text(column).size();
      values.set(field.name, fields::column_value(field, statement, column));
    }
    items.push(
        item.set("values", shown_values(*declared, std::move(values), sees.has({statement.integer(1)}))));
  }
  return json_response(Json::object().set("items", std::move(items)).set("next", std::move(next)));
}

/// As the list has it.
Response entry(Reading& at) {
  const auto declared = named(at);
  if (!declared) return problem_response(declared.error());
  const auto scope = scope_for(at, "read", board::resource_of("register", declared->name));
  if (!scope) return problem_response(scope.error());
  auto found = registers::find_entry(at.reader, *declared, number_of(at.parts[1]).value_or(0));
  if (!found || !scope->has(found->unit)) return problem_response(unknown_entry(at));
  const bool sees = sees_sensitive(at.snapshot, at.caller.actor, *declared).has(found->unit);
  Json item = Json::object().set("id", found->id).set("retired", found->retired);
  if (found->x) item.set("x", *found->x).set("y", *found->y);
  return json_response(item.set("values", shown_values(*declared, std::move(found->values), sees)));
}

Response entry_history(Reading& at) {
  const auto declared = named(at);
  if (!declared) return problem_response(declared.error());
  const auto scope = scope_for(at, "read", board::resource_of("register", declared->name));
  if (!scope) return problem_response(scope.error());
  const std::int64_t id = number_of(at.parts[1]).value_or(0);
  auto statement = at.reader.prepare("SELECT unit FROM " + quoted_name(declared->table()) + " WHERE id=?");
  statement.bind(id);
  if (!statement.step() || !scope->has({statement.integer(0)})) return problem_response(unknown_entry(at));
  const bool sees = sees_sensitive(at.snapshot, at.caller.actor, *declared).has({statement.integer(0)});
  const std::string subject = board::subject_of(declared->name, id);
  Json items = Json::array();
  for (const Position position : board::history_of(at.reader, subject)) {
    const auto found = log::Log::find(at.reader, position);
    if (!found) continue;
    const auto share = sees ? log::Audience::sensitive : log::Audience::internal;
    // What is sealed in the part that is for few is a reference into the vault, which is for nobody.
    items.push(
        fact_json(at.reader, *found, masked(fact_body(at, found->fact, share).value_or(Json::object()), {})));
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

Json entry_shape() {
  return shape::object({{"id", shape::integer()},
                        {"retired", shape::boolean()},
                        {"x?", shape::integer()},
                        {"y?", shape::integer()},
                        {"values", shape::map(shape::any())}});
}

}  // namespace

void add_register_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/registers", "registers with their fields", list_registers)
      .answers(shape::items(shape::titled(
          {{"name", shape::text()},
           {"key", shape::text()},
           {"party_title?", shape::text()},
           {"geometry", shape::text()},
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
                                       {"visible?", shape::text()},
                                       {"required_when?", shape::text()},
                                       {"default?", shape::text()},
                                       {"prefill?", shape::text()},
                                       {"serial?", shape::text()},
                                       {"checks?", shape::list(shape::titled({{"rule", shape::text()}}))},
                                       {"columns?", shape::list(shape::any())}}))}})));
  table.read("/api/v1/registers/{register}/entries", "entries", entries)
      .answers(shape::page(entry_shape()))
      .parameters({Make("after", types::integer()), Make("limit", types::integer())});
  table.read("/api/v1/registers/{register}/entries/{id}", "one entry", entry).answers(entry_shape());
  table.read("/api/v1/registers/{register}/entries/{id}/history", "every fact of an entry", entry_history)
      .answers(shape::items(shape::fact(shape::map(shape::any()))));
  table.sends("POST", "/api/v1/registers/{register}/entries", "register.add", send_entry).creating();
  table.sends("PATCH", "/api/v1/registers/{register}/entries/{id}", "register.change", send_entry).creating();
  table.sends("POST", "/api/v1/registers/{register}/entries/{id}/retire", "register.retire").creating();
  table.sends("POST", "/api/v1/registers/{register}/entries/{id}/reveal", "register.reveal", reveal)
      .answers(shape::object({{"value", shape::text()}, {"position", shape::integer()}}));
  table.sends("POST", "/api/v1/registers/{register}/entries/{id}/erase", "register.erase");
}

}  // namespace qipan::face
