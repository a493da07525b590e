#include "board/directory.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"

namespace qipan::board {

namespace {

std::int64_t number_after(std::string_view actor, std::string_view prefix) {
  std::int64_t id = 0;
  if (actor.starts_with(prefix)) {
    const char* end = actor.data() + actor.size();
    const auto [stop, code] = std::from_chars(actor.data() + prefix.size(), end, id);
    if (code != std::errc() || stop != end) return 0;
  }
  return id;
}

}  // namespace

std::string texts_json(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push(text);
  return json.dump();
}

std::string ids_json(const std::vector<UnitId>& units) {
  std::string json = "[";
  for (const UnitId unit : units) json += (json.size() > 1 ? "," : "") + std::to_string(unit.value);
  return json + "]";
}

std::string resource_of(std::string_view family, std::string_view kind) {
  return std::string(family) + "/" + std::string(kind);
}

const Scope& Reach::of(std::string_view kind) const {
  const auto found = kinds.find(kind);
  return found == kinds.end() ? every : found->second;
}

bool Reach::empty() const {
  return every.empty() &&
         std::all_of(kinds.begin(), kinds.end(), [](const auto& kind) { return kind.second.empty(); });
}

bool Scope::has(UnitId unit) const {
  return all || std::binary_search(units.begin(), units.end(), unit);
}

Scope Scope::with(const Scope& other) const {
  if (all || other.all) return {true, {}};
  Scope both;
  std::set_union(units.begin(), units.end(), other.units.begin(), other.units.end(),
                 std::back_inserter(both.units));
  return both;
}

void Directory::load(Database& database, Instant at) {
  std::set<PersonId>* const noted = stood_in_for_;
  *this = Directory();
  stood_in_for_ = noted;
  if (!database.has_table("unit_units")) return;
  auto units = database.prepare(
      "SELECT id, parent, code, kind, title_zh, title_en, calendar, retired FROM unit_units ORDER BY id");
  while (units.step()) {
    Unit unit{{units.integer(0)},         {units.integer(1)},         std::string(units.text(2)),
              std::string(units.text(3)), std::string(units.text(4)), std::string(units.text(5)),
              std::string(units.text(6)), units.integer(7) != 0};
    by_code_[unit.code] = unit.id;
    if (unit.parent) children_[unit.parent].push_back(unit.id);
    if (!unit.parent && !root_) root_ = unit.id;
    units_.emplace(unit.id, std::move(unit));
  }
  auto roles = database.prepare("SELECT name, display FROM unit_roles");
  while (roles.step()) {
    grants_.try_emplace(std::string(roles.text(0)));
    if (roles.integer(1) != 0) displays_.emplace(roles.text(0));
  }
  auto grants =
      database.prepare("SELECT role, resource, action FROM unit_grants ORDER BY role, resource, action");
  while (grants.step()) {
    grants_[std::string(grants.text(0))].push_back(
        {std::string(grants.text(1)), std::string(grants.text(2))});
  }
  for (const auto& [role, granted] : grants_)
    if (!administrations_of_role(role).empty()) administering_.insert(role);
  load_people(database);
  load_deputies(database, at);
  load_mandates(database, at);
}

void Directory::load_people(Database& database) {
  auto posts = database.prepare(
      "SELECT p.person, p.role, p.unit FROM unit_posts p JOIN unit_people q ON q.id=p.person WHERE "
      "q.active=1 "
      "ORDER BY p.person, p.role, p.unit");
  while (posts.step()) posts_[{posts.integer(0)}].push_back({std::string(posts.text(1)), {posts.integer(2)}});
  auto people = database.prepare(
      "SELECT id, sessions_since, temporary, second_factor<>'' FROM unit_people WHERE active=1");
  while (people.step())
    accounts_[{people.integer(0)}] = {static_cast<Position>(people.integer(1)), people.integer(2) != 0,
                                      people.integer(3) != 0};
  auto tokens = database.prepare(
      "SELECT t.id, t.person, t.roles FROM unit_tokens t JOIN unit_people p ON p.id=t.person WHERE "
      "t.revoked=0 AND "
      "p.active=1");
  while (tokens.step()) {
    Key key{{tokens.integer(1)}, {}};
    const Json limited = parse_json(tokens.text(2)).value_or(Json::array());
    for (const Json& role : limited.items()) key.roles.push_back(role.text());
    tokens_.emplace(tokens.integer(0), std::move(key));
  }
}

void Directory::load_deputies(Database& database, Instant at) {
  auto deputies = database.prepare(
      "SELECT d.deputy, d.role FROM unit_deputies d JOIN unit_people p ON p.id=d.person AND p.active=1 ORDER "
      "BY "
      "d.deputy, d.role");
  while (deputies.step()) stands_in_[{deputies.integer(0)}].emplace(deputies.text(1));
  auto absences = database.prepare(
      "SELECT a.from_at, a.until_at, d.role, d.unit, d.person, d.deputy FROM unit_absences a JOIN "
      "unit_deputies d ON d.person=a.person JOIN unit_people p ON p.id=a.person AND p.active=1 JOIN "
      "unit_people q ON q.id=d.deputy AND q.active=1 WHERE a.until_at>?1 ORDER BY a.id, d.role, d.unit");
  absences.bind(at);
  auto over = database.prepare("SELECT coalesce(max(until_at),0) FROM unit_absences WHERE until_at<=?");
  over.bind(at);
  if (at > 0 && over.step()) holds_from_ = over.integer(0);
  while (at > 0 && absences.step()) {
    const Instant from = absences.integer(0);
    if (from > at) {
      changes_at_ = std::min(changes_at_, from);
      continue;
    }
    holds_from_ = std::max(holds_from_, from);
    changes_at_ = std::min(changes_at_, absences.integer(1));
    posts_[{absences.integer(5)}].push_back(
        {std::string(absences.text(2)), {absences.integer(3)}, {absences.integer(4)}});
  }
}

void Directory::load_mandates(Database& database, Instant at) {
  auto statement = database.prepare(
      "SELECT m.id, m.person, m.party, m.kinds, m.until_at FROM unit_mandates m JOIN unit_people p ON "
      "p.id=m.person AND p.active=1 WHERE m.ended=0 ORDER BY m.id");
  while (statement.step()) {
    Mandate mandate{statement.integer(0), {statement.integer(1)}, std::string(statement.text(2)), {}, {}};
    const Json kinds = parse_json(statement.text(3)).value_or(Json::array());
    for (const Json& kind : kinds.items()) mandate.kinds.push_back(kind.text());
    if (!statement.is_null(4)) {
      mandate.until = statement.integer(4);
      if (*mandate.until <= at) {
        holds_from_ = std::max(holds_from_, *mandate.until);
        continue;
      }
      if (at > 0) changes_at_ = std::min(changes_at_, *mandate.until);
    }
    mandates_.emplace(mandate.id, std::move(mandate));
  }
}

bool Mandate::covers(std::string_view kind) const {
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

const Mandate* Directory::mandate(std::string_view actor) const {
  const auto found = mandates_.find(number_after(actor, "mandate:"));
  return found == mandates_.end() ? nullptr : &found->second;
}

std::vector<const Mandate*> Directory::mandates_of(PersonId person) const {
  std::vector<const Mandate*> held;
  for (const auto& [id, mandate] : mandates_) {
    if (mandate.person == person) held.push_back(&mandate);
  }
  return held;
}

const Account* Directory::account(PersonId person) const {
  const auto found = accounts_.find(person);
  return found == accounts_.end() ? nullptr : &found->second;
}

bool Directory::only_shows(PersonId person) const {
  const auto found = posts_.find(person);
  return found != posts_.end() &&
         std::all_of(found->second.begin(), found->second.end(),
                     [&](const Post& post) { return displays_.contains(post.role); });
}

const Unit* Directory::unit(UnitId id) const {
  const auto found = units_.find(id);
  return found == units_.end() ? nullptr : &found->second;
}

const Unit* Directory::unit_by_code(std::string_view code) const {
  const auto found = by_code_.find(code);
  return found == by_code_.end() ? nullptr : unit(found->second);
}

bool Directory::is_within(UnitId below, UnitId above) const {
  for (const Unit* at = unit(below); at != nullptr; at = unit(at->parent)) {
    if (at->id == above) return true;
  }
  return false;
}

UnitId Directory::ancestor_of_kind(UnitId id, std::string_view kind) const {
  for (const Unit* at = unit(id); at != nullptr; at = unit(at->parent)) {
    if (at->kind == kind) return at->id;
  }
  return {};
}

std::string Directory::calendar_of(UnitId id) const {
  for (const Unit* at = unit(id); at != nullptr; at = unit(at->parent)) {
    if (!at->calendar.empty()) return at->calendar;
  }
  return "standard";
}

bool Directory::is_trusted(std::string_view actor) {
  return actor == "operator" || actor.starts_with("system:") || actor.starts_with("import:");
}

PersonId Directory::person_of(std::string_view actor) const {
  if (const auto id = number_after(actor, "person:"); id != 0) return {id};
  const auto token = tokens_.find(number_after(actor, "token:"));
  return token == tokens_.end() ? PersonId{} : token->second.person;
}

std::vector<Post> Directory::posts_of(std::string_view actor) const {
  const auto found = posts_.find(person_of(actor));
  if (found == posts_.end()) return {};
  const auto key = tokens_.find(number_after(actor, "token:"));
  if (key == tokens_.end()) return found->second;
  // A program stands in for nobody, though its person does.
  std::vector<Post> granted;
  for (const Post& post : found->second) {
    const auto& roles = key->second.roles;
    const bool limited = !roles.empty() && std::find(roles.begin(), roles.end(), post.role) == roles.end();
    // Nor does it administer: whoever issued the key knows it, and would come to another administration.
    if (!post.held_for && !limited && !administering_.contains(post.role)) granted.push_back(post);
  }
  return granted;
}

std::set<std::string> Directory::rights_of(std::string_view actor) const {
  std::set<std::string> rights;
  for (const Post& post : posts_of(actor)) {
    const auto found = grants_.find(post.role);
    if (found == grants_.end()) continue;
    for (const Grant& grant : found->second) {
      rights.insert(grant.action + " " + grant.resource);
      rights.insert(grant.action + " " + grant.resource.substr(0, grant.resource.find('/')));
    }
  }
  return rights;
}

bool Directory::grants(const std::string& role, std::string_view action, std::string_view resource) const {
  const auto found = grants_.find(role);
  if (found == grants_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const Grant& grant) {
    return lies_under(resource, grant.resource) && (grant.action == "*" || grant.action == action);
  });
}

std::set<Administration> Directory::administrations_of_role(const std::string& role) const {
  std::set<Administration> found;
  if (const auto known = grants_.find(role); known != grants_.end()) {
    for (const Grant& grant : known->second) found.merge(administrations_of(grant.action, grant.resource));
  }
  return found;
}

std::set<Administration> Directory::administrations_of_person(PersonId person) const {
  std::set<Administration> found;
  if (const auto known = posts_.find(person); known != posts_.end()) {
    for (const Post& post : known->second) found.merge(administrations_of_role(post.role));
  }
  for (const std::string& role : stands_in_as(person)) found.merge(administrations_of_role(role));
  return found;
}

const std::set<std::string>& Directory::stands_in_as(PersonId person) const {
  static const std::set<std::string> none;
  const auto found = stands_in_.find(person);
  return found == stands_in_.end() ? none : found->second;
}

bool Directory::runs(const Post& post, Administration administration) const {
  if (post.unit != root_ || post.held_for) return false;
  switch (administration) {
    case Administration::system:
      return grants(post.role, "manage", "person");
    case Administration::security:
      return grants(post.role, "manage", "post");
    case Administration::audit:
      break;
  }
  return grants(post.role, "read", "audit");
}

std::optional<Administration> Directory::left_alone(PersonId leaving, std::string_view role) const {
  for (const Administration administration : administrations) {
    bool loses = false;
    bool stays = false;
    for (const auto& [person, posts] : posts_) {
      for (const Post& post : posts) {
        if (!runs(post, administration)) continue;
        const bool goes = person == leaving && (role.empty() || post.role == role);
        (goes ? loses : stays) = true;
      }
    }
    if (loses && !stays) return administration;
  }
  return std::nullopt;
}

template <class Does>
bool Directory::any_post(std::string_view actor, Does does) const {
  const Post* found = nullptr;
  const std::vector<Post> posts = posts_of(actor);
  for (const Post& post : posts) {
    if (!does(post)) continue;
    if (!post.held_for) return true;
    if (found == nullptr) found = &post;
  }
  if (found != nullptr && stood_in_for_ != nullptr) stood_in_for_->insert(found->held_for);
  return found != nullptr;
}

Result<void> Directory::permit(std::string_view actor, std::string_view action, std::string_view resource,
                               UnitId at) const {
  if (is_trusted(actor)) return {};
  const UnitId place = at ? at : root_;
  const bool permitted = any_post(actor, [&](const Post& post) {
    return grants(post.role, action, resource) && is_within(place, post.unit);
  });
  if (permitted) return {};
  if (!person_of(actor) && mandate(actor) == nullptr) {
    return refuse({Problem::Kind::unauthenticated, "login-needed", "",
                   std::string(action) + " " + std::string(resource), "a person or token that is known",
                   "log in"});
  }
  const Unit* where = unit(place);
  return refuse(
      {Problem::Kind::forbidden, "not-permitted", "",
       std::string(action) + " " + std::string(resource) + (where != nullptr ? " at " + where->code : ""),
       "a post whose role grants it at this unit or above", "ask your unit's administrator for the role"});
}

bool Directory::holds_role(std::string_view actor, const std::vector<std::string>& roles, UnitId at) const {
  if (is_trusted(actor)) return true;
  return any_post(actor, [&](const Post& post) {
    return std::find(roles.begin(), roles.end(), post.role) != roles.end() && is_within(at, post.unit);
  });
}

bool Directory::permits_somewhere(std::string_view actor, std::string_view action,
                                  std::string_view resource) const {
  if (is_trusted(actor)) return true;
  const auto posts = posts_of(actor);
  return std::any_of(posts.begin(), posts.end(), [&](const Post& post) {
    const auto found = grants_.find(post.role);
    return found != grants_.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const Grant& grant) {
             return (lies_under(resource, grant.resource) || lies_under(grant.resource, resource)) &&
                    (grant.action == "*" || grant.action == action);
           });
  });
}

