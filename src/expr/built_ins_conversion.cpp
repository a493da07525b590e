#include <algorithm>

#include "expr/built_ins.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

Value number(Machine& machine, std::span<const Value> given) {
  std::string text = *given[0].text();
  const auto separator = [&](std::size_t i) { return given.size() > i ? given[i].text() : nullptr; };
  const std::string* grouping = separator(1);
  const std::string* point = separator(2);
  const auto allowed = [](const std::string* sign, std::string_view signs) {
    return sign == nullptr || (sign->size() == 1 && signs.find((*sign)[0]) != std::string_view::npos);
  };
  const bool same = grouping != nullptr && point != nullptr && *grouping == *point;
  if (!allowed(grouping, " ,.") || !allowed(point, ",.") || same)
    return machine.fail("feel-argument", "number: separators are space, comma or point, and not the same");
  if (grouping != nullptr) text.erase(std::remove(text.begin(), text.end(), (*grouping)[0]), text.end());
  if (point != nullptr && *point != ".") {
    if (text.find('.') != std::string::npos) return machine.fail("feel-argument", "number: " + text);
    std::replace(text.begin(), text.end(), (*point)[0], '.');
  }
  const auto parsed = text.starts_with("+") ? std::nullopt : Decimal::parse(text);
  return parsed ? Value(*parsed) : machine.fail("feel-argument", "number: " + text + " is none");
}

Value string(Machine& machine, std::span<const Value> given) {
  if (given[0].is_null()) return {};
  std::string text = text_of(given[0]);
  return machine.charge(1, static_cast<std::int64_t>(text.size())) ? Value(std::move(text)) : Value();
}

Value negation(Machine&, std::span<const Value> given) {
  return given[0].boolean() == nullptr ? Value() : Value(!*given[0].boolean());
}

/// The same value of the same kind, offsets and zones included (DMN 1.5, table 76).
bool identical(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return false;
  if (left.date_time() != nullptr) {
    const DateTime& a = *left.date_time();
    const DateTime& b = *right.date_time();
    return a.days == b.days && a.nanoseconds == b.nanoseconds && a.zone == b.zone;
  }
  if (left.time() != nullptr)
    return left.time()->nanoseconds == right.time()->nanoseconds && left.time()->zone == right.time()->zone;
  return equals(left, right).value_or(false);
}

Value is(Machine&, std::span<const Value> given) {
  return identical(given[0], given[1]);
}

Value is_defined(Machine&, std::span<const Value> given) {
  return !given[0].is_null();
}

}  // namespace

const std::vector<BuiltIn>& conversion_built_ins() {
  static const Formal from{"from", Accept::any, true};
  static const std::vector<BuiltIn> all = {
      {"number",
       Kind::number,
       {{{{"from", Accept::text},
          {"grouping separator", Accept::text, true, true},
          {"decimal separator", Accept::text, true, true}},
         number}}},
      {"string", Kind::text, {{{from}, string}}},
      {"not", Kind::boolean, {{{{"negand", Accept::boolean, true}}, negation}}},
      {"is",
       Kind::boolean,
       {{{{"value1", Accept::any, true, true}, {"value2", Accept::any, true, true}}, is}}},
      // Not FEEL's own, but what many engines have and rules like to ask.
      {"is defined", Kind::boolean, {{{{"value", Accept::any, true}}, is_defined}}},
  };
  return all;
}

}  // namespace qipan::expr
