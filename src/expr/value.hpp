#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "base/json.hpp"

namespace qipan::expr {

/// A FEEL value of the subset: null, boolean, number, string, list.
struct Value {
  using List = std::vector<Value>;
  std::variant<std::monostate, bool, Decimal, std::string, List> is;

  Value() = default;
  Value(bool value) : is(value) {}
  Value(Decimal value) : is(value) {}
  Value(std::string value) : is(std::move(value)) {}
  Value(const char* value) : is(std::string(value)) {}
  Value(List value) : is(std::move(value)) {}

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(is); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&is); }
  [[nodiscard]] const Decimal* number() const { return std::get_if<Decimal>(&is); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&is); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&is); }
  [[nodiscard]] bool is_true() const { return boolean() != nullptr && *boolean(); }
};

[[nodiscard]] Value value_of(const Json& json);
[[nodiscard]] Json json_of(const Value& value);

}  // namespace qipan::expr
