#include "board/serials.hpp"

#include "fields/types/serial.hpp"

namespace qipan::board {

void create_serial_tables(Database& database) {
  database.execute(
      "CREATE TABLE board_serials(kind TEXT NOT NULL, field TEXT NOT NULL, period TEXT NOT NULL, last "
      "INTEGER "
      "NOT NULL, PRIMARY KEY(kind, field, period)) STRICT, WITHOUT ROWID");
}

Json give_serials(Database& database, std::string_view kind, const std::vector<fields::Field>& fields,
                  Instant at, Json& values) {
  Json given;
  const std::string day = format_instant(at + china_offset).substr(0, 10);
  for (const fields::Field& field : fields) {
    if (field.serial.empty()) continue;
    const std::string period = fields::types::serial_period(field.serial, day);
    auto statement = database.prepare("SELECT last FROM board_serials WHERE kind=? AND field=? AND period=?");
    statement.bind(kind).bind(field.name).bind(period);
    const std::int64_t number = statement.step() ? statement.integer(0) + 1 : 1;
    values.set(field.name, fields::types::serial_text(field.serial, day, number));
    if (given.is_null()) given = Json::array();
    given.push(Json::object().set("field", field.name).set("period", period).set("number", number));
  }
  return given;
}

void note_serials(Database& database, std::string_view kind, const Json& serials) {
  // What stands there may be the substitute of what was redacted.
  if (!serials.is_array()) return;
  for (const Json& one : serials.items()) {
    if (!one["number"].is_integer()) continue;
    database.prepare("INSERT OR REPLACE INTO board_serials(kind, field, period, last) VALUES(?,?,?,?)")
        .bind(kind)
        .bind(one.text_or("field", ""))
        .bind(one.text_or("period", ""))
        .bind(one["number"].integer())
        .run();
  }
}

}  // namespace qipan::board
