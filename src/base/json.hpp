#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace qipan {

/// A template, so that it need not be complete before Json is.
template <class Value>
struct JsonMember {
  std::string key;
  Value value;
  bool operator==(const JsonMember&) const = default;
};

/// A JSON value as Qipan keeps it: numbers are int64 or the decimal text as it came, never a binary double,
/// so that what is read back is what was written. Members keep their order; a repeated key is refused.
class Json {
 public:
  struct Decimal {
    std::string text;
    bool operator==(const Decimal&) const = default;
  };
  using Member = JsonMember<Json>;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;

  // Out of line: inlined everywhere they were much of the compile time.
  Json();
  Json(std::nullptr_t);
  Json(bool value);
  Json(std::int64_t value);
  Json(int value);
  Json(std::uint64_t value);
  Json(std::string value);
  Json(std::string_view value);
  Json(const char* value);
  Json(Decimal value);
  Json(Array value);
  Json(Object value);
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  [[nodiscard]] static Json object();
  [[nodiscard]] static Json array();

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(value_); }
  [[nodiscard]] bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  [[nodiscard]] bool is_decimal() const { return std::holds_alternative<Decimal>(value_); }
  [[nodiscard]] bool is_number() const { return is_integer() || is_decimal(); }
  [[nodiscard]] bool is_text() const { return std::holds_alternative<std::string>(value_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(value_); }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// These read a value of that type; asking for another type is a programmer's error.
  [[nodiscard]] bool boolean() const { return std::get<bool>(value_); }
  [[nodiscard]] std::int64_t integer() const { return std::get<std::int64_t>(value_); }
  [[nodiscard]] const std::string& text() const { return std::get<std::string>(value_); }
  [[nodiscard]] const Array& items() const { return std::get<Array>(value_); }
  [[nodiscard]] const Object& members() const { return std::get<Object>(value_); }
  /// Moves an object's members out of it.
  [[nodiscard]] Object take_members() { return std::move(std::get<Object>(value_)); }
  /// The digits of an integer or decimal.
  [[nodiscard]] std::string number_text() const;

  /// The member of that name, or null where there is none or this is no object.
  [[nodiscard]] const Json& operator[](std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
  [[nodiscard]] const Json* find(std::string_view key) const;

  /// Value or a default, where a member is missing or of another type.
  [[nodiscard]] std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise) const;

  /// Adds or replaces a member; null becomes an empty object first. Returns *this, to chain.
  Json& set(std::string_view key, Json value);
  /// The same where it is known that there is no such member yet.
  Json& add(std::string_view key, Json value);
  Json& push(Json value);

  [[nodiscard]] std::string dump() const;
  void dump_to(std::string& out) const;

  bool operator==(const Json& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, Decimal, std::string, Array, Object> value_;
};

struct JsonLimits {
  std::size_t bytes_max = 1U << 20U;
  std::size_t depth_max = 32;
  std::size_t values_max = 100'000;
};

/// Whole text as one value. Refuses invalid UTF-8, repeated keys, and what is over the limits.
[[nodiscard]] Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

/// Whether parse_json() would read its text again by these limits: depth and number of values.
[[nodiscard]] bool is_within(const Json& value, const JsonLimits& limits);

[[nodiscard]] bool is_utf8(std::string_view text);

void append_json_text(std::string& out, std::string_view text);

}  // namespace qipan
