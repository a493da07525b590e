#include "face/app/party.hpp"

#include "board/subject.hpp"
#include "fields/column.hpp"

namespace qipan::face {

namespace {

constexpr std::string_view of_party =
    "id IN (SELECT p.subject FROM board_parties p JOIN board_kinds k ON k.id=p.kind WHERE p.party=? AND "
    "k.name=?)";

std::string title_column(const registers::Register& declared) {
  return quoted_name(declared.party_title);
}

}  // namespace

bool is_for_party(const fields::Field& field) {
  return field.sensitivity == fields::Sensitivity::open || field.sensitivity == fields::Sensitivity::party;
}

Json party_json(Database& reader, std::string_view subject) {
  const board::Subject read = board::Subject::of(subject);
  Json json = Json::object().set("subject", subject).set("title", subject);
  const auto declared = registers::find_register(reader, read.kind);
  if (!declared || !declared->is_of_parties()) return json;
  auto statement = reader.prepare("SELECT " + title_column(*declared) + " FROM " +
                                  quoted_name(declared->table()) + " WHERE id=?");
  statement.bind(read.id());
  if (statement.step() && !statement.is_null(0)) json.set("title", statement.text(0));
  return json;
}

Json party_fields(const cases::Catalogue& catalogue, const cases::CaseRow& row) {
  const log::FieldShares* shares = catalogue.shares_of(row.type);
  Json shown = Json::object();
  for (const auto& [name, value] : row.fields.members()) {
    if (shares != nullptr && (shares->everybody.contains(name) || shares->party.contains(name)))
      shown.set(name, value);
  }
  return shown;
}

std::string party_of_actor(Database& reader, std::string_view actor) {
  const board::Subject read = board::Subject::of(actor);
  if (read.kind != "mandate") return "";
  auto statement = reader.prepare("SELECT party FROM unit_mandates WHERE id=?");
  statement.bind(read.id());
  return statement.step() ? std::string(statement.text(0)) : "";
}

Json list_parties(Database& reader, std::string_view text, std::int64_t limit) {
  Json items = Json::array();
  for (const auto& [name, declared] : registers::load_registers(reader)) {
    if (!declared.is_of_parties()) continue;
    const std::string key = quoted_name(declared.key);
    auto statement =
        reader.prepare("SELECT id, " + title_column(declared) + ", " + key + " FROM " +
                       quoted_name(declared.table()) + " WHERE retired=0 AND (instr(lower(" +
                       title_column(declared) + "),lower(?1))>0 OR " + key + "=?1) ORDER BY id LIMIT ?2");
    statement.bind(text).bind(limit - static_cast<std::int64_t>(items.items().size()));
    while (statement.step()) {
      items.push(Json::object()
                     .set("subject", board::subject_of(name, statement.integer(0)))
                     .set("title", statement.text(1))
                     .set("key", statement.text(2)));
    }
  }
  return items;
}

Json own_entries(Database& reader, const registers::Register& declared, std::string_view party,
                 std::int64_t after, std::int64_t limit) {
  std::vector<const fields::Field*> shown;
  std::string columns = "id";
  for (const fields::Field& field : declared.fields) {
    if (!is_for_party(field)) continue;
    shown.push_back(&field);
    columns += ", " + quoted_name(field.name);
  }
  auto statement =
      reader.prepare("SELECT " + columns + " FROM " + quoted_name(declared.table()) + " WHERE id>? AND " +
                     std::string(of_party) + " ORDER BY id LIMIT " + std::to_string(limit + 1));
  statement.bind(after).bind(party).bind(declared.name);
  Json items = Json::array();
  Json next;
  std::int64_t last = 0;
  for (std::int64_t seen = 1; statement.step(); ++seen) {
    if (seen > limit) {
      next = std::to_string(last);
      break;
    }
    last = statement.integer(0);
    Json values = Json::object();
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const int column = static_cast<int>(i) + 1;
      if (!statement.is_null(column))
        values.set(shown[i]->name, fields::column_value(*shown[i], statement, column));
    }
    items.push(Json::object().set("id", last).set("values", std::move(values)));
  }
  return Json::object().set("items", std::move(items)).set("next", std::move(next));
}

std::int64_t count_own_entries(Database& reader, const std::string& register_name, std::string_view party) {
  auto statement = reader.prepare(
      "SELECT count(*) FROM board_parties p JOIN board_kinds k ON k.id=p.kind WHERE p.party=? AND k.name=?");
  statement.bind(party).bind(register_name);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace qipan::face
