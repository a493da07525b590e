// A DMN file, loaded, every decision asked and explained.
#include "rules/decision_model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace qipan;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto strict = rules::load_decisions({{"a.dmn", text}}, "a.dmn");
  const auto lenient = rules::Model::load({{"a.dmn", text}});
  if (strict && !lenient) __builtin_trap();
  if (!lenient) return 0;
  const rules::DmnDecisions decisions(*lenient, {});
  int asked = 0;
  for (const std::string& decision : decisions.decisions()) {
    if (++asked > 20) break;
    Json inputs = Json::object();
    for (const std::string& name : decisions.inputs(decision)) inputs.set(name, 7);
    std::ignore = decisions.decide(decision, inputs, 20'000);
    std::ignore = decisions.explain(decision, inputs, 20'000);
  }
  std::ignore = decisions.warnings();
  return 0;
}
