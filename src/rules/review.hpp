#pragma once

#include "base/json.hpp"
#include "expr/decision.hpp"
#include "pack/document.hpp"
#include "rules/decision_tests.hpp"

namespace qipan::rules {

/// All that can be said of a pack's rules before they are in force.
struct Review {
  pack::Problems problems;  // that forbid publishing: what does not compile, and tests that are missed
  pack::Problems notes;     // gaps, overlaps, what could not be examined
  std::vector<DecisionTest> tests;
};

/// Compiles every model and parameter, runs the tests beside them and looks for gaps and overlaps. Takes as
/// long as the rules ask, each within the budgets of evaluation; no clock, no database.
[[nodiscard]] Review review(const expr::PackFiles& files);

/// The rule files of two states of a pack that are not the same, by path: {path, change, elements} for models
/// that can be read, {path, change} for every other.
[[nodiscard]] Json changed_files(const expr::PackFiles& before, const expr::PackFiles& after);

}  // namespace qipan::rules
