#include "face/app/imports.hpp"
#include "face/app/routes.hpp"
#include "face/app/scanner.hpp"
#include "face/app/shapes.hpp"
#include "fields/type.hpp"
#include "registers/queries.hpp"

// Files into registers: sent, looked at, matched, entered, taken back.

namespace qipan::face {

namespace {

Json problem_json(const Problem& problem) {
  return Json::object()
      .set("code", problem.code)
      .set("field", problem.field)
      .set("value", problem.value)
      .set("expected", problem.rule)
      .set("remedy", problem.remedy);
}

Json status_json(const ImportStatus& status) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < status.header.size(); ++i) {
    const bool goes = i < status.targets.size() && !status.targets[i].empty();
    columns.push(
        Json::object().set("name", status.header[i]).set("target", goes ? Json(status.targets[i]) : Json()));
  }
  Json faults = Json::array();
  for (const ImportStatus::Fault& fault : status.faults)
    faults.push(problem_json(fault.problem).set("row", fault.row));
  Json differences = Json::array();
  for (const auto& one : status.differences)
    differences.push(Json::object()
                         .set("row", one.row)
                         .set("id", one.id)
                         .set("key", one.key)
                         .set("field", one.field)
                         .set("was", one.was)
                         .set("now", one.now));
  return Json::object()
      .set("id", status.id)
      .set("register", status.register_name)
      .set("file", status.file)
      .set("begun", format_instant(status.begun))
      .set("state", name_of(status.state))
      .set("sheet", status.sheet)
      .set("crs", status.crs)
      .set("change", status.change_known)
      .set("encoding", status.header.empty()     ? Json()
                       : status.encoding.empty() ? Json("UTF-8")
                                                 : Json(status.encoding))
      .set("match_kept", status.match_kept)
      .set("columns", std::move(columns))
      .set("rows", status.rows)
      .set("looked", status.looked ? registers::to_json(*status.looked) : Json())
      .set("entered", status.entered ? registers::to_json(*status.entered) : Json())
      .set("undone", status.undone ? registers::undone_to_json(*status.undone) : Json())
      .set("faults", std::move(faults))
      .set("faults_count", status.faults_count)
      .set("differences", std::move(differences))
      .set("differences_count", status.differences_count)
      .set("problem", status.problem ? problem_json(*status.problem) : Json());
}

Response told(const Result<ImportStatus>& status, int code = 200) {
  return status ? json_response(status_json(*status), code) : problem_response(status.error());
}

/// Members of the request's body, each by its declaration.
Result<Json> body_of(const Commanding& at) {
  QIPAN_TRY(body, json_body(at.request));
  Json read = Json::object();
  for (const auto& [name, value] : body.members()) {
    const fields::Field* field = fields::find(at.route.body, name);
    if (field == nullptr)
      return invalid("field-unknown", name, "", "what the description says", "leave it out");
    if (value.is_null()) continue;
    QIPAN_TRY(one, field->type->read(*field, value, name));
    read.set(name, std::move(one));
  }
  return read;
}

/// Whoever may write entries nowhere sends no files.
Result<registers::Register> register_meant(const Commanding& at, Database& reader, std::string_view name) {
  if (at.caller.actor == "anonymous")
    return refuse({Problem::Kind::unauthenticated, "login-needed", "", "", "a person or token that is known",
                   "log in"});
  const auto snapshot = at.app.snapshot(reader);
  auto declared = registers::find_register(reader, name);
  const std::string resource = board::resource_of("register", name);
  if (declared && snapshot->directory.permits_somewhere(at.caller.actor, "write", resource)) return *declared;
  if (declared) return refuse(snapshot->directory.permit(at.caller.actor, "write", resource, {}).error());
  return refuse({Problem::Kind::not_found, "register-unknown", "register", shortened(name),
                 "a register of an installed pack", "see GET /api/v1/registers"});
}

Result<ImportStatus> begin_import(Commanding& at) {
  const auto parameter = [&](std::string_view name) { return std::string(at.request.parameter(name)); };
  std::optional<registers::Register> declared;
  {
    auto loan = at.app.district().readers().borrow();
    QIPAN_TRY(meant, register_meant(at, *loan, parameter("register")));
    declared = std::move(meant);
  }
  QIPAN_CHECK(at.app.limiter().take("photo:" + at.caller.actor, at.app.options().uploads));
  const std::string change = parameter("change");
  if (!change.empty() && change != "true" && change != "false")
    return invalid("parameter-unreadable", "change", change, "true or false");
  if (at.request.body.empty())
    return invalid("file-empty", "body", "", "the file's bytes", "send them as the body");
  if (const std::string& scanner = at.app.options().scanner; !scanner.empty())
    QIPAN_CHECK(scan(scanner, at.request.body));
  ImportReading reading;
  if (std::string sheet = parameter("sheet"); !sheet.empty()) reading.sheet = std::move(sheet);
  if (std::string crs = parameter("crs"); !crs.empty()) reading.crs = std::move(crs);
  reading.change_known = change == "true";
  return at.app.imports().begin(at.caller.actor, std::move(*declared), parameter("file"), at.request.body,
                                std::move(reading));
}

void begin(Commanding& at) {
  at.respond(told(begin_import(at), 201));
}

void look(Commanding& at) {
  const auto body = body_of(at);
  if (!body) return at.respond(problem_response(body.error()));
  ImportReading reading;
  if ((*body)["sheet"].is_text()) reading.sheet = (*body)["sheet"].text();
  if ((*body)["crs"].is_text()) reading.crs = (*body)["crs"].text();
  if ((*body)["change"].is_bool()) reading.change_known = (*body)["change"].boolean();
  if (const Json& match = (*body)["match"]; match.is_object()) {
    reading.match.emplace();
    for (const auto& [column, target] : match.members()) {
      if (!target.is_text() && !target.is_null())
        return at.respond(
            problem_response({Problem::Kind::invalid, "match-unfit", "match/" + column,
                              shortened(target.dump()), "the name of a field, x, y, unit or null", ""}));
      reading.match->emplace(column, target.is_text() ? target.text() : "");
    }
  }
  at.respond(told(at.app.imports().look(at.caller.actor, at.parts[0], std::move(reading))));
}

