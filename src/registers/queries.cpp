#include "registers/queries.hpp"

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

std::optional<Entry> find_entry(Database& database, const Register& declared, std::int64_t id) {
  std::string columns = "id, unit, retired, x, y";
  for (const Field& field : declared.fields) columns += ", " + quoted_name(field.name);
  auto statement =
      database.prepare("SELECT " + columns + " FROM " + quoted_name(declared.table()) + " WHERE id=?");
  statement.bind(id);
  if (!statement.step()) return std::nullopt;
  Entry entry{.id = statement.integer(0),
              .unit = {statement.integer(1)},
              .retired = statement.integer(2) != 0,
              .values = Json::object()};
  if (!statement.is_null(3)) {
    entry.x = statement.integer(3);
    entry.y = statement.integer(4);
  }
  int column = 5;
  for (const Field& field : declared.fields) {
    Json value = fields::column_value(field, statement, column++);
    if (!value.is_null()) entry.values.set(field.name, std::move(value));
  }
  return entry;
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
