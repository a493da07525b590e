#pragma once

#include <span>
#include <vector>

#include "rules/model.hpp"

namespace qipan::rules {

/// One request over a model: its inputs, and the decisions that were computed for it, each at most once and
/// only if something reads it. Used by one thread; may be used again after clear().
class Evaluation final : public expr::Globals {
 public:
  explicit Evaluation(const Model& model);

  /// Coerced to the type of the input when it is read. Also sets decisions, as inputs of decision services.
  void set(std::size_t element, expr::Value value);
  /// For a decision service, which computes nothing that it is to be given: what was not set is null.
  void serve(const Element& service);
  void clear();

  [[nodiscard]] const expr::Value& at(std::size_t index, expr::Machine& machine) override;

 private:
  enum class State : std::uint8_t { open, given, computing, done };
  const Model& model_;
  std::vector<expr::Value> values_;
  std::vector<State> states_;
};

/// Several outputs as a context of their names.
[[nodiscard]] expr::Value outputs_of(const Model& model, const Element& service, Evaluation& evaluation,
                                     expr::Machine& machine);
/// A decision service as a function of its input decisions and input data.
[[nodiscard]] expr::FunctionPtr service_function(const Model& model, const Element& service);

}  // namespace qipan::rules
