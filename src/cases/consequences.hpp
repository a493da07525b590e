#pragma once

#include "board/engine.hpp"
#include "cases/catalogue.hpp"
#include "cases/row.hpp"

// What a step does besides moving its case: decisions that it asks by name, entries that it changes, cases
// that it opens. All of it stands in the step's fact; what concerns others follows as commands, which may be
// refused while the step stands (design §4b.9).

namespace qipan::cases {

/// What the FEEL of a step sees: the case with what the step says, and what its references name.
class Seen {
 public:
  /// `row` with the fields that the step leaves; `state`: that in which it stands.
  Seen(board::Decision& decision, const CaseType& type, const CaseRow& row, const std::string& state,
       const std::string& comment);
  [[nodiscard]] expr::Value guard(const fields::Feel& feel) const { return feel.evaluate(all_, follow_); }
  [[nodiscard]] expr::Value effect(const fields::Feel& feel) const { return feel.evaluate(told_, follow_); }

 private:
  std::vector<expr::Value> all_;   // in the order of guard_names()
  std::vector<expr::Value> told_;  // and of effect_names()
  fields::Follow follow_;
};

/// Commands that a step has follow, as its fact keeps them under "effects": null for none. An entry that says
/// already what it is to say is left alone. Refused (`effect-unfit`) where a value has no place in JSON.
[[nodiscard]] Result<Json> consequences_of(board::Decision& decision, const Seen& seen, const CaseRow& row,
                                           const Transition& transition);
/// Of a fact that keeps some.
void follow_consequences(const board::Fact& fact, std::vector<board::Command>& reactions);

/// Notes what the consequences and references of a type name that is not there.
void check_consequences(const CaseType& type, const std::vector<std::shared_ptr<const CaseType>>& of_pack,
                        const Catalogue& catalogue, board::PackCheck& check);

}  // namespace qipan::cases
