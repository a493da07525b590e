#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "board/directory.hpp"
#include "board/subject.hpp"
#include "cases/limits.hpp"

namespace qipan::cases {

/// A case as its row has it.
/// Of the fields of a case together, as they may become by a command; what a row holds is read by wider
/// limits, as a substitute of what was redacted is no command.
inline constexpr JsonLimits fields_limits = {.bytes_max = 400'000, .values_max = 90'000};
inline constexpr JsonLimits held_fields_limits = {.bytes_max = 16'000'000, .values_max = 2'000'000};

struct CaseRow {
  CaseId id;
  std::string type;
  std::int64_t set = 0;  // of packs, in which it began
  std::string state;
  bool open = true;
  std::string case_class;  // code; empty when not known yet
  std::optional<std::int64_t> x;
  std::optional<std::int64_t> y;
  std::string place;
  UnitId grid;
  UnitId unit;
  UnitId responsible;
  PersonId assignee;
  std::string source;
  std::string external;
  Instant created = 0;
  std::optional<Instant> closed;
  std::optional<Instant> due;
  std::int64_t lamp = 0;
  bool late = false;
  std::int64_t rework = 0;
  CaseId parent;
  Json fields = Json::object();

  /// "grid_event:12".
  [[nodiscard]] std::string subject() const { return board::subject_of(type, id.value); }
};

/// Columns in the order that read_row() expects.
[[nodiscard]] std::string_view row_columns();
[[nodiscard]] CaseRow read_row(const Statement& statement);
[[nodiscard]] std::optional<CaseRow> find_case(Database& database, CaseId id);
/// The case that a fact is about; nothing where its subject is none: a class or an entry may have the number
/// of a case.
[[nodiscard]] std::optional<CaseRow> find_case(Database& database, const board::Subject& subject);
/// Whether it is of the mandate's organisation, and of a type that the mandate covers.
[[nodiscard]] bool is_of_mandate(Database& database, const CaseRow& row, const board::Mandate& mandate);
[[nodiscard]] std::vector<LimitState> limits_of(Database& database, CaseId id);

}  // namespace qipan::cases
