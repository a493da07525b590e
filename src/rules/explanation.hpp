#pragma once

#include "base/json.hpp"
#include "rules/evaluation.hpp"
#include "rules/table.hpp"
#include "rules/trace.hpp"

namespace qipan::rules {

/// Inputs as the decision saw them, by name.
[[nodiscard]] Json explained_inputs(const Model& model, const Element& decision, Evaluation& evaluation,
                                    expr::Machine& machine);
/// Decisions in the order in which they were finished, with their tables and the rules that held.
[[nodiscard]] Json explained_steps(const Trace& trace);

/// A way to another result of a table: which inputs would have to be otherwise, and how little.
struct Alternative {
  struct Change {
    std::size_t column = 0;
    expr::Value to;    // the nearest value that the rule takes
    std::string test;  // what the rule asks of it
  };
  std::size_t rule = 0;
  std::vector<Change> changes;
};

/// The smallest changes of the table's inputs that lead to another result, the fewest inputs first, found by
/// trying the values at which the table's tests turn, and confirmed by asking the table. At most five.
[[nodiscard]] std::vector<Alternative> alternatives_of(expr::Machine& machine, const Table& table,
                                                       const std::vector<expr::Value>& inputs,
                                                       const std::vector<std::size_t>& matched,
                                                       const std::vector<expr::Value>& known);
/// Those of the decision's own table, as JSON.
[[nodiscard]] Json explained_alternatives(const Model& model, const Element& decision, const Trace& trace,
                                          Evaluation& evaluation, expr::Machine& machine);

}  // namespace qipan::rules
