#include "face/app/photo.hpp"

#include <algorithm>

#include "base/fault_log.hpp"
#include "cases/queries.hpp"
#include "face/app/entries.hpp"
#include "face/app/party.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"
#include "face/app/sight.hpp"
#include "fields/types/content.hpp"

namespace qipan::face {

namespace {

/// Under which an upload is remembered: who has the bytes may name them, whoever named them before.
std::string possession(const Caller& caller, std::string_view hash) {
  return "has:" + std::string(hash) + "@" + (caller.actor == "anonymous" ? caller.address : caller.actor);
}

/// A hash that others' cases and entries name opens nothing to who only knows it.
bool may_name(App& app, Database& reader, const Caller& caller, const std::string& hash) {
  if (app.limiter().remembers(possession(caller, hash))) return true;
  const auto in_cases = cases::cases_with_content(reader, hash);
  const auto in_entries = registers::entries_with_content(reader, hash);
  if (in_cases.empty() && in_entries.empty()) return true;
  const auto snapshot = app.snapshot(reader);
  const auto reach = snapshot->directory.reach(caller.actor, "read", "case");
  const Sight sight(*snapshot, caller.actor);
  const board::Mandate* mandate = snapshot->directory.mandate(caller.actor);
  const cases::Catalogue& catalogue = *snapshot->catalogue;
  const auto shown = [&](const cases::CaseRow& row) {
    if (mandate == nullptr) return cases::is_visible(row, reach) ? sight.fields(row) : Json();
    return cases::is_of_mandate(reader, row, *mandate) ? party_fields(catalogue, row) : Json();
  };
  return std::any_of(in_cases.begin(), in_cases.end(),
                     [&](CaseId id) {
                       const auto row = cases::find_case(reader, id);
                       return row && case_contents(catalogue, *row, shown(*row)).contains(hash);
                     }) ||
         std::any_of(in_entries.begin(), in_entries.end(), [&](const std::string& subject) {
           const board::Subject entry = board::Subject::of(subject);
           return entry_contents(reader, entry.kind, entry_values(*snapshot, reader, caller.actor, entry))
               .contains(hash);
         });
}

}  // namespace

Result<void> check_photos(const Commanding& at, const Json& values, const std::string& path) {
  const auto photos = fields::types::contents_in(values);
  if (photos.empty()) return {};
  auto loan = at.app.district().readers().borrow();
  // The same request again: its photos are named by its own case now, and the writer gives its answer.
  const board::Command again = command_of(at, "");
  if (board::key_is_known(*loan, again.actor, again.key)) return {};
  for (const auto& [name, hash] : photos) {
    if (at.app.content().touch(hash) && may_name(at.app, *loan, at.caller, hash)) continue;
    return invalid("photo-unknown", path + "/" + name, hash, "the hash of a photo that you uploaded",
                   "upload it first with POST /api/v1/photos");
  }
  return {};
}

namespace {

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

/// A photo belongs to the cases and entries whose fields have it now, and is for those who may see one of
/// these; the hash alone is no key. What a field had before is told in histories, by its hash alone.
Response photo(Reading& at) {
  const std::string_view entry = at.request.parameter("entry");
  if (!entry.empty()) {
    const board::Subject subject = board::Subject::of(entry);
    return photo_response(at.app, at.parts[0],
                          entry_contents(at.reader, subject.kind, entry_values(at, subject)));
  }
  const auto reach = at.snapshot.directory.reach(at.caller.actor, "read", "case");
  if (reach.empty()) {
    const auto allowed = at.snapshot.directory.permit(at.caller.actor, "read", "case", {});
    return problem_response(allowed ? Problem{} : allowed.error());
  }
  const auto row = cases::find_case(at.reader, {number_of(at.request.parameter("case")).value_or(0)});
  const bool seen = row && cases::is_visible(*row, reach);
  return photo_response(
      at.app, at.parts[0],
      seen ? case_contents(*at.snapshot.catalogue, *row, Sight(at).fields(*row)) : Contents());
}

}  // namespace

Contents case_contents(const cases::Catalogue& catalogue, const cases::CaseRow& row, const Json& shown) {
  const cases::CaseType* type = catalogue.in_set(row.type, row.set);
  return type == nullptr ? Contents() : fields::types::contents_of(type->fields, shown);
}

Contents entry_contents(Database& reader, std::string_view register_name, const Json& shown) {
  const auto declared = registers::find_register(reader, register_name);
  return declared ? fields::types::contents_of(declared->fields, shown) : Contents();
}

Response photo_response(App& app, const std::string& hash, const Contents& shown) {
  if (!shown.contains(hash)) {
    return problem_response({Problem::Kind::not_found, "photo-unknown", "hash", shortened(hash),
                             "a photo of what the parameter case or entry names, which you may see",
                             "take the hash from its fields"});
  }
  const auto bytes = app.district().content().get(hash);
  if (!bytes) return unusable(bytes.error());
  const std::string_view type = photo_type(*bytes);
  Response response = Response::text(200, *bytes, std::string(type));
  response.headers.emplace_back("Content-Disposition", std::string("inline; filename=\"photo.") +
                                                           (type == "image/png" ? "png" : "jpg") + "\"");
  return response;
}

void add_photo_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.act("POST", "/api/v1/photos", "store a JPEG or PNG without its metadata; answers its hash", upload)
      .takes_type("image/*")
      .answers(shape::object({{"hash", shape::text()}, {"type", shape::text()}, {"bytes", shape::integer()}}))
      .creating()
      .also_for_parties()
      .slowly();
  table.read("/api/v1/photos/{hash}", "a photo of a case, or of an entry as its subject says it", photo)
      .parameters({Make("case", types::integer()), Make("entry", types::text())})
      .gives_type("image/*");
}

}  // namespace qipan::face
