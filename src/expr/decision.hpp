#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::expr {

/// A parameter as it was in force on the day of the decision.
struct UsedParameter {
  std::string name;
  std::string from;  // YYYY-MM-DD
  Json value;
  std::string source;  // the citation
};

/// What a rule said, and which one: enough to show later why, without deciding again.
struct Decided {
  Json outputs = Json::object();
  std::string decision;
  std::string model_hash;          // hex SHA-256 of the model's file
  std::vector<std::string> rules;  // ids of the rules that matched
  std::string annotation;          // the clause or source they stand on
  std::vector<UsedParameter> parameters;
  std::vector<std::string> diagnostics;
  bool matched = false;
};

/// Decisions of one DMN file, with what it imports and the parameters beside it. Any thread may ask.
/// A code that a table of a decision asks for or answers, where it is a constant.
struct NamedCode {
  std::string column;  // input or output
  std::string value;
  std::string place;  // file:line of its rule
};

class DecisionModel {
 public:
  virtual ~DecisionModel() = default;
  [[nodiscard]] virtual std::vector<std::string> decisions() const = 0;
  /// Names of inputs and outputs, so that packs are checked before they are installed. Parameters are no
  /// inputs.
  [[nodiscard]] virtual std::vector<std::string> inputs(std::string_view decision) const = 0;
  [[nodiscard]] virtual std::vector<std::string> outputs(std::string_view decision) const = 0;
  /// With the parameters that were in force on `day`: that of the application, whatever the day is now.
  [[nodiscard]] virtual Result<Decided> decide(std::string_view decision, const Json& inputs,
                                               Day day) const = 0;
  /// The same with every step: decisions, tables, rules with their texts, parameters, diagnostics, and the
  /// smallest changes of inputs that would have led elsewhere.
  [[nodiscard]] virtual Result<Json> explain(std::string_view decision, const Json& inputs,
                                             Day day) const = 0;
  /// Texts that do not compile, tables that contradict themselves: no pack may have them. They are null when
  /// evaluated.
  [[nodiscard]] virtual std::vector<Problem> problems() const = 0;
  /// Texts that the decision's own table can answer, and those that its inputs are tested for: so that
  /// whoever uses it can say which of them do not exist.
  [[nodiscard]] virtual std::vector<NamedCode> answers(std::string_view decision) const = 0;
  [[nodiscard]] virtual std::vector<NamedCode> asked(std::string_view decision) const = 0;
  /// Refuses a member that no input or parameter of the model is named after.
  [[nodiscard]] virtual Result<void> check_inputs(const Json& inputs) const = 0;
  /// What to think about before publishing: what can only be null (types) unless the pack asks that to be a
  /// fault, inputs that no rule of a table answers, rules that contradict each other.
  [[nodiscard]] virtual std::vector<Problem> warnings() const = 0;
};

using PackFiles = std::map<std::string, std::string>;

/// Reads a DMN file of a pack, with the files that it imports and the parameters of the pack; engines are
/// given this function where the program is put together.
using ModelLoader = std::function<Result<std::shared_ptr<const DecisionModel>>(const PackFiles& files,
                                                                               const std::string& path)>;

}  // namespace qipan::expr
