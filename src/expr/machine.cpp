#include "expr/machine.hpp"

#include "expr/node.hpp"

namespace qipan::expr {

Machine::Machine(Globals* globals, MachineLimits limits) : globals_(globals), limits_(limits) {
  constexpr std::size_t usual_slots = 32;
  stack_.reserve(usual_slots);
}

Value Machine::fail(std::string_view code, std::string text) {
  if (diagnostics_.size() < limits_.diagnostics_max)
    diagnostics_.push_back({std::string(code), std::move(text)});
  return {};
}

bool Machine::charge(std::int64_t steps, std::int64_t bytes) {
  if (exhausted_) return false;
  steps_ += steps;
  bytes_ += bytes;
  if (steps_ <= limits_.steps_max && bytes_ <= limits_.bytes_max) return true;
  exhausted_ = true;
  // Said even where the list of reasons is full: it explains all the nulls that follow.
  diagnostics_.push_back({steps_ > limits_.steps_max ? "feel-steps" : "feel-memory",
                          steps_ > limits_.steps_max
                              ? "more than " + std::to_string(limits_.steps_max) + " steps"
                              : "more than " + std::to_string(limits_.bytes_max) + " bytes"});
  return false;
}

Machine::Frame::Frame(Machine& machine, std::size_t slots) : machine_(machine), base_(machine.base_) {
  machine.base_ = machine.stack_.size();
  machine.stack_.resize(machine.base_ + slots);
}

Machine::Frame::~Frame() {
  machine_.stack_.resize(machine_.base_);
  machine_.base_ = base_;
}

void Machine::reset(Globals* globals) {
  globals_ = globals;
  stack_.clear();
  base_ = 0;
  steps_ = 0;
  bytes_ = 0;
  depth_ = 0;
  exhausted_ = false;
  diagnostics_.clear();
}

Value run(const Node& node, Machine& machine) {
  if (const Value* known = node.constant(); known != nullptr) return *known;
  if (!machine.charge(1)) return {};
  if (machine.depth_ >= machine.limits_.depth_max) {
    return machine.fail("feel-depth", "nested deeper than " + std::to_string(machine.limits_.depth_max));
  }
  ++machine.depth_;
  Value value = node.evaluate(machine);
  --machine.depth_;
  return value;
}

bool Node::holds(Machine& machine) const {
  return run(*this, machine).is_true();
}

bool Node::turns_at(std::size_t, std::vector<Value>&) const {
  return false;
}

const Value* Node::look(Machine&) const {
  return nullptr;
}

Value run(const Code& code, Machine& machine) {
  const Machine::Frame frame(machine, code.slots);
  return run(*code.root, machine);
}

bool arrange(Machine& machine, const Function& function, Arguments& arguments) {
  const auto& parameters = function.parameters;
  if (arguments.names != nullptr) {
    std::vector<Value> ordered(parameters.size());
    std::vector<bool> given(parameters.size());
    for (std::size_t i = 0; i < arguments.values.size(); ++i) {
      std::size_t slot = 0;
      while (slot < parameters.size() && parameters[slot].name != (*arguments.names)[i]) ++slot;
      if (slot == parameters.size() || given[slot]) {
        machine.fail("feel-parameter", std::string(function.name()) + " has no parameter " +
                                           (*arguments.names)[i] + ", or it is given twice");
        return false;
      }
      given[slot] = true;
      ordered[slot] = std::move(arguments.values[i]);
    }
    if (arguments.values.size() != parameters.size()) {
      machine.fail("feel-parameter", std::string(function.name()) + " lacks a parameter");
      return false;
    }
    arguments.values = std::move(ordered);
    arguments.names = nullptr;
  }
  if (arguments.values.size() != parameters.size()) {
    machine.fail("feel-parameter", std::string(function.name()) + " takes " +
                                       std::to_string(parameters.size()) + " parameters, " +
                                       std::to_string(arguments.values.size()) + " given");
    return false;
  }
  // An argument of another type makes the whole call null (DMN 1.5, 10.3.2.13.1).
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Value fitting = coerced(machine, arguments.values[i], parameters[i].type);
    if (fitting.is_null() && !arguments.values[i].is_null()) return false;
    arguments.values[i] = std::move(fitting);
  }
  return true;
}

}  // namespace qipan::expr
