#include <algorithm>

#include "base/assert.hpp"
#include "board/difference.hpp"
#include "board/directory.hpp"
#include "board/references.hpp"
#include "board/serials.hpp"
#include "fields/column.hpp"
#include "fields/conditions.hpp"
#include "geo/polygons.hpp"
#include "registers/steps.hpp"

namespace qipan::registers {

using board::Decision;

namespace {

/// The entry that a body names, for who may do this with it; whether there is one is told to nobody else.
Result<Entry> entry_for(Decision& decision, const Register& declared, std::string_view action) {
  const std::string resource = board::resource_of("register", declared.name);
  const auto scope = decision.directory().scope(decision.actor(), action, resource);
  const std::int64_t id = decision.body().integer_or("id", 0);
  auto entry = find_entry(decision.database(), declared, id);
  if (!entry || !scope.has(entry->unit)) {
    return refuse({Problem::Kind::not_found, "entry-unknown", "id", std::to_string(id),
                   "the number of an entry of " + declared.name + " with which you may do this",
                   "look it up in the list"});
  }
  QIPAN_CHECK(decision.directory().permit(decision.actor(), action, resource, entry->unit));
  return std::move(*entry);
}

}  // namespace

Result<Entry> entry_to_write(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_for(decision, declared, "write"));
  if (entry.retired)
    return refuse({Problem::Kind::conflict, "entry-retired", "id", std::to_string(entry.id),
                   "an entry that is not retired", "add it anew"});
  return entry;
}

Result<Json> hold_values(Decision& decision, const Register& declared, const Json& before, Json values,
                         fields::Moment moment) {
  const fields::Form form = fields::whole_form(declared.fields);
  QIPAN_TRY(held, fields::hold_conditions(
                      declared.fields, form, before, std::move(values), "values", moment, decision.at(),
                      [&](std::string_view subject) { return decision.referred(subject); }));
  QIPAN_CHECK(board::check_references(decision.database(), form, held, "values"));
  return held;
}

Result<Json> read_entry(Decision& decision, const Register& declared, const Json& before,
                        fields::Absent absent) {
  QIPAN_CHECK(board::check_sealed(declared.fields, decision.body()["values"], "values", decision.command()));
  QIPAN_TRY(given, fields::read_values(fields::whole_form(declared.fields), decision.body()["values"],
                                       "values", absent));
  return hold_values(decision, declared, before, std::move(given),
                     absent == fields::Absent::refused ? fields::Moment::beginning : fields::Moment::change);
}

namespace {

/// Null takes a place away.
Result<void> read_geometry(const Decision& decision, const Register& declared, Json& fact) {
  const Json& body = decision.body();
  const Json* x = body.find("x");
  const Json* y = body.find("y");
  const Json* geometry = body.find("geometry");
  if ((x != nullptr || y != nullptr) && declared.geometry == "none")
    return invalid("geometry-not-here", "x", "", "no place: " + declared.name + " has no geometry");
  if (x != nullptr && y != nullptr && x->is_null() && y->is_null()) {
    fact.set("x", Json()).set("y", Json());
  } else if (x != nullptr || y != nullptr) {
    QIPAN_TRY(point, geo::make_point(body.integer_or("x", INT64_MAX), body.integer_or("y", INT64_MAX)));
    fact.set("x", std::int64_t{point.x}).set("y", std::int64_t{point.y});
  }
  if (geometry == nullptr) return {};
  if (declared.geometry != "polygon")
    return invalid("geometry-not-here", "geometry", "", "a register with polygons");
  if (geometry->is_null()) {
    fact.set("geometry", Json());
    return {};
  }
  QIPAN_TRY(polygon, geo::polygon_from_json(*geometry));
  fact.set("geometry", geo::polygon_to_json(polygon));
  return {};
}

Result<UnitId> unit_of(Decision& decision) {
  if (!decision.body().has("unit")) return decision.directory().root();
  const std::string code = decision.body().text_or("unit", "");
  const board::Unit* unit = decision.directory().unit_by_code(code);
  if (unit == nullptr || unit->retired)
    return invalid("unit-unknown", "unit", code, "the code of a unit that is not retired");
  return unit->id;
}

}  // namespace

void tell_party(const Register& declared, const Json& values, Json& fact) {
  const Field* party = fields::party_field(declared.fields);
  if (party != nullptr && values.has(party->name)) fact.set("party", values[party->name]);
}

