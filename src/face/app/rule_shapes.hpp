#pragma once

#include "face/app/shapes.hpp"

/// What answers about rules have in common, as src/rules describes, compares and explains them. A model and
/// an explanation stand in the API's description once, by name.
namespace qipan::face::shape {

/// The files of a pack's rules, each with what stands in it and what is wrong with it.
[[nodiscard]] Json models();
/// What differs between two versions of rules, file by file.
[[nodiscard]] Json file_changes();
/// How a decision came about.
[[nodiscard]] Json explained();
/// What stands in a fact of a decision.
[[nodiscard]] Json decided();

/// What the description names of rules, by name.
[[nodiscard]] Json named_rule_shapes();

}  // namespace qipan::face::shape
