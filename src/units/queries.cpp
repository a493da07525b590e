#include "units/queries.hpp"

#include "base/json.hpp"

namespace qipan::units {

namespace {

constexpr std::int64_t rows_max = 1'000;

}  // namespace

std::vector<PersonRow> list_people(Database& reader, const PersonFilter& filter, const board::Scope& scope) {
  auto statement = reader.prepare(
      "SELECT id, login, title_zh, title_en, unit, active, name<>'', telephone<>'', email<>'', "
      "second_factor<>'' FROM "
      "unit_people WHERE "
      "id>?1 AND (?2='' OR instr(login,?2)>0 OR instr(title_zh,?2)>0 OR instr(lower(title_en),lower(?2))>0) "
      "AND (?3=1 "
      "OR unit IN (SELECT value FROM json_each(?4))) ORDER BY id LIMIT ?5");
  statement.bind(filter.after)
      .bind(filter.text)
      .bind(scope.all ? 1 : 0)
      .bind(board::ids_json(scope.units))
      .bind(filter.limit);
  std::vector<PersonRow> rows;
  while (statement.step()) {
    PersonRow row;
    row.id = statement.integer(0);
    row.login = statement.text(1);
    row.title_zh = statement.text(2);
    row.title_en = statement.text(3);
    row.unit = {statement.integer(4)};
    row.active = statement.integer(5) != 0;
    row.has_name = statement.integer(6) != 0;
    row.has_telephone = statement.integer(7) != 0;
    row.has_email = statement.integer(8) != 0;
    row.second_factor = statement.integer(9) != 0;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Role> list_roles(Database& reader) {
  std::vector<Role> roles;
  auto statement = reader.prepare(
      "SELECT r.name, r.title_zh, r.title_en, g.resource, g.action FROM unit_roles r LEFT JOIN unit_grants g "
      "ON "
      "g.role=r.name ORDER BY r.name, g.resource, g.action");
  while (statement.step()) {
    if (roles.empty() || roles.back().name != statement.text(0))
      roles.push_back({std::string(statement.text(0)),
                       std::string(statement.text(1)),
                       std::string(statement.text(2)),
                       {}});
    if (!statement.is_null(3)) roles.back().grants.emplace_back(statement.text(3), statement.text(4));
  }
  return roles;
}

std::vector<PostRow> list_posts(Database& reader, std::int64_t person) {
  auto statement = reader.prepare(
      "SELECT p.role, p.unit, coalesce(h.login,'') FROM unit_posts p LEFT JOIN unit_deputies d ON "
      "d.person=p.person AND d.role=p.role AND d.unit=p.unit LEFT JOIN unit_people h ON h.id=d.deputy AND "
      "h.active=1 WHERE p.person=? ORDER BY p.role, p.unit");
  statement.bind(person);
  std::vector<PostRow> rows;
  while (statement.step())
    rows.push_back({std::string(statement.text(0)), {statement.integer(1)}, std::string(statement.text(2))});
  return rows;
}

std::vector<AbsenceRow> list_absences(Database& reader, const board::Scope& scope, PersonId own,
                                      Instant now) {
  auto statement = reader.prepare(
      "SELECT a.id, p.login, p.title_zh, p.title_en, a.from_at, a.until_at FROM unit_absences a JOIN "
      "unit_people p ON p.id=a.person AND p.active=1 WHERE a.until_at>?1 AND (p.id=?2 OR ?3=1 OR p.unit IN "
      "(SELECT value FROM json_each(?4))) ORDER BY a.from_at, a.id LIMIT ?5");
  statement.bind(now)
      .bind(own.value)
      .bind(scope.all ? 1 : 0)
      .bind(board::ids_json(scope.units))
      .bind(rows_max);
  std::vector<AbsenceRow> rows;
  while (statement.step())
    rows.push_back({statement.integer(0), std::string(statement.text(1)), std::string(statement.text(2)),
                    std::string(statement.text(3)), statement.integer(4), statement.integer(5)});
  return rows;
}

std::vector<Position> list_audit(Database& reader, const AuditFilter& filter) {
  auto statement = reader.prepare(
      "SELECT position FROM board_audit WHERE position<?1 AND (?2='' OR kind=?2 OR "
      "substr(kind,1,length(?2)+1) "
      "=?2||'.') AND (?3='' OR actor IN (SELECT 'person:'||id FROM unit_people WHERE login=?3 UNION ALL "
      "SELECT 'token:'||t.id FROM unit_tokens t JOIN unit_people p ON p.id=t.person WHERE p.login=?3)) "
      "ORDER BY position DESC LIMIT ?4");
  statement.bind(filter.before).bind(filter.kind).bind(filter.login).bind(filter.limit);
  std::vector<Position> positions;
  while (statement.step()) positions.push_back(static_cast<Position>(statement.integer(0)));
  return positions;
}

std::vector<TokenRow> list_tokens(Database& reader, const board::Scope& scope) {
  auto statement = reader.prepare(
      "SELECT t.id, p.login, p.title_zh, p.title_en, t.purpose, t.revoked FROM unit_tokens t JOIN "
      "unit_people p ON "
      "p.id=t.person WHERE ?1=1 OR p.unit IN (SELECT value FROM json_each(?2)) ORDER BY t.revoked, t.id DESC "
      "LIMIT ?3");
  statement.bind(scope.all ? 1 : 0).bind(board::ids_json(scope.units)).bind(rows_max);
  std::vector<TokenRow> rows;
  while (statement.step())
    rows.push_back({statement.integer(0), std::string(statement.text(1)), std::string(statement.text(2)),
                    std::string(statement.text(3)), std::string(statement.text(4)),
                    statement.integer(5) != 0});
  return rows;
}

std::vector<MandateRow> list_mandates(Database& reader, const board::Scope& scope, std::int64_t before,
                                      std::int64_t limit) {
  auto statement = reader.prepare(
      "SELECT m.id, p.login, p.title_zh, p.title_en, m.party, m.kinds, m.until_at, m.ended FROM "
      "unit_mandates m JOIN unit_people p ON p.id=m.person WHERE m.id<? AND (? OR p.unit IN (SELECT value "
      "FROM json_each(?))) ORDER BY m.id DESC LIMIT ?");
  statement.bind(before).bind(scope.all ? 1 : 0).bind(board::ids_json(scope.units)).bind(limit);
  std::vector<MandateRow> rows;
  while (statement.step()) {
    MandateRow row{statement.integer(0),
                   std::string(statement.text(1)),
                   std::string(statement.text(2)),
                   std::string(statement.text(3)),
                   std::string(statement.text(4)),
                   {},
                   {},
                   statement.integer(7) != 0};
    const Json kinds = parse_json(statement.text(5)).value_or(Json::array());
    for (const Json& kind : kinds.items()) row.kinds.push_back(kind.text());
    if (!statement.is_null(6)) row.until = statement.integer(6);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<Title> title_of_person(Database& reader, PersonId person) {
  auto statement = reader.prepare("SELECT title_zh, title_en FROM unit_people WHERE id=?");
  statement.bind(person.value);
  if (!statement.step()) return std::nullopt;
  return Title{std::string(statement.text(0)), std::string(statement.text(1))};
}

std::optional<MandateHolder> holder_of_mandate(Database& reader, std::int64_t mandate) {
  auto statement = reader.prepare(
      "SELECT p.title_zh, p.title_en, m.party FROM unit_mandates m JOIN unit_people p ON p.id=m.person WHERE "
      "m.id=?");
  statement.bind(mandate);
  if (!statement.step()) return std::nullopt;
  return MandateHolder{{std::string(statement.text(0)), std::string(statement.text(1))},
                       std::string(statement.text(2))};
}

std::optional<std::string> login_of(Database& reader, PersonId person) {
  auto statement = reader.prepare("SELECT login FROM unit_people WHERE id=?");
  statement.bind(person.value);
  return statement.step() ? std::optional<std::string>(statement.text(0)) : std::nullopt;
}

std::optional<LoginRow> find_login(Database& reader, std::string_view login) {
  auto statement =
      reader.prepare("SELECT id, password, second_factor FROM unit_people WHERE login=? AND active=1");
  statement.bind(login);
  if (!statement.step()) return std::nullopt;
  return LoginRow{{statement.integer(0)}, std::string(statement.text(1)), std::string(statement.text(2))};
}

std::optional<std::int64_t> find_token(Database& reader, std::string_view hash) {
  auto statement = reader.prepare(
      "SELECT t.id FROM unit_tokens t JOIN unit_people p ON p.id=t.person WHERE t.hash=? AND t.revoked=0 AND "
      "p.active=1");
  statement.bind(hash);
  return statement.step() ? std::optional(statement.integer(0)) : std::nullopt;
}

void each_outline(Database& reader, std::string_view kind, const std::function<void(Outline)>& take) {
  auto statement = reader.prepare(
      "SELECT u.code, u.title_zh, u.title_en, g.rings FROM unit_geometries g JOIN unit_units u ON "
      "u.id=g.unit WHERE "
      "u.kind=? AND u.retired=0 ORDER BY u.id");
  statement.bind(kind);
  while (statement.step())
    take({std::string(statement.text(0)),
          {std::string(statement.text(1)), std::string(statement.text(2))},
          parse_json(statement.text(3)).value_or(Json())});
}

}  // namespace qipan::units