Result<void> add_entry(Decision& decision, const Register& declared) {
  QIPAN_TRY(unit, unit_of(decision));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "write",
                                          board::resource_of("register", declared.name), unit));
  QIPAN_TRY(values, read_entry(decision, declared, Json::object(), fields::Absent::refused));
  QIPAN_CHECK(check_unique_from(decision, declared, values, 0, china_day_of(decision.at())));
  Json fact = Json::object();
  Json serials =
      board::give_serials(decision.database(), declared.name, declared.fields, decision.at(), values);
  fact.set("unit", unit.value).set("values", std::move(values));
  if (!serials.is_null()) fact.set("serials", std::move(serials));
  QIPAN_CHECK(read_geometry(decision, declared, fact));
  const std::int64_t id =
      decision.database().integer("SELECT coalesce(max(id),0)+1 FROM " + quoted_name(declared.table()), 1);
  if (declared.is_of_parties()) {
    fact.set("party", board::subject_of(declared.name, id));
  } else {
    tell_party(declared, fact["values"], fact);
  }
  decision.answer(Json::object().set("id", id));
  decision.record("register.added", board::subject_of(declared.name, id), std::move(fact));
  return {};
}

namespace {

/// Where an entry lies, as facts tell it.
Json place_of(Database& database, const Register& declared, std::int64_t id) {
  auto statement =
      database.prepare("SELECT x, y, geometry FROM " + quoted_name(declared.table()) + " WHERE id=?");
  statement.bind(id);
  QIPAN_ASSERT(statement.step());
  Json place = Json::object();
  if (!statement.is_null(0)) place.set("x", statement.integer(0)).set("y", statement.integer(1));
  if (!statement.is_null(2)) place.set("geometry", parse_json(statement.text(2)).value_or(Json()));
  return place;
}

}  // namespace

Result<void> check_by_cases(const Decision& decision, const Register& declared, const Json& changed) {
  if (decision.actor().starts_with("system:")) return {};
  for (const auto& [name, value] : changed.members()) {
    const Field* field = declared.field(name);
    if (field != nullptr && field->by_cases)
      return refuse({Problem::Kind::conflict, "field-by-cases", "values/" + name, "",
                     "a field that is not changed by cases alone", "open the case that changes it"});
  }
  return {};
}

Result<void> change_entry(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_to_write(decision, declared));
  if (decision.body()["from"].is_text()) {
    QIPAN_TRY(from, parse_day(decision.body()["from"].text()));
    const Day today = china_day_of(decision.at());
    if (from > today) return plan_change(decision, declared, entry, from);
    if (from < today) return correct_change(decision, declared, entry, from);
  }
  QIPAN_TRY(values, read_entry(decision, declared, entry.values, fields::Absent::unchanged));
  QIPAN_CHECK(check_unique_from(decision, declared, values, entry.id, china_day_of(decision.at())));
  Json wanted = Json::object();
  QIPAN_CHECK(read_geometry(decision, declared, wanted));
  if (values.members().empty() && wanted.members().empty())
    return invalid("nothing-to-change", "values", "", "at least one value or a place");
  board::Difference place;
  place.add_all(place_of(decision.database(), declared, entry.id), wanted);
  board::Difference changed;
  changed.add_all(entry.values, values);
  if (place.empty() && changed.empty()) {
    return refuse({Problem::Kind::conflict, "nothing-changes", "values", shortened(values.dump()),
                   "a value that is another than before", "the entry says this already"});
  }
  QIPAN_CHECK(check_by_cases(decision, declared, changed.now));
  Json fact = Json::object();
  tell_party(declared, changed.now, fact);
  if (!changed.empty()) place.add("values", changed.was, changed.now);
  fact.set("was", std::move(place.was)).set("now", std::move(place.now));
  if (decision.body()["reason"].is_text()) fact.set("reason", decision.body()["reason"]);
  decision.record("register.changed", board::subject_of(declared.name, entry.id), std::move(fact));
  return {};
}

Result<void> retire_entry(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_to_write(decision, declared));
  decision.record("register.retired", board::subject_of(declared.name, entry.id),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

namespace {

/// The personal field that a body names, if the entry has a value there.
Result<const Field*> sealed_field(const Decision& decision, const Register& declared, const Entry& entry) {
  const std::string name = decision.body().text_or("field", "");
  const Field* field = declared.field(name);
  if (field != nullptr && field->personal() && log::is_sealed(entry.values[name])) return field;
  return invalid("reveal-field", "field", name, "a personal field that this entry has");
}

}  // namespace

Result<void> reveal_value(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_for(decision, declared, "reveal"));
  QIPAN_TRY(field, sealed_field(decision, declared, entry));
  decision.record("register.revealed", board::subject_of(declared.name, entry.id),
                  Json::object().set("field", field->name).set("purpose", decision.body()["purpose"]));
  decision.answer(entry.values[field->name]);
  return {};
}

/// As with cases: what was there is told by nobody any more, and leaves the vault after the commit.
Result<void> erase_value(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_for(decision, declared, "erase"));
  QIPAN_TRY(field, sealed_field(decision, declared, entry));
  Json fact = Json::object();
  fact.set("field", field->name).set("purpose", decision.body()["purpose"]);
  fact.set("now", Json::object().set("values", Json::object().set(field->name, Json())));
  decision.record("register.erased", board::subject_of(declared.name, entry.id), std::move(fact));
  return {};
}

}  // namespace qipan::registers
