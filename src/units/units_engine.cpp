#include "units/units_engine.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "board/body.hpp"
#include "board/difference.hpp"
#include "board/directory.hpp"
#include "calendar/calendar.hpp"
#include "geo/polygons.hpp"
#include "units/declarations.hpp"

namespace qipan::units {

using board::Decision;
using board::Directory;
using Kind = board::Member::Kind;

namespace {

constexpr std::string_view kinds[] = {"district", "street", "community", "grid", "department"};

std::int64_t next_id(Database& database, std::string_view table) {
  return database.integer("SELECT coalesce(max(id),0)+1 FROM " + std::string(table), 1);
}

tl::unexpected<Problem> missing(std::string field, std::string_view value, std::string rule) {
  return refuse({Problem::Kind::not_found, "not-known", std::move(field), shortened(value), std::move(rule),
                 "look it up in the list"});
}

/// The unit that a body names by code.
Result<board::Unit> unit_named(Decision& decision, std::string_view field) {
  const std::string code = decision.body().text_or(field, "");
  const board::Unit* unit = decision.directory().unit_by_code(code);
  if (unit == nullptr) return missing(std::string(field), code, "the code of a unit");
  return *unit;
}

struct Person {
  std::int64_t id = 0;
  UnitId unit;
};

/// The person that a body names: oneself, or somebody where the actor manages `resource`. Whether there is a
/// login is told to nobody else.
Result<Person> person_named(Decision& decision, std::string_view resource = "person") {
  const std::string login = decision.body().text_or("login", "");
  const auto scope = decision.directory().scope(decision.actor(), "manage", resource);
  auto statement = decision.database().prepare("SELECT id, unit FROM unit_people WHERE login=? AND active=1");
  statement.bind(login);
  const bool found = statement.step();
  const Person person = found ? Person{statement.integer(0), {statement.integer(1)}} : Person{};
  if (found && decision.directory().person_of(decision.actor()).value == person.id) return person;
  if (scope.empty()) QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", resource, {}));
  if (found && scope.has(person.unit)) return person;
  return missing("login", login, "the login of an active person of yours");
}

/// What a key may not do whoever it acts for: a key that can take over its person outlives its own
/// revocation.
Result<void> in_person(const Decision& decision) {
  if (!decision.actor().starts_with("token:")) return {};
  return refuse({Problem::Kind::forbidden, "session-needed", "", decision.command().kind,
                 "a person who is logged in, not a key", "log in at the page"});
}

/// After this change somebody must still be able to manage people for the whole district.
Result<void> others_administer(Decision& decision, std::int64_t person, std::string_view role) {
  const Directory& directory = decision.directory();
  if (!directory.administers(person, role)) return {};
  auto people =
      decision.database().prepare("SELECT DISTINCT person FROM unit_posts WHERE unit=? ORDER BY person");
  people.bind(directory.root().value);
  bool others = false;
  while (people.step())
    others = others || (people.integer(0) != person && directory.administers(people.integer(0), ""));
  // The same person may hold another post that grants it.
  if (!role.empty()) others = others || directory.administers_besides(person, role);
  if (others) return {};
  return refuse({Problem::Kind::conflict, "last-administrator", "login", "",
                 "somebody else who manages people of the whole district", "give somebody that post first"});
}

/// Managing a person reaches as far as the person does: their unit, and every unit they hold a post at.
Result<void> may_manage(Decision& decision, const Person& person, std::string_view resource) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", resource, person.unit));
  for (const auto& post : decision.directory().posts_of(board::subject_of("person", person.id))) {
    QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", resource, post.unit));
  }
  return {};
}

/// Titles and codes are one line.
Result<void> check_text(const Json& body, std::string_view field, std::int64_t most, bool required) {
  QIPAN_CHECK(board::text_in(body, field, required ? 1 : 0, most, field == "reason"));
  return {};
}

/// What people type to log in: seen alike, it is alike.
Result<void> check_login(const std::string& login) {
  const bool plain = std::none_of(login.begin(), login.end(),
                                  [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
  if (plain && !login.empty() && characters(login) <= 60) return {};
  return invalid("login-unfit", "login", login, "1 to 60 characters without blanks and control characters",
                 "leave them out");
}

/// Of a body's calendar, where it names one.
Result<void> calendar_is_known(Decision& decision) {
  const std::string name = decision.body().text_or("calendar", "");
  auto statement = decision.database().prepare("SELECT 1 FROM unit_calendars WHERE name=?");
  statement.bind(name);
  if (name.empty() || statement.step()) return {};
  return missing("calendar", name, "the name of a calendar that is installed");
}

Result<void> create_unit(Decision& decision) {
  const Json& body = decision.body();
  QIPAN_CHECK(board::expect_members(body, {{"code"},
                                           {"kind"},
                                           {"title_zh"},
                                           {"title_en"},
                                           {"parent"},
                                           {"calendar"},
                                           {"geometry", Kind::any},
                                           {"below_root", Kind::boolean}}));
  QIPAN_CHECK(check_text(body, "code", 40, true));
  QIPAN_CHECK(calendar_is_known(decision));
  QIPAN_CHECK(check_text(body, "title_zh", 60, true));
  QIPAN_CHECK(check_text(body, "title_en", 120, true));
  std::string kind = body.text_or("kind", "");
  // A pack of its own that is seeded beside a district that has a root already comes below it.
  const bool below = body["below_root"] == Json(true) && kind == "district" && decision.directory().root();
  if (below) kind = "department";
  if (std::find(std::begin(kinds), std::end(kinds), kind) == std::end(kinds)) {
    return invalid("unit-kind", "kind", kind, "district, street, community, grid or department");
  }
  if (decision.directory().unit_by_code(body["code"].text()) != nullptr) {
    return refuse({Problem::Kind::conflict, "unit-known", "code", body["code"].text(),
                   "a code that is not taken", "use unit.change"});
  }
  UnitId parent;
  if (below) {
    parent = decision.directory().root();
  } else if (kind != "district") {
    QIPAN_TRY(above, unit_named(decision, "parent"));
    if (above.retired)
      return refuse(
          {Problem::Kind::conflict, "unit-retired", "parent", above.code, "a unit that is not retired", ""});
    parent = above.id;
  } else if (decision.directory().root()) {
    return refuse({Problem::Kind::conflict, "district-known", "kind", kind, "one district for a board",
                   "start another board"});
  }
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "unit", parent));
  const std::int64_t id = next_id(decision.database(), "unit_units");
  Json fact = Json::object();
  fact.set("code", body["code"])
      .set("kind", kind)
      .set("title_zh", body["title_zh"])
      .set("title_en", body["title_en"]);
  fact.set("parent", parent.value).set("calendar", body.text_or("calendar", ""));
  if (body.has("geometry")) {
    QIPAN_TRY(polygon, geo::polygon_from_json(body["geometry"]));
    fact.set("geometry", geo::polygon_to_json(polygon));
  }
  decision.record("unit.created", board::subject_of("unit", id), std::move(fact));
  decision.answer(Json::object().set("unit", id));
  return {};
}

Result<void> change_unit(Decision& decision) {
  QIPAN_CHECK(board::expect_members(decision.body(), {{"code"}, {"title_zh"}, {"title_en"}, {"calendar"}}));
  QIPAN_TRY(unit, unit_named(decision, "code"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "unit", unit.id));
  Json wanted = Json::object();
  for (const std::string_view field : {"title_zh", "title_en", "calendar"}) {
    if (!decision.body().has(field)) continue;
    QIPAN_CHECK(check_text(decision.body(), field, field == "title_zh" ? 60 : 120, field != "calendar"));
    if (!decision.body()[field].is_text())
      return invalid("text-needed", std::string(field), "null", "a text");
    wanted.set(field, decision.body()[field]);
  }
  if (wanted.members().empty()) return invalid("nothing-to-change", "", "", "title_zh, title_en or calendar");
  QIPAN_CHECK(calendar_is_known(decision));
  board::Difference changed;
  changed.add_all(Json::object()
                      .set("title_zh", unit.title_zh)
                      .set("title_en", unit.title_en)
                      .set("calendar", unit.calendar),
                  wanted);
  if (changed.empty()) {
    return refuse({Problem::Kind::conflict, "nothing-changes", "code", unit.code,
                   "a name or calendar that is another than before", "the unit is called so already"});
  }
  decision.record("unit.changed", board::subject_of("unit", unit.id.value),
                  Json::object().set("was", std::move(changed.was)).set("now", std::move(changed.now)));
  return {};
}

Result<void> retire_unit(Decision& decision) {
  QIPAN_CHECK(board::expect_members(decision.body(), {{"code"}, {"reason"}}));
  QIPAN_TRY(unit, unit_named(decision, "code"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "unit", unit.parent));
  if (unit.retired)
    return refuse(
        {Problem::Kind::conflict, "unit-retired", "code", unit.code, "a unit that is not retired", ""});
  if (!unit.parent)
    return refuse({Problem::Kind::conflict, "unit-root", "code", unit.code, "a unit below the district", ""});
  QIPAN_CHECK(check_text(decision.body(), "reason", 1'000, true));
  decision.record("unit.retired", board::subject_of("unit", unit.id.value),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

Result<void> add_person(Decision& decision) {
  const Json& body = decision.body();
  QIPAN_CHECK(board::expect_members(body, {{"login"},
                                           {"unit"},
                                           {"title_zh"},
                                           {"title_en"},
                                           {"name", Kind::any},
                                           {"telephone", Kind::any},
                                           {"email", Kind::any},
                                           {"password", Kind::any}}));
  QIPAN_CHECK(check_login(body.text_or("login", "")));
  QIPAN_CHECK(check_text(body, "title_zh", 60, true));
  QIPAN_CHECK(check_text(body, "title_en", 120, true));
  QIPAN_TRY(unit, unit_named(decision, "unit"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "person", unit.id));
  auto known = decision.database().prepare("SELECT 1 FROM unit_people WHERE lower(login)=lower(?)");
  known.bind(body["login"].text());
  if (known.step()) {
    return refuse({Problem::Kind::conflict, "login-known", "login", body["login"].text(),
                   "a login that was never given, in capitals or not", "choose another"});
  }
  const std::int64_t id = next_id(decision.database(), "unit_people");
  Json fact = Json::object();
  fact.set("login", body["login"])
      .set("unit", unit.id.value)
      .set("title_zh", body["title_zh"])
      .set("title_en", body["title_en"]);
  for (const std::string_view secret : {"name", "telephone", "email", "password"}) {
    if (body[secret].is_null()) continue;
    if (!body[secret].is_object())
      return invalid("personal-not-sealed", std::string(secret), "", "a personal value");
    fact.set(secret, body[secret]);
  }
  decision.record("unit.person_added", board::subject_of("person", id), std::move(fact));
  decision.answer(Json::object().set("person", id));
  return {};
}

Result<void> set_password(Decision& decision) {
  QIPAN_CHECK(in_person(decision));
  QIPAN_CHECK(board::expect_members(decision.body(), {{"login"}, {"password", Kind::any}}));
  QIPAN_TRY(person, person_named(decision));
  // Everybody may set their own.
  if (decision.directory().person_of(decision.actor()).value != person.id) {
    QIPAN_CHECK(may_manage(decision, person, "person"));
  }
  if (!decision.body()["password"].is_object())
    return invalid("password-needed", "password", "", "a password hash as a personal value");
  decision.record("unit.password_set", board::subject_of("person", person.id),
                  Json::object().set("password", decision.body()["password"]));
  return {};
}

/// How a person is reached. The values themselves were checked where they came in; null takes one away.
Result<void> set_contact(Decision& decision) {
  QIPAN_CHECK(in_person(decision));
  QIPAN_CHECK(board::expect_members(
      decision.body(), {{"login"}, {"name", Kind::any}, {"telephone", Kind::any}, {"email", Kind::any}}));
  QIPAN_TRY(person, person_named(decision));
  // Everybody may set their own.
  if (decision.directory().person_of(decision.actor()).value != person.id) {
    QIPAN_CHECK(may_manage(decision, person, "person"));
  }
  Json fact = Json::object();
  Json replaced = Json::array();
  for (const std::string_view field : contact_fields) {
    const Json* value = decision.body().find(field);
    if (value == nullptr) continue;
    if (!value->is_object() && !value->is_null())
      return invalid("personal-not-sealed", std::string(field), "",
                     "a personal value, or null to take it away");
    fact.set(field, *value);
    auto known = decision.database().prepare("SELECT " + std::string(field) + " FROM unit_people WHERE id=?");
    known.bind(person.id);
    if (known.step() && !known.text(0).empty()) replaced.push(parse_json(known.text(0)).value_or(Json()));
  }
  if (fact.members().empty()) return invalid("nothing-to-change", "", "", "name, telephone or email");
  // Whoever sent this takes the old values out of the vault, as nobody needs them any more.
  decision.answer(Json::object().set("replaced", std::move(replaced)));
  decision.record("unit.contact_set", board::subject_of("person", person.id), std::move(fact));
  return {};
}

/// As far as the person reaches: a street's administrator retires nobody who holds a post of the district.
Result<void> retire_person(Decision& decision) {
  QIPAN_CHECK(board::expect_members(decision.body(), {{"login"}, {"reason"}}));
  QIPAN_CHECK(check_text(decision.body(), "reason", 1'000, false));
  QIPAN_TRY(person, person_named(decision));
  QIPAN_CHECK(may_manage(decision, person, "person"));
  QIPAN_CHECK(others_administer(decision, person.id, ""));
  decision.record("unit.person_retired", board::subject_of("person", person.id),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

Result<void> change_post(Decision& decision, bool give) {
  QIPAN_CHECK(board::expect_members(decision.body(), {{"login"}, {"unit"}, {"role"}}));
  QIPAN_TRY(person, person_named(decision, "post"));
  QIPAN_TRY(unit, unit_named(decision, "unit"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "post", unit.id));
  const std::string role = decision.body().text_or("role", "");
  if (!decision.directory().role_exists(role)) return missing("role", role, "a role of an installed pack");
  auto statement =
      decision.database().prepare("SELECT 1 FROM unit_posts WHERE person=? AND role=? AND unit=?");
  statement.bind(person.id).bind(role).bind(unit.id.value);
  if (statement.step() == give) {
    return refuse({Problem::Kind::conflict, give ? "post-held" : "post-not-held", "role", role,
                   give ? "a post not held yet" : "a post that is held", ""});
  }
  if (!give && unit.id == decision.directory().root())
    QIPAN_CHECK(others_administer(decision, person.id, role));
  Json fact = Json::object();
  fact.set("role", role).set("unit", unit.id.value);
  decision.record(give ? "unit.post_given" : "unit.post_taken", board::subject_of("person", person.id),
                  std::move(fact));
  return {};
}

/// The roles that a key is limited to, of those that its person holds.
Result<Json> roles_of_key(Decision& decision, const Person& person) {
  const Json& asked = decision.body()["roles"];
  const auto posts = decision.directory().posts_of(board::subject_of("person", person.id));
  const bool listed = asked.is_array() && !asked.items().empty() && asked.items().size() <= 50;
  if (!listed) return invalid("key-roles", "roles", asked.dump(), "1 to 50 roles that the person holds");
  for (const Json& role : asked.items()) {
    const bool held = role.is_text() && std::any_of(posts.begin(), posts.end(), [&](const board::Post& post) {
                        return post.role == role.text();
                      });
    if (!held) return invalid("key-roles", "roles", role.dump(), "a role that the person holds");
  }
  return asked;
}

Result<void> issue_token(Decision& decision) {
  QIPAN_CHECK(in_person(decision));
  QIPAN_CHECK(
      board::expect_members(decision.body(), {{"login"}, {"purpose"}, {"roles", Kind::list}, {"hash"}}));
  QIPAN_TRY(person, person_named(decision, "token"));
  QIPAN_CHECK(may_manage(decision, person, "token"));
  const std::string hash = decision.body().text_or("hash", "");
  if (hash.size() != 64) return invalid("token-hash", "hash", hash, "hex SHA-256 of a random token");
  QIPAN_CHECK(check_text(decision.body(), "purpose", 60, true));
  const std::int64_t id = next_id(decision.database(), "unit_tokens");
  Json fact = Json::object();
  fact.set("person", person.id).set("hash", hash).set("purpose", decision.body()["purpose"]);
  if (decision.body().has("roles")) {
    QIPAN_TRY(roles, roles_of_key(decision, person));
    fact.set("roles", std::move(roles));
  }
  decision.record("unit.token_issued", board::subject_of("token", id), std::move(fact));
  decision.answer(Json::object().set("token", id));
  return {};
}

Result<void> revoke_token(Decision& decision) {
  QIPAN_CHECK(board::expect_members(decision.body(), {{"token", Kind::integer}}));
  const auto scope = decision.directory().scope(decision.actor(), "manage", "token");
  if (scope.empty()) QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "token", {}));
  const std::int64_t id = decision.body().integer_or("token", 0);
  auto statement = decision.database().prepare(
      "SELECT p.unit FROM unit_tokens t JOIN unit_people p ON p.id=t.person WHERE t.id=? AND t.revoked=0");
  statement.bind(id);
  if (!statement.step() || !scope.has({statement.integer(0)}))
    return missing("token", std::to_string(id), "a token of yours that is not revoked");
  decision.record("unit.token_revoked", board::subject_of("token", id), Json::object());
  return {};
}

Result<void> install_calendar(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "calendar", {}));
  QIPAN_CHECK(board::expect_members(decision.body(), {{"calendar", Kind::object}, {"source"}}));
  QIPAN_CHECK(board::text_in(decision.body(), "source", 0, 500));
  QIPAN_TRY(calendar, calendar::Calendar::from_json(decision.body()["calendar"]));
  auto statement = decision.database().prepare("SELECT max(version) FROM unit_calendars WHERE name=?");
  statement.bind(calendar.name());
  const std::int64_t now = statement.step() ? statement.integer(0) : 0;
  if (calendar.version() <= now) {
    return refuse({Problem::Kind::conflict, "calendar-version", "version", std::to_string(calendar.version()),
                   "a version over " + std::to_string(now), "raise the version"});
  }
  Json fact = calendar.to_json();
  fact.set("source", decision.body()["source"]);
  decision.record("unit.calendar_installed", "calendar:" + calendar.name(), std::move(fact));
  return {};
}

Result<void> reveal_person(Decision& decision) {
  QIPAN_CHECK(in_person(decision));
  QIPAN_CHECK(board::expect_members(decision.body(), {{"login"}, {"field"}, {"purpose"}}));
  QIPAN_TRY(person, person_named(decision));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "reveal", "person", person.unit));
  QIPAN_CHECK(check_text(decision.body(), "purpose", 500, true));
  const std::string field = decision.body().text_or("field", "");
  if (std::find(std::begin(contact_fields), std::end(contact_fields), field) == std::end(contact_fields))
    return invalid("reveal-field", "field", field, "name, telephone or email");
  Json fact = Json::object();
  fact.set("field", field).set("purpose", decision.body()["purpose"]);
  decision.record("unit.person_revealed", board::subject_of("person", person.id), std::move(fact));
  return {};
}

}  // namespace

void UnitsEngine::name_beside(Database& database, board::Beside& beside) const {
  for (const std::string_view column : {"name", "telephone", "email", "password"}) {
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

bool UnitsEngine::configures(std::string_view kind) const {
  return board::engine_of(kind) == "unit" && kind != "unit.person_revealed";
}

void UnitsEngine::check_pack(const pack::Pack& pack, Database& database, pack::Problems& problems,
                             Json& steps) {
  read_declarations(pack, problems, steps);
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

Result<void> UnitsEngine::decide(Decision& decision) {
  const std::string& kind = decision.command().kind;
  if (kind == "unit.create") return create_unit(decision);
  if (kind == "unit.change") return change_unit(decision);
  if (kind == "unit.retire") return retire_unit(decision);
  if (kind == "unit.add_person") return add_person(decision);
  if (kind == "unit.retire_person") return retire_person(decision);
  if (kind == "unit.set_password") return set_password(decision);
  if (kind == "unit.set_contact") return set_contact(decision);
  if (kind == "unit.give_post") return change_post(decision, true);
  if (kind == "unit.take_post") return change_post(decision, false);
  if (kind == "unit.issue_token") return issue_token(decision);
  if (kind == "unit.revoke_token") return revoke_token(decision);
  if (kind == "unit.install_calendar") return install_calendar(decision);
  if (kind == "unit.reveal_person") return reveal_person(decision);
  return invalid("command-unknown", "kind", kind, "a command of the units engine", "see the API description");
}

std::vector<std::string> UnitsEngine::own_kinds() const {
  return {"unit", "person", "token", "calendar"};
}

}  // namespace qipan::units
