#pragma once

#include <optional>
#include <string>
#include <vector>

#include "board/directory.hpp"
#include "cases/catalogue.hpp"
#include "cases/row.hpp"

namespace qipan::cases {

/// Cases of a type in some states at some units: what somebody's post makes theirs to do.
struct Duty {
  std::string type;
  std::vector<std::string> states;
  bool at_responsible = false;  // the units are those that answer, not those of the place
  std::vector<UnitId> units;    // with all below
};
/// From the newest case types: every state that a transition of the actor's roles leads out of.
[[nodiscard]] std::vector<Duty> duties_of(const Catalogue& catalogue, const board::Directory& directory,
                                          std::string_view actor);

/// What a list asks for; empty members do not narrow it.
struct CaseFilter {
  std::string type;
  std::string state;
  std::string case_class;  // code, or the beginning of one
  std::optional<bool> open;
  std::optional<bool> late;
  std::optional<std::int64_t> lamp_min;
  std::optional<UnitId> unit;         // the place's, with all below
  std::optional<UnitId> responsible;  // with all below
  std::optional<PersonId> assignee;
  std::optional<std::vector<Duty>> duties;  // any of them
  std::optional<board::Mandate> mandate;    // of its organisation, of types that it covers
  std::string source;
  std::string
      text;  // a number, or part of a place, an id of the source, or any text of the form but personal ones
  std::set<std::string> unsearched;  // "type/field" in which no text is looked for: who finds it reads it
  std::optional<Instant> created_from;
  std::optional<Instant> created_to;
  /// The newest first; the earliest deadline first, those without one before; or the gravest lamp first, and
  /// in it the earliest deadline, those without one behind.
  enum class Order { newest, due, urgent };
  Order order = Order::newest;
  std::string after;  // cursor of the previous page
  std::int64_t limit = 50;
};

struct CasePage {
  std::vector<CaseRow> rows;
  std::string next;  // cursor, empty at the end
};

/// One page of the cases in scope: of a place or a responsible unit that the reader may see. Paged by key.
[[nodiscard]] Result<CasePage> list_cases(Database& reader, const CaseFilter& filter,
                                          const board::Reach& reach, const board::Directory& directory);

/// The open case of a signal, or the one that it became since and that was closed.
[[nodiscard]] std::optional<CaseId> case_of_signal(Database& reader, std::string_view signal, Instant since);

/// The cases that name a photo.
[[nodiscard]] std::vector<CaseId> cases_with_content(Database& reader, std::string_view hash);

/// Open cases by type, state and lamp, in scope.
struct CaseCount {
  std::string type;
  std::string state;
  std::int64_t lamp = 0;
  std::int64_t count = 0;
};
[[nodiscard]] std::vector<CaseCount> count_open(Database& reader, const board::Reach& reach);

[[nodiscard]] bool is_visible(const CaseRow& row, const board::Reach& reach);

/// Open cases of the same class within 50 metres and 24 hours: perhaps the same thing reported again.
struct Similar {
  CaseRow row;
  std::int64_t metres = 0;
};
[[nodiscard]] std::vector<Similar> similar_cases(Database& reader, const CaseRow& row);

/// Transitions that the actor may take from where the case stands (guards are told when tried).
[[nodiscard]] std::vector<std::string> actions_for(const CaseRow& row, const CaseType& type,
                                                   const board::Directory& directory, std::string_view actor);

struct CaseClass {
  std::string type;
  std::string code;
  std::string parent;
  pack::Title title;
};
[[nodiscard]] std::vector<CaseClass> classes(Database& reader, const std::string& type);

}  // namespace qipan::cases
