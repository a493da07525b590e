#include "units/units_engine.hpp"

#include "board/directory.hpp"
#include "board/subject.hpp"
#include "units/declarations.hpp"

namespace qipan::units {

namespace {

/// Nobody comes to an administration, or loses one, by a pack that somebody else installs: so nobody comes to
/// two.
void check_holders(const Json& roles, Database& database, pack::Problems& problems) {
  std::map<std::string, std::set<board::Administration>> changed;
  for (const Json& role : roles.items()) changed[role["name"].text()] = administrations_of_step(role);
  board::Directory directory;
  directory.load(database);
  auto held_roles = database.prepare(
      "SELECT DISTINCT p.role FROM unit_posts p JOIN unit_people h ON h.id=p.person AND h.active=1 ORDER BY "
      "1");
  while (held_roles.step()) {
    const std::string role(held_roles.text(0));
    const auto now = changed.find(role);
    if (now == changed.end() || now->second == directory.administrations_of_role(role)) continue;
    problems.push_back({Problem::Kind::conflict, "pack-fault", "roles.toml", role,
                        "the administration that a role has, while somebody holds it",
                        "make another role of it, or let its posts be taken first"});
  }
}

}  // namespace

void UnitsEngine::name_beside(Database& database, board::Beside& beside) const {
  for (const std::string_view column : {"name", "telephone", "email", "password", "second_factor"}) {
    auto statement = database.prepare("SELECT " + quoted_name(column) + " FROM unit_people");
    while (statement.step()) {
      auto reference = parse_json(statement.text(0));
      if (reference && reference->has("vault")) beside.sealed.push_back(std::move(*reference));
    }
  }
}

bool UnitsEngine::folds(std::string_view kind) const {
  return board::engine_of(kind) == "unit" || kind == "pack.installed";
}

const std::vector<board::FactType>& UnitsEngine::facts() const {
  static const std::vector<board::FactType> all = {{.kind = "unit.absence_ended", .configures = true},
                                                   {.kind = "unit.absence_set", .configures = true},
                                                   {.kind = "unit.calendar_installed", .configures = true},
                                                   {.kind = "unit.changed", .configures = true},
                                                   {.kind = "unit.contact_set", .configures = true},
                                                   {.kind = "unit.created", .configures = true},
                                                   {.kind = "unit.deputy_set", .configures = true},
                                                   {.kind = "unit.mandate_ended", .configures = true},
                                                   {.kind = "unit.mandate_given", .configures = true},
                                                   {.kind = "unit.password_set", .configures = true},
                                                   {.kind = "unit.person_added", .configures = true},
                                                   {.kind = "unit.person_retired", .configures = true},
                                                   {.kind = "unit.post_given", .configures = true},
                                                   {.kind = "unit.post_made", .configures = true},
                                                   {.kind = "unit.post_taken", .configures = true},
                                                   {.kind = "unit.retired", .configures = true},
                                                   {.kind = "unit.second_factor_cleared", .configures = true},
                                                   {.kind = "unit.second_factor_set", .configures = true},
                                                   {.kind = "unit.token_issued", .configures = true},
                                                   {.kind = "unit.token_revoked", .configures = true},
                                                   {.kind = "unit.person_revealed", .audited = true}};
  return all;
}

void UnitsEngine::check_pack(board::PackCheck& check) {
  auto& [pack, database, problems, steps, names, collections] = check;
  read_declarations(pack, problems, steps);
  auto known = database.prepare("SELECT name FROM unit_roles");
  while (known.step()) check.declare("role", known.text(0));
  if (steps["roles"].is_array()) {
    for (const Json& role : steps["roles"].items()) check.declare("role", role["name"].text());
    check_holders(steps["roles"], database, problems);
  }
  if (!steps["calendars"].is_array()) return;
  // A calendar that is installed already stays; another one under its version would move deadlines unseen.
  Json fresh = Json::array();
  for (const Json& calendar : steps["calendars"].items()) {
    auto statement = database.prepare("SELECT body FROM unit_calendars WHERE name=? AND version=?");
    statement.bind(calendar["name"].text()).bind(calendar["version"].integer());
    if (!statement.step()) {
      fresh.push(calendar);
    } else if (statement.text(0) != calendar.dump()) {
      problems.push_back({Problem::Kind::conflict, "pack-fault", "calendars " + calendar["name"].text(), "",
                          "the calendar as it was installed under this version", "raise its version"});
    }
  }
  steps.set("calendars", std::move(fresh));
}

std::vector<std::string> UnitsEngine::own_kinds() const {
  return {"unit", "person", "unit_post", "token", "mandate", "calendar"};
}

}  // namespace qipan::units
