#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::expr {

/// What a rule said, and which one: enough to show later why, without deciding again.
struct Decided {
  Json outputs = Json::object();
  std::string decision;
  std::string model_hash;          // hex SHA-256 of the model's file
  std::vector<std::string> rules;  // ids of the rules that matched
  std::string annotation;          // the clause or source they stand on
  bool matched = false;
};

/// Decisions of one DMN file. The small table evaluator stands behind this interface now, a full DMN engine
/// later.
class DecisionModel {
 public:
  virtual ~DecisionModel() = default;
  [[nodiscard]] virtual std::vector<std::string> decisions() const = 0;
  /// Names of inputs and outputs, so that packs are checked before they are installed.
  [[nodiscard]] virtual std::vector<std::string> inputs(std::string_view decision) const = 0;
  [[nodiscard]] virtual std::vector<std::string> outputs(std::string_view decision) const = 0;
  [[nodiscard]] virtual Result<Decided> decide(std::string_view decision, const Json& inputs) const = 0;
};

/// Reads a DMN file; engines are given this function where the program is put together.
using ModelLoader = std::function<Result<std::shared_ptr<const DecisionModel>>(const std::string& path,
                                                                               std::string_view bytes)>;

}  // namespace qipan::expr
