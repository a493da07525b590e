#include "rules/decision_stream.hpp"

#include "base/json.hpp"
#include "expr/json_values.hpp"

namespace qipan::rules {

struct DecisionStream::Parts {
  Parts(std::shared_ptr<const Model> from, const Element& decision)
      : model(std::move(from)),
        index(model->index_of(decision)),
        inputs(model->inputs_of(decision)),
        evaluation(*model),
        machine(&evaluation) {}
  std::shared_ptr<const Model> model;
  std::size_t index;
  std::vector<std::size_t> inputs;
  Evaluation evaluation;
  expr::Machine machine;
};

DecisionStream::DecisionStream(std::shared_ptr<const Model> model, const Element& decision)
    : parts_(std::make_unique<Parts>(std::move(model), decision)) {}
DecisionStream::~DecisionStream() = default;

Result<void> DecisionStream::decide(std::string_view request, std::string& out) {
  QIPAN_TRY(json, parse_json(request));
  if (!json.is_object()) return invalid("decide-request", "", request, "a JSON object of inputs");
  Parts& parts = *parts_;
  parts.evaluation.clear();
  parts.machine.reset(&parts.evaluation);
  for (const std::size_t index : parts.inputs) {
    const Element& input = parts.model->elements()[index];
    if (const Json* given = json.find(input.name); given != nullptr)
      parts.evaluation.set(index, typed_value(expr::value_of(*given), *input.type));
  }
  expr::json_of(parts.evaluation.at(parts.index, parts.machine)).dump_to(out);
  return {};
}

}  // namespace qipan::rules
