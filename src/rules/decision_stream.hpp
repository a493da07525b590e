#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rules/evaluation.hpp"

namespace qipan::rules {

/// Decides one request after the other, JSON in and JSON out, keeping its memory between them. Used by one
/// thread.
class DecisionStream {
 public:
  DecisionStream(std::shared_ptr<const Model> model, const Element& decision);
  ~DecisionStream();
  DecisionStream(const DecisionStream&) = delete;
  DecisionStream& operator=(const DecisionStream&) = delete;

  /// Appends the result to `out`. Members that are no input are passed over, inputs that are missing are
  /// null. Refuses what is no JSON object, with at most 1 MB, 32 levels and no key twice.
  [[nodiscard]] Result<void> decide(std::string_view request, std::string& out);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace qipan::rules
