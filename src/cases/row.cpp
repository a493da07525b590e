#include "cases/row.hpp"

#include "base/assert.hpp"

namespace qipan::cases {

std::string_view row_columns() {
  return "id, type, pack_set, state, open, class, x, y, place, grid, unit, responsible, assignee, "
         "source, external, created, "
         "closed, due, lamp, late, rework, parent, fields";
}

CaseRow read_row(const Statement& row) {
  const auto optional = [&](int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.integer(column));
  };
  CaseRow one;
  one.id = {row.integer(0)};
  one.type = row.text(1);
  one.set = row.integer(2);
  one.state = row.text(3);
  one.open = row.integer(4) != 0;
  one.case_class = row.text(5);
  one.x = optional(6);
  one.y = optional(7);
  one.place = row.text(8);
  one.grid = {row.integer(9)};
  one.unit = {row.integer(10)};
  one.responsible = {row.integer(11)};
  one.assignee = {row.integer(12)};
  one.source = row.text(13);
  one.external = row.text(14);
  one.created = row.integer(15);
  one.closed = optional(16);
  one.due = optional(17);
  one.lamp = row.integer(18);
  one.late = row.integer(19) != 0;
  one.rework = row.integer(20);
  one.parent = {row.integer(21)};
  auto fields = parse_json(row.text(22), held_fields_limits);
  QIPAN_ASSERT(fields.has_value());
  one.fields = std::move(*fields);
  return one;
}

std::optional<CaseRow> find_case(Database& database, CaseId id) {
  static const std::string sql = "SELECT " + std::string(row_columns()) + " FROM case_cases WHERE id=?";
  auto statement = database.prepare(sql);
  statement.bind(id.value);
  return statement.step() ? std::optional(read_row(statement)) : std::nullopt;
}

std::optional<CaseRow> find_case(Database& database, const board::Subject& subject) {
  auto row = find_case(database, CaseId{subject.id()});
  return row && row->type == subject.kind ? std::move(row) : std::nullopt;
}

bool is_of_mandate(Database& database, const CaseRow& row, const board::Mandate& mandate) {
  if (!mandate.covers(row.type)) return false;
  const auto party = board::party_of(database, row.subject());
  return party && party->subject == mandate.party;
}

std::vector<LimitState> limits_of(Database& database, CaseId id) {
  std::vector<LimitState> limits;
  auto statement = database.prepare("SELECT body FROM case_limits WHERE case_id=? ORDER BY name");
  statement.bind(id.value);
  while (statement.step()) {
    const auto json = parse_json(statement.text(0));
    QIPAN_ASSERT(json.has_value());
    limits.push_back(LimitState::from_json(*json));
  }
  return limits;
}

}  // namespace qipan::cases
