#include "face/app/personal.hpp"

#include <algorithm>

#include "cases/queries.hpp"
#include "face/app/app.hpp"
#include "fields/type.hpp"

namespace qipan::face {

namespace {

bool is_none(const Json& value) {
  return value.is_null() || (value.is_text() && value.text().empty());
}

}  // namespace

Result<void> take_personal(board::Command& command, const std::string& member,
                           const PersonalFields& personal) {
  Json& body = command.body;
  if (!body[member].is_object()) return {};
  Json values = Json::object();
  for (const auto& [name, value] : body[member].members()) {
    const auto known = personal(name);
    // None at all is the engine's to read: a change takes away what stands there, a step says nothing.
    if (known.empty() || is_none(value)) {
      values.set(name, known.empty() ? value : Json());
      continue;
    }
    const std::string path = member + "/" + name;
    Result<Json> read = fields::unfit(*known.front(), value, path, "a text");
    for (const fields::Field* field : known) {
      if (read = field->type->read(*field, value, path); read) break;
    }
    if (!read) return refuse(std::move(read).error());
    command.personal.push_back({path, read->text()});
  }
  body.set(member, std::move(values));
  return {};
}

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

Result<void> take_case_personal(App& app, board::Command& command) {
  const Json& given = command.body["fields"];
  if (!given.is_object() || given.members().empty()) return {};
  auto loan = app.district().readers().borrow();
  const auto snapshot = app.snapshot(*loan);
  // Most bodies name none, and need not ask which case they mean.
  const auto& names = snapshot->catalogue->personal_names();
  if (std::none_of(given.members().begin(), given.members().end(),
                   [&](const auto& member) { return names.contains(member.key); }))
    return {};
  const auto types = types_meant(*loan, *snapshot->catalogue, command.body);
  return take_personal(command, "fields",
                       [&](std::string_view name) { return personal_fields(types, name); });
}

}  // namespace qipan::face