void enter(Commanding& at) {
  const auto body = body_of(at);
  if (!body) return at.respond(problem_response(body.error()));
  at.respond(told(at.app.imports().enter(at.caller.actor, at.parts[0], (*body)["good_rows"] == Json(true))));
}

void undo(Commanding& at) {
  at.respond(told(at.app.imports().undo(at.caller.actor, at.parts[0])));
}

void stop(Commanding& at) {
  at.respond(told(at.app.imports().stop(at.caller.actor, at.parts[0])));
}

Response list(Reading& at) {
  Json items = Json::array();
  for (const ImportStatus& status : at.app.imports().of(at.caller.actor)) items.push(status_json(status));
  return json_response(Json::object().set("items", std::move(items)));
}

Response one(Reading& at) {
  return told(at.app.imports().find(at.caller.actor, at.parts[0]));
}

Response faults(Reading& at) {
  const auto status = at.app.imports().find(at.caller.actor, at.parts[0]);
  if (!status) return problem_response(status.error());
  if (!status->faults_file)
    return problem_response({Problem::Kind::not_found, "faults-none", "id", status->id,
                             "an import that was looked at whole, with rows that are wrong",
                             "see its state"});
  Response response = Response::text(200, "", "text/csv; charset=utf-8");
  response.file = status->faults_file;
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"faults-" + status->id + ".csv\"");
  return response;
}

Json figures_shape() {
  return shape::nullable(shape::object({{"rows", shape::integer()},
                                        {"added", shape::integer()},
                                        {"changed", shape::integer()},
                                        {"same", shape::integer()},
                                        {"bad", shape::integer()}}));
}

Json problem_shape() {
  return shape::object({{"code", shape::text()},
                        {"field", shape::text()},
                        {"value", shape::text()},
                        {"expected", shape::text()},
                        {"remedy", shape::text()}});
}

Json status_shape() {
  return shape::object({{"id", shape::text()},
                        {"register", shape::text()},
                        {"file", shape::text()},
                        {"begun", shape::instant()},
                        {"state", shape::choice({"looking", "unmatched", "unreadable", "looked", "entering",
                                                 "entered", "stopped", "undoing", "undone", "forgotten"})},
                        {"sheet", shape::text()},
                        {"crs", shape::text()},
                        {"change", shape::boolean()},
                        {"encoding", shape::nullable(shape::text())},
                        {"match_kept", shape::boolean()},
                        {"columns", shape::list(shape::object({{"name", shape::text()},
                                                               {"target", shape::nullable(shape::text())}}))},
                        {"rows", shape::integer()},
                        {"looked", figures_shape()},
                        {"entered", figures_shape()},
                        {"undone", shape::nullable(shape::object({{"retired", shape::integer()},
                                                                  {"changed_back", shape::integer()},
                                                                  {"left", shape::integer()}}))},
                        {"faults", shape::list(shape::with(problem_shape(), {{"row", shape::text()}}))},
                        {"faults_count", shape::integer()},
                        {"differences", shape::list(shape::object({{"row", shape::text()},
                                                                   {"id", shape::integer()},
                                                                   {"key", shape::text()},
                                                                   {"field", shape::text()},
                                                                   {"was", shape::text()},
                                                                   {"now", shape::text()}}))},
                        {"differences_count", shape::integer()},
                        {"problem", shape::nullable(problem_shape())}});
}

}  // namespace

void add_import_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  const Make sheet = Make("sheet", types::text()).means("of a workbook; the first that is shown without");
  const Make crs = Make("crs", types::choice()).options({"wgs84", "cgcs2000", "gcj02", "bd09"});
  const Make change = Make("change", types::boolean()).means("known entries are changed by their key");
  table
      .act("POST", "/api/v1/imports", "send a file (CSV, workbook, GeoJSON) that goes into a register", begin)
      .parameters({Make("register", types::text()).required(),
                   Make("file", types::text()).most(200).required().means("what it is called"), sheet, crs,
                   change})
      .takes_type("application/octet-stream")
      .answers(status_shape())
      .creating()
      .slowly()
      .waiting_outside();
  table.read("/api/v1/imports", "the caller's imports, newest first", list)
      .answers(shape::items(status_shape()));
  table.read("/api/v1/imports/{id}", "how far an import is", one).answers(status_shape());
  table.read("/api/v1/imports/{id}/faults.csv", "every row that is wrong, with why", faults)
      .gives_type("text/csv");
  table.act("POST", "/api/v1/imports/{id}/look", "look at it again, read otherwise", look)
      .asks({sheet, crs, change,
             Make("match", types::object()).means("column to field, x, y, unit or null; as before without")})
      .answers(status_shape());
  table.act("POST", "/api/v1/imports/{id}/enter", "enter its rows", enter)
      .asks({Make("good_rows", types::boolean()).means("leave bad rows out; without, one keeps all out")})
      .answers(status_shape());
  table.act("POST", "/api/v1/imports/{id}/undo", "take back what it entered and nobody changed since", undo)
      .takes_type("")
      .answers(status_shape());
  table.act("POST", "/api/v1/imports/{id}/stop", "stop it; one that entered nothing is forgotten", stop)
      .takes_type("")
      .answers(status_shape());
}

}  // namespace qipan::face
