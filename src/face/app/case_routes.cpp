#include "cases/fields.hpp"
#include "cases/queries.hpp"
#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "pack/csv.hpp"

namespace qipan::face {

namespace {

constexpr std::string_view case_resource = "case";

std::optional<bool> flag_of(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

Result<cases::CaseFilter> filter_of(const Reading& at) {
  const auto text = [&](std::string_view name) { return std::string(at.request.parameter(name)); };
  static const std::set<std::string, std::less<>> known = {
      "type",     "state", "class",  "open", "late", "lamp", "unit",  "responsible",
      "assignee", "todo",  "source", "from", "to",   "sort", "after", "limit"};
  for (const auto& [name, value] : at.request.query) {
    if (!known.contains(name))
      return invalid("parameter-unknown", name, value,
                     "type, state, class, open, late, lamp, unit, responsible, assignee, todo, source, from, "
                     "to, sort, after or limit");
  }
  cases::CaseFilter filter;
  filter.type = text("type");
  filter.state = text("state");
  filter.case_class = text("class");
  filter.source = text("source");
  filter.after = text("after");
  for (const auto& [name, target] : {std::pair("open", &filter.open), std::pair("late", &filter.late)}) {
    if (text(name).empty()) continue;
    *target = flag_of(text(name));
    if (!*target) return invalid("parameter-unreadable", name, text(name), "true or false");
  }
  if (const auto lamp = text("lamp"); !lamp.empty()) {
    filter.lamp_min = lamp == "yellow" ? 1 : (lamp == "red" ? 2 : (lamp == "severe" ? 3 : 0));
    if (*filter.lamp_min == 0 && lamp != "green")
      return invalid("parameter-unreadable", "lamp", lamp, "green, yellow, red or severe");
  }
  for (const auto& [name, target] :
       {std::pair("unit", &filter.unit), std::pair("responsible", &filter.responsible)}) {
    if (text(name).empty()) continue;
    const board::Unit* unit = at.snapshot.directory.unit_by_code(text(name));
    if (unit == nullptr) return invalid("unit-unknown", name, text(name), "the code of a unit");
    *target = unit->id;
  }
  if (const auto assignee = text("assignee"); !assignee.empty()) {
    if (assignee != "me") return invalid("parameter-unreadable", "assignee", assignee, "me");
    filter.assignee = at.snapshot.directory.person_of(at.caller.actor);
  }
  if (const auto todo = text("todo"); !todo.empty()) {
    if (todo != "me") return invalid("parameter-unreadable", "todo", todo, "me");
    filter.duties = cases::duties_of(*at.snapshot.catalogue, at.snapshot.directory, at.caller.actor);
  }
  for (const auto& [name, target] :
       {std::pair("from", &filter.created_from), std::pair("to", &filter.created_to)}) {
    if (text(name).empty()) continue;
    QIPAN_TRY(instant, parse_instant(text(name)));
    *target = instant;
  }
  const auto sort = text("sort");
  if (!sort.empty() && sort != "due" && sort != "newest")
    return invalid("parameter-unreadable", "sort", sort, "due or newest");
  filter.by_due = sort == "due";
  if (const auto limit = text("limit"); !limit.empty()) filter.limit = number_of(limit).value_or(0);
  return filter;
}

Response list(Reading& at) {
  const auto scope = scope_for(at, "read", case_resource);
  if (!scope) return problem_response(scope.error());
  const auto filter = filter_of(at);
  if (!filter) return problem_response(filter.error());
  const auto page = cases::list_cases(at.reader, *filter, *scope, at.snapshot.directory);
  if (!page) return problem_response(page.error());
  Json items = Json::array();
  for (const auto& row : page->rows) items.push(row_json(row, at.snapshot.directory));
  return json_response(Json::object()
                           .set("items", std::move(items))
                           .set("next", page->next.empty() ? Json() : Json(page->next)));
}

/// The same filter as CSV, all pages of it up to 10,000 rows; personal fields are never in it.
Response export_csv(Reading& at) {
  const auto scope = scope_for(at, "read", case_resource);
  if (!scope) return problem_response(scope.error());
  auto filter = filter_of(at);
  if (!filter) return problem_response(filter.error());
  filter->limit = 500;
  std::string out =
      "\xEF\xBB\xBFid,type,state,class,place,unit,responsible,created,due,closed,lamp,late,rework,source,"
      "external,description\r\n";
  for (int pages = 0; pages < 20; ++pages) {
    const auto page = cases::list_cases(at.reader, *filter, *scope, at.snapshot.directory);
    if (!page) return problem_response(page.error());
    for (const auto& row : page->rows) {
      const board::Unit* unit = at.snapshot.directory.unit(row.unit);
      const board::Unit* responsible = at.snapshot.directory.unit(row.responsible);
      const std::string cells[] = {std::to_string(row.id.value),
                                   row.type,
                                   row.state,
                                   row.case_class,
                                   row.place,
                                   unit != nullptr ? unit->title_zh : "",
                                   responsible != nullptr ? responsible->title_zh : "",
                                   format_instant(row.created),
                                   row.due ? format_instant(*row.due) : "",
                                   row.closed ? format_instant(*row.closed) : "",
                                   std::to_string(row.lamp),
                                   row.late ? "1" : "0",
                                   std::to_string(row.rework),
                                   row.source,
                                   row.external,
                                   row.fields.text_or("description", "")};
      for (std::size_t i = 0; i < std::size(cells); ++i) out += (i > 0 ? "," : "") + pack::csv_cell(cells[i]);
      out += "\r\n";
    }
    if (page->next.empty()) break;
    filter->after = page->next;
  }
  Response response = Response::text(200, std::move(out), "text/csv; charset=utf-8");
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"cases.csv\"");
  return response;
}

Response summary(Reading& at) {
  const auto scope = scope_for(at, "read", case_resource);
  if (!scope) return problem_response(scope.error());
  Json items = Json::array();
  for (const auto& count : cases::count_open(at.reader, *scope)) {
    items.push(Json::object()
                   .set("type", count.type)
                   .set("state", count.state)
                   .set("lamp", count.lamp)
                   .set("count", count.count));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response detail(Reading& at) {
  const auto row = visible_case(at);
  if (!row) return problem_response(row.error());
  Json json = row_json(*row, at.snapshot.directory);
  Json limits = Json::array();
  for (const auto& limit : cases::limits_of(at.reader, row->id)) {
    limits.push(Json::object()
                    .set("name", limit.name)
                    .set("main", limit.main)
                    .set("due", format_instant(limit.due))
                    .set("running", limit.running())
                    .set("level", limit.level)
                    .set("kind", limit.asserted ? "asserted" : calendar::name_of(limit.amount.kind))
                    .set("amount", limit.amount.count)
                    .set("basis", format_instant(limit.basis))
                    .set("provisional", limit.provisional)
                    .set("missed", limit.missed));
  }
  json.set("limits", std::move(limits));
  const auto* type = at.snapshot.catalogue->version(row->type, row->pack_version);
  Json actions = Json::array();
  if (type != nullptr) {
    for (const auto& name : cases::actions_for(*row, *type, at.snapshot.directory, at.caller.actor))
      actions.push(name);
  }
  json.set("actions", std::move(actions)).set("pack_version", row->pack_version);
  json.set("can_comment",
           at.snapshot.directory.permit(at.caller.actor, "comment", case_resource, row->unit).has_value());
  return json_response(json.set(
      "can_reveal",
      at.snapshot.directory.permit(at.caller.actor, "reveal", case_resource, row->unit).has_value()));
}

Json without_personal(Json json) {
  if (!json.is_object()) return json;
  if (json.has("vault")) return Json::object().set("personal", true);
  Json clean = Json::object();
  for (const auto& [name, value] : json.members()) clean.set(name, without_personal(value));
  return clean;
}

Response history(Reading& at) {
  const auto row = visible_case(at);
  if (!row) return problem_response(row.error());
  Json items = Json::array();
  for (const Position position : cases::history_of(at.reader, row->id)) {
    const auto found = log::Log::find(at.reader, position);
    if (!found) continue;
    Json item = Json::object();
    item.set("position", position)
        .set("at", format_instant(found->command.at))
        .set("actor", actor_json(at.reader, found->command.actor));
    item.set("kind", found->fact.kind)
        .set("body", without_personal(parse_json(found->fact.body).value_or(Json::object())));
    items.push(std::move(item));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response similar(Reading& at) {
  const auto row = visible_case(at);
  if (!row) return problem_response(row.error());
  Json items = Json::array();
  const auto scope = scope_for(at, "read", case_resource);
  for (const auto& one : cases::similar_cases(at.reader, *row)) {
    if (cases::is_visible(one.row, *scope))
      items.push(row_json(one.row, at.snapshot.directory).set("metres", one.metres));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Json title_json(const pack::Title& title) {
  return Json::object().set("zh", title.zh).set("en", title.en);
}

Json names_json(const std::vector<std::string>& names) {
  Json json = Json::array();
  for (const auto& name : names) json.push(name);
  return json;
}

Json type_json(const cases::CaseType& type) {
  Json json = Json::object();
  json.set("name", type.name)
      .set("title", title_json(type.title))
      .set("pack", type.pack)
      .set("version", type.pack_version)
      .set("initial", type.initial);
  json.set("create", cases::form_schema(type, type.create_fields, type.create_required));
  json.set("anonymous",
           std::find(type.creators.begin(), type.creators.end(), "anonymous") != type.creators.end());
  Json fields = Json::object();
  std::vector<std::string> all;
  for (const auto& field : type.fields) all.push_back(field.name);
  json.set("fields", cases::form_schema(type, all, {})["properties"]);
  Json states = Json::array();
  for (const auto& state : type.states)
    states.push(Json::object()
                    .set("name", state.name)
                    .set("title", title_json(state.title))
                    .set("stage", state.stage)
                    .set("final", state.final));
  json.set("states", std::move(states));
  Json transitions = Json::array();
  for (const auto& transition : type.transitions) {
    Json one = Json::object();
    one.set("name", transition.name)
        .set("title", title_json(transition.title))
        .set("from", names_json(transition.from))
        .set("to", transition.to);
    one.set("form", cases::form_schema(type, transition.fields, transition.required))
        .set("comment_required", transition.comment_required);
    one.set("assigns", transition.assigns)
        .set("extends", transition.extends)
        .set("merges", transition.merges);
    one.set("sets_class", transition.classifies);
    if (!transition.guard_text.empty()) one.set("guard", title_json(transition.guard_title));
    transitions.push(std::move(one));
  }
  json.set("transitions", std::move(transitions));
  Json limits = Json::array();
  for (const auto& limit : type.limits)
    limits.push(
        Json::object().set("name", limit.name).set("title", title_json(limit.title)).set("main", limit.main));
  return json.set("limits", std::move(limits));
}

Response types(Reading& at) {
  Json items = Json::array();
  for (const auto* type : at.snapshot.catalogue->all_newest()) items.push(type_json(*type));
  return json_response(Json::object().set("items", std::move(items)));
}

Response classes(Reading& at) {
  Json items = Json::array();
  for (const auto& one : cases::classes(at.reader, std::string(at.request.parameter("type")))) {
    items.push(Json::object()
                   .set("type", one.type)
                   .set("code", one.code)
                   .set("parent", one.parent)
                   .set("title", title_json(one.title)));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response accepted_response(const board::Accepted& accepted) {
  Json answer = parse_json(accepted.answer).value_or(Json::object());
  answer.set("position", accepted.next).set("at", format_instant(accepted.at));
  return json_response(answer, accepted.repeated ? 200 : 201);
}

/// A command whose body is the request's, with the path's number.
void submit_on_case(Commanding& at, const std::string& kind, const std::string& transition) {
  auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  if (const auto known = check_photos(at.app, *body); !known)
    return at.respond(problem_response(known.error()));
  board::Command command = command_of(at, kind);
  if (const auto taken = take_personal(at.app, *body, command); !taken)
    return at.respond(problem_response(taken.error()));
  command.body = std::move(*body);
  command.body.set("id", number_of(at.parts[0]).value_or(0));
  if (!transition.empty()) command.body.set("transition", transition);
  at.app.submit(std::move(command), at.respond, accepted_response);
}

void create(Commanding& at) {
  auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  if (at.caller.actor == "anonymous") {
    return at.respond(
        problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                          "a person or token that is known", "log in, or use POST /api/v1/reports"}));
  }
  if (const auto known = check_photos(at.app, *body); !known)
    return at.respond(problem_response(known.error()));
  board::Command command = command_of(at, "case.create");
  if (const auto taken = take_personal(at.app, *body, command); !taken)
    return at.respond(problem_response(taken.error()));
  command.body = std::move(*body);
  if (auto moved = command.body.text_or("occurred", ""); !moved.empty()) {
    const auto occurred = parse_instant(moved);
    if (!occurred) return at.respond(problem_response(occurred.error()));
    command.occurred = *occurred;
  }
  at.app.submit(std::move(command), at.respond, accepted_response);
}

void transition(Commanding& at) {
  submit_on_case(at, "case.transition", at.parts[1]);
}
void comment(Commanding& at) {
  submit_on_case(at, "case.comment", "");
}

/// Runs on the writing thread, where a fault must not end the process.
Result<std::string> reveal_now(App& app, const std::string& answer) {
  try {
    return app.district().vault().reveal(parse_json(answer).value_or(Json::object()));
  } catch (const DatabaseError&) {
    return refuse(
        {Problem::Kind::unavailable, "vault-unreadable", "", "", "a vault that can be read", "try again"});
  }
}

/// The fact that somebody looked is committed before the value is shown.
void reveal(Commanding& at) {
  auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  board::Command command = command_of(at, "case.reveal");
  command.key.clear();
  command.body = std::move(*body);
  command.body.set("id", number_of(at.parts[0]).value_or(0));
  App& app = at.app;
  app.submit(std::move(command), at.respond, [&app](const board::Accepted& accepted) {
    const auto value = reveal_now(app, accepted.answer);
    if (!value) return problem_response(value.error());
    return json_response(Json::object().set("value", *value).set("position", accepted.next));
  });
}

/// Recorded first, then gone from the vault for good.
void erase(Commanding& at) {
  auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  board::Command command = command_of(at, "case.erase");
  command.key.clear();
  command.body = std::move(*body);
  command.body.set("id", number_of(at.parts[0]).value_or(0));
  App& app = at.app;
  app.submit(std::move(command), at.respond, [&app](const board::Accepted& accepted) {
    try {
      app.district().vault().erase(parse_json(accepted.answer).value_or(Json::object()));
    } catch (const DatabaseError&) {
      return problem_response({Problem::Kind::unavailable, "vault-unwritable", "", "",
                               "a vault that can be written",
                               "it is recorded that the value must go; send it again"});
    }
    return json_response(Json::object().set("position", accepted.next));
  });
}

/// Deadlines that end in a named range, anew by the newest calendars; 100 cases a request.
void recompute(Commanding& at) {
  const auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  board::Command command = command_of(at, "case.recompute");
  for (const std::string_view field : {"due_from", "due_to"}) {
    const auto instant = parse_instant(body->text_or(field, ""));
    if (!instant) return at.respond(problem_response(instant.error()));
    command.body.set(field, *instant);
  }
  at.app.submit(std::move(command), at.respond, accepted_response);
}

}  // namespace

Result<cases::CaseRow> visible_case(const Reading& at) {
  QIPAN_TRY(scope, scope_for(at, "read", case_resource));
  auto row = cases::find_case(at.reader, {number_of(at.parts[0]).value_or(0)});
  if (!row || !cases::is_visible(*row, scope)) {
    return refuse({Problem::Kind::not_found, "case-unknown", "id", shortened(at.parts[0]),
                   "the number of a case that you may see", "look it up in the list"});
  }
  return std::move(*row);
}

void add_case_routes(std::vector<Route>& routes) {
  routes.push_back({"GET",
                    "/api/v1/case-types",
                    "case types with states, transitions and forms (JSON Schema 2020-12)",
                    types,
                    {},
                    false});
  routes.push_back({"GET", "/api/v1/case-classes", "classes; ?type=", classes, {}, false});
  routes.push_back(
      {"GET", "/api/v1/cases", "cases that I may see, by key-paged list with filters", list, {}, false});
  routes.push_back(
      {"GET", "/api/v1/cases.csv", "the same as CSV, at most 10,000 rows", export_csv, {}, false});
  routes.push_back(
      {"GET", "/api/v1/cases-summary", "open cases by type, state and lamp", summary, {}, false});
  routes.push_back({"POST",
                    "/api/v1/cases",
                    "open a case: {type, class?, x?, y?, place?, unit?, fields}",
                    {},
                    create,
                    false});
  routes.push_back(
      {"GET", "/api/v1/cases/{id}", "one case with its limits and what I may do", detail, {}, false});
  routes.push_back({"GET", "/api/v1/cases/{id}/history", "every fact of a case", history, {}, false});
  routes.push_back(
      {"GET", "/api/v1/cases/{id}/similar", "open cases nearby of the same class", similar, {}, false});
  routes.push_back({"POST",
                    "/api/v1/cases/{id}/transitions/{name}",
                    "take a transition: {fields?, comment?, class?, responsible?, extension?, parent?}",
                    {},
                    transition,
                    false});
  routes.push_back({"POST", "/api/v1/cases/{id}/comments", "comment: {text}", {}, comment, false});
  routes.push_back({"POST",
                    "/api/v1/cases/{id}/reveal",
                    "see a personal field: {field, purpose}; recorded",
                    {},
                    reveal,
                    false});
  routes.push_back(
      {"POST",
       "/api/v1/cases-recompute",
       "deadlines of open cases in [due_from, due_to) anew by the newest calendars, 100 cases at "
       "a time; answers {count, more}",
       {},
       recompute,
       false});
  routes.push_back({"POST",
                    "/api/v1/cases/{id}/erase",
                    "erase a personal value for good: {field, purpose}; recorded",
                    {},
                    erase,
                    false});
}

}  // namespace qipan::face
