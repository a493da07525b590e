#include "board/difference.hpp"
#include "board/directory.hpp"
#include "calendar/calendar.hpp"
#include "geo/polygons.hpp"
#include "units/steps.hpp"

// Units and the calendars that they work by.

namespace qipan::units {

using board::Decision;

tl::unexpected<Problem> missing(std::string field, std::string_view value, std::string rule) {
  return refuse({Problem::Kind::not_found, "not-known", std::move(field), shortened(value), std::move(rule),
                 "look it up in the list"});
}

Result<board::Unit> unit_named(Decision& decision, std::string_view field) {
  const std::string code = decision.body().text_or(field, "");
  const board::Unit* unit = decision.directory().unit_by_code(code);
  if (unit == nullptr) return missing(std::string(field), code, "the code of a unit");
  return *unit;
}

namespace {

/// Of a body's calendar, where it names one.
Result<void> calendar_is_known(Decision& decision) {
  const std::string name = decision.body().text_or("calendar", "");
  auto statement = decision.database().prepare("SELECT 1 FROM unit_calendars WHERE name=?");
  statement.bind(name);
  if (name.empty() || statement.step()) return {};
  return missing("calendar", name, "the name of a calendar that is installed");
}

}  // namespace

Result<void> create_unit(Decision& decision) {
  const Json& body = decision.body();
  QIPAN_CHECK(calendar_is_known(decision));
  std::string kind = body.text_or("kind", "");
  // A pack of its own that is seeded beside a district that has a root already comes below it.
  const bool below = body["below_root"] == Json(true) && kind == "district" && decision.directory().root();
  if (below) kind = "department";
  if (decision.directory().unit_by_code(body["code"].text()) != nullptr) {
    return refuse({Problem::Kind::conflict, "unit-known", "code", body["code"].text(),
                   "a code that is not taken", "use unit.change"});
  }
  UnitId parent;
  if (below) {
    parent = decision.directory().root();
  } else if (kind != "district") {
    QIPAN_TRY(above, unit_named(decision, "parent"));
    if (above.retired)
      return refuse(
          {Problem::Kind::conflict, "unit-retired", "parent", above.code, "a unit that is not retired", ""});
    parent = above.id;
  } else if (decision.directory().root()) {
    return refuse({Problem::Kind::conflict, "district-known", "kind", kind, "one district for a board",
                   "start another board"});
  }
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "unit", parent));
  const std::int64_t id = decision.database().integer("SELECT coalesce(max(id),0)+1 FROM unit_units", 1);
  Json fact = Json::object();
  fact.set("code", body["code"])
      .set("kind", kind)
      .set("title_zh", body["title_zh"])
      .set("title_en", body["title_en"]);
  fact.set("parent", parent.value).set("calendar", body.text_or("calendar", ""));
  if (body.has("geometry")) {
    QIPAN_TRY(polygon, geo::polygon_from_json(body["geometry"]));
    fact.set("geometry", geo::polygon_to_json(polygon));
  }
  decision.record("unit.created", board::subject_of("unit", id), std::move(fact));
  decision.answer(Json::object().set("unit", id));
  return {};
}

Result<void> change_unit(Decision& decision) {
  QIPAN_TRY(unit, unit_named(decision, "code"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "unit", unit.id));
  Json wanted = Json::object();
  for (const std::string_view field : {"title_zh", "title_en", "calendar"}) {
    const Json* value = decision.body().find(field);
    if (value == nullptr) continue;
    if (value->is_null() && field != "calendar")
      return invalid("field-required", std::string(field), "", "a name", "a unit is always called something");
    wanted.set(field, value->is_null() ? Json("") : *value);
  }
  if (wanted.members().empty()) return invalid("nothing-to-change", "", "", "title_zh, title_en or calendar");
  QIPAN_CHECK(calendar_is_known(decision));
  board::Difference changed;
  changed.add_all(Json::object()
                      .set("title_zh", unit.title_zh)
                      .set("title_en", unit.title_en)
                      .set("calendar", unit.calendar),
                  wanted);
  if (changed.empty()) {
    return refuse({Problem::Kind::conflict, "nothing-changes", "code", unit.code,
                   "a name or calendar that is another than before", "the unit is called so already"});
  }
  decision.record("unit.changed", board::subject_of("unit", unit.id.value),
                  Json::object().set("was", std::move(changed.was)).set("now", std::move(changed.now)));
  return {};
}

Result<void> retire_unit(Decision& decision) {
  QIPAN_TRY(unit, unit_named(decision, "code"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "unit", unit.parent));
  if (unit.retired)
    return refuse(
        {Problem::Kind::conflict, "unit-retired", "code", unit.code, "a unit that is not retired", ""});
  if (!unit.parent)
    return refuse({Problem::Kind::conflict, "unit-root", "code", unit.code, "a unit below the district", ""});
  decision.record("unit.retired", board::subject_of("unit", unit.id.value),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

Result<void> install_calendar(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "calendar", {}));
  QIPAN_TRY(calendar, calendar::Calendar::from_json(decision.body()["calendar"]));
  auto statement = decision.database().prepare("SELECT max(version) FROM unit_calendars WHERE name=?");
  statement.bind(calendar.name());
  const std::int64_t now = statement.step() ? statement.integer(0) : 0;
  if (calendar.version() <= now) {
    return refuse({Problem::Kind::conflict, "calendar-version", "version", std::to_string(calendar.version()),
                   "a version over " + std::to_string(now), "raise the version"});
  }
  Json fact = calendar.to_json();
  fact.set("source", decision.body()["source"]);
  decision.record("unit.calendar_installed", "calendar:" + calendar.name(), std::move(fact));
  return {};
}

}  // namespace qipan::units
