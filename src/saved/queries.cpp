#include "saved/queries.hpp"

namespace qipan::saved {

namespace {

constexpr std::string_view columns = "id, form, about, title, content, owner, unit";

Saved read(Statement& statement) {
  Saved saved;
  saved.id = statement.integer(0);
  saved.form = statement.text(1);
  saved.about = statement.text(2);
  saved.title = statement.text(3);
  saved.content = parse_json(statement.text(4)).value_or(Json::object());
  saved.owner = {statement.integer(5)};
  saved.unit = {statement.integer(6)};
  return saved;
}

std::string asked(std::string_view condition) {
  return "SELECT " + std::string(columns) + " FROM saved_items WHERE dropped=0 AND " + std::string(condition);
}

}  // namespace

std::optional<Saved> find(Database& reader, std::int64_t id) {
  auto statement = reader.prepare(asked("id=?"));
  statement.bind(id);
  return statement.step() ? std::optional(read(statement)) : std::nullopt;
}

std::vector<Saved> list(Database& reader, PersonId person, const std::vector<UnitId>& units,
                        std::string_view form, std::string_view about) {
  Json shared = Json::array();
  for (const UnitId unit : units) shared.push(unit.value);
  auto statement = reader.prepare(
      asked("((owner=?1 AND ?1<>0) OR unit IN (SELECT value FROM json_each(?2))) AND (?3='' OR form=?3) "
            "AND (?4='' OR about=?4) ORDER BY id"));
  statement.bind(person.value).bind(shared.dump()).bind(form).bind(about);
  std::vector<Saved> found;
  while (statement.step()) found.push_back(read(statement));
  return found;
}

std::int64_t count_of(Database& reader, PersonId person) {
  auto statement = reader.prepare("SELECT count(*) FROM saved_items WHERE dropped=0 AND owner=?");
  statement.bind(person.value);
  return statement.step() ? statement.integer(0) : 0;
}

std::optional<Saved> arrangement(Database& reader, UnitId unit, std::string_view about) {
  auto statement = reader.prepare(asked("form='board' AND unit=? AND about=? ORDER BY id LIMIT 1"));
  statement.bind(unit.value).bind(about);
  return statement.step() ? std::optional(read(statement)) : std::nullopt;
}

}  // namespace qipan::saved
