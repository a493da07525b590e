#include "face/app/photo.hpp"

#include <algorithm>
#include <fstream>

#include "base/fault_log.hpp"
#include "cases/queries.hpp"
#include "face/app/entries.hpp"
#include "face/app/file_type.hpp"
#include "face/app/party.hpp"
#include "face/app/routes.hpp"
#include "face/app/scanner.hpp"
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

/// Among files, which have names; photos are their hashes alone.
bool is_named_as_file(const Json& value, const std::string& hash) {
  const auto& items = value.items();
  return std::none_of(items.begin(), items.end(), [&](const Json& item) { return item == Json(hash); });
}

/// By how it begins: uploads were read whole.
bool is_picture(App& app, const std::string& hash) {
  std::ifstream file(app.content().path_of(hash), std::ios::binary);
  Bytes head(1'024, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  const auto type = file_type(head);
  return type && type->media_type.starts_with("image/");
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
    const bool there = at.app.content().touch(hash) && may_name(at.app, *loan, at.caller, hash);
    if (there && (is_named_as_file(values[name], hash) || is_picture(at.app, hash))) continue;
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

/// What is kept of an upload, and as what.
struct Upload {
  std::string media_type;
  Bytes bytes;
};

Result<Upload> read_photo(const Request& request) {
  QIPAN_TRY(photo, clean_photo(request.body));
  return Upload{photo.media_type, std::move(photo.bytes)};
}

/// Pictures go without their metadata here too.
Result<Upload> read_file(const Request& request) {
  if (request.body.empty() || request.body.size() > file_bytes_max)
    return refuse({Problem::Kind::too_large, "file-size", "body", std::to_string(request.body.size()),
                   "1 byte to 8 MB", "send a smaller file"});
  QIPAN_TRY(type, file_type(request.body));
  if (type.media_type.starts_with("image/")) return read_photo(request);
  return Upload{type.media_type, request.body};
}

template <Result<Upload> (*read)(const Request&)>
void upload(Commanding& at) {
  const bool anonymous = at.caller.actor == "anonymous";
  const auto taken = at.app.limiter().take("photo:" + (anonymous ? at.caller.address : at.caller.actor),
                                           anonymous ? at.app.options().anonymous : at.app.options().uploads);
  if (!taken) return at.respond(problem_response(taken.error()));
  const auto kept = read(at.request);
  if (!kept) return at.respond(problem_response(kept.error()));
  if (const std::string& scanner = at.app.options().scanner; !scanner.empty()) {
    if (const auto clean = scan(scanner, at.request.body); !clean)
      return at.respond(problem_response(clean.error()));
  }
  const auto hash = at.app.district().content().put(kept->bytes);
  if (!hash) return at.respond(unusable(hash.error()));
  at.app.limiter().remember(possession(at.caller, *hash));
  at.respond(json_response(Json::object()
                               .set("hash", *hash)
                               .set("type", kept->media_type)
                               .set("bytes", static_cast<std::int64_t>(kept->bytes.size())),
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
  const auto type = file_type(*bytes);
  const bool picture = type && type->media_type.starts_with("image/");
  Response response = Response::text(200, *bytes, type ? type->media_type : "application/octet-stream");
  // A browser opens nothing but pictures by itself.
  response.headers.emplace_back("Content-Disposition",
                                picture ? "inline; filename=\"photo." + std::string(type->ending) + "\""
                                        : "attachment; filename=\"" + hash.substr(0, 12) + "." +
                                              std::string(type ? type->ending : "bin") + "\"");
  return response;
}

void add_photo_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  const Json stored =
      shape::object({{"hash", shape::text()}, {"type", shape::text()}, {"bytes", shape::integer()}});
  table
      .act("POST", "/api/v1/photos", "store a JPEG or PNG without its metadata; answers its hash",
           upload<read_photo>)
      .takes_type("image/*")
      .answers(stored)
      .creating()
      .also_for_parties()
      .slowly()
      .waiting_outside();
  table
      .act("POST", "/api/v1/files", "store a file by what its bytes are, 8 MB at most; answers its hash",
           upload<read_file>)
      .takes_type("application/octet-stream")
      .answers(stored)
      .creating()
      .also_for_parties()
      .slowly()
      .waiting_outside();
  const std::vector<fields::Field> of = {Make("case", types::integer()), Make("entry", types::text())};
  table.read("/api/v1/photos/{hash}", "a photo of a case, or of an entry as its subject says it", photo)
      .parameters(of)
      .gives_type("image/*");
  table.read("/api/v1/files/{hash}", "a file of a case or an entry, to be saved", photo)
      .parameters(of)
      .gives_type("*/*");
}

}  // namespace qipan::face
