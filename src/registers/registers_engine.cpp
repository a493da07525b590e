#include "registers/registers_engine.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "board/difference.hpp"
#include "board/directory.hpp"
#include "board/references.hpp"
#include "board/serials.hpp"
#include "fields/conditions.hpp"
#include "geo/polygons.hpp"

namespace qipan::registers {

using board::Decision;
using board::Fact;
using board::View;

namespace {

struct Entry {
  std::int64_t id = 0;
  UnitId unit;
  bool retired = false;
};

/// The entry that a body names, for who may write it; whether there is one is told to nobody else.
Result<Entry> entry_of(Decision& decision, const Register& declared) {
  const auto scope =
      decision.directory().scope(decision.actor(), "write", board::resource_of("register", declared.name));
  const std::int64_t id = decision.body().integer_or("id", 0);
  auto statement = decision.database().prepare("SELECT id, unit, retired FROM " +
                                               quoted_name(declared.table()) + " WHERE id=?");
  statement.bind(id);
  if (!statement.step() || !scope.has({statement.integer(1)})) {
    return refuse({Problem::Kind::not_found, "entry-unknown", "id", std::to_string(id),
                   "the number of an entry of " + declared.name + " that you may write",
                   "look it up in the list"});
  }
  const Entry entry{statement.integer(0), {statement.integer(1)}, statement.integer(2) != 0};
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "write",
                                          board::resource_of("register", declared.name), entry.unit));
  if (entry.retired)
    return refuse({Problem::Kind::conflict, "entry-retired", "id", std::to_string(id),
                   "an entry that is not retired", "add it anew"});
  return entry;
}

bool is_unique(const Register& declared, const Field& field) {
  return field.unique || field.name == declared.key;
}

/// No other entry that is not retired has the value of a field in which it may stand once.
Result<void> check_unique(Decision& decision, const Register& declared, const Json& values,
                          std::int64_t except) {
  for (const Field& field : declared.fields) {
    const Json& value = values[field.name];
    if (value.is_null() || !is_unique(declared, field)) continue;
    auto statement = decision.database().prepare("SELECT id FROM " + quoted_name(declared.table()) +
                                                 " WHERE retired=0 AND id<>? AND " + quoted_name(field.name) +
                                                 "=? LIMIT 1");
    statement.bind(except);
    field.type->bind(field, statement, value);
    if (!statement.step()) continue;
    return refuse({Problem::Kind::conflict, field.name == declared.key ? "entry-known" : "value-known",
                   "values/" + field.name, shortened(field.type->cell(field, value)),
                   "a value that no other entry has",
                   "change entry " + std::to_string(statement.integer(0)) + " instead"});
  }
  return {};
}

/// Values as the register's fields read them; what they refer to is there.
Result<Json> read_entry(Decision& decision, const Register& declared, const Json& before,
                        fields::Absent absent) {
  const fields::Form form = fields::whole_form(declared.fields);
  QIPAN_TRY(given, fields::read_values(form, decision.body()["values"], "values", absent));
  QIPAN_TRY(read, fields::hold_conditions(
                      declared.fields, form, before, std::move(given), "values",
                      absent == fields::Absent::refused ? fields::Moment::beginning : fields::Moment::change,
                      decision.at()));
  QIPAN_CHECK(board::check_references(decision.database(), form, read, "values"));
  return read;
}

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

/// Whose the entry is from now on, where values say so.
void tell_party(const Register& declared, const Json& values, Json& fact) {
  const Field* party = fields::party_field(declared.fields);
  if (party != nullptr && values.has(party->name)) fact.set("party", values[party->name]);
}

Result<void> add(Decision& decision, const Register& declared) {
  QIPAN_TRY(unit, unit_of(decision));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "write",
                                          board::resource_of("register", declared.name), unit));
  QIPAN_TRY(values, read_entry(decision, declared, Json::object(), fields::Absent::refused));
  QIPAN_CHECK(check_unique(decision, declared, values, 0));
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

