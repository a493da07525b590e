#include "base/assert.hpp"
#include "board/serials.hpp"
#include "fields/column.hpp"
#include "fields/types/content.hpp"
#include "query/column.hpp"
#include "registers/registers_engine.hpp"
#include "registers/steps.hpp"

namespace qipan::registers {

using board::Fact;
using board::View;

void RegistersEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE register_registers(name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;"
      "CREATE TABLE register_contents(hash TEXT NOT NULL, register TEXT NOT NULL, entry INTEGER NOT NULL, "
      "PRIMARY KEY(hash, register, entry)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE register_planned(register TEXT NOT NULL, entry INTEGER NOT NULL, position INTEGER NOT "
      "NULL, "
      "day INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(register, entry, position)) STRICT, WITHOUT "
      "ROWID;"
      // Which values are planned where.
      "CREATE TABLE register_claims(register TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, entry "
      "INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(register, field, value, entry, position)) "
      "STRICT, WITHOUT ROWID;"
      "CREATE INDEX register_claims_of ON register_claims(register, entry, position);"
      "CREATE TABLE register_since(register TEXT NOT NULL, entry INTEGER NOT NULL, field TEXT NOT NULL, day "
      "INTEGER NOT NULL, PRIMARY KEY(register, entry, field)) STRICT, WITHOUT ROWID");
}

