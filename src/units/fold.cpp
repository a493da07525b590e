#include <algorithm>

#include "units/declarations.hpp"
#include "units/units_engine.hpp"

namespace qipan::units {

using board::Fact;
using board::View;

namespace {

std::int64_t is_true(const Json& body, std::string_view member) {
  return body[member] == Json(true) ? 1 : 0;
}

void fold_calendar(Database& database, const Json& calendar) {
  database.prepare("INSERT INTO unit_calendars(name, version, body) VALUES(?,?,?)")
      .bind(calendar["name"].text())
      .bind(calendar["version"].integer())
      .bind(calendar.dump())
      .run();
}

void fold_roles(Database& database, const Json& roles) {
  for (const Json& role : roles.items()) {
    database.prepare("INSERT OR REPLACE INTO unit_roles(name, title_zh, title_en, display) VALUES(?,?,?,?)")
        .bind(role["name"].text())
        .bind(role["title_zh"].text())
        .bind(role["title_en"].text())
        .bind(is_true(role, "display"))
        .run();
    database.prepare("DELETE FROM unit_grants WHERE role=?").bind(role["name"].text()).run();
    for (const Json& grant : role["grants"].items()) {
      database.prepare("INSERT OR REPLACE INTO unit_grants(role, resource, action) VALUES(?,?,?)")
          .bind(role["name"].text())
          .bind(grant["resource"].text())
          .bind(grant["action"].text())
          .run();
    }
  }
}

void fold_pack(const Fact& fact, Database& database) {
  const Json& steps = fact.body["steps"];
  if (steps["roles"].is_array()) fold_roles(database, steps["roles"]);
  if (!steps["calendars"].is_array()) return;
  for (const Json& calendar : steps["calendars"].items()) fold_calendar(database, calendar);
}

void fold_unit(const Fact& fact, Database& database) {
  const Json& body = fact.body;
  database
      .prepare(
          "INSERT INTO unit_units(id, parent, code, kind, title_zh, title_en, calendar, retired, former) "
          "VALUES(?,?,?,?,?,?,?,0,'')")
      .bind(fact.subject_id())
      .bind_id(body["parent"].integer())
      .bind(body["code"].text())
      .bind(body["kind"].text())
      .bind(body["title_zh"].text())
      .bind(body["title_en"].text())
      .bind(body["calendar"].text())
      .run();
  if (!body["geometry"].is_array()) return;
  database.prepare("INSERT INTO unit_geometries(unit, rings) VALUES(?,?)")
      .bind(fact.subject_id())
      .bind(body["geometry"].dump())
      .run();
}

void fold_person(const Fact& fact, Database& database) {
  const Json& body = fact.body;
  const auto reference = [&](std::string_view field) {
    return body[field].is_object() ? body[field].dump() : std::string();
  };
  database
      .prepare(
          "INSERT INTO unit_people(id, login, unit, title_zh, title_en, name, telephone, email, password, "
          "active, sessions_since, temporary, second_factor) VALUES(?,?,?,?,?,?,?,?,?,1,?,?,'')")
      .bind(fact.subject_id())
      .bind(body["login"].text())
      .bind(body["unit"].integer())
      .bind(body["title_zh"].text())
      .bind(body["title_en"].text())
      .bind(reference("name"))
      .bind(reference("telephone"))
      .bind(reference("email"))
      .bind(reference("password"))
      .bind(fact.position)
      .bind(is_true(body, "temporary"))
      .run();
}

/// What a column of a person names until now, and will not any more.
void forget(const Fact& fact, std::string_view column, View& view) {
  auto statement = view.database().prepare("SELECT " + quoted_name(column) + " FROM unit_people WHERE id=?");
  statement.bind(fact.subject_id());
  if (!statement.step()) return;
  if (const auto reference = parse_json(statement.text(0))) view.gone(*reference);
}

void fold_contact(const Fact& fact, View& view) {
  for (const std::string_view field : contact_fields) {
    const Json* value = fact.body.find(field);
    if (value == nullptr) continue;
    forget(fact, field, view);
    view.database()
        .prepare("UPDATE unit_people SET " + std::string(field) + "=? WHERE id=?")
        .bind(value->is_object() ? value->dump() : "")
        .bind(fact.subject_id())
        .run();
  }
}

/// A new password, and a second factor that comes or goes, end the sessions that were opened before.
void fold_password(const Fact& fact, View& view) {
  forget(fact, "password", view);
  view.database()
      .prepare("UPDATE unit_people SET password=?, temporary=?, sessions_since=? WHERE id=?")
      .bind(fact.body["password"].dump())
      .bind(is_true(fact.body, "temporary"))
      .bind(fact.position)
      .bind(fact.subject_id())
      .run();
}

void fold_second_factor(const Fact& fact, View& view) {
  forget(fact, "second_factor", view);
  view.database()
      .prepare("UPDATE unit_people SET second_factor=?, sessions_since=? WHERE id=?")
      .bind(fact.body["secret"].is_object() ? fact.body["secret"].dump() : "")
      .bind(fact.position)
      .bind(fact.subject_id())
      .run();
}

void fold_deputy(const Fact& fact, Database& database) {
  database.prepare("DELETE FROM unit_deputies WHERE person=? AND role=? AND unit=?")
      .bind(fact.subject_id())
      .bind(fact.body["role"].text())
      .bind(fact.body["unit"].integer())
      .run();
  if (fact.body.integer_or("now", 0) == 0) return;
  database.prepare("INSERT INTO unit_deputies(person, role, unit, deputy) VALUES(?,?,?,?)")
      .bind(fact.subject_id())
      .bind(fact.body["role"].text())
      .bind(fact.body["unit"].integer())
      .bind(fact.body["now"].integer())
      .run();
}

void fold_absence(const Fact& fact, Database& database) {
  if (fact.kind == "unit.absence_ended") {
    database.prepare("UPDATE unit_absences SET until_at=? WHERE id=?")
        .bind(fact.body["now"].integer())
        .bind(fact.body["absence"].integer())
        .run();
    return;
  }
  database.prepare("INSERT INTO unit_absences(id, person, from_at, until_at) VALUES(?,?,?,?)")
      .bind(fact.body["absence"].integer())
      .bind(fact.subject_id())
      .bind(fact.body["from"].integer())
      .bind(fact.body["until"].integer())
      .run();
}

bool is_list_of_texts(const Json& value) {
  return value.is_array() && !value.items().empty() &&
         std::all_of(value.items().begin(), value.items().end(),
                     [](const Json& one) { return one.is_text(); });
}

void fold_mandate(const Fact& fact, Database& database) {
  // What was redacted may have limited it: then it is over.
  const Json& kinds = fact.body["kinds"];
  const Json& end = fact.body["until"];
  const bool whole = fact.body.has("kinds") && fact.body.has("until") &&
                     (end.is_null() || end.is_integer()) && (kinds.is_null() || is_list_of_texts(kinds));
  auto statement = database.prepare(
      "INSERT INTO unit_mandates(id, person, party, kinds, until_at, ended) VALUES(?,?,?,?,?,?)");
  statement.bind(fact.subject_id())
      .bind(fact.body["person"].integer())
      .bind(fact.body["party"].text())
      .bind(whole && kinds.is_array() ? kinds.dump() : "[]");
  end.is_integer() ? statement.bind(end.integer()) : statement.bind(nullptr);
  statement.bind(whole ? 0 : 1).run();
}

/// What it was called before, and is not called now.
void fold_former(const Fact& fact, Database& database) {
  constexpr std::string_view between = "；";
  auto statement = database.prepare("SELECT former, title_zh, title_en FROM unit_units WHERE id=?");
  statement.bind(fact.subject_id());
  if (!statement.step()) return;
  std::string before(statement.text(0));
  const std::string now[] = {std::string(statement.text(1)), std::string(statement.text(2))};
  for (const std::string_view title : {"title_zh", "title_en"}) {
    if (const Json& was = fact.body["was"][title]; was.is_text())
      before += (before.empty() ? "" : std::string(between)) + std::string(was.text());
  }
  std::vector<std::string> names;
  for (std::size_t from = 0; !before.empty() && from <= before.size();) {
    const std::size_t end = std::min(before.find(between, from), before.size());
    std::string name = before.substr(from, end - from);
    const bool told = name.empty() || name == now[0] || name == now[1] ||
                      std::find(names.begin(), names.end(), name) != names.end();
    if (!told) names.push_back(std::move(name));
    from = end + between.size();
  }
  std::string former;
  for (const std::string& name : names) former += (former.empty() ? "" : std::string(between)) + name;
  database.prepare("UPDATE unit_units SET former=? WHERE id=?").bind(former).bind(fact.subject_id()).run();
}

void fold_change(const Fact& fact, Database& database) {
  for (const auto& [field, value] : fact.body["now"].members()) {
    database.prepare("UPDATE unit_units SET " + quoted_name(field) + "=? WHERE id=?")
        .bind(value.text())
        .bind(fact.subject_id())
        .run();
  }
  fold_former(fact, database);
}

}  // namespace

void UnitsEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE unit_units(id INTEGER PRIMARY KEY, parent INTEGER, code TEXT NOT NULL UNIQUE, kind TEXT "
      "NOT NULL, "
      "title_zh TEXT NOT NULL, title_en TEXT NOT NULL, calendar TEXT NOT NULL, retired INTEGER NOT NULL, "
      // What it was called before.
      "former TEXT NOT NULL) STRICT;"
      "CREATE TABLE unit_geometries(unit INTEGER PRIMARY KEY, rings TEXT NOT NULL) STRICT;"
      "CREATE TABLE unit_people(id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, unit INTEGER NOT NULL, "
      "title_zh TEXT NOT NULL, "
      "title_en TEXT NOT NULL, name TEXT NOT NULL, telephone TEXT NOT NULL, email TEXT NOT NULL, password "
      "TEXT NOT NULL, active "
      "INTEGER NOT NULL, sessions_since INTEGER NOT NULL, temporary INTEGER NOT NULL, second_factor TEXT NOT "
      "NULL) STRICT;"
      "CREATE TABLE unit_posts(person INTEGER NOT NULL, role TEXT NOT NULL, unit INTEGER NOT NULL, PRIMARY "
      "KEY(person, role, unit)) "
      "STRICT, WITHOUT ROWID;"
      // A role at a unit, whoever holds it.
      "CREATE TABLE unit_post_numbers(id INTEGER PRIMARY KEY, role TEXT NOT NULL, unit INTEGER NOT NULL, "
      "UNIQUE(role, unit)) STRICT;"
      // Who stands in for a post while its holder is away; when people are.
      "CREATE TABLE unit_deputies(person INTEGER NOT NULL, role TEXT NOT NULL, unit INTEGER NOT NULL, deputy "
      "INTEGER NOT NULL, PRIMARY KEY(person, role, unit)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE unit_absences(id INTEGER PRIMARY KEY, person INTEGER NOT NULL, from_at INTEGER NOT NULL, "
      "until_at INTEGER NOT NULL) STRICT;"
      "CREATE TABLE unit_roles(name TEXT PRIMARY KEY, title_zh TEXT NOT NULL, title_en TEXT NOT NULL, "
      "display INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
      "CREATE TABLE unit_grants(role TEXT NOT NULL, resource TEXT NOT NULL, action TEXT NOT NULL, PRIMARY "
      "KEY(role, resource, action)) "
      "STRICT, WITHOUT ROWID;"
      "CREATE TABLE unit_tokens(id INTEGER PRIMARY KEY, person INTEGER NOT NULL, hash TEXT NOT NULL UNIQUE, "
      "purpose TEXT NOT NULL, roles TEXT NOT NULL, "
      "revoked INTEGER NOT NULL) STRICT;"
      // Who acts for which organisation, in what, until when.
      "CREATE TABLE unit_mandates(id INTEGER PRIMARY KEY, person INTEGER NOT NULL, party TEXT NOT NULL, "
      "kinds "
      "TEXT NOT NULL, until_at INTEGER, ended INTEGER NOT NULL) STRICT;"
      "CREATE INDEX unit_mandates_of ON unit_mandates(party) WHERE ended=0;"
      "CREATE TABLE unit_calendars(name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY "
      "KEY(name, version)) "
      "STRICT, WITHOUT ROWID");
}

