#include "base/assert.hpp"
#include "board/serials.hpp"
#include "cases/cases_engine.hpp"
#include "fields/types/content.hpp"

namespace qipan::cases {

using board::Fact;
using board::View;

namespace {

void fold_limits(const Fact& fact, Database& database) {
  if (!fact.body["limits"].is_array()) return;
  for (const Json& limit : fact.body["limits"].items()) {
    database
        .prepare(
            "INSERT INTO case_limits(case_id, name, running, due, level, provisional, calendar, "
            "calendar_version, body) VALUES(?,?,?,?,?,?,?,?,?) "
            "ON CONFLICT(case_id, name) DO UPDATE SET running=excluded.running, due=excluded.due, "
            "level=excluded.level, "
            "provisional=excluded.provisional, calendar_version=excluded.calendar_version, "
            "body=excluded.body")
        .bind(fact.subject_id())
        .bind(limit["name"].text())
        .bind(limit.has("stopped") ? 0 : 1)
        .bind(limit["due"].integer())
        .bind(limit.integer_or("level", 0))
        .bind(limit.has("provisional") ? 1 : 0)
        .bind(limit.text_or("calendar", ""))
        .bind(limit.integer_or("calendar_version", 0))
        .bind(limit.dump())
        .run();
  }
}

void fold_timer(const Fact& fact, View& view) {
  const Json& timer = fact.body["timer"];
  if (timer.is_integer()) {
    view.set_timer(fact.subject, timer.integer());
  } else {
    view.clear_timer(fact.subject);
  }
}

void fold_party(const Fact& fact, View& view) {
  if (fact.body.has("party")) view.set_party(fact.subject, fact.body["party"], fact.position);
}

Statement& bind_optional(Statement& statement, const Json& value) {
  return value.is_integer() ? statement.bind(value.integer()) : statement.bind(nullptr);
}

void fold_created(const Fact& fact, View& view) {
  const Json& body = fact.body;
  auto statement = view.database().prepare(
      "INSERT INTO case_cases(id, type, pack_set, state, open, class, x, y, place, grid, unit, "
      "responsible, assignee, source, external, created, "
      "occurred, closed, due, lamp, late, rework, parent, fields, position, signal) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,0,?,?,?,?,?,?,?,0,0,0,?,?,?)");
  statement.bind(fact.subject_id())
      .bind(body["type"].text())
      .bind(body["set"].integer())
      .bind(body["state"].text());
  statement.bind(body["open"].boolean() ? 1 : 0).bind(body.text_or("class", ""));
  bind_optional(statement, body["x"]);
  bind_optional(statement, body["y"]);
  statement.bind(body.text_or("place", ""))
      .bind(body.integer_or("grid", 0))
      .bind(body["unit"].integer())
      .bind(body.integer_or("responsible", 0));
  statement.bind(body["source"].text()).bind(body.text_or("external", ""));
  // An archive's own times are the case's, whatever the board's clock.
  statement.bind(body.integer_or("created", fact.at));
  fact.occurred ? statement.bind(*fact.occurred) : statement.bind(nullptr);
  body["open"].boolean() ? statement.bind(nullptr) : statement.bind(fact.at);
  bind_optional(statement, body["due"]);
  statement.bind(body["lamp"].integer())
      .bind(body["fields"].is_object() ? body["fields"].dump() : "{}")
      .bind(fact.position)
      .bind(body.text_or("signal", ""))
      .run();
  if (body.has("serials")) board::note_serials(view.database(), body["type"].text(), body["serials"]);
  fold_limits(fact, view.database());
  if (body["timer"].is_integer()) fold_timer(fact, view);
  fold_party(fact, view);
}

/// Columns that a step may leave as they are.
void fold_optional_columns(const Fact& fact, Database& database) {
  static constexpr std::pair<std::string_view, std::string_view> columns[] = {
      {"responsible", "UPDATE case_cases SET responsible=? WHERE id=?"},
      {"assignee", "UPDATE case_cases SET assignee=? WHERE id=?"},
      {"rework", "UPDATE case_cases SET rework=? WHERE id=?"},
      {"parent", "UPDATE case_cases SET parent=? WHERE id=?"},
      {"class", "UPDATE case_cases SET class=? WHERE id=?"},
      {"x", "UPDATE case_cases SET x=? WHERE id=?"},
      {"y", "UPDATE case_cases SET y=? WHERE id=?"},
      {"grid", "UPDATE case_cases SET grid=? WHERE id=?"},
      {"unit", "UPDATE case_cases SET unit=? WHERE id=?"}};
  for (const auto& [name, sql] : columns) {
    const Json* value = fact.body.find(name);
    if (value == nullptr) continue;
    auto statement = database.prepare(sql);
    value->is_integer() ? statement.bind(value->integer()) : statement.bind(value->text());
    statement.bind(fact.subject_id()).run();
  }
}

/// All fields as a fact leaves them: those of the form that are other than before, and the others as they
/// were; nothing where it changes none.
std::optional<std::string> fields_after(const Fact& fact, View& view) {
  const Json& now = fact.body["now"]["fields"];
  if (!now.is_object()) return std::nullopt;
  auto statement = view.database().prepare("SELECT fields FROM case_cases WHERE id=?");
  statement.bind(fact.subject_id());
  QIPAN_ASSERT(statement.step());
  auto fields = parse_json(statement.text(0), held_fields_limits);
  QIPAN_ASSERT(fields.has_value());
  for (const auto& [name, value] : now.members()) {
    if ((*fields)[name] != value) view.gone((*fields)[name]);
    fields->set(name, value);
  }
  return fields->dump();
}

void fold_fields(const Fact& fact, View& view) {
  const auto fields = fields_after(fact, view);
  if (!fields) return;
  view.database()
      .prepare("UPDATE case_cases SET fields=? WHERE id=?")
      .bind(*fields)
      .bind(fact.subject_id())
      .run();
}

void fold_clock_columns(const Fact& fact, View& view) {
  auto statement =
      view.database().prepare("UPDATE case_cases SET due=?, lamp=?, late=?, position=? WHERE id=?");
  bind_optional(statement, fact.body["due"]);
  statement.bind(fact.body["lamp"].integer())
      .bind(fact.body.has("late") ? 1 : 0)
      .bind(fact.position)
      .bind(fact.subject_id())
      .run();
  fold_limits(fact, view.database());
  fold_timer(fact, view);
}

/// Duplicates of a case that became one itself.
void fold_adopted(const Fact& fact, Database& database) {
  const Json* adopted = fact.body.find("adopted");
  if (adopted == nullptr) return;
  for (const Json& child : adopted->items()) {
    database.prepare("UPDATE case_cases SET parent=?, position=? WHERE id=?")
        .bind(fact.body["now"]["parent"].integer())
        .bind(fact.position)
        .bind(child.integer())
        .run();
  }
}

/// Numbers and texts that a step may leave as they are.
void bind_kept(Statement& statement, const Json& value) {
  if (value.is_integer()) {
    statement.bind(value.integer());
  } else if (value.is_text()) {
    statement.bind(value.text());
  } else {
    statement.bind(nullptr);
  }
}

void fold_moved(const Fact& fact, View& view) {
  const Json& body = fact.body;
  const bool open = body["open"].boolean();
  const auto fields = fields_after(fact, view);
  // One statement for all of it: each writes the row and its indexes again.
  auto statement = view.database().prepare(
      "UPDATE case_cases SET state=?, open=?, closed=?, due=?, lamp=?, late=?, position=?, "
      "responsible=coalesce(?,responsible), assignee=coalesce(?,assignee), rework=coalesce(?,rework), "
      "parent=coalesce(?,parent), class=coalesce(?,class), x=coalesce(?,x), y=coalesce(?,y), "
      "grid=coalesce(?,grid), unit=coalesce(?,unit), fields=coalesce(?,fields) WHERE id=?");
  statement.bind(body["state"].text()).bind(open ? 1 : 0);
  open ? statement.bind(nullptr) : statement.bind(body.integer_or("closed", fact.at));
  bind_optional(statement, body["due"]);
  statement.bind(body["lamp"].integer()).bind(body.has("late") ? 1 : 0).bind(fact.position);
  for (const std::string_view column :
       {"responsible", "assignee", "rework", "parent", "class", "x", "y", "grid", "unit"})
    bind_kept(statement, body["now"][column]);
  fields ? statement.bind(*fields) : statement.bind(nullptr);
  statement.bind(fact.subject_id()).run();
  fold_adopted(fact, view.database());
  fold_limits(fact, view.database());
  fold_timer(fact, view);
  fold_party(fact, view);
}

/// What a newer export of the same source says otherwise.
void fold_amended(const Fact& fact, View& view) {
  const Json& now = fact.body["now"];
  static constexpr std::pair<std::string_view, std::string_view> columns[] = {
      {"created", "UPDATE case_cases SET created=? WHERE id=?"},
      {"closed", "UPDATE case_cases SET closed=? WHERE id=?"},
      {"place", "UPDATE case_cases SET place=? WHERE id=?"}};
  for (const auto& [name, sql] : columns) {
    const Json* value = now.find(name);
    if (value == nullptr) continue;
    auto statement = view.database().prepare(sql);
    value->is_integer() ? statement.bind(value->integer()) : statement.bind(value->text());
    statement.bind(fact.subject_id()).run();
  }
  const Fact changed{fact.position, fact.at, fact.occurred, fact.actor, fact.kind, fact.subject, now};
  fold_optional_columns(changed, view.database());
  fold_fields(fact, view);
  fold_clock_columns(fact, view);
  fold_party(fact, view);
}

/// Photos that a fact names stay named, also when a later step puts others in their place.
void fold_contents(const Fact& fact, Database& database) {
  const Json& fields = fact.kind == "case.created" ? fact.body["fields"] : fact.body["now"]["fields"];
  for (const auto& [name, hash] : fields::types::contents_in(fields)) {
    database.prepare("INSERT OR IGNORE INTO case_contents(hash, case_id) VALUES(?,?)")
        .bind(hash)
        .bind(fact.subject_id())
        .run();
  }
}

void fold_class(const Fact& fact, Database& database) {
  const Json& body = fact.body;
  database
      .prepare(
          "INSERT INTO case_classes(type, code, parent, title_zh, title_en, origin, retired) "
          "VALUES(?,?,?,?,?,?,0)")
      .bind(body["type"].text())
      .bind(body["code"].text())
      .bind(body["parent"].text())
      .bind(body["title_zh"].text())
      .bind(body["title_en"].text())
      .bind(body["origin"].text())
      .run();
}

void fold_pack(const Fact& fact, Database& database) {
  const Json& types = fact.body["steps"]["case_types"];
  if (!types.is_array()) return;
  for (const Json& type : types.items()) {
    database
        .prepare(
            "INSERT OR REPLACE INTO case_types(name, pack, version, title_zh, title_en) VALUES(?,?,?,?,?)")
        .bind(type["name"].text())
        .bind(fact.body["name"].text())
        .bind(fact.body["version"].integer())
        .bind(type["title_zh"].text())
        .bind(type["title_en"].text())
        .run();
  }
}

}  // namespace

void CasesEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE case_types(name TEXT PRIMARY KEY, pack TEXT NOT NULL, version INTEGER NOT NULL, title_zh "
      "TEXT NOT NULL, "
      "title_en TEXT NOT NULL) STRICT, WITHOUT ROWID;"
      "CREATE TABLE case_classes(type TEXT NOT NULL, code TEXT NOT NULL, parent TEXT NOT NULL, title_zh TEXT "
      "NOT NULL, title_en TEXT NOT NULL, "
      "origin TEXT NOT NULL, retired INTEGER NOT NULL, PRIMARY KEY(type, code)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE case_cases(id INTEGER PRIMARY KEY, type TEXT NOT NULL, pack_set INTEGER NOT NULL, "
      "state TEXT NOT NULL, open INTEGER NOT NULL, "
      "class TEXT NOT NULL, x INTEGER, y INTEGER, place TEXT NOT NULL, grid INTEGER NOT NULL, unit INTEGER "
      "NOT NULL, responsible INTEGER NOT NULL, "
      "assignee INTEGER NOT NULL, source TEXT NOT NULL, external TEXT NOT NULL, created INTEGER NOT NULL, "
      "occurred INTEGER, closed INTEGER, "
      "due INTEGER, lamp INTEGER NOT NULL, late INTEGER NOT NULL, rework INTEGER NOT NULL, parent INTEGER "
      "NOT NULL, fields TEXT NOT NULL, "
      "position INTEGER NOT NULL, signal TEXT NOT NULL) STRICT;"
      "CREATE INDEX case_signal ON case_cases(signal, id) WHERE signal<>'';"
      // Open cases are few whatever the history: their indexes stay small and fast.
      "CREATE INDEX case_open_due ON case_cases(due, id) WHERE open=1;"
      "CREATE INDEX case_open_responsible ON case_cases(responsible, due, id) WHERE open=1;"
      "CREATE INDEX case_open_unit ON case_cases(unit, due, id) WHERE open=1;"
      "CREATE UNIQUE INDEX case_external ON case_cases(source, external) WHERE external<>'';"
      "CREATE INDEX case_parent ON case_cases(parent) WHERE parent<>0;"
      "CREATE TABLE case_limits(case_id INTEGER NOT NULL, name TEXT NOT NULL, running INTEGER NOT NULL, due "
      "INTEGER NOT NULL, level INTEGER NOT NULL, "
      "provisional INTEGER NOT NULL, calendar TEXT NOT NULL, calendar_version INTEGER NOT NULL, body TEXT "
      "NOT NULL, PRIMARY KEY(case_id, name)) "
      "STRICT, WITHOUT ROWID;"
      "CREATE INDEX case_provisional ON case_limits(case_id) WHERE provisional=1;"
      "CREATE TABLE case_contents(hash TEXT NOT NULL, case_id INTEGER NOT NULL, PRIMARY KEY(hash, case_id)) "
      "STRICT, WITHOUT ROWID");
}

void CasesEngine::fold(const Fact& fact, View& view) {
  if (fact.kind == "pack.installed") return fold_pack(fact, view.database());
  if (fact.kind == "case.class_defined") return fold_class(fact, view.database());
  if (fact.kind == "case.recompute_done") return fold_timer(fact, view);
  if (fact.kind == "case.signal_unheard") return;
  fold_contents(fact, view.database());
  if (fact.kind == "case.created") return fold_created(fact, view);
  if (fact.kind == "case.amended") return fold_amended(fact, view);
  if (fact.kind == "case.erased") return fold_fields(fact, view);
  if (fact.kind == "case.moved") return fold_moved(fact, view);
  if (fact.kind == "case.supervised" || fact.kind == "case.recomputed") return fold_clock_columns(fact, view);
}

}  // namespace qipan::cases