namespace {

/// A substitute of what was redacted need not be a value of the field: a text stands as it is where there is
/// text.
void bind_field(Statement& statement, const Field& field, const Json& value) {
  const bool as_it_stands = value.is_null() || (field.personal() && log::is_sealed(value));
  const auto read = as_it_stands ? Result<Json>(value) : field.type->read(field, value, field.name);
  // In the place of a personal value nothing but a reference stands.
  if (read && !read->is_null() && field.personal() == log::is_sealed(*read)) {
    fields::bind_column(field, statement, *read);
  } else if (value.is_text() && !field.personal() && !field.type->integer_column()) {
    statement.bind(value.text());
  } else {
    statement.bind(nullptr);
  }
}

std::string column_of(const Field& field) {
  return quoted_name(field.name) + (fields::has_integer_column(field) ? " INTEGER" : " TEXT");
}

void add_index(Database& database, const Register& declared, const Field& field) {
  const std::string name = declared.table() + "_" + field.name;
  const std::string column = quoted_name(field.name);
  const std::string on = " ON " + quoted_name(declared.table());
  database.execute("CREATE INDEX IF NOT EXISTS " + quoted_name(name) + on + "(" + column + ")");
  // Lists of names go by reading (query/column.hpp).
  if (query::sorts_by_reading(field) && field.indexed)
    database.execute("CREATE INDEX IF NOT EXISTS " + quoted_name(name + "_reading") + on + "(pinyin_key_1(" +
                     column + "))");
}

void fold_step(Database& database, const Json& json) {
  const Register declared = from_json(json);
  auto known = load_registers(database);
  const auto before = known.find(declared.name);
  if (before == known.end()) {
    // All columns at once: each one that is added later has SQLite read the whole schema again.
    std::string columns;
    for (const Field& field : declared.fields) columns += ", " + column_of(field);
    database.execute("CREATE TABLE " + quoted_name(declared.table()) +
                     "(id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, x INTEGER, y INTEGER, geometry TEXT, "
                     "retired INTEGER NOT NULL, created INTEGER NOT NULL, "
                     "changed INTEGER NOT NULL, position INTEGER NOT NULL" +
                     columns + ") STRICT");
  }
  for (const Field& field : declared.fields) {
    if (before != known.end() && before->second.field(field.name) == nullptr)
      database.execute("ALTER TABLE " + quoted_name(declared.table()) + " ADD COLUMN " + column_of(field));
    // What refers to something is listed beside it.
    if (field.indexed || is_unique(declared, field) || !field.to.empty())
      add_index(database, declared, field);
  }
  database.prepare("INSERT OR REPLACE INTO register_registers(name, body) VALUES(?,?)")
      .bind(declared.name)
      .bind(json.dump())
      .run();
}

/// A personal value that another takes the place of is nobody's any more.
void let_go(const Register& declared, const Field& field, std::int64_t id, const Json& now, View& view) {
  auto statement = view.database().prepare("SELECT " + quoted_name(field.name) + " FROM " +
                                           quoted_name(declared.table()) + " WHERE id=?");
  statement.bind(id);
  if (!statement.step()) return;
  const Json before = fields::column_value(field, statement, 0);
  if (before != now) view.gone(before);
}

/// Photos and files that a fact names stay named, also when others take their place.
void fold_contents(const Json& values, const Register& declared, std::int64_t id, Database& database) {
  for (const auto& [name, hash] : fields::types::contents_in(values)) {
    const Field* field = declared.field(name);
    if (field == nullptr || !field->type->attributes().contents) continue;
    database.prepare("INSERT OR IGNORE INTO register_contents(hash, register, entry) VALUES(?,?,?)")
        .bind(hash)
        .bind(declared.name)
        .bind(id)
        .run();
  }
}

void bind_place(Statement& statement, const Json& value) {
  if (value.is_null()) {
    statement.bind(nullptr);
  } else {
    value.is_integer() ? statement.bind(value.integer()) : statement.bind(value.dump());
  }
}

constexpr std::string_view place_columns[] = {"x", "y", "geometry"};

/// A new entry, in one statement: each that follows would write its row and indexes again. Of what a
/// substitute of something redacted names besides fields nothing is kept.
void fold_added(const Fact& fact, const Register& declared, Database& database) {
  const Json& body = fact.body;
  const Json& values = body["values"];
  std::string names = "id, unit, retired, created, changed, position, x, y, geometry";
  std::string marks = "?,?,0,?,?,?,?,?,?";
  for (const Field& field : declared.fields) {
    names += ", " + quoted_name(field.name);
    marks += ",?";
  }
  auto statement = database.prepare("INSERT INTO " + quoted_name(declared.table()) + "(" + names +
                                    ") VALUES(" + marks + ")");
  statement.bind(fact.subject_id()).bind(body["unit"].integer()).bind(fact.at).bind(fact.at);
  statement.bind(fact.position);
  for (const std::string_view column : place_columns) bind_place(statement, body[column]);
  for (const Field& field : declared.fields) bind_field(statement, field, values[field.name]);
  statement.run();
  if (values.is_object()) fold_contents(values, declared, fact.subject_id(), database);
}

/// Whether a value may stand once is the declaration's matter, which may be another one when it is asked.
void fold_claims(const Fact& fact, const Register& declared, Database& database) {
  for (const auto& [name, value] : fact.body["values"].members()) {
    if (value.is_null()) continue;
    database.prepare("INSERT INTO register_claims(register, field, value, entry, position) VALUES(?,?,?,?,?)")
        .bind(declared.name)
        .bind(name)
        .bind(value.dump())
        .bind(fact.subject_id())
        .bind(fact.position)
        .run();
  }
}

/// Changes to come wait for their day, the earliest first; a substitute of one that was redacted need say
/// none.
void fold_plan(const Fact& fact, const Register& declared, View& view) {
  Database& database = view.database();
  if (fact.kind == "register.planned") {
    const auto day = parse_day(fact.body.text_or("from", ""));
    const Json& values = fact.body["values"];
    if (day && values.is_object()) {
      database.prepare("INSERT INTO register_planned(register, entry, position, day, body) VALUES(?,?,?,?,?)")
          .bind(declared.name)
          .bind(fact.subject_id())
          .bind(fact.position)
          .bind(std::int64_t{*day})
          .bind(values.dump())
          .run();
      fold_claims(fact, declared, database);
    }
  } else if (fact.kind == "register.retired") {
    for (const char* table : {"register_planned", "register_claims"})
      database.prepare("DELETE FROM " + std::string(table) + " WHERE register=? AND entry=?")
          .bind(declared.name)
          .bind(fact.subject_id())
          .run();
  } else if (fact.body.has("plan")) {
    for (const char* table : {"register_planned", "register_claims"})
      database.prepare("DELETE FROM " + std::string(table) + " WHERE register=? AND entry=? AND position=?")
          .bind(declared.name)
          .bind(fact.subject_id())
          .bind(fact.body.integer_or("plan", -1))
          .run();
  } else {
    return;
  }
  const auto plans = plans_of(database, declared.name, fact.subject_id());
  if (plans.empty()) {
    view.clear_timer(fact.subject);
  } else {
    view.set_timer(fact.subject, china_midnight(plans.front().from));
  }
}

/// Since when what stands there now holds.
void fold_since(const Fact& fact, const Register& declared, Database& database) {
  const Json& values = fact.body["now"]["values"];
  if (!values.is_object()) return;
  const Day day = parse_day(fact.body.text_or("from", "")).value_or(china_day_of(fact.at));
  for (const auto& [name, value] : values.members()) {
    const Field* field = declared.field(name);
    if (field == nullptr || field->is_computed()) continue;
    database.prepare("INSERT OR REPLACE INTO register_since(register, entry, field, day) VALUES(?,?,?,?)")
        .bind(declared.name)
        .bind(fact.subject_id())
        .bind(name)
        .bind(std::int64_t{day})
        .run();
  }
}

/// What a change says stands there now.
void fold_values(const Json& said, std::int64_t id, const Register& declared, View& view) {
  Database& database = view.database();
  const std::string table = quoted_name(declared.table());
  if (said.has("values")) {
    fold_contents(said["values"], declared, id, database);
    for (const auto& [name, value] : said["values"].members()) {
      // A substitute of what was redacted may name what is no field.
      const Field* field = declared.field(name);
      if (field == nullptr) continue;
      if (field->personal()) let_go(declared, *field, id, value, view);
      auto statement = database.prepare("UPDATE " + table + " SET " + quoted_name(name) + "=? WHERE id=?");
      bind_field(statement, *field, value);
      statement.bind(id).run();
    }
  }
  for (const std::string_view column : place_columns) {
    if (!said.has(column)) continue;
    auto statement = database.prepare("UPDATE " + table + " SET " + std::string(column) + "=? WHERE id=?");
    bind_place(statement, said[column]);
    statement.bind(id).run();
  }
}

}  // namespace

