#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expr/expression.hpp"

namespace qipan::expr {

enum class Op {
  literal,
  name,
  list,
  negate,
  add,
  subtract,
  multiply,
  divide,
  equal,
  differ,
  less,
  less_equal,
  greater,
  greater_equal,
  conjunction,
  disjunction,
  negation,
  within,
  between,
  choose,
  range,
  call,
  any_of,
  always,
};

enum class Function {
  string_length,
  contains,
  starts_with,
  ends_with,
  upper_case,
  lower_case,
  count,
  list_contains,
  is_defined,
  absolute,
  minimum,
  maximum,
  sum,
};

/// One step of an expression; children are evaluated first unless the operator says otherwise.
struct Node {
  Op op = Op::literal;
  Type type = Type::any;
  Value literal;
  std::size_t slot = 0;  // of a name
  Function function = Function::count;
  bool low_included = true;  // of a range
  bool high_included = true;
  std::vector<std::unique_ptr<Node>> children;
};

[[nodiscard]] Value evaluate(const Node& node, std::span<const Value> values);

struct FunctionInfo {
  std::string_view name;
  Function function;
  std::vector<Type> parameters;  // the last repeats when `variadic`
  bool variadic;
  Type result;
};
[[nodiscard]] const std::vector<FunctionInfo>& functions();

}  // namespace qipan::expr
