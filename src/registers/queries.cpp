#include "registers/queries.hpp"

#include <limits>

#include "base/assert.hpp"
#include "board/subject.hpp"
#include "fields/column.hpp"

namespace qipan::registers {

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

namespace {

/// Columns in the order that read_entry() expects.
std::string entry_columns(const Register& declared) {
  std::string columns = "id, unit, retired, changed, x, y";
  for (const Field& field : declared.fields) columns += ", " + quoted_name(field.name);
  return columns;
}

Entry read_entry(const Register& declared, const Statement& statement) {
  Entry entry{.id = statement.integer(0),
              .unit = {statement.integer(1)},
              .retired = statement.integer(2) != 0,
              .changed = statement.integer(3),
              .values = Json::object()};
  if (!statement.is_null(4)) {
    entry.x = statement.integer(4);
    entry.y = statement.integer(5);
  }
  int column = 6;
  for (const Field& field : declared.fields) {
    Json value = fields::column_value(field, statement, column++);
    if (!value.is_null()) entry.values.set(field.name, std::move(value));
  }
  return entry;
}

}  // namespace

std::optional<Entry> find_entry(Database& database, const Register& declared, std::int64_t id) {
  auto statement = database.prepare("SELECT " + entry_columns(declared) + " FROM " +
                                    quoted_name(declared.table()) + " WHERE id=?");
  statement.bind(id);
  return statement.step() ? std::optional(read_entry(declared, statement)) : std::nullopt;
}

std::vector<Plan> plans_of(Database& database, std::string_view register_name, std::int64_t id) {
  std::vector<Plan> plans;
  auto statement = database.prepare(
      "SELECT position, day, body FROM register_planned WHERE register=? AND entry=? ORDER BY day, position");
  statement.bind(register_name).bind(id);
  while (statement.step())
    plans.push_back({static_cast<Position>(statement.integer(0)), static_cast<Day>(statement.integer(1)),
                     parse_json(statement.text(2)).value_or(Json::object())});
  return plans;
}

Day holds_since(Database& database, std::string_view register_name, std::int64_t id, std::string_view field) {
  auto statement =
      database.prepare("SELECT day FROM register_since WHERE register=? AND entry=? AND field=?");
  statement.bind(register_name).bind(id).bind(field);
  return statement.step() ? static_cast<Day>(statement.integer(0)) : std::numeric_limits<Day>::min();
}

std::int64_t entry_of_key(Database& database, const Register& declared, const Json& key) {
  const Field& field = *declared.field(declared.key);
  auto statement = database.prepare("SELECT id FROM " + quoted_name(declared.table()) +
                                    " WHERE retired=0 AND " + quoted_name(field.name) + "=?");
  fields::bind_column(field, statement, key);
  return statement.step() ? statement.integer(0) : 0;
}

std::optional<std::string> title_of_party(Database& database, std::string_view subject) {
  const board::Subject read = board::Subject::of(subject);
  const auto declared = find_register(database, read.kind);
  if (!declared || !declared->is_of_parties()) return std::nullopt;
  auto statement = database.prepare("SELECT " + quoted_name(declared->party_title) + " FROM " +
                                    quoted_name(declared->table()) + " WHERE id=?");
  statement.bind(read.id());
  if (!statement.step() || statement.is_null(0)) return std::nullopt;
  return std::string(statement.text(0));
}

std::vector<PartyRow> find_parties(Database& database, std::string_view text, std::int64_t limit) {
  std::vector<PartyRow> rows;
  for (const auto& [name, declared] : load_registers(database)) {
    if (!declared.is_of_parties()) continue;
    const std::string key = quoted_name(declared.key);
    const std::string title = quoted_name(declared.party_title);
    std::string sql = "SELECT id, ";
    sql.append(title).append(", ").append(key).append(" FROM ").append(quoted_name(declared.table()));
    sql.append(" WHERE retired=0 AND (instr(lower(").append(title).append("),lower(?1))>0 OR ").append(key);
    auto statement = database.prepare(sql + "=?1) ORDER BY id LIMIT ?2");
    statement.bind(text).bind(limit - static_cast<std::int64_t>(rows.size()));
    while (statement.step())
      rows.push_back({board::subject_of(name, statement.integer(0)), std::string(statement.text(1)),
                      std::string(statement.text(2))});
  }
  return rows;
}

std::vector<Entry> entries_of_party(Database& database, const Register& declared, std::string_view party,
                                    std::int64_t after, std::int64_t limit) {
  auto statement =
      database.prepare("SELECT " + entry_columns(declared) + " FROM " + quoted_name(declared.table()) +
                       " WHERE id>? AND id IN (SELECT p.subject FROM board_parties p JOIN board_kinds k ON "
                       "k.id=p.kind WHERE p.party=? "
                       "AND k.name=?) ORDER BY id LIMIT ?");
  statement.bind(after).bind(party).bind(declared.name).bind(limit);
  std::vector<Entry> entries;
  while (statement.step()) entries.push_back(read_entry(declared, statement));
  return entries;
}

std::vector<std::string> entries_with_content(Database& database, std::string_view hash) {
  std::vector<std::string> subjects;
  auto statement =
      database.prepare("SELECT register, entry FROM register_contents WHERE hash=? ORDER BY register, entry");
  statement.bind(hash);
  while (statement.step()) subjects.push_back(board::subject_of(statement.text(0), statement.integer(1)));
  return subjects;
}

}  // namespace qipan::registers