const Register& FoldedRegisters::of(Database& database, std::string_view name) {
  auto statement = database.prepare("SELECT body FROM register_registers WHERE name=?");
  statement.bind(name);
  const bool there = statement.step();
  QIPAN_ASSERT(there);
  auto known = all_.find(name);
  if (known == all_.end()) known = all_.emplace(std::string(name), Known{}).first;
  if (known->second.body != statement.text(0)) {
    const auto json = parse_json(statement.text(0));
    QIPAN_ASSERT(json.has_value());
    known->second = {std::string(statement.text(0)), from_json(*json)};
  }
  return known->second.declared;
}

void RegistersEngine::fold(const Fact& fact, View& view) {
  Database& database = view.database();
  if (fact.kind == "pack.installed") {
    const Json& steps = fact.body["steps"]["registers"];
    if (!steps.is_array()) return;
    for (const Json& step : steps.items()) fold_step(database, step);
    return;
  }
  if (fact.kind == "register.revealed") return;
  // The declaration comes from the tables that earlier facts made, so a refold reads the same one.
  const Register& declared = folded_.of(database, board::Subject::of(fact.subject).kind);
  const std::int64_t id = fact.subject_id();
  const std::string table = quoted_name(declared.table());
  if (fact.kind == "register.added") {
    fold_added(fact, declared, database);
    board::note_serials(database, declared.name, fact.body["serials"]);
    view.set_party(fact.subject, fact.body["party"], fact.position);
    return;
  }
  database.prepare("UPDATE " + table + " SET changed=?, position=? WHERE id=?")
      .bind(fact.at)
      .bind(fact.position)
      .bind(id)
      .run();
  fold_plan(fact, declared, view);
  if (fact.kind == "register.retired") {
    database.prepare("UPDATE " + table + " SET retired=1 WHERE id=?").bind(id).run();
    // What is gone is nobody's: no new mandate for it, and cases stay whose they are.
    view.set_party(fact.subject, Json(), fact.position);
  } else {
    if (fact.body.has("party")) view.set_party(fact.subject, fact.body["party"], fact.position);
    fold_since(fact, declared, database);
    fold_values(fact.body["now"], id, declared, view);
  }
}

}  // namespace qipan::registers
