#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expr/lexer.hpp"
#include "expr/scope.hpp"

namespace qipan::expr {

/// A text that could not be compiled, or that can be told to fail whenever it is evaluated.
struct Flaw {
  std::size_t at = 0;  // byte of the text
  std::string expected;
  std::string found;
  bool is_type = false;  // it is FEEL, and null whenever it is evaluated
};

struct Compiled {
  NodePtr node;  // fails with the flaw's words where there is no other
  std::vector<Flaw> flaws;
};

inline constexpr std::size_t expression_bytes_max = 100'000;

/// A FEEL expression in a scope (DMN 1.5, 10.3.1.2), to the end of the text.
[[nodiscard]] Compiled compile_expression(Scope& scope, std::string_view text);
/// A cell of a decision table about the value of `input`, which is ? in the text.
[[nodiscard]] Compiled compile_unary_tests(Scope& scope, std::string_view text, std::size_t input_slot,
                                           const TypePtr& input_type);
/// A type as `instance of` and parameters have it: list<number>, context<a: string>, tPerson.
[[nodiscard]] TypePtr compile_type(Scope& scope, std::string_view text);

}  // namespace qipan::expr
