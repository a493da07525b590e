#pragma once

#include <memory>
#include <string>
#include <vector>

#include "expr/machine.hpp"
#include "expr/type.hpp"

namespace qipan::expr {

/// One compiled step of an expression. Immutable once built; any number of machines may run it.
class Node {
 public:
  virtual ~Node() = default;
  [[nodiscard]] virtual Value evaluate(Machine& machine) const = 0;
  /// Whether it is true; tests answer this without making a value.
  [[nodiscard]] virtual bool holds(Machine& machine) const;
  /// Of a test: whether it only says how the value in `slot` lies to constants, which are added: then it
  /// answers alike for all numbers between two neighbouring ones, and for all texts that are none of them.
  [[nodiscard]] virtual bool turns_at(std::size_t slot, std::vector<Value>& constants) const;
  /// Its value where that lies somewhere already, for as long as the machine's globals do; null where it has
  /// to be computed.
  [[nodiscard]] virtual const Value* look(Machine& machine) const;
  /// Set where the value is known already.
  [[nodiscard]] virtual const Value* constant() const { return nullptr; }

  TypePtr type = type_of(Type::Kind::any);
};

using NodePtr = std::shared_ptr<const Node>;

/// Evaluates a node within the machine's budget.
[[nodiscard]] Value run(const Node& node, Machine& machine);

/// A node tree with the number of local slots that it needs.
struct Code {
  NodePtr root;
  std::size_t slots = 0;
};
[[nodiscard]] Value run(const Code& code, Machine& machine);

struct Parameter {
  std::string name;
  TypePtr type;
};

/// Arguments of a call; names are empty for positional ones.
struct Arguments {
  std::vector<Value> values;
  const std::vector<std::string>* names = nullptr;
};

/// A function value: defined in FEEL, built in, a business knowledge model or a decision service.
class Function {
 public:
  virtual ~Function() = default;
  [[nodiscard]] virtual Value call(Machine& machine, Arguments arguments) const = 0;
  [[nodiscard]] virtual std::string_view name() const { return "function"; }

  std::vector<Parameter> parameters;
  TypePtr result = type_of(Type::Kind::any);
};

/// Arguments in the order of the parameters, coerced to their types; false, with a diagnostic, where they do
/// not fit.
[[nodiscard]] bool arrange(Machine& machine, const Function& function, Arguments& arguments);

}  // namespace qipan::expr
