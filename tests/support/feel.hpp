#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "expr/nodes.hpp"
#include "expr/parser.hpp"

namespace qipan::test {

/// A FEEL text's value as FEEL writes it, in a scope without names; "flaw: ..." where it does not compile.
inline std::string feel(std::string_view text) {
  expr::Scope scope({}, nullptr);
  const expr::Compiled compiled = compile_expression(scope, text);
  if (!compiled.flaws.empty()) return "flaw: " + compiled.flaws[0].expected;
  expr::Machine machine;
  const expr::Value list = expr::List{run(expr::Code{compiled.node, scope.slots()}, machine)};
  const std::string shown = text_of(list);  // in a list, texts are quoted
  return shown.substr(1, shown.size() - 2);
}

/// Texts and what they give, each with its own failure.
struct FeelRow {
  const char* text;
  const char* value;
};
inline void expect(std::initializer_list<FeelRow> rows) {
  for (const FeelRow& row : rows) EXPECT_EQ(feel(row.text), row.value) << row.text;
}

/// Whether unary tests hold for a value.
inline bool feel_test(std::string_view text, const expr::Value& value,
                      expr::Type::Kind kind = expr::Type::Kind::any) {
  expr::Scope scope({}, nullptr);
  const std::size_t slot = scope.declare("?", expr::type_of(kind));
  const expr::Compiled compiled = compile_unary_tests(scope, text, slot, expr::type_of(kind));
  expr::Machine machine;
  const expr::Machine::Frame frame(machine, scope.slots());
  machine.set_local(slot, value);
  return run(*compiled.node, machine).is_true();
}

}  // namespace qipan::test
