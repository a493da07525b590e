#include <algorithm>

#include "base/text.hpp"
#include "board/directory.hpp"
#include "units/declarations.hpp"
#include "units/reach.hpp"
#include "units/steps.hpp"

// People, what posts they hold, and the keys that act for them.

namespace qipan::units {

using board::Decision;
using board::Directory;

namespace {

std::int64_t next_id(Database& database, std::string_view table) {
  return database.integer("SELECT coalesce(max(id),0)+1 FROM " + std::string(table), 1);
}

/// After this change each administration of the whole district must still have somebody.
Result<void> others_administer(Decision& decision, const Person& person, std::string_view role) {
  const auto alone = decision.directory().left_alone({person.id}, role);
  if (!alone) return {};
  return refuse({Problem::Kind::conflict, "last-administrator", "login", std::string(name_of(*alone)),
                 "somebody else for this administration of the whole district",
                 "give somebody that post first"});
}

/// What people type to log in: seen alike, it is alike.
Result<void> check_login(const std::string& login) {
  const bool plain = std::none_of(login.begin(), login.end(),
                                  [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
  if (plain && !login.empty() && characters(login) <= 60) return {};
  return invalid("login-unfit", "login", login, "1 to 60 characters without blanks and control characters",
                 "leave them out");
}

/// Whether a password is told to its owner by another person, who knows it until it is changed. What the
/// operator sets stands: the machine is theirs.
bool knows_it_too(Decision& decision, std::int64_t person) {
  return !Directory::is_trusted(decision.actor()) &&
         decision.directory().person_of(decision.actor()).value != person;
}

}  // namespace

Result<void> add_person(Decision& decision) {
  const Json& body = decision.body();
  QIPAN_CHECK(check_login(body.text_or("login", "")));
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
    if (body.has(secret)) fact.set(secret, body[secret]);
  }
  if (body.has("password") && knows_it_too(decision, id)) fact.set("temporary", true);
  decision.record("unit.person_added", board::subject_of("person", id), std::move(fact));
  decision.answer(Json::object().set("person", id));
  return {};
}

Result<void> set_password(Decision& decision) {
  QIPAN_TRY(person, person_named(decision));
  // Everybody may set their own.
  if (!is_oneself(decision, person)) {
    QIPAN_CHECK(may_manage(decision, person, "person"));
  }
  Json fact = Json::object().set("password", decision.body()["password"]);
  if (knows_it_too(decision, person.id)) fact.set("temporary", true);
  decision.record("unit.password_set", board::subject_of("person", person.id), std::move(fact));
  return {};
}

/// Of oneself alone: who sets another's second factor could log in as them.
Result<void> set_second_factor(Decision& decision) {
  QIPAN_TRY(person, person_named(decision));
  if (!is_oneself(decision, person))
    return refuse({Problem::Kind::forbidden, "own-second-factor", "login", "", "one's own login",
                   "let them set it at their own page"});
  decision.record("unit.second_factor_set", board::subject_of("person", person.id),
                  Json::object().set("secret", decision.body()["secret"]));
  return {};
}

Result<void> clear_second_factor(Decision& decision) {
  QIPAN_TRY(person, person_named(decision, "post"));
  if (!is_oneself(decision, person)) {
    QIPAN_CHECK(may_manage(decision, person, "post"));
  }
  if (const board::Account* account = decision.directory().account({person.id});
      account == nullptr || !account->second_factor)
    return refuse({Problem::Kind::conflict, "second-factor-unset", "login", "",
                   "a person who has a second factor", ""});
  decision.record("unit.second_factor_cleared", board::subject_of("person", person.id),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

/// How a person is reached. The values themselves were checked where they came in; null takes one away.
Result<void> set_contact(Decision& decision) {
  QIPAN_TRY(person, person_named(decision));
  // Everybody may set their own.
  if (!is_oneself(decision, person)) {
    QIPAN_CHECK(may_manage(decision, person, "person"));
  }
  Json fact = Json::object();
  for (const std::string_view field : contact_fields) {
    const Json* value = decision.body().find(field);
    if (value == nullptr) continue;
    fact.set(field, *value);
  }
  if (fact.members().empty()) return invalid("nothing-to-change", "", "", "name, telephone or email");
  decision.record("unit.contact_set", board::subject_of("person", person.id), std::move(fact));
  return {};
}

/// As far as the person reaches: a street's administrator retires nobody who holds a post of the district.
Result<void> retire_person(Decision& decision) {
  QIPAN_TRY(person, person_named(decision));
  QIPAN_CHECK(may_manage(decision, person, "person"));
  QIPAN_CHECK(others_administer(decision, person, ""));
  decision.record("unit.person_retired", board::subject_of("person", person.id),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

namespace {

/// Whether somebody ever held it: then it has a number, by which others refer to it.
bool is_post(Database& database, const std::string& role, UnitId unit) {
  auto statement = database.prepare("SELECT 1 FROM unit_post_numbers WHERE role=? AND unit=?");
  statement.bind(role).bind(unit.value);
  return statement.step();
}

Result<void> change_post(Decision& decision, bool give) {
  QIPAN_TRY(person, person_named(decision, "post"));
  QIPAN_TRY(unit, unit_named(decision, "unit"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "post", unit.id));
  if (give && is_oneself(decision, person))
    return refuse({Problem::Kind::forbidden, "own-post", "login", "", "another person than oneself",
                   "ask who else gives posts here, or the operator"});
  const std::string role = decision.body().text_or("role", "");
  if (!decision.directory().role_exists(role)) return missing("role", role, "a role of an installed pack");
  auto statement =
      decision.database().prepare("SELECT 1 FROM unit_posts WHERE person=? AND role=? AND unit=?");
  statement.bind(person.id).bind(role).bind(unit.id.value);
  const bool held = statement.step();
  // One that is held from before posts had numbers gets its number by being given again.
  const bool numbers = give && held && !is_post(decision.database(), role, unit.id);
  if (held == give && !numbers) {
    return refuse({Problem::Kind::conflict, give ? "post-held" : "post-not-held", "role", role,
                   give ? "a post not held yet" : "a post that is held", ""});
  }
  if (give) QIPAN_CHECK(stays_apart(decision, person, role));
  if (!give && unit.id == decision.directory().root()) QIPAN_CHECK(others_administer(decision, person, role));
  Json fact = Json::object();
  fact.set("role", role).set("unit", unit.id.value);
  if (give && !is_post(decision.database(), role, unit.id)) {
    const std::int64_t number = next_id(decision.database(), "unit_post_numbers");
    decision.record("unit.post_made", board::subject_of("unit_post", number), fact);
    if (numbers) return {};
  }
  decision.record(give ? "unit.post_given" : "unit.post_taken", board::subject_of("person", person.id),
                  std::move(fact));
  return {};
}

}  // namespace

Result<void> give_post(Decision& decision) {
  return change_post(decision, true);
}

Result<void> take_post(Decision& decision) {
  return change_post(decision, false);
}

namespace {

/// The roles that a key is limited to, of those that its person holds.
Result<Json> roles_of_key(Decision& decision, const Person& person) {
  const Json& asked = decision.body()["roles"];
  const auto posts = decision.directory().posts_of(board::subject_of("person", person.id));
  if (asked.items().empty() || asked.items().size() > 50)
    return invalid("key-roles", "roles", asked.dump(), "1 to 50 roles that the person holds");
  for (const Json& role : asked.items()) {
    const bool held = role.is_text() && std::any_of(posts.begin(), posts.end(), [&](const board::Post& post) {
                        return post.role == role.text();
                      });
    if (!held) return invalid("key-roles", "roles", role.dump(), "a role that the person holds");
  }
  return asked;
}

}  // namespace

Result<void> issue_token(Decision& decision) {
  QIPAN_TRY(person, person_named(decision, "token"));
  QIPAN_CHECK(may_manage(decision, person, "token"));
  const std::string hash = decision.body().text_or("hash", "");
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
  const auto scope = decision.directory().scope(decision.actor(), "manage", "token");
  const std::int64_t id = decision.body().integer_or("token", 0);
  auto statement = decision.database().prepare(
      "SELECT p.unit FROM unit_tokens t JOIN unit_people p ON p.id=t.person WHERE t.id=? AND t.revoked=0");
  statement.bind(id);
  if (!statement.step() || !scope.has({statement.integer(0)}))
    return missing("token", std::to_string(id), "a token of yours that is not revoked");
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "token", {statement.integer(0)}));
  decision.record("unit.token_revoked", board::subject_of("token", id), Json::object());
  return {};
}

Result<void> reveal_person(Decision& decision) {
  QIPAN_TRY(person, person_named(decision, "person", "reveal"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "reveal", "person", person.unit));
  const std::string field = decision.body().text_or("field", "");
  auto statement =
      decision.database().prepare("SELECT " + quoted_name(field) + " FROM unit_people WHERE id=?");
  statement.bind(person.id);
  const auto reference = statement.step() ? parse_json(statement.text(0)) : Result<Json>(Json());
  if (!reference || !reference->has("vault"))
    return refuse({Problem::Kind::not_found, "reveal-field", "field", field,
                   "something that is known of this person", "ask them"});
  Json fact = Json::object();
  fact.set("field", field).set("purpose", decision.body()["purpose"]);
  decision.record("unit.person_revealed", board::subject_of("person", person.id), std::move(fact));
  // For whoever sent this to show, now that it is recorded.
  decision.answer(*reference);
  return {};
}

}  // namespace qipan::units
