#include "expr/nodes.hpp"

namespace qipan::expr {

namespace {

/// A function with what it took from where it was written.
class Closure final : public Function, public std::enable_shared_from_this<Closure> {
 public:
  Closure(std::shared_ptr<const Lambda> lambda, std::vector<Value> captured, std::string name)
      : lambda_(std::move(lambda)), captured_(std::move(captured)), name_(std::move(name)) {
    parameters = lambda_->parameters;
    result = lambda_->result == nullptr ? lambda_->body.root->type : lambda_->result;
  }

  std::string_view name() const override { return name_; }

  Value call(Machine& machine, Arguments arguments) const override {
    if (!arrange(machine, *this, arguments)) return {};
    const Machine::Frame frame(machine, lambda_->body.slots);
    for (std::size_t i = 0; i < arguments.values.size(); ++i)
      machine.set_local(i, std::move(arguments.values[i]));
    for (std::size_t i = 0; i < lambda_->captures.size(); ++i) {
      const Capture& capture = lambda_->captures[i];
      machine.set_local(capture.slot, capture.self ? Value(FunctionPtr(shared_from_this())) : captured_[i]);
    }
    const Value value = run(*lambda_->body.root, machine);
    return lambda_->result == nullptr ? value : coerced(machine, value, lambda_->result);
  }

 private:
  std::shared_ptr<const Lambda> lambda_;
  std::vector<Value> captured_;
  std::string name_;
};

TypePtr function_type(const Lambda& lambda) {
  auto type = std::make_shared<Type>();
  type->kind = Type::Kind::function;
  for (const Parameter& parameter : lambda.parameters) type->parameters.push_back(parameter.type);
  type->result = lambda.result == nullptr ? lambda.body.root->type : lambda.result;
  return type;
}

class FunctionNode final : public Node {
 public:
  explicit FunctionNode(Lambda lambda) : lambda_(std::make_shared<const Lambda>(std::move(lambda))) {
    type = function_type(*lambda_);
  }
  Value evaluate(Machine& machine) const override {
    std::vector<Value> captured;
    for (const Capture& capture : lambda_->captures)
      captured.push_back(capture.self ? Value() : run(*capture.outer, machine));
    return FunctionPtr(std::make_shared<const Closure>(lambda_, std::move(captured), "function"));
  }

 private:
  std::shared_ptr<const Lambda> lambda_;
};

class CallNode final : public Node {
 public:
  CallNode(NodePtr callee, std::vector<NodePtr> arguments, std::vector<std::string> names)
      : callee_(std::move(callee)), arguments_(std::move(arguments)), names_(std::move(names)) {
    if (callee_->type->kind == Type::Kind::function && callee_->type->result != nullptr)
      type = callee_->type->result;
  }
  Value evaluate(Machine& machine) const override {
    const Value callee = run(*callee_, machine);
    Arguments arguments;
    arguments.values.reserve(arguments_.size());
    for (const NodePtr& argument : arguments_) arguments.values.push_back(run(*argument, machine));
    if (!names_.empty()) arguments.names = &names_;
    const FunctionPtr function = callee.function();
    if (function == nullptr)
      return machine.fail("feel-call", "a " + std::string(kind_name(callee)) + " cannot be called");
    return function->call(machine, std::move(arguments));
  }

 private:
  NodePtr callee_;
  std::vector<NodePtr> arguments_;
  std::vector<std::string> names_;
};

}  // namespace

NodePtr function_node(Lambda lambda) {
  return std::make_shared<FunctionNode>(std::move(lambda));
}

FunctionPtr function_of(Lambda lambda, std::string name) {
  return std::make_shared<const Closure>(std::make_shared<const Lambda>(std::move(lambda)),
                                         std::vector<Value>(), std::move(name));
}

NodePtr call_node(NodePtr callee, std::vector<NodePtr> arguments, std::vector<std::string> names) {
  return std::make_shared<CallNode>(std::move(callee), std::move(arguments), std::move(names));
}

}  // namespace qipan::expr
