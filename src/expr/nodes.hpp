#pragma once

#include <utility>

#include "expr/node.hpp"

namespace qipan::expr {

/// The steps that the parser puts together. What is made of constants only is evaluated at once.
[[nodiscard]] NodePtr constant_node(Value value);
[[nodiscard]] NodePtr constant_node(Value value, TypePtr type);
[[nodiscard]] NodePtr local_node(std::size_t slot, TypePtr type);
[[nodiscard]] NodePtr global_node(std::size_t index, TypePtr type);
/// Null with a diagnostic: what could not be compiled, or a name that nothing has.
[[nodiscard]] NodePtr failing_node(std::string code, std::string text);

using Unary = Value (*)(Machine&, const Value&);
using Binary = Value (*)(Machine&, const Value&, const Value&);
[[nodiscard]] NodePtr unary_node(Unary operation, NodePtr operand, TypePtr type);
[[nodiscard]] NodePtr binary_node(Binary operation, NodePtr left, NodePtr right, TypePtr type);
[[nodiscard]] NodePtr conjunction_node(NodePtr left, NodePtr right);
[[nodiscard]] NodePtr disjunction_node(NodePtr left, NodePtr right);
[[nodiscard]] NodePtr between_node(NodePtr value, NodePtr low, NodePtr high);
/// `if` takes what is not true as no; a boxed conditional, which is `strict`, what is no boolean as null.
[[nodiscard]] NodePtr choice_node(NodePtr condition, NodePtr yes, NodePtr no, bool strict = false);
[[nodiscard]] NodePtr instance_node(NodePtr value, TypePtr type);
/// The value of `inner` as that type wants it.
[[nodiscard]] NodePtr coerced_node(NodePtr inner, TypePtr type);

[[nodiscard]] NodePtr list_node(std::vector<NodePtr> items);
[[nodiscard]] NodePtr range_node(NodePtr low, NodePtr high, bool low_included, bool high_included);
/// `(< limit)` and the like.
[[nodiscard]] NodePtr operator_range_node(std::string_view comparator, NodePtr limit);

struct Entry {
  std::string key;
  NodePtr value;
  std::size_t slot = 0;  // where later entries find it
};
/// With a `result`, the context's value is that of the result (a boxed context's last cell).
[[nodiscard]] NodePtr context_node(std::vector<Entry> entries, NodePtr result);
[[nodiscard]] NodePtr member_node(NodePtr source, std::string name);
/// A name in filters over items of unknown type: the innermost item that has it, else `fallback`.
[[nodiscard]] NodePtr item_member_node(std::string name, std::vector<NodePtr> items, NodePtr fallback);
[[nodiscard]] NodePtr filter_node(NodePtr source, std::size_t item_slot, NodePtr condition);

struct Iterator {
  NodePtr from;
  NodePtr to;  // of `from..to`; null for a list or range
  std::size_t slot = 0;
};
/// For an iteration that asks for no `partial`, whose list so far need not be made at each step.
inline constexpr std::size_t no_slot = ~std::size_t{0};
[[nodiscard]] NodePtr for_node(std::vector<Iterator> iterators, std::size_t partial_slot, NodePtr result);
enum class Quantifier { some, every };
[[nodiscard]] NodePtr quantified_node(Quantifier quantifier, std::vector<Iterator> iterators,
                                      NodePtr condition);

struct Capture {
  NodePtr outer;
  std::size_t slot = 0;  // in the function
  bool self = false;     // the function itself, for recursion
};
struct Lambda {
  std::vector<Parameter> parameters;  // in the first slots
  TypePtr result;
  Code body;
  std::vector<Capture> captures;
};
[[nodiscard]] NodePtr function_node(Lambda lambda);
/// A function without an environment, such as a business knowledge model.
[[nodiscard]] FunctionPtr function_of(Lambda lambda, std::string name);
[[nodiscard]] NodePtr call_node(NodePtr callee, std::vector<NodePtr> arguments,
                                std::vector<std::string> names);

/// One test of a decision table's cell on `value` (DMN 1.5, 7.3.3 and 10.3.2.7). `asks` where the test names
/// ?, so that a boolean result is the answer rather than a value to compare with.
[[nodiscard]] NodePtr test_node(NodePtr value, NodePtr test, bool asks);
/// `< 10` and the like about the value in a slot.
[[nodiscard]] NodePtr comparison_test_node(std::size_t slot, Binary operation, Value limit);
[[nodiscard]] NodePtr any_test_node(std::vector<NodePtr> tests);
[[nodiscard]] NodePtr no_test_node(NodePtr tests);

}  // namespace qipan::expr