/// What an entry holds, as facts tell it: values by name, and where it lies.
Json present(Database& database, const Register& declared, std::int64_t id) {
  std::string columns = "x, y, geometry";
  for (const Field& field : declared.fields) columns += ", " + quoted_name(field.name);
  auto statement =
      database.prepare("SELECT " + columns + " FROM " + quoted_name(declared.table()) + " WHERE id=?");
  statement.bind(id);
  QIPAN_ASSERT(statement.step());
  Json values = Json::object();
  for (std::size_t i = 0; i < declared.fields.size(); ++i) {
    const int column = static_cast<int>(i) + 3;
    const Field& field = declared.fields[i];
    if (!statement.is_null(column)) values.set(field.name, field.type->stored(field, statement, column));
  }
  Json entry = Json::object();
  if (!statement.is_null(0)) entry.set("x", statement.integer(0)).set("y", statement.integer(1));
  if (!statement.is_null(2)) entry.set("geometry", parse_json(statement.text(2)).value_or(Json()));
  return entry.set("values", std::move(values));
}

Result<void> change(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_of(decision, declared));
  const Json before = present(decision.database(), declared, entry.id);
  QIPAN_TRY(values, read_entry(decision, declared, before["values"], fields::Absent::unchanged));
  QIPAN_CHECK(check_unique(decision, declared, values, entry.id));
  Json wanted = Json::object();
  QIPAN_CHECK(read_geometry(decision, declared, wanted));
  if (values.members().empty() && wanted.members().empty())
    return invalid("nothing-to-change", "values", "", "at least one value or a place");
  board::Difference place;
  place.add_all(before, wanted);
  board::Difference changed;
  changed.add_all(before["values"], values);
  if (place.empty() && changed.empty()) {
    return refuse({Problem::Kind::conflict, "nothing-changes", "values", shortened(values.dump()),
                   "a value that is another than before", "the entry says this already"});
  }
  Json fact = Json::object();
  tell_party(declared, changed.now, fact);
  if (!changed.empty()) place.add("values", changed.was, changed.now);
  fact.set("was", std::move(place.was)).set("now", std::move(place.now));
  if (decision.body()["reason"].is_text()) fact.set("reason", decision.body()["reason"]);
  decision.record("register.changed", board::subject_of(declared.name, entry.id), std::move(fact));
  return {};
}

Result<void> retire(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_of(decision, declared));
  decision.record("register.retired", board::subject_of(declared.name, entry.id),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

/// A substitute of what was redacted need not be a value of the field: a text stands as it is where there is
/// text.
void bind_field(Statement& statement, const Field& field, const Json& value) {
  const auto read = value.is_null() ? Result<Json>(value) : field.type->read(field, value, field.name);
  if (read && !read->is_null()) {
    field.type->bind(field, statement, *read);
  } else if (value.is_text() && !field.type->integer_column()) {
    statement.bind(value.text());
  } else {
    statement.bind(nullptr);
  }
}

std::string column_of(const Field& field) {
  return quoted_name(field.name) + (field.type->integer_column() ? " INTEGER" : " TEXT");
}

void add_index(Database& database, const Register& declared, const std::string& field) {
  database.execute("CREATE INDEX IF NOT EXISTS " + quoted_name(declared.table() + "_" + field) + " ON " +
                   quoted_name(declared.table()) + "(" + quoted_name(field) + ")");
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
    if (field.indexed || is_unique(declared, field)) add_index(database, declared, field.name);
  }
  database.prepare("INSERT OR REPLACE INTO register_registers(name, body) VALUES(?,?)")
      .bind(declared.name)
      .bind(json.dump())
      .run();
}

/// `said`: the body of what was added, or what a change says stands there now.
void fold_values(const Json& said, std::int64_t id, const Register& declared, Database& database) {
  const std::string table = quoted_name(declared.table());
  if (said.has("values")) {
    for (const auto& [name, value] : said["values"].members()) {
      // A substitute of what was redacted may name what is no field.
      const Field* field = declared.field(name);
      if (field == nullptr) continue;
      auto statement = database.prepare("UPDATE " + table + " SET " + quoted_name(name) + "=? WHERE id=?");
      bind_field(statement, *field, value);
      statement.bind(id).run();
    }
  }
  for (const std::string_view column : {"x", "y", "geometry"}) {
    if (!said.has(column)) continue;
    auto statement = database.prepare("UPDATE " + table + " SET " + std::string(column) + "=? WHERE id=?");
    const Json& value = said[column];
    if (value.is_null()) {
      statement.bind(nullptr);
    } else {
      value.is_integer() ? statement.bind(value.integer()) : statement.bind(value.dump());
    }
    statement.bind(id).run();
  }
}

}  // namespace

Registers load_registers(Database& database) {
  Registers registers;
  auto statement = database.prepare("SELECT body FROM register_registers ORDER BY name");
  while (statement.step()) {
    const auto json = parse_json(statement.text(0));
    QIPAN_ASSERT(json.has_value());
    Register declared = from_json(*json);
    registers.emplace(declared.name, std::move(declared));
  }
  return registers;
}

