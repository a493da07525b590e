#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "expr/node.hpp"
#include "expr/scope.hpp"

namespace qipan::expr {

/// A FEEL expression by itself, such as a guard or a condition of a pack: parsed and type-checked once, and
/// refused where a decision would go on with null. Immutable; any thread may evaluate.
class Expression {
 public:
  static constexpr std::size_t text_bytes_max = 4'000;

  /// Values come in the order of the names. `expected` is checked as far as types are known.
  [[nodiscard]] static Result<Expression> parse(std::string_view text, const std::vector<Name>& names,
                                                Type::Kind expected = Type::Kind::any);
  [[nodiscard]] Value evaluate(std::span<const Value> values) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  Code code_;
};

/// Names in their order, for an expression's values.
[[nodiscard]] std::vector<Name> numbered(std::vector<Name> names);

}  // namespace qipan::expr
