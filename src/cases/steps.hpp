#pragma once

#include "board/engine.hpp"
#include "cases/cases_engine.hpp"
#include "cases/row.hpp"
#include "fields/conditions.hpp"

namespace qipan::cases {

inline constexpr std::int64_t external_id_max = 120;  // characters
inline constexpr std::int64_t place_max = 200;
inline constexpr std::int64_t comment_max = 2'000;

/// The commands of the engine; each decides one and records its facts.
[[nodiscard]] Result<void> decide_create(board::Decision& decision, Lookups& lookups);
/// A report of an archive as its source has it: opened, closed or amended by what the source says of it now.
[[nodiscard]] Result<void> decide_archive(board::Decision& decision, Lookups& lookups);
[[nodiscard]] Result<void> decide_transition(board::Decision& decision, Lookups& lookups);
/// A signal that a source gave a case for has ended: told on the open case.
[[nodiscard]] Result<void> decide_signal_ended(board::Decision& decision);
/// Whether an open case stands for the signal that a creation names; told there again instead of a second
/// case.
[[nodiscard]] Result<bool> signalled_again(board::Decision& decision);
[[nodiscard]] Result<void> decide_comment(board::Decision& decision);
[[nodiscard]] Result<void> decide_define_class(board::Decision& decision);
[[nodiscard]] Result<void> decide_reveal(board::Decision& decision, const Lookups& lookups);
[[nodiscard]] Result<void> decide_erase(board::Decision& decision, const Lookups& lookups);
/// The case that a command's body names: by number, or by the id that its source gave it. 0 for none.
[[nodiscard]] std::int64_t case_named(const Json& body, Database& database);
[[nodiscard]] Result<void> decide_tick(board::Decision& decision, const Lookups& lookups);
[[nodiscard]] Result<void> decide_recompute(board::Decision& decision, const Lookups& lookups);

/// The body's fields as a form asks for them; what they refer to is there.
[[nodiscard]] Result<Json> read_case_fields(board::Decision& decision, const CaseType& type,
                                            const fields::Form& form, const CaseRow& before,
                                            fields::Moment moment);

/// What a decision changes about a case's clocks, as it stands in the fact.
struct Clocks {
  std::vector<LimitState> limits;
  std::vector<std::string> changed;  // names of limits that the fact must carry

  [[nodiscard]] LimitState* find(std::string_view name);
  void touch(const std::string& name);
  /// Adds limits, due, lamp and timer to a fact's body.
  void write_to(Json& body) const;
};

// Parts of creating that an archive's report shares.
[[nodiscard]] Result<void> read_place(board::Decision& decision, Lookups& lookups, CaseRow& row);
[[nodiscard]] Result<void> read_class(board::Decision& decision, const std::string& type, CaseRow& row);
/// Whose the case is from now on, where values of fields say so: it stands in the fact, as what is declared
/// later changes nothing about it.
void tell_party(const CaseType& type, const Json& said, Json& fact);
[[nodiscard]] Json fact_of(const CaseRow& row, const CaseType& type);

/// Starts, stops and resumes the type's limits for a state. `standard` is the filing standard's amount, if
/// one was found.
[[nodiscard]] Result<void> move_clocks(Clocks& clocks, const CaseType& type, std::string_view state,
                                       Instant at, const std::optional<calendar::Amount>& standard,
                                       const std::optional<Instant>& asserted_due,
                                       const std::string& calendar_name, const Calendars& calendars);

/// Who answers for a case, and by what standard: results of the type's rules with their explanation.
struct Dispatched {
  UnitId responsible;
  std::optional<calendar::Amount> standard;
  Json explanation = Json::object();
};
[[nodiscard]] Result<Dispatched> dispatch(const CaseType& type, const CaseRow& row,
                                          const board::Directory& directory);

/// What a decision asked by name said: values of the fields that its outputs are called like, and why.
struct Answered {
  Json values = Json::object();
  Json explanation;
};
/// Refused (`decision-unfit`) where what it says is no value of the field.
[[nodiscard]] Result<Answered> ask(board::Decision& decision, const CaseType& type, const NamedRule& named,
                                   const CaseRow& row);

}  // namespace qipan::cases
