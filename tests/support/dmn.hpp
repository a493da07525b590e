#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "rules/decision_model.hpp"

namespace qipan::test {

inline constexpr std::string_view dmn_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/";

/// A DMN file around its elements.
inline std::string dmn(std::string_view elements, std::string_view name_space = dmn_15) {
  return "<definitions xmlns=\"" + std::string(name_space) + "\" namespace=\"test\" name=\"test\">" +
         std::string(elements) + "</definitions>";
}

inline std::string input_data(const std::string& name, const std::string& type) {
  return "<inputData id=\"i-" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\" typeRef=\"" +
         type + "\"/></inputData>";
}

inline std::string needs(const std::string& name) {
  return "<informationRequirement><requiredInput href=\"#i-" + name + "\"/></informationRequirement>";
}

/// What a decision gives for inputs, as JSON text; a problem in its words.
inline std::string decided(const std::string& xml, std::string_view decision, std::string_view inputs,
                           Day day = 20'000) {
  const auto model = rules::load_decisions({{"m.dmn", xml}}, "m.dmn");
  if (!model) return model.error().line();
  const auto found = (*model)->decide(decision, *parse_json(inputs), day);
  return found ? found->outputs.dump() : found.error().code;
}

}  // namespace qipan::test