std::optional<Register> find_register(Database& database, std::string_view name) {
  auto statement = database.prepare("SELECT body FROM register_registers WHERE name=?");
  statement.bind(name);
  if (!statement.step()) return std::nullopt;
  const auto json = parse_json(statement.text(0));
  QIPAN_ASSERT(json.has_value());
  return from_json(*json);
}

void RegistersEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE register_registers(name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID");
}

const std::vector<board::FactType>& RegistersEngine::facts() const {
  static const std::vector<board::FactType> all = {
      {.kind = "register.added"}, {.kind = "register.changed"}, {.kind = "register.retired"}};
  return all;
}

bool RegistersEngine::folds(std::string_view kind) const {
  return board::engine_of(kind) == "register" || kind == "pack.installed";
}

void RegistersEngine::reload(Database& database) {
  registers_ = load_registers(database);
  shares_.clear();
  for (auto& [name, declared] : registers_) {
    // What a newer program wrote and this one cannot read is told where it is asked.
    std::ignore = fields::compile_conditions(declared.fields);
    if (log::FieldShares shares = board::shares_of_fields(declared.fields); !shares.empty())
      shares_.emplace(name, std::move(shares));
  }
}

const log::FieldShares* RegistersEngine::shares_of(std::string_view subject_kind) const {
  const auto found = shares_.find(subject_kind);
  return found == shares_.end() ? nullptr : &found->second;
}

Result<const Register*> RegistersEngine::register_of(const Decision& decision) const {
  const std::string name = decision.body().text_or("register", "");
  const auto found = registers_.find(name);
  if (found == registers_.end()) {
    return refuse({Problem::Kind::not_found, "register-unknown", "register", shortened(name),
                   "a register of an installed pack", "see GET /api/v1/registers"});
  }
  return &found->second;
}

