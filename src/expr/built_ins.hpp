#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "expr/lexer.hpp"
#include "expr/node.hpp"

namespace qipan::expr {

/// What a built-in function takes in a place. A singleton list gives its item, and a single item a list, as
/// anywhere in FEEL; null is null for the whole call unless the place allows it.
enum class Accept {
  any,
  number,
  text,
  boolean,
  list,
  context,
  range,
  date,
  time,
  date_time,
  date_or_date_time,
  days_time,
  duration,
  function,
  point,  // what a range can hold
};

struct Formal {
  std::string_view name;
  Accept accept = Accept::any;
  bool nullable = false;
  bool optional = false;
};

using BuiltInCode = Value (*)(Machine&, std::span<const Value>);

/// One way to call a built-in function. The last place of a variadic one repeats and comes as a list.
struct Overload {
  std::vector<Formal> formals;
  BuiltInCode run;
  bool variadic = false;
};

struct BuiltIn {
  std::string_view name;
  Type::Kind result;
  std::vector<Overload> overloads;
};

/// The tables of the families, each in its own file (DMN 1.5, 10.3.4).
[[nodiscard]] const std::vector<BuiltIn>& conversion_built_ins();
[[nodiscard]] const std::vector<BuiltIn>& text_built_ins();
[[nodiscard]] const std::vector<BuiltIn>& number_built_ins();
[[nodiscard]] const std::vector<BuiltIn>& list_built_ins();
[[nodiscard]] const std::vector<BuiltIn>& statistics_built_ins();
[[nodiscard]] const std::vector<BuiltIn>& temporal_built_ins();
[[nodiscard]] const std::vector<BuiltIn>& range_built_ins();
[[nodiscard]] const std::vector<BuiltIn>& context_built_ins();

struct BuiltInMatch {
  FunctionPtr function;
  TypePtr type;
  std::size_t lexemes = 0;
};
/// The longest name of a built-in function that begins at `at`.
[[nodiscard]] BuiltInMatch match_built_in(const std::vector<Lexeme>& lexemes, std::size_t at);
/// Why a call with arguments of these types can never succeed; empty if it may. Not for other functions.
[[nodiscard]] std::string misfit(const Function& function, const std::vector<TypePtr>& arguments,
                                 const std::vector<std::string>& names);

}  // namespace qipan::expr
