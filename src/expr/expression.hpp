#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "expr/value.hpp"

namespace qipan::expr {

enum class Type { any, boolean, number, text, list };

struct Name {
  std::string name;
  Type type = Type::any;
};

/// The names that an expression may use, in the order in which their values are given.
using Scope = std::vector<Name>;

struct Node;

/// A FEEL expression of the subset that packs use now, parsed and type-checked once: literals, names,
/// arithmetic, comparison, `and or not in between`, `if`, lists, ranges, and a few built-ins (see
/// docs/pack-authoring.md). Errors while evaluating are null, as FEEL has it. Immutable; any thread may
/// evaluate.
class Expression {
 public:
  static constexpr std::size_t text_bytes_max = 4'000;
  static constexpr int depth_max = 40;

  /// `expected` is checked as far as types are known.
  [[nodiscard]] static Result<Expression> parse(std::string_view text, const Scope& scope,
                                                Type expected = Type::any);
  /// FEEL unary tests on `?`, which is the last name of the scope: `-`, `"a", "b"`, `< 5`, `[1..3]`,
  /// `not("a")`.
  [[nodiscard]] static Result<Expression> parse_unary_tests(std::string_view text, const Scope& scope);

  /// As many values as the scope has names.
  [[nodiscard]] Value evaluate(std::span<const Value> values) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::shared_ptr<const Node> root_;
};

}  // namespace qipan::expr
