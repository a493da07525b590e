#pragma once

#include "expr/decision.hpp"
#include "rules/model.hpp"
#include "rules/parameters.hpp"

namespace qipan::rules {

/// A compiled model with its parameters, behind the interface that engines know.
class DmnDecisions final : public expr::DecisionModel {
 public:
  DmnDecisions(std::shared_ptr<const Model> model, Parameters parameters, bool strict = false)
      : model_(std::move(model)), parameters_(std::move(parameters)), strict_(strict) {}

  [[nodiscard]] std::vector<std::string> decisions() const override;
  [[nodiscard]] std::vector<std::string> inputs(std::string_view decision) const override;
  [[nodiscard]] std::vector<std::string> outputs(std::string_view decision) const override;
  [[nodiscard]] Result<expr::Decided> decide(std::string_view decision, const Json& inputs,
                                             Day day) const override;
  [[nodiscard]] Result<Json> explain(std::string_view decision, const Json& inputs, Day day) const override;
  [[nodiscard]] std::vector<Problem> problems() const override;
  [[nodiscard]] std::vector<Problem> warnings() const override;
  [[nodiscard]] std::vector<expr::NamedCode> answers(std::string_view decision) const override;
  [[nodiscard]] std::vector<expr::NamedCode> asked(std::string_view decision) const override;
  [[nodiscard]] Result<void> check_inputs(const Json& inputs) const override;

  [[nodiscard]] const Model& model() const { return *model_; }
  [[nodiscard]] const Parameters& parameters() const { return parameters_; }

 private:
  struct Run;
  [[nodiscard]] Result<const Element*> element(std::string_view decision) const;

  std::shared_ptr<const Model> model_;
  Parameters parameters_;
  bool strict_;
};

/// Refuses what is no DMN or does not resolve, with its line. Texts that do not compile are null when
/// evaluated and stand in problems(): one mode for the TCK, the command line, pages and packs.
[[nodiscard]] Result<std::shared_ptr<const expr::DecisionModel>> load_decisions(const expr::PackFiles& files,
                                                                                const std::string& path);
/// The model's file first, then those it imports, by namespace, of the files beside it.
[[nodiscard]] std::vector<Source> sources_of(const expr::PackFiles& files, const std::string& path);

}  // namespace qipan::rules
