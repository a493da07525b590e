#include "face/app/case_json.hpp"

#include "face/app/app.hpp"

namespace qipan::face {

Json unit_json(const board::Directory& directory, UnitId id) {
  const board::Unit* unit = directory.unit(id);
  if (unit == nullptr) return {};
  return Json::object()
      .set("code", unit->code)
      .set("title_zh", unit->title_zh)
      .set("title_en", unit->title_en);
}

Json instant_json(const std::optional<Instant>& instant) {
  return instant ? Json(format_instant(*instant)) : Json();
}

Json row_json(const cases::CaseRow& row, const board::Directory& directory, const Sight& sight) {
  static constexpr const char* lamps[] = {"green", "yellow", "red", "severe"};
  Json json = Json::object();
  json.set("id", row.id.value)
      .set("type", row.type)
      .set("state", row.state)
      .set("open", row.open)
      .set("class", row.case_class);
  json.set("place", row.place)
      .set("x", row.x ? Json(*row.x) : Json())
      .set("y", row.y ? Json(*row.y) : Json());
  json.set("unit", unit_json(directory, row.unit)).set("responsible", unit_json(directory, row.responsible));
  json.set("source", row.source)
      .set("created", format_instant(row.created))
      .set("closed", instant_json(row.closed))
      .set("due", instant_json(row.due));
  json.set("lamp", lamps[row.lamp]).set("late", row.late).set("rework", row.rework);
  if (row.parent) json.set("parent", row.parent.value);
  if (!row.external.empty()) json.set("external", row.external);
  return json.set("fields", sight.fields(row));
}

Json actor_json(Database& reader, const std::string& actor) {
  Json json = Json::object();
  json.set("id", actor);
  if (!actor.starts_with("person:")) return json;
  auto statement = reader.prepare("SELECT title_zh, title_en FROM unit_people WHERE id=?");
  statement.bind(number_of(std::string_view(actor).substr(7)).value_or(0));
  if (statement.step()) json.set("title_zh", statement.text(0)).set("title_en", statement.text(1));
  return json;
}

Json fact_json(Database& reader, const log::Log::Found& found, Json body) {
  Json json = Json::object();
  json.set("position", found.header.position)
      .set("at", format_instant(found.command.at))
      .set("actor", actor_json(reader, found.command.actor));
  Json rest = Json::object();
  for (auto& [name, value] : body.take_members()) {
    if (name != "acting_for") {
      rest.set(name, std::move(value));
      continue;
    }
    Json people = Json::array();
    for (const Json& person : value.items()) people.push(actor_json(reader, person.text()));
    json.set("acting_for", std::move(people));
  }
  return json.set("kind", found.fact.kind).set("body", std::move(rest));
}

}  // namespace qipan::face