Scope Directory::scope(std::string_view actor, std::string_view action, std::string_view resource) const {
  if (is_trusted(actor)) return {true, {}};
  std::vector<Post> granting = posts_of(actor);
  std::erase_if(granting, [&](const Post& post) { return !grants(post.role, action, resource); });
  return scope_of(granting);
}

Reach Directory::reach(std::string_view actor, std::string_view action, std::string_view family) const {
  Reach reach{scope(actor, action, family), {}};
  if (reach.every.all) return reach;
  for (const Post& post : posts_of(actor)) {
    const auto found = grants_.find(post.role);
    if (found == grants_.end()) continue;
    for (const Grant& grant : found->second) {
      if (grant.resource.size() <= family.size() || !lies_under(grant.resource, family)) continue;
      const std::string kind = grant.resource.substr(family.size() + 1);
      if (reach.kinds.contains(kind)) continue;
      if (Scope own = scope(actor, action, grant.resource); !own.empty())
        reach.kinds.emplace(kind, std::move(own));
    }
  }
  return reach;
}

Scope Directory::scope_of(const std::vector<Post>& posts) const {
  std::set<UnitId> seen;
  for (const Post& post : posts) {
    if (post.unit == root_) return {true, {}};
    std::vector<UnitId> open{post.unit};
    while (!open.empty()) {
      const UnitId next = open.back();
      open.pop_back();
      if (!seen.insert(next).second) continue;
      if (const auto below = children_.find(next); below != children_.end()) {
        open.insert(open.end(), below->second.begin(), below->second.end());
      }
    }
  }
  return {false, {seen.begin(), seen.end()}};
}

}  // namespace qipan::board
