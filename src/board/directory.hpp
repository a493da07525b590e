#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"
#include "board/administration.hpp"
#include "pack/pack.hpp"

namespace qipan::board {

struct Unit {
  UnitId id;
  UnitId parent;
  std::string code;
  std::string kind;  // district, street, community, grid, department
  std::string title_zh;
  std::string title_en;
  std::string calendar;  // empty: the parent's
  bool retired = false;
};

struct Post {
  std::string role;
  UnitId unit;
  PersonId held_for = {};  // who is away and whose deputy one is; 0: it is one's own
};

/// How a person logs in.
struct Account {
  Position sessions_since = 0;  // of the fact since which sessions count
  bool temporary = false;       // another person knows the password
  bool second_factor = false;
};

/// What a person was given to act for an organisation: who of its people it is, for whom, and in what.
struct Mandate {
  std::int64_t id = 0;
  PersonId person;
  std::string party;               // "enterprise:12"
  std::vector<std::string> kinds;  // case types and registers, in order; empty: all
  std::optional<Instant> until;
  [[nodiscard]] bool covers(std::string_view kind) const;
};

/// The units a read may show: all, or the listed ones (sorted).
struct Scope {
  bool all = false;
  std::vector<UnitId> units;
  [[nodiscard]] bool empty() const { return !all && units.empty(); }
  [[nodiscard]] bool has(UnitId unit) const;
  /// What either shows.
  [[nodiscard]] Scope with(const Scope& other) const;
};

/// Texts and numbers as a JSON list, for json_each().
[[nodiscard]] std::string texts_json(const std::vector<std::string>& texts);
[[nodiscard]] std::string ids_json(const std::vector<UnitId>& units);

/// The same of a family of kinds, as "case" or "register": the units in which all of them may be seen, and
/// those of single kinds.
struct Reach {
  Scope every;
  std::map<std::string, Scope, std::less<>> kinds;  // each with what holds for every kind
  [[nodiscard]] const Scope& of(std::string_view kind) const;
  [[nodiscard]] bool empty() const;
};

/// What grants name: "case/grid_event" is a kind of the family "case".
[[nodiscard]] std::string resource_of(std::string_view family, std::string_view kind);

/// Who is who and who may what, read from the tables of the units engine. Rights are decided in this one
/// place, for commands (permit) and reads (scope) alike, so that neither can pass the other by.
class Directory {
 public:
  /// As it is at a moment, while holds_at(): who is away is stood in for by the deputy of each post. 0:
  /// as if nobody were.
  void load(Database& database, Instant at = 0);
  [[nodiscard]] bool holds_at(Instant at) const { return at >= holds_from_ && at < changes_at_; }
  /// From here on noted there: whose posts, held for them, permitted what the actor's own posts did not.
  /// Gives where it was noted before.
  std::set<PersonId>* note_stood_in_for(std::set<PersonId>* into) {
    return std::exchange(stood_in_for_, into);
  }

  [[nodiscard]] const Unit* unit(UnitId id) const;
  [[nodiscard]] const Unit* unit_by_code(std::string_view code) const;
  [[nodiscard]] const std::map<UnitId, Unit>& units() const { return units_; }
  /// Whether `below` is `above` or lies under it.
  [[nodiscard]] bool is_within(UnitId below, UnitId above) const;
  /// The nearest unit of that kind at or above `unit`; 0 where there is none.
  [[nodiscard]] UnitId ancestor_of_kind(UnitId unit, std::string_view kind) const;
  [[nodiscard]] UnitId root() const { return root_; }
  /// Name of the calendar that a unit works by: its own, or its nearest ancestor's.
  [[nodiscard]] std::string calendar_of(UnitId unit) const;