namespace {

using board::CommandType;
using fields::Make;
namespace types = fields::types;

/// What adding and changing an entry share, behind what names it.
std::vector<Field> entry_body(std::vector<Field> body) {
  body.push_back(Make("values", types::object()).means("as the register's fields ask"));
  body.push_back(Make("x", types::integer()).means("longitude in 1e-7 degrees"));
  body.push_back(Make("y", types::integer()).means("latitude in 1e-7 degrees"));
  body.push_back(Make("geometry", types::list()).means("rings of 1e-7 degrees, each [x, y, x, y, ...]"));
  return body;
}

Field register_name() {
  return Make("register", types::text()).required().means("a register of an installed pack");
}
Field entry_id() {
  return Make("id", types::integer()).required().means("the entry's number");
}
Field reason() {
  return Make("reason", types::long_text()).most(1'000);
}

}  // namespace

std::vector<CommandType> RegistersEngine::declare() {
  using Run = Result<void> (*)(Decision&, const Register&);
  const auto of_register = [this](Run run) {
    return [this, run](Decision& decision) -> Result<void> {
      QIPAN_TRY(declared, register_of(decision));
      return run(decision, *declared);
    };
  };
  const board::Right write = {"write", "register"};
  std::vector<Field> added = entry_body({register_name()});
  added.push_back(Make("unit", types::text()).means("code of the unit that it belongs to"));
  std::vector<Field> changed = entry_body({register_name(), entry_id()});
  changed.push_back(reason());
  return {{.kind = "register.add",
           .summary = "add an entry",
           .right = write,
           .body = std::move(added),
           .answer = {entry_id()},
           .run = of_register(add)},
          {.kind = "register.change",
           .summary = "change an entry: only what is named, and null takes a value away",
           .right = write,
           .body = std::move(changed),
           .changes = true,
           .run = of_register(change)},
          {.kind = "register.retire",
           .summary = "retire an entry",
           .right = write,
           .body = {register_name(), entry_id(), Make(reason()).between(1, 1'000).required()},
           .run = of_register(retire)}};
}

namespace {

/// Whether what stands there means the same by the newer declaration.
bool keeps(const Field& now, const Field& before) {
  return now.type == before.type && now.digits == before.digits && now.unit == before.unit &&
         now.sensitivity == before.sensitivity && now.party == before.party &&
         std::all_of(before.options.begin(), before.options.end(), [&](const fields::Option& old) {
           return std::any_of(now.options.begin(), now.options.end(),
                              [&](const fields::Option& one) { return one.value == old.value; });
         });
}

/// What may stand once from now on stands once already.
bool is_held_once(Database& database, const Register& declared, const Field& field) {
  const std::string column = quoted_name(field.name);
  auto statement =
      database.prepare("SELECT 1 FROM " + quoted_name(declared.table()) + " WHERE retired=0 AND " + column +
                       " IS NOT NULL GROUP BY " + column + " HAVING count(*)>1 LIMIT 1");
  return !statement.step();
}

}  // namespace

void RegistersEngine::check_pack(board::PackCheck& check) {
  auto& [pack, database, problems, steps, names] = check;
  const auto known = load_registers(database);
  Json list = Json::array();
  for (const Register& declared : read_registers(pack, problems)) {
    if (const auto before = known.find(declared.name); before != known.end()) {
      // Entries that are there would not know whose they are.
      if (declared.party_title != before->second.party_title)
        problems.push_back({Problem::Kind::conflict, "pack-fault", "registers/" + declared.name,
                            "party_title", "what the register said from its first version on",
                            "make another register of it"});
      for (const Field& field : before->second.fields) {
        const Field* now = declared.field(field.name);
        if (now == nullptr || !keeps(*now, field)) {
          problems.push_back({Problem::Kind::conflict, "pack-fault", "registers/" + declared.name, field.name,
                              "every field that the register has, with its type, digits, unit, sensitivity, "
                              "party and options",
                              "nothing is dropped or retyped: add a new field"});
        } else if (now->unique && !field.unique && !is_held_once(database, before->second, field)) {
          problems.push_back({Problem::Kind::conflict, "pack-fault", "registers/" + declared.name, field.name,
                              "a field whose values stand once each already, to be unique",
                              "mend the entries first"});
        }
      }
    }
    list.push(to_json(declared));
  }
  if (!list.items().empty()) steps.set("registers", std::move(list));
}

std::vector<std::string> RegistersEngine::referred_kinds(const Json& steps) const {
  std::vector<std::string> kinds;
  if (!steps.has("registers")) return kinds;
  for (const Json& step : steps["registers"].items()) {
    for (const Field& field : from_json(step).fields) fields::add_referred(field, kinds);
  }
  return kinds;
}

std::vector<std::string> RegistersEngine::declared_kinds(Database& database, const Json& steps) const {
  std::vector<std::string> kinds;
  auto statement = database.prepare("SELECT name FROM register_registers ORDER BY name");
  while (statement.step()) kinds.emplace_back(statement.text(0));
  if (steps.has("registers")) {
    for (const Json& step : steps["registers"].items()) kinds.push_back(step["name"].text());
  }
  return kinds;
}

void RegistersEngine::fold(const Fact& fact, View& view) {
  Database& database = view.database();
  if (fact.kind == "pack.installed") {
    const Json& steps = fact.body["steps"]["registers"];
    if (!steps.is_array()) return;
    for (const Json& step : steps.items()) fold_step(database, step);
    return;
  }
  // The declaration comes from the tables that earlier facts made, so a refold reads the same one.
  const auto found = find_register(database, board::Subject::of(fact.subject).kind);
  QIPAN_ASSERT(found.has_value());
  const Register& declared = *found;
  const std::int64_t id = fact.subject_id();
  const std::string table = quoted_name(declared.table());
  if (fact.kind == "register.added") {
    database
        .prepare("INSERT INTO " + table +
                 "(id, unit, retired, created, changed, position) VALUES(?,?,0,?,?,?)")
        .bind(id)
        .bind(fact.body["unit"].integer())
        .bind(fact.at)
        .bind(fact.at)
        .bind(fact.position)
        .run();
    fold_values(fact.body, id, declared, database);
    board::note_serials(database, declared.name, fact.body["serials"]);
    view.set_party(fact.subject, fact.body["party"], fact.position);
    return;
  }
  database.prepare("UPDATE " + table + " SET changed=?, position=? WHERE id=?")
      .bind(fact.at)
      .bind(fact.position)
      .bind(id)
      .run();
  if (fact.kind == "register.retired") {
    database.prepare("UPDATE " + table + " SET retired=1 WHERE id=?").bind(id).run();
    // What is gone is nobody's: no new mandate for it, and cases stay whose they are.
    view.set_party(fact.subject, Json(), fact.position);
  } else {
    if (fact.body.has("party")) view.set_party(fact.subject, fact.body["party"], fact.position);
    fold_values(fact.body["now"], id, declared, database);
  }
}

}  // namespace qipan::registers
