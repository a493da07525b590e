#include "face/app/party.hpp"

#include "board/subject.hpp"
#include "units/queries.hpp"

namespace qipan::face {

bool is_for_party(const fields::Field& field) {
  return field.sensitivity == fields::Sensitivity::open || field.sensitivity == fields::Sensitivity::party;
}

Json party_json(Database& reader, std::string_view subject) {
  return Json::object()
      .set("subject", subject)
      .set("title", registers::title_of_party(reader, subject).value_or(std::string(subject)));
}

Json party_fields(const cases::Catalogue& catalogue, const cases::CaseRow& row) {
  const log::FieldShares* shares = catalogue.shares_of(row.type);
  Json shown = Json::object();
  for (const auto& [name, value] : row.fields.members()) {
    if (shares != nullptr && (shares->everybody.contains(name) || shares->party.contains(name)))
      shown.set(name, value);
  }
  return shown;
}

std::string party_of_actor(Database& reader, std::string_view actor) {
  const board::Subject read = board::Subject::of(actor);
  if (read.kind != "mandate") return "";
  const auto holder = units::holder_of_mandate(reader, read.id());
  return holder ? holder->party : "";
}

Json list_parties(Database& reader, std::string_view text, std::int64_t limit) {
  Json items = Json::array();
  for (const registers::PartyRow& row : registers::find_parties(reader, text, limit))
    items.push(Json::object().set("subject", row.subject).set("title", row.title).set("key", row.key));
  return items;
}

Json own_entries(Database& reader, const registers::Register& declared, std::string_view party,
                 std::int64_t after, std::int64_t limit) {
  auto entries = registers::entries_of_party(reader, declared, party, after, limit + 1);
  Json items = Json::array();
  Json next;
  for (registers::Entry& entry : entries) {
    if (static_cast<std::int64_t>(items.items().size()) == limit) {
      next = items.items().back()["id"].number_text();
      break;
    }
    Json values = Json::object();
    for (const fields::Field& field : declared.fields) {
      const Json* value = entry.values.find(field.name);
      if (value != nullptr && is_for_party(field)) values.set(field.name, *value);
    }
    items.push(Json::object().set("id", entry.id).set("values", std::move(values)));
  }
  return Json::object().set("items", std::move(items)).set("next", std::move(next));
}

}  // namespace qipan::face
