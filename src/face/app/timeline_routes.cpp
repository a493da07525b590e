#include "face/app/case_json.hpp"
#include "face/app/collections.hpp"
#include "face/app/parameters.hpp"
#include "face/app/shapes.hpp"
#include "face/app/sight.hpp"
#include "fields/conditions.hpp"
#include "query/column.hpp"
#include "registers/queries.hpp"
#include "registers/timelines.hpp"

// Entries in both times: what held on a day, by what was known at a moment.

namespace qipan::face {

namespace {

struct Told {
  registers::Register declared;
  registers::Timelines timelines;
  bool sees;
  Instant known;
};

/// Of the entry that the path names, as far as its reader may see it.
Result<Told> told(Reading& at) {
  auto declared = registers::find_register(at.reader, at.parts[0]);
  if (!declared)
    return refuse({Problem::Kind::not_found, "register-unknown", "register", shortened(at.parts[0]),
                   "a register of an installed pack", "see GET /api/v1/registers"});
  QIPAN_TRY(one, found(at));
  QIPAN_TRY(known, instant_parameter(at, "known", at.app.district().clock().now()));
  const auto share = one.row.sees ? log::Audience::sensitive : log::Audience::internal;
  // What newer programs wrote and this one cannot read is null.
  std::ignore = fields::compile_conditions(declared->fields);
  auto timelines =
      registers::timelines_of(at.reader, board::subject_of(one.row.kind, one.row.id), known,
                              [&](const log::FactRecord& fact) { return fact_body(at, fact, share); });
  return Told{*declared, std::move(timelines), one.row.sees, known};
}

Json stretch_json(const registers::Stretch& stretch) {
  Json json = Json::object();
  if (stretch.from != registers::day_min) json.set("from", format_day(stretch.from));
  json.set("position", stretch.position)
      .set("recorded", format_instant(stretch.recorded))
      .set("planned", stretch.planned);
  if (!stretch.reason.empty()) json.set("reason", stretch.reason);
  return json;
}

Json place_at(const registers::Timelines& timelines, Day day) {
  const auto value = [&](std::string_view name) {
    const registers::Stretch* stretch = timelines.at(name, day);
    return stretch == nullptr ? Json() : stretch->value;
  };
  if (Json rings = value("geometry"); rings.is_array()) return query::geojson_of(query::Stored::rings, rings);
  Json x = value("x");
  Json y = value("y");
  if (!x.is_integer() || !y.is_integer()) return {};
  return query::geojson_of(query::Stored::place, Json(Json::Array{std::move(x), std::move(y)}));
}

Response as_of(Reading& at) {
  const auto entry = told(at);
  if (!entry) return problem_response(entry.error());
  const std::string_view said = at.request.parameter("valid");
  const auto day = said.empty() ? Result<Day>(china_day_of(entry->known)) : parse_day(said);
  if (!day) return problem_response(day.error());
  const registers::Timelines& timelines = entry->timelines;
  Json held = Json::object();
  Json values = Json::object();
  Json sources = Json::object();
  for (const fields::Field& field : entry->declared.fields) {
    if (field.sensitivity == fields::Sensitivity::sensitive && !entry->sees) {
      values.set(field.name, Json::object().set("masked", true));
      continue;
    }
    const registers::Stretch* stretch = field.is_computed() ? nullptr : timelines.at(field.name, *day);
    if (stretch == nullptr) continue;
    if (!stretch->value.is_null()) held.set(field.name, stretch->value);
    sources.set(field.name, stretch_json(*stretch));
  }
  // What is computed is of what held that day.
  held = fields::computed_from(entry->declared.fields, std::move(held));
  for (const auto& [name, value] : held.members())
    if (!value.is_null() && !values.has(name)) values.set(name, masked(value, {}));
  Json answer = Json::object()
                    .set("known", format_instant(entry->known))
                    .set("valid", format_day(*day))
                    .set("added", timelines.added.has_value())
                    .set("retired", timelines.retired && china_day_of(*timelines.retired) <= *day)
                    .set("values", std::move(values))
                    .set("sources", std::move(sources));
  if (Json place = place_at(timelines, *day); !place.is_null()) answer.set("geometry", std::move(place));
  return json_response(answer);
}

Response timeline(Reading& at) {
  const auto entry = told(at);
  if (!entry) return problem_response(entry.error());
  Json items = Json::array();
  for (const fields::Field& field : entry->declared.fields) {
    const auto line = entry->timelines.lines.find(field.name);
    if (field.is_computed() || line == entry->timelines.lines.end()) continue;
    Json stretches = Json::array();
    for (const registers::Stretch& stretch : line->second)
      stretches.push(stretch_json(stretch).set("value", masked(stretch.value, {})));
    items.push(Json::object()
                   .set("field", field.name)
                   .set("title", title_json(field.title))
                   .set("stretches", std::move(stretches)));
  }
  return json_response(
      Json::object().set("known", format_instant(entry->known)).set("items", std::move(items)));
}

Json stretch_shape(std::initializer_list<std::pair<std::string_view, Json>> more) {
  return shape::with(shape::object({{"from?", shape::text()},
                                    {"position", shape::integer()},
                                    {"recorded", shape::instant()},
                                    {"planned", shape::boolean()},
                                    {"reason?", shape::text()}}),
                     more);
}

}  // namespace

void add_timeline_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  const Make known = Make("known", types::instant()).means("by what was recorded until then; now without");
  table
      .read("/api/v1/registers/{register}/entries/{id}/as-of",
            "an entry as it was on a day, by what was known at a moment", as_of)
      .answers(shape::object({{"known", shape::instant()},
                              {"valid", shape::text()},
                              {"added", shape::boolean()},
                              {"retired", shape::boolean()},
                              {"values", shape::map(shape::any())},
                              {"sources", shape::map(stretch_shape({}))},
                              {"geometry?", shape::any()}}))
      .parameters({known, Make("valid", types::date()).means("the day; that of `known` without")});
  table
      .read("/api/v1/registers/{register}/entries/{id}/timeline",
            "what each field said from which day on, what is to come too", timeline)
      .answers(shape::with(
          shape::items(shape::object({{"field", shape::text()},
                                      {"title", shape::title()},
                                      {"stretches", shape::list(stretch_shape({{"value", shape::any()}}))}})),
          {{"known", shape::instant()}}))
      .parameters({known});
}

}  // namespace qipan::face
