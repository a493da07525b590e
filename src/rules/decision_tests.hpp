#pragma once

#include "expr/decision.hpp"
#include "pack/document.hpp"

namespace qipan::rules {

/// One test of rules, as it came out.
struct DecisionTest {
  std::string place;  // file:line
  std::string about;
  std::string decision;
  bool passed = false;
};

/// Runs the tests that lie beside the rules (rules/*.tests.toml): a model, and for each test the decision,
/// the day, what is given and what is expected of outputs and rules. Every miss is noted with file and line.
std::vector<DecisionTest> run_decision_tests(const expr::PackFiles& files, pack::Problems& problems);

[[nodiscard]] bool is_decision_test(std::string_view path);

}  // namespace qipan::rules