  /// Whether the actor may do `action` on `resource` at `unit`: a post whose role grants it, and whose unit
  /// is at or above. A grant on "case" holds for "case/grid_event", one on "case/grid_event" for it alone.
  /// Operator and system actors may everything; tokens act with the posts of the person they stand for.
  [[nodiscard]] Result<void> permit(std::string_view actor, std::string_view action,
                                    std::string_view resource, UnitId unit) const;
  /// Whether a post of the actor grants it at any unit, be it for one kind of the resource only.
  [[nodiscard]] bool permits_somewhere(std::string_view actor, std::string_view action,
                                       std::string_view resource) const;
  /// The district itself: its operator, its own parts, its imports.
  [[nodiscard]] static bool is_trusted(std::string_view actor);
  /// Whether the actor holds one of the roles at or above `unit`.
  [[nodiscard]] bool holds_role(std::string_view actor, const std::vector<std::string>& roles,
                                UnitId unit) const;
  /// The same rights as a predicate for reads.
  [[nodiscard]] Scope scope(std::string_view actor, std::string_view action, std::string_view resource) const;
  /// The same for the kinds of a family.
  [[nodiscard]] Reach reach(std::string_view actor, std::string_view action, std::string_view family) const;
  /// What of the district's administration a role grants, at whatever unit, and what a person's posts do.
  [[nodiscard]] std::set<Administration> administrations_of_role(const std::string& role) const;
  [[nodiscard]] std::set<Administration> administrations_of_person(PersonId person) const;
  /// Roles of posts that a person would hold for others, were they away.
  [[nodiscard]] const std::set<std::string>& stands_in_as(PersonId person) const;
  /// Which administration of the whole district would have nobody if this person had its role there no more,
  /// or (empty) none of theirs.
  [[nodiscard]] std::optional<Administration> left_alone(PersonId person, std::string_view role) const;
  [[nodiscard]] std::vector<Post> posts_of(std::string_view actor) const;
  [[nodiscard]] PersonId person_of(std::string_view actor) const;
  /// That of an actor "mandate:5" while it is in force; null for every other actor. It has no posts and is no
  /// person: what opens to it is what belongs to its party, and is asked for as such.
  [[nodiscard]] const Mandate* mandate(std::string_view actor) const;
  /// Those of a person, in the order in which they were given.
  [[nodiscard]] std::vector<const Mandate*> mandates_of(PersonId person) const;
  /// Null for who is unknown or retired.
  [[nodiscard]] const Account* account(PersonId person) const;
  /// Whether all that a person's posts are is an account for a wall: it only shows, and never locks itself.
  [[nodiscard]] bool only_shows(PersonId person) const;
  /// What the actor's posts grant anywhere, as "action resource", in order; what is granted for a kind also
  /// as for its family. For pages that show what there is.
  [[nodiscard]] std::set<std::string> rights_of(std::string_view actor) const;
  [[nodiscard]] bool role_exists(std::string_view role) const { return grants_.contains(std::string(role)); }

 private:
  struct Grant {
    std::string resource;  // "*" for every one
    std::string action;
  };
  [[nodiscard]] bool grants(const std::string& role, std::string_view action,
                            std::string_view resource) const;
  [[nodiscard]] Scope scope_of(const std::vector<Post>& posts) const;
  void load_people(Database& database);
  void load_deputies(Database& database, Instant at);
  void load_mandates(Database& database, Instant at);
  /// The first of the actor's posts that does, of their own where there is one; null for none.
  template <class Does>
  [[nodiscard]] bool any_post(std::string_view actor, Does does) const;
  /// Whether a post does what the administration of the whole district cannot be without.
  [[nodiscard]] bool runs(const Post& post, Administration administration) const;
  std::map<UnitId, Unit> units_;
  std::map<std::string, UnitId, std::less<>> by_code_;
  std::map<UnitId, std::vector<UnitId>> children_;
  std::map<std::string, std::vector<Grant>, std::less<>> grants_;
  std::map<PersonId, std::vector<Post>> posts_;
  std::map<PersonId, Account> accounts_;
  std::set<std::string, std::less<>> displays_;  // roles that only show
  struct Key {
    PersonId person;
    std::vector<std::string> roles;  // that it is limited to; empty: all of its person's
  };
  std::map<std::int64_t, Key> tokens_;
  std::map<std::int64_t, Mandate> mandates_;
  UnitId root_;
  std::set<std::string, std::less<>> administering_;  // roles that grant something of an administration
  std::map<PersonId, std::set<std::string>> stands_in_;
  Instant holds_from_ = 0;
  Instant changes_at_ = INT64_MAX;
  std::set<PersonId>* stood_in_for_ = nullptr;
};

}  // namespace qipan::board
