#include "expr/expression.hpp"

#include "base/assert.hpp"
#include "expr/parser.hpp"

namespace qipan::expr {

namespace {

class Given final : public Globals {
 public:
  explicit Given(std::span<const Value> values) : values_(values) {}
  const Value& at(std::size_t index, Machine&) override {
    QIPAN_ASSERT(index < values_.size());
    return values_[index];
  }

 private:
  std::span<const Value> values_;
};

}  // namespace

std::vector<Name> numbered(std::vector<Name> names) {
  for (std::size_t i = 0; i < names.size(); ++i) names[i].index = i;
  return names;
}

Result<Expression> Expression::parse(std::string_view text, const std::vector<Name>& names,
                                     Type::Kind expected) {
  if (text.size() > text_bytes_max) return invalid("feel-long", "", text, "at most 4,000 bytes");
  Scope scope(names, nullptr);
  Compiled compiled = compile_expression(scope, text);
  if (!compiled.flaws.empty()) {
    const Flaw& flaw = compiled.flaws[0];
    return invalid("feel-syntax", "column " + std::to_string(flaw.at + 1), flaw.found, flaw.expected);
  }
  const Type& type = *compiled.node->type;
  const bool open =
      type.kind == Type::Kind::any || type.kind == Type::Kind::null || expected == Type::Kind::any;
  if (!open && type.kind != expected)
    return invalid("feel-type", "column 1", text_of(type),
                   "an expression that is a " + text_of(*type_of(expected)));
  Expression expression;
  expression.text_ = text;
  expression.code_ = {std::move(compiled.node), scope.slots()};
  return expression;
}

Value Expression::evaluate(std::span<const Value> values) const {
  Given given(values);
  Machine machine(&given);
  return run(code_, machine);
}

}  // namespace qipan::expr
