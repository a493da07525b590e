#include "expr/parser.hpp"

#include "expr/grammar.hpp"

namespace qipan::expr {

namespace {

Flaw flaw_of(const Fault& fault, std::string_view text) {
  constexpr std::size_t shown = 20;
  return {fault.at, fault.expected,
          fault.at >= text.size() ? "the end" : std::string(text.substr(fault.at, shown)), false};
}

template <class Compile>
Compiled compiled(Scope& scope, std::string_view text, Compile&& compile) {
  if (text.size() > expression_bytes_max)
    return {failing_node("feel-syntax", "text too long"), {{0, "at most 100,000 bytes", "", false}}};
  // What is half read leaves its layers behind; the scope is put back as it was.
  Scope attempt = scope;
  try {
    Grammar grammar(attempt, text);
    NodePtr node = compile(grammar);
    scope = std::move(attempt);
    return {std::move(node), grammar.take_flaws()};
  } catch (const Fault& fault) {
    Flaw flaw = flaw_of(fault, text);
    std::string message = "expected " + flaw.expected + ", found " + flaw.found;
    return {failing_node("feel-syntax", std::move(message)), {std::move(flaw)}};
  }
}

}  // namespace

Compiled compile_expression(Scope& scope, std::string_view text) {
  return compiled(scope, text, [](Grammar& grammar) { return grammar.whole_expression(); });
}

Compiled compile_unary_tests(Scope& scope, std::string_view text, std::size_t input_slot,
                             const TypePtr& input_type) {
  return compiled(scope, text,
                  [&](Grammar& grammar) { return grammar.whole_unary_tests(input_slot, input_type); });
}

TypePtr compile_type(Scope& scope, std::string_view text) {
  try {
    return Grammar(scope, text).whole_type();
  } catch (const Fault&) {
    return nullptr;
  }
}

}  // namespace qipan::expr
