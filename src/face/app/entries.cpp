#include "face/app/entries.hpp"

#include "face/app/app.hpp"
#include "face/app/routes.hpp"
#include "face/app/sight.hpp"

namespace qipan::face {

board::Scope sees_sensitive(const Snapshot& snapshot, std::string_view actor,
                            const registers::Register& declared) {
  return snapshot.directory.scope(actor, "read_sensitive", board::resource_of("register", declared.name));
}

Json shown_values(const registers::Register& declared, Json values, bool sees_sensitive) {
  std::set<std::string, std::less<>> hidden;
  for (const fields::Field& field : declared.fields) {
    if (!sees_sensitive && field.sensitivity == fields::Sensitivity::sensitive) hidden.insert(field.name);
  }
  return masked_values(std::move(values), hidden);
}

Json entry_values(const Snapshot& snapshot, Database& reader, std::string_view actor,
                  const board::Subject& subject) {
  const auto declared = registers::find_register(reader, subject.kind);
  auto entry = declared ? registers::find_entry(reader, *declared, subject.id()) : std::nullopt;
  if (!entry) return Json::object();
  const auto scope = snapshot.directory.scope(actor, "read", board::resource_of("register", declared->name));
  if (!scope.has(entry->unit)) return Json::object();
  return shown_values(*declared, std::move(entry->values),
                      sees_sensitive(snapshot, actor, *declared).has(entry->unit));
}

Json entry_values(const Reading& at, const board::Subject& subject) {
  return entry_values(at.snapshot, at.reader, at.caller.actor, subject);
}

}  // namespace qipan::face