void UnitsEngine::fold(const Fact& fact, View& view) {
  Database& database = view.database();
  const std::int64_t id = fact.subject_id();
  if (fact.kind == "pack.installed") return fold_pack(fact, database);
  if (fact.kind == "unit.created") return fold_unit(fact, database);
  if (fact.kind == "unit.changed") return fold_change(fact, database);
  if (fact.kind == "unit.person_added") return fold_person(fact, database);
  if (fact.kind == "unit.contact_set") return fold_contact(fact, view);
  if (fact.kind == "unit.deputy_set") return fold_deputy(fact, database);
  if (fact.kind == "unit.absence_set" || fact.kind == "unit.absence_ended")
    return fold_absence(fact, database);
  if (fact.kind == "unit.mandate_given") return fold_mandate(fact, database);
  if (fact.kind == "unit.calendar_installed") return fold_calendar(database, fact.body);
  if (fact.kind == "unit.retired") {
    database.prepare("UPDATE unit_units SET retired=1 WHERE id=?").bind(id).run();
  } else if (fact.kind == "unit.password_set") {
    fold_password(fact, view);
  } else if (fact.kind == "unit.second_factor_set" || fact.kind == "unit.second_factor_cleared") {
    fold_second_factor(fact, view);
  } else if (fact.kind == "unit.person_retired") {
    database.prepare("UPDATE unit_people SET active=0 WHERE id=?").bind(id).run();
  } else if (fact.kind == "unit.post_given") {
    database.prepare("INSERT INTO unit_posts(person, role, unit) VALUES(?,?,?)")
        .bind(id)
        .bind(fact.body["role"].text())
        .bind(fact.body["unit"].integer())
        .run();
  } else if (fact.kind == "unit.post_made") {
    database.prepare("INSERT INTO unit_post_numbers(id, role, unit) VALUES(?,?,?)")
        .bind(id)
        .bind(fact.body["role"].text())
        .bind(fact.body["unit"].integer())
        .run();
  } else if (fact.kind == "unit.post_taken") {
    database.prepare("DELETE FROM unit_posts WHERE person=? AND role=? AND unit=?")
        .bind(id)
        .bind(fact.body["role"].text())
        .bind(fact.body["unit"].integer())
        .run();
    fold_deputy(fact, database);
  } else if (fact.kind == "unit.token_issued") {
    database.prepare("INSERT INTO unit_tokens(id, person, hash, purpose, roles, revoked) VALUES(?,?,?,?,?,0)")
        .bind(id)
        .bind(fact.body["person"].integer())
        .bind(fact.body["hash"].text())
        .bind(fact.body["purpose"].text())
        .bind(fact.body["roles"].is_array() ? fact.body["roles"].dump() : "")
        .run();
  } else if (fact.kind == "unit.mandate_ended") {
    database.prepare("UPDATE unit_mandates SET ended=1 WHERE id=?").bind(id).run();
  } else if (fact.kind == "unit.token_revoked") {
    database.prepare("UPDATE unit_tokens SET revoked=1 WHERE id=?").bind(id).run();
  }
}

}  // namespace qipan::units
