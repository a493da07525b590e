#include <algorithm>

#include "expr/built_ins.hpp"
#include "expr/characters.hpp"
#include "expr/regex.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

bool charged(Machine& machine, std::span<const Value> given) {
  std::int64_t bytes = 1;
  for (const Value& value : given) {
    if (value.text() != nullptr) bytes += static_cast<std::int64_t>(value.text()->size());
  }
  constexpr std::int64_t bytes_a_step = 64;
  return machine.charge(1 + bytes / bytes_a_step, bytes);
}

/// Positions count code points from 1; negative ones from the end.
Value substring(Machine& machine, std::span<const Value> given) {
  if (!charged(machine, given)) return {};
  const std::string& text = *given[0].text();
  const std::int64_t size = code_points(text);
  const auto start = given[1].number()->integer();
  if (!start || *start == 0 || *start > size || *start < -size)
    return machine.fail("feel-argument", "substring: start is outside of the string");
  const std::int64_t from = *start > 0 ? *start - 1 : size + *start;
  std::int64_t count = size - from;
  if (given.size() > 2 && !given[2].is_null()) {
    const auto length = given[2].number()->rounded(0, Decimal::Rounding::down);
    const auto wanted = length ? length->integer() : std::nullopt;
    if (!wanted || *wanted < 1) return machine.fail("feel-argument", "substring: a length of at least 1");
    count = std::min(count, *wanted);
  }
  const std::size_t begin = byte_of(text, from);
  return text.substr(begin, byte_of(std::string_view(text).substr(begin), count));
}

Value string_length(Machine& machine, std::span<const Value> given) {
  return charged(machine, given) ? Value(code_points(*given[0].text())) : Value();
}
Value upper_case(Machine& machine, std::span<const Value> given) {
  return charged(machine, given) ? Value(upper_cased(*given[0].text())) : Value();
}
Value lower_case(Machine& machine, std::span<const Value> given) {
  return charged(machine, given) ? Value(lower_cased(*given[0].text())) : Value();
}
Value contains(Machine& machine, std::span<const Value> given) {
  return charged(machine, given) ? Value(given[0].text()->find(*given[1].text()) != std::string::npos)
                                 : Value();
}
Value starts_with(Machine&, std::span<const Value> given) {
  return given[0].text()->starts_with(*given[1].text());
}
Value ends_with(Machine&, std::span<const Value> given) {
  return given[0].text()->ends_with(*given[1].text());
}

Value substring_before(Machine& machine, std::span<const Value> given) {
  if (!charged(machine, given)) return {};
  const auto at = given[0].text()->find(*given[1].text());
  return at == std::string::npos ? std::string() : given[0].text()->substr(0, at);
}
Value substring_after(Machine& machine, std::span<const Value> given) {
  if (!charged(machine, given)) return {};
  const auto at = given[0].text()->find(*given[1].text());
  return at == std::string::npos ? std::string() : given[0].text()->substr(at + given[1].text()->size());
}

template <class T>
Value or_fail(Machine& machine, Result<T> result) {
  if (result) return Value(std::move(*result));
  return machine.fail(result.error().code, result.error().line());
}

std::string_view flags_of(std::span<const Value> given, std::size_t at) {
  return given.size() > at && given[at].text() != nullptr ? std::string_view(*given[at].text()) : "";
}

Value matches_pattern(Machine& machine, std::span<const Value> given) {
  if (!charged(machine, given)) return {};
  return or_fail(machine, matches(machine, *given[0].text(), *given[1].text(), flags_of(given, 2)));
}

Value replace(Machine& machine, std::span<const Value> given) {
  if (!charged(machine, given)) return {};
  return or_fail(machine,
                 replaced(machine, *given[0].text(), *given[1].text(), *given[2].text(), flags_of(given, 3)));
}

Value split_text(Machine& machine, std::span<const Value> given) {
  if (!charged(machine, given)) return {};
  auto parts = split(machine, *given[0].text(), *given[1].text());
  if (!parts) return machine.fail(parts.error().code, parts.error().line());
  if (!machine.charge(static_cast<std::int64_t>(parts->size()),
                      static_cast<std::int64_t>(parts->size() * (sizeof(Value) + sizeof(std::string)))))
    return {};
  List list;
  for (std::string& part : *parts) list.emplace_back(std::move(part));
  return list;
}

}  // namespace

const std::vector<BuiltIn>& text_built_ins() {
  static const Formal string{"string", Accept::text};
  static const Formal match{"match", Accept::text};
  static const Formal input{"input", Accept::text};
  static const Formal pattern{"pattern", Accept::text};
  static const Formal flags{"flags", Accept::text, true, true};
  static const Formal start{"start position", Accept::number};
  static const std::vector<BuiltIn> all = {
      {"substring",
       Kind::text,
       {{{string, start}, substring}, {{string, start, {"length", Accept::number, true}}, substring}}},
      {"string length", Kind::number, {{{string}, string_length}}},
      {"upper case", Kind::text, {{{string}, upper_case}}},
      {"lower case", Kind::text, {{{string}, lower_case}}},
      {"substring before", Kind::text, {{{string, match}, substring_before}}},
      {"substring after", Kind::text, {{{string, match}, substring_after}}},
      {"contains", Kind::boolean, {{{string, match}, contains}}},
      {"starts with", Kind::boolean, {{{string, match}, starts_with}}},
      {"ends with", Kind::boolean, {{{string, match}, ends_with}}},
      {"matches", Kind::boolean, {{{input, pattern, flags}, matches_pattern}}},
      {"replace", Kind::text, {{{input, pattern, {"replacement", Accept::text}, flags}, replace}}},
      {"split", Kind::list, {{{string, {"delimiter", Accept::text}}, split_text}}},
  };
  return all;
}

}  // namespace qipan::expr
