#include "rules/evaluation.hpp"

#include "rules/trace.hpp"

namespace qipan::rules {

using expr::Machine;
using expr::Value;

Evaluation::Evaluation(const Model& model)
    : model_(model), values_(model.elements().size()), states_(model.elements().size(), State::open) {}

void Evaluation::set(std::size_t element, Value value) {
  values_[element] = std::move(value);
  states_[element] = State::given;
}

void Evaluation::serve(const Element& service) {
  for (const std::size_t input : service.input_decisions) {
    if (states_[input] == State::open) set(input, {});
  }
}

void Evaluation::clear() {
  std::fill(states_.begin(), states_.end(), State::open);
  std::fill(values_.begin(), values_.end(), Value());
}

const Value& Evaluation::at(std::size_t index, Machine& machine) {
  State& state = states_[index];
  Value& value = values_[index];
  if (state == State::done) return value;
  const Element& element = model_.elements()[index];
  if (state == State::given) {
    state = State::done;
    if (element.type != nullptr && !is_plainly(value, *element.type))
      value = coerced(machine, std::move(value), element.type);
    return value;
  }
  // Loading refuses circles of requirements; this is the second wall.
  if (state == State::computing) {
    value = machine.fail("dmn-circle", element.name + " depends on itself");
    return value;
  }
  if (element.kind == Element::Kind::input) {
    state = State::done;
    return value;
  }
  if (element.kind != Element::Kind::decision) {
    state = State::done;
    value = element.function;
    return value;
  }
  state = State::computing;
  auto* trace = static_cast<Trace*>(machine.tracer());
  if (trace != nullptr) trace->begin(element);
  Value found = element.logic.root == nullptr ? machine.fail("dmn-logic", element.name + " has no logic")
                                              : run(element.logic, machine);
  found = coerced(machine, std::move(found), element.type);
  if (trace != nullptr) trace->end(found);
  values_[index] = std::move(found);
  states_[index] = State::done;
  return values_[index];
}

Value outputs_of(const Model& model, const Element& service, Evaluation& evaluation, Machine& machine) {
  if (service.outputs.size() == 1) return evaluation.at(service.outputs[0], machine);
  expr::ContextBuilder builder;
  for (const std::size_t output : service.outputs)
    builder.set(model.elements()[output].name, evaluation.at(output, machine));
  return builder.done();
}

namespace {

class ServiceFunction final : public expr::Function {
 public:
  ServiceFunction(const Model& model, const Element& service)
      : model_(model), index_(model.index_of(service)) {
    for (const auto* list : {&service.input_data, &service.input_decisions}) {
      for (const std::size_t input : *list) {
        inputs_.push_back(input);
        parameters.push_back({model.elements()[input].name, model.elements()[input].type});
      }
    }
    if (service.type != nullptr) result = service.type;
  }

  std::string_view name() const override { return model_.elements()[index_].name; }

  Value call(Machine& machine, expr::Arguments arguments) const override {
    if (!arrange(machine, *this, arguments)) return {};
    Evaluation evaluation(model_);
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      evaluation.set(inputs_[i], std::move(arguments.values[i]));
    evaluation.serve(model_.elements()[index_]);
    const Machine::Scope scope(machine, evaluation);
    return coerced(machine, outputs_of(model_, model_.elements()[index_], evaluation, machine), result);
  }

 private:
  const Model& model_;
  std::size_t index_;
  std::vector<std::size_t> inputs_;
};

}  // namespace

expr::FunctionPtr service_function(const Model& model, const Element& service) {
  return std::make_shared<const ServiceFunction>(model, service);
}

}  // namespace qipan::rules
