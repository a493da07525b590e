#include <algorithm>

#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "base/mail_address.hpp"
#include "base/text.hpp"
#include "cases/queries.hpp"
#include "face/app/party.hpp"
#include "face/app/photo.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"
#include "face/app/sight.hpp"
#include "fields/types/content.hpp"

namespace qipan::face {

namespace {

/// The types whose fields a body may mean: the one that it names, that of the case that it names as the
/// case's set has it, else all.
std::vector<const cases::CaseType*> types_meant(Database& reader, const cases::Catalogue& catalogue,
                                                const Json& body) {
  if (body.has("type")) {
    const cases::CaseType* type = catalogue.newest(body.text_or("type", ""));
    return type == nullptr ? std::vector<const cases::CaseType*>{} : std::vector{type};
  }
  const auto row = cases::find_case(reader, {body.integer_or("id", 0)});
  const cases::CaseType* type = row ? catalogue.in_set(row->type, row->set) : nullptr;
  return type == nullptr ? catalogue.all_newest() : std::vector{type};
}

/// Personal fields of that name in them.
std::vector<const fields::Field*> personal_fields(const std::vector<const cases::CaseType*>& types,
                                                  std::string_view name) {
  std::vector<const fields::Field*> found;
  for (const cases::CaseType* type : types) {
    const fields::Field* field = type->field(name);
    if (field != nullptr && field->personal()) found.push_back(field);
  }
  return found;
}

}  // namespace

Result<void> take_personal(App& app, board::Command& command) {
  Json& body = command.body;
  if (!body["fields"].is_object() || body["fields"].members().empty()) return {};
  auto loan = app.district().readers().borrow();
  const auto snapshot = app.snapshot(*loan);
  // Most bodies name none, and need not ask which case they mean.
  const auto& names = snapshot->catalogue->personal_names();
  const auto& given = body["fields"].members();
  if (std::none_of(given.begin(), given.end(),
                   [&](const auto& member) { return names.contains(member.key); }))
    return {};
  const auto types = types_meant(*loan, *snapshot->catalogue, body);
  Json values = Json::object();
  for (const auto& [name, value] : body["fields"].members()) {
    const auto known = personal_fields(types, name);
    if (known.empty()) {
      values.set(name, value);
      continue;
    }
    if (value.is_null() || (value.is_text() && value.text().empty())) continue;
    const std::string path = "fields/" + name;
    Result<Json> read = fields::unfit(*known.front(), value, path, "a text");
    for (const fields::Field* field : known) {
      if (read = field->type->read(*field, value, path); read) break;
    }
    if (!read) return refuse(std::move(read).error());
    command.personal.push_back({path, read->text()});
  }
  body.set("fields", std::move(values));
  return {};
}

namespace {

/// Under which an upload is remembered: who has the bytes may name them, whoever named them before.
std::string possession(const Caller& caller, std::string_view hash) {
  return "has:" + std::string(hash) + "@" + (caller.actor == "anonymous" ? caller.address : caller.actor);
}

/// A hash that others' cases name opens nothing to who only knows it.
bool may_name(App& app, Database& reader, const Caller& caller, const std::string& hash) {
  if (app.limiter().remembers(possession(caller, hash))) return true;
  const auto named = cases::cases_with_content(reader, hash);
  const auto snapshot = app.snapshot(reader);
  const auto reach = snapshot->directory.reach(caller.actor, "read", "case");
  const Sight sight(*snapshot, caller.actor);
  const board::Mandate* mandate = snapshot->directory.mandate(caller.actor);
  const auto shown = [&](const cases::CaseRow& row) {
    if (mandate == nullptr) return cases::is_visible(row, reach) ? sight.fields(row) : Json();
    return cases::is_of_mandate(reader, row, *mandate) ? party_fields(*snapshot->catalogue, row) : Json();
  };
  return named.empty() || std::any_of(named.begin(), named.end(), [&](CaseId id) {
           const auto row = cases::find_case(reader, id);
           return row && shown(*row).dump().find(hash) != std::string::npos;
         });
}

}  // namespace

Result<void> check_photos(const Commanding& at, const Json& body) {
  const auto photos = fields::types::contents_in(body["fields"]);
  if (photos.empty()) return {};
  auto loan = at.app.district().readers().borrow();
  // The same request again: its photos are named by its own case now, and the writer gives its answer.
  const board::Command again = command_of(at, "");
  if (board::key_is_known(*loan, again.actor, again.key)) return {};
  for (const auto& [name, hash] : photos) {
    if (at.app.content().touch(hash) && may_name(at.app, *loan, at.caller, hash)) continue;
    return invalid("photo-unknown", "fields/" + name, hash, "the hash of a photo that you uploaded",
                   "upload it first with POST /api/v1/photos");
  }
  return {};
}

namespace {

void report(Commanding& at) {
  if (const auto taken = at.app.limiter().take("report:" + at.caller.address, at.app.options().anonymous);
      !taken)
    return at.respond(problem_response(taken.error()));
  auto wanted = requested(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  board::Command& command = wanted->command;
  if (const auto known = check_photos(at, command.body); !known)
    return at.respond(problem_response(known.error()));
  const std::string type = command.body.text_or("type", "");
  // With no reader in hand: what follows borrows its own, and this is a thread of the network.
  if (at.app.recent_snapshot()->catalogue->newest(type) == nullptr)
    return at.respond(problem_response({Problem::Kind::invalid, "case-type-unknown", "type", type,
                                        "a case type that residents may open", "see /api/v1/case-types"}));
  if (const auto taken = take_personal(at.app, command); !taken)
    return at.respond(problem_response(taken.error()));
  for (const auto& personal : command.personal) {
    // Whoever reports may name anybody's address: nobody is written to more than now and then.
    if (!is_mail_address(personal.value)) continue;
    const std::string bucket = "mail:" + to_hex(view_of(sha256(personal.value)));
    if (const auto taken = at.app.limiter().take(bucket, {4, 0.1}); !taken)
      return at.respond(problem_response(taken.error()));
  }
  command.body.set("source", "resident");
  App& app = at.app;
  app.submit(std::move(command), at.respond, [&app](const board::Accepted& accepted) {
    const auto answer = parse_json(accepted.answer);
    const std::int64_t id = answer ? answer->integer_or("case", 0) : 0;
    return json_response(Json::object()
                             .set("case", id)
                             .set("token", app.district().follow_token(id))
                             .set("position", accepted.next),
                         accepted.repeated ? 200 : 201);
  });
}

/// What a reporter may know: state, deadline, and the words meant for them; no names, no comments of the
/// office.
Response follow(Reading& at) {
  const auto id = at.app.district().follow_case(at.parts[0]);
  const auto row = id ? cases::find_case(at.reader, {*id}) : std::nullopt;
  if (!row)
    return problem_response({Problem::Kind::not_found, "report-unknown", "token", "",
                             "the token that your report answered", "check the link or the QR code"});
  Json json = Json::object();
  json.set("case", row->id.value)
      .set("type", row->type)
      .set("state", row->state)
      .set("open", row->open)
      .set("class", row->case_class);
  json.set("created", format_instant(row->created))
      .set("due", row->due ? Json(format_instant(*row->due)) : Json())
      .set("closed", row->closed ? Json(format_instant(*row->closed)) : Json());
  // Whoever holds the link sees nothing that some of the office may not.
  const Json told = Sight(at).fields(*row);
  json.set("description", told["description"]).set("result", told["result"]);
  if (row->parent) json.set("merged", true);
  const board::Unit* responsible = at.snapshot.directory.unit(row->responsible);
  if (responsible != nullptr)
    json.set("responsible", Json::object().set("zh", responsible->title_zh).set("en", responsible->title_en));
  Json steps = Json::array();
  for (const Position position : board::history_of(at.reader, row->subject())) {
    const auto found = log::Log::find(at.reader, position);
    if (!found || (found->fact.kind != "case.created" && found->fact.kind != "case.moved")) continue;
    const auto body = fact_body(at, found->fact, log::Audience::party);
    steps.push(Json::object()
                   .set("position", position)
                   .set("at", format_instant(found->command.at))
                   .set("state", body ? (*body)["state"] : Json()));
  }
  return json_response(json.set("steps", std::move(steps)));
}

/// The folder of photos fails: which file and why is for the operator alone.
Response unusable(const Problem& problem) {
  tell_fault("photos", problem.line());
  return problem_response({Problem::Kind::unavailable, "content-unusable", "", "", "a disk that keeps photos",
                           "try again in a moment"});
}

void upload(Commanding& at) {
  const bool anonymous = at.caller.actor == "anonymous";
  const auto taken = at.app.limiter().take("photo:" + (anonymous ? at.caller.address : at.caller.actor),
                                           anonymous ? at.app.options().anonymous : at.app.options().uploads);
  if (!taken) return at.respond(problem_response(taken.error()));
  const auto photo = clean_photo(at.request.body);
  if (!photo) return at.respond(problem_response(photo.error()));
  const auto hash = at.app.district().content().put(photo->bytes);
  if (!hash) return at.respond(unusable(hash.error()));
  at.app.limiter().remember(possession(at.caller, *hash));
  at.respond(json_response(Json::object()
                               .set("hash", *hash)
                               .set("type", photo->media_type)
                               .set("bytes", static_cast<std::int64_t>(photo->bytes.size())),
                           201));
}

/// A photo belongs to the cases whose facts name it, and is for those who may see such a case; the hash alone
/// is no key.
Response photo(Reading& at) {
  const auto reach = at.snapshot.directory.reach(at.caller.actor, "read", "case");
  if (reach.empty()) {
    const auto allowed = at.snapshot.directory.permit(at.caller.actor, "read", "case", {});
    return problem_response(allowed ? Problem{} : allowed.error());
  }
  const auto row = cases::find_case(at.reader, {number_of(at.request.parameter("case")).value_or(0)});
  const bool seen = row && cases::is_visible(*row, reach);
  return photo_response(at.app, at.parts[0], seen ? Sight(at).fields(*row) : Json::object());
}

}  // namespace

Response photo_response(App& app, const std::string& hash, const Json& fields) {
  if (hash.size() != 64 || fields.dump().find('"' + hash + '"') == std::string::npos) {
    return problem_response({Problem::Kind::not_found, "photo-unknown", "hash", shortened(hash),
                             "a photo of the case that the parameter case names, which you may see",
                             "take the hash from the case's fields"});
  }
  const auto bytes = app.district().content().get(hash);
  if (!bytes) return unusable(bytes.error());
  const std::string_view type = photo_type(*bytes);
  Response response = Response::text(200, *bytes, std::string(type));
  response.headers.emplace_back("Content-Disposition", std::string("inline; filename=\"photo.") +
                                                           (type == "image/png" ? "png" : "jpg") + "\"");
  return response;
}

void add_report_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.sends("POST", "/api/v1/reports", "case.create", report)
      .leaves_out({"unit", "source", "external", "occurred", "due", "signal"})
      .answers(shape::object(
          {{"case", shape::integer()}, {"token", shape::text()}, {"position", shape::integer()}}))
      .creating();
  table.read("/api/v1/reports/{token}", "follow a report", follow)
      .answers(shape::object(
          {{"case", shape::integer()},
           {"type", shape::text()},
           {"state", shape::text()},
           {"open", shape::boolean()},
           {"class", shape::text()},
           {"created", shape::instant()},
           {"due", shape::nullable(shape::instant())},
           {"closed", shape::nullable(shape::instant())},
           {"description", shape::any()},
           {"result", shape::any()},
           {"merged?", shape::boolean()},
           {"responsible?", shape::title()},
           {"steps", shape::list(shape::object({{"position", shape::integer()},
                                                {"at", shape::instant()},
                                                {"state", shape::nullable(shape::text())}}))}}));
  table.act("POST", "/api/v1/photos", "store a JPEG or PNG without its metadata; answers its hash", upload)
      .takes_type("image/*")
      .creating()
      .also_for_parties()
      .slowly();
  table.read("/api/v1/photos/{hash}", "a photo of a case", photo)
      .parameters({Make("case", types::integer())})
      .gives_type("image/*");
}

}  // namespace qipan::face
