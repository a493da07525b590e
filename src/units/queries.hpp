#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/json.hpp"
#include "base/title.hpp"
#include "board/directory.hpp"

namespace qipan::units {

/// A person as administrators see one; of contacts only whether they are there.
struct PersonRow {
  std::int64_t id = 0;
  std::string login;
  std::string title_zh;
  std::string title_en;
  UnitId unit;
  bool active = true;
  bool has_name = false;
  bool has_telephone = false;
  bool has_email = false;
  bool second_factor = false;
};
struct PersonFilter {
  std::string text;  // part of login or title
  std::int64_t after = 0;
  std::int64_t limit = 100;
};
[[nodiscard]] std::vector<PersonRow> list_people(Database& reader, const PersonFilter& filter,
                                                 const board::Scope& scope);

struct Role {
  std::string name;
  std::string title_zh;
  std::string title_en;
  std::vector<std::pair<std::string, std::string>> grants;  // resource, action
};
[[nodiscard]] std::vector<Role> list_roles(Database& reader);

struct PostRow {
  std::string role;
  UnitId unit;
  std::string deputy;  // login; empty for nobody
};
[[nodiscard]] std::vector<PostRow> list_posts(Database& reader, std::int64_t person);

struct AbsenceRow {
  std::int64_t id = 0;
  std::string login;
  std::string title_zh;
  std::string title_en;
  Instant from = 0;
  Instant until = 0;
};
/// Not over at `now`, of the person or of people of those units; the earliest first, 1,000 at most.
[[nodiscard]] std::vector<AbsenceRow> list_absences(Database& reader, const board::Scope& scope, PersonId own,
                                                    Instant now);

struct MandateRow {
  std::int64_t id = 0;
  std::string login;
  std::string title_zh;
  std::string title_en;
  std::string party;
  std::vector<std::string> kinds;
  std::optional<Instant> until;
  bool ended = false;  // by somebody, before its time
};
/// Of people of those units; newest first, below the number `before`.
[[nodiscard]] std::vector<MandateRow> list_mandates(Database& reader, const board::Scope& scope,
                                                    std::int64_t before, std::int64_t limit);

struct AuditFilter {
  std::string login;  // who did it, themselves or by a key; empty: anybody
  std::string kind;   // "unit.post_given" or "unit"; empty: any
  std::int64_t before = INT64_MAX;
  std::int64_t limit = 50;
};
/// Positions of what auditors look at, newest first.
[[nodiscard]] std::vector<Position> list_audit(Database& reader, const AuditFilter& filter);

struct TokenRow {
  std::int64_t id = 0;
  std::string login;
  std::string title_zh;
  std::string title_en;
  std::string purpose;
  bool revoked = false;
};
[[nodiscard]] std::vector<TokenRow> list_tokens(Database& reader, const board::Scope& scope);

/// What people are called, also those who are there no more.
[[nodiscard]] std::optional<Title> title_of_person(Database& reader, PersonId person);
/// Whose mandate it is or was, and for which organisation.
struct MandateHolder {
  Title title;
  std::string party;
};
[[nodiscard]] std::optional<MandateHolder> holder_of_mandate(Database& reader, std::int64_t mandate);
[[nodiscard]] std::optional<std::string> login_of(Database& reader, PersonId person);
/// Of who is not retired: what logging in asks for, as references into the vault.
struct LoginRow {
  PersonId person;
  std::string password;
  std::string second_factor;  // empty: none
};
[[nodiscard]] std::optional<LoginRow> find_login(Database& reader, std::string_view login);
/// The number of a key that is in force, by its hash in hex.
[[nodiscard]] std::optional<std::int64_t> find_token(Database& reader, std::string_view hash);

/// Units of a kind that have an outline, with it as it is stored.
struct Outline {
  std::string code;
  Title title;
  Json rings;
};
/// One after the other, by number.
void each_outline(Database& reader, std::string_view kind, const std::function<void(Outline)>& take);

}  // namespace qipan::units
