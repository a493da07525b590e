#include "face/app/case_json.hpp"

#include <algorithm>

#include "face/app/app.hpp"
#include "face/app/party.hpp"
#include "units/queries.hpp"

namespace qipan::face {

Json unit_json(const board::Directory& directory, UnitId id) {
  const board::Unit* unit = directory.unit(id);
  if (unit == nullptr) return {};
  return Json::object()
      .set("code", unit->code)
      .set("title_zh", unit->title_zh)
      .set("title_en", unit->title_en);
}

Json title_json(const pack::Title& title) {
  return Json::object().set("zh", title.zh).set("en", title.en);
}

namespace {

Json names_json(const std::vector<std::string>& names) {
  Json json = Json::array();
  for (const auto& name : names) json.push(name);
  return json;
}

}  // namespace

Json transition_json(const cases::CaseType& type, const cases::Transition& transition) {
  Json one = Json::object();
  one.set("name", transition.name)
      .set("title", title_json(transition.title))
      .set("from", names_json(transition.from))
      .set("to", transition.to);
  one.set("form", fields::form_schema(cases::transition_form(type, transition)))
      .set("comment_required", transition.comment_required);
  one.set("assigns", transition.assigns).set("extends", transition.extends).set("merges", transition.merges);
  one.set("sets_class", transition.classifies);
  if (!transition.guard.text().empty()) one.set("guard", title_json(transition.guard_title));
  return one;
}

Json case_type_json(const cases::CaseType& type) {
  Json json = Json::object();
  json.set("name", type.name)
      .set("title", title_json(type.title))
      .set("pack", type.pack)
      .set("version", type.pack_version)
      .set("initial", type.initial);
  json.set("create", fields::form_schema(cases::create_form(type)));
  json.set("anonymous",
           std::find(type.creators.begin(), type.creators.end(), "anonymous") != type.creators.end());
  json.set("fields", fields::field_schemas(type.fields));
  Json states = Json::array();
  for (const auto& state : type.states)
    states.push(Json::object()
                    .set("name", state.name)
                    .set("title", title_json(state.title))
                    .set("stage", state.stage)
                    .set("final", state.final)
                    .set("void", state.is_void));
  json.set("states", std::move(states));
  Json transitions = Json::array();
  for (const auto& transition : type.transitions) transitions.push(transition_json(type, transition));
  json.set("transitions", std::move(transitions));
  Json limits = Json::array();
  for (const auto& limit : type.limits)
    limits.push(
        Json::object().set("name", limit.name).set("title", title_json(limit.title)).set("main", limit.main));
  return json.set("limits", std::move(limits));
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
  const auto id = number_of(std::string_view(actor).substr(actor.find(':') + 1)).value_or(0);
  if (actor.starts_with("mandate:")) {
    if (const auto holder = units::holder_of_mandate(reader, id))
      json.set("title_zh", holder->title.zh)
          .set("title_en", holder->title.en)
          .set("party", party_json(reader, holder->party));
  }
  if (!actor.starts_with("person:")) return json;
  if (const auto title = units::title_of_person(reader, {id}))
    json.set("title_zh", title->zh).set("title_en", title->en);
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
