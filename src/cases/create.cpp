#include <algorithm>

#include "board/directory.hpp"
#include "board/references.hpp"
#include "board/serials.hpp"
#include "cases/steps.hpp"
#include "fields/conditions.hpp"

namespace qipan::cases {

using board::Decision;

namespace {

/// How far ahead of the board's clock something may have happened, by another's clock.
constexpr Instant occurred_ahead_max = microseconds_per_day;

Result<void> may_create(const Decision& decision, const CaseType& type, UnitId unit,
                        const board::Directory& directory) {
  const board::Mandate* mandate = directory.mandate(decision.actor());
  for (const auto& role : type.creators) {
    // What everybody may do, a key may only with a role of its own: one of a device opens no reports. Nor is
    // what somebody does as everybody their organisation's.
    const bool acts_for_other =
        decision.actor().starts_with("token:") || decision.actor().starts_with("mandate:");
    if (role == anonymous_role && !acts_for_other) return {};
  }
  if (directory.holds_role(decision.actor(), type.creators, unit)) return {};
  if (mandate != nullptr && mandate->covers(type.name) && opens_to_party(type.creators)) return {};
  return refuse({Problem::Kind::forbidden, "not-permitted", "type", type.name,
                 "a role that may open such a case here", "ask your unit's administrator"});
}

/// Where a case comes from; an external id is accepted once for each source.
Result<void> read_source(Decision& decision, CaseRow& row) {
  const bool acts_for_party = decision.directory().mandate(decision.actor()) != nullptr;
  row.source = decision.body().text_or("source", decision.actor() == "anonymous" ? "resident" : "worker");
  if (acts_for_party && decision.body().has("source") && row.source != party_role)
    return refuse({Problem::Kind::forbidden, "source-other", "source", shortened(row.source),
                   "what comes from an organisation, party", "leave it out"});
  if (acts_for_party) row.source = party_role;
  row.external = decision.body().text_or("external", "");
  if (row.external.empty()) return {};
  auto statement =
      decision.database().prepare("SELECT id FROM case_cases WHERE source=? AND external=? AND external<>''");
  statement.bind(row.source).bind(row.external);
  if (statement.step()) {
    return refuse({Problem::Kind::conflict, "external-known", "external", row.external,
                   "an id that this source has not sent before",
                   "it is case " + std::to_string(statement.integer(0))});
  }
  return {};
}

Result<std::optional<Instant>> read_asserted_due(const Decision& decision) {
  const Json& due = decision.body()["due"];
  if (due.is_null()) return std::optional<Instant>();
  const bool trusted = decision.actor() == "operator" || decision.actor().starts_with("import:");
  if (!trusted) {
    return invalid("due-asserted", "due", due.dump(),
                   "no due time, or one that an import asserts in microseconds");
  }
  return std::optional<Instant>(due.integer());
}

}  // namespace

Result<void> read_place(Decision& decision, Lookups& lookups, CaseRow& row) {
  const Json& body = decision.body();
  const board::Directory& directory = decision.directory();
  row.unit = directory.root();
  row.place = body.text_or("place", "");
  if (body.has("x") || body.has("y")) {
    if (!body["x"].is_integer() || !body["y"].is_integer()) {
      return invalid("place-unreadable", "x, y", body["x"].dump() + ", " + body["y"].dump(),
                     "both, in whole 1e-7 degrees");
    }
    QIPAN_TRY(point, geo::make_point(body["x"].integer(), body["y"].integer()));
    row.x = point.x;
    row.y = point.y;
    row.grid = lookups.grid_at(decision.database(), point);
    if (row.grid) row.unit = row.grid;
  }
  if (body.has("unit")) {
    const board::Unit* unit = directory.unit_by_code(body.text_or("unit", ""));
    if (unit == nullptr || unit->retired)
      return invalid("unit-unknown", "unit", body.text_or("unit", ""),
                     "the code of a unit that is not retired");
    if (!row.grid) row.unit = unit->id;
  }
  return {};
}

Result<void> read_class(Decision& decision, const std::string& type, CaseRow& row) {
  row.case_class = decision.body().text_or("class", "");
  if (row.case_class.empty()) return {};
  auto statement = decision.database().prepare("SELECT retired FROM case_classes WHERE type=? AND code=?");
  statement.bind(type).bind(row.case_class);
  if (!statement.step() || statement.integer(0) != 0)
    return invalid("class-unknown", "class", row.case_class, "the code of a class of " + type);
  return {};
}

void tell_party(const CaseType& type, const Json& said, Json& fact) {
  const Field* party = fields::party_field(type.fields);
  if (party != nullptr && said.has(party->name)) fact.set("party", said[party->name]);
}

Json fact_of(const CaseRow& row, const CaseType& type) {
  Json fact = Json::object();
  fact.set("type", type.name).set("set", row.set).set("state", row.state);
  fact.set("open", row.open);
  if (!row.case_class.empty()) fact.set("class", row.case_class);
  if (row.x) fact.set("x", *row.x).set("y", *row.y);
  if (!row.place.empty()) fact.set("place", row.place);
  if (row.grid) fact.set("grid", row.grid.value);
  fact.set("unit", row.unit.value);
  if (row.responsible) fact.set("responsible", row.responsible.value);
  fact.set("source", row.source);
  if (!row.external.empty()) fact.set("external", row.external);
  if (!row.fields.members().empty()) fact.set("fields", row.fields);
  tell_party(type, row.fields, fact);
  return fact;
}

namespace {

/// Whoever acts for an organisation names that one, said or not.
Result<Json> fields_said(Decision& decision, const fields::Form& form) {
  const Json& said = decision.body()["fields"];
  const board::Mandate* mandate = decision.directory().mandate(decision.actor());
  const auto names_party = [](const fields::Asked& asked) { return asked.field->party; };
  const auto asked = std::find_if(form.begin(), form.end(), names_party);
  if (mandate == nullptr || asked == form.end() || (!said.is_null() && !said.is_object())) return said;
  const std::string& name = asked->field->name;
  if (said.has(name) && said[name] != Json(mandate->party))
    return refuse({Problem::Kind::forbidden, "party-other", "fields/" + name, "",
                   "the organisation that you act for", "leave it out"});
  Json whole = said.is_object() ? said : Json::object();
  return whole.set(name, mandate->party);
}

}  // namespace

Result<Json> read_case_fields(Decision& decision, const CaseType& type, const fields::Form& form,
                              const CaseRow& before, fields::Moment moment) {
  QIPAN_CHECK(board::check_sealed(type.fields, decision.body()["fields"], "fields", decision.command()));
  QIPAN_TRY(said, fields_said(decision, form));
  QIPAN_TRY(given, fields::read_values(form, said, "fields", fields::Absent::refused));
  QIPAN_TRY(read, fields::hold_conditions(
                      type.fields, form, before.fields, std::move(given), "fields", moment, decision.at(),
                      [&](std::string_view subject) { return decision.referred(subject); }));
  QIPAN_CHECK(board::check_references(decision.database(), form, read, "fields"));
  if (read.members().empty()) return read;
  // A case is read whole, so it never becomes larger than what can be.
  Json whole = before.fields;
  for (const auto& [name, value] : read.members()) whole.set(name, value);
  if (!is_within(whole, fields_limits) || whole.dump().size() > fields_limits.bytes_max) {
    return invalid("fields-too-large", "fields", "", "less in all fields of the case together",
                   "draw areas with fewer points, or shorten texts and tables");
  }
  return read;
}

UnitId Lookups::grid_at(Database& database, geo::Point point) {
  if (!grids) {
    std::vector<geo::PolygonIndex::Entry> entries;
    auto statement = database.prepare(
        "SELECT g.unit, g.rings FROM unit_geometries g JOIN unit_units u ON u.id=g.unit "
        "WHERE u.kind='grid' AND u.retired=0 ORDER BY g.unit");
    while (statement.step()) {
      const auto rings = parse_json(statement.text(1));
      if (auto polygon = geo::polygon_from_json(rings.value_or(Json())))
        entries.push_back({statement.integer(0), std::move(*polygon)});
    }
    grids.emplace(std::move(entries));
  }
  return {grids->find(point)};
}

namespace {

Result<void> check_occurred(const Decision& decision) {
  const auto& occurred = decision.command().occurred;
  if (!occurred || (*occurred >= instant_told_min && *occurred <= decision.at() + occurred_ahead_max))
    return {};
  return invalid("occurred-range", "occurred", format_instant(*occurred),
                 "a time from 1900 to a day after " + format_instant(decision.at()), "mend the year");
}

}  // namespace

Result<void> decide_create(Decision& decision, Lookups& lookups) {
  QIPAN_CHECK(check_occurred(decision));
  const Json& body = decision.body();
  const CaseType* type = lookups.catalogue->newest(body.text_or("type", ""));
  if (type == nullptr)
    return invalid("case-type-unknown", "type", body.text_or("type", ""), "a case type of an installed pack",
                   "see GET /api/v1/case-types");
  QIPAN_TRY(again, signalled_again(decision));
  if (again) return {};
  CaseRow row;
  QIPAN_CHECK(read_place(decision, lookups, row));
  QIPAN_CHECK(may_create(decision, *type, row.unit, decision.directory()));
  QIPAN_CHECK(read_class(decision, type->name, row));
  QIPAN_CHECK(read_source(decision, row));
  QIPAN_TRY(asserted_due, read_asserted_due(decision));
  QIPAN_TRY(fields, read_case_fields(decision, *type, create_form(*type), row, fields::Moment::beginning));
  row.fields = std::move(fields);
  row.set = lookups.catalogue->set();
  row.state = type->initial;
  row.open = !type->state(type->initial)->final;
  row.created = decision.at();

  Dispatched dispatched;
  if (type->dispatch_on_create) {
    QIPAN_TRY(made, dispatch(*type, row, decision.directory()));
    dispatched = std::move(made);
    row.responsible = dispatched.responsible;
  }
  Clocks clocks;
  const std::string calendar = decision.directory().calendar_of(row.responsible ? row.responsible : row.unit);
  QIPAN_CHECK(move_clocks(clocks, *type, row.state, decision.at(), dispatched.standard, asserted_due,
                          calendar, lookups.calendars));
  Json serials =
      board::give_serials(decision.database(), type->name, type->fields, decision.at(), row.fields);
  Json fact = fact_of(row, *type);
  if (!serials.is_null()) fact.set("serials", std::move(serials));
  if (!dispatched.explanation.members().empty()) fact.set("decisions", std::move(dispatched.explanation));
  if (body["signal"].is_text()) fact.set("signal", body["signal"]);
  const board::Mandate* mandate = decision.directory().mandate(decision.actor());
  if (mandate != nullptr) fact.set("party", mandate->party);
  clocks.write_to(fact);
  const std::int64_t id = decision.database().integer("SELECT coalesce(max(id),0)+1 FROM case_cases", 1);
  decision.record("case.created", board::subject_of(type->name, id), std::move(fact));
  decision.answer(Json::object().set("case", id));
  return {};
}

Result<void> decide_define_class(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "class", {}));
  const Json& body = decision.body();
  auto statement = decision.database().prepare("SELECT 1 FROM case_classes WHERE type=? AND code=?");
  statement.bind(body["type"].text()).bind(body["code"].text());
  if (statement.step())
    return refuse({Problem::Kind::conflict, "class-known", "code", body["code"].text(),
                   "a code that is not taken", ""});
  Json fact = Json::object();
  fact.set("type", body["type"]).set("code", body["code"]).set("parent", body.text_or("parent", ""));
  fact.set("title_zh", body["title_zh"])
      .set("title_en", body["title_en"])
      .set("origin", body.text_or("origin", ""));
  decision.record("case.class_defined", "class:" + body["code"].text(), std::move(fact));
  return {};
}

}  // namespace qipan::cases
