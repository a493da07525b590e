#include "base/text.hpp"
#include "fields/types/all.hpp"
#include "fields/types/serial.hpp"

namespace qipan::fields::types {

namespace {

/// A number that the board gives, by a pattern of its own: nobody says one.
class SerialNumber final : public Type {
 public:
  SerialNumber() : Type("serial_number") {}
  [[nodiscard]] Attributes attributes() const override { return {.serial = true}; }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (value.is_text() && characters(value.text()) <= serial_characters_max) return value;
    return unfit(field, value, path, "a number as the board gives it");
  }
  void describe(const Field&, Json& schema) const override { schema.set("type", "string"); }
};

constexpr std::string_view number_begin = "{number:";

/// "0007".
std::string padded(std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

}  // namespace

const Type* serial_number() {
  static const SerialNumber type;
  return &type;
}

std::optional<std::string> serial_pattern_fault(std::string_view pattern) {
  const auto number = pattern.find(number_begin);
  if (number == std::string_view::npos || pattern.find(number_begin, number + 1) != std::string_view::npos)
    return "{number:DIGITS} once";
  for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos) return "braces in pairs";
    const std::string_view word = pattern.substr(open, close + 1 - open);
    const bool digits = word.starts_with(number_begin) && word.size() == number_begin.size() + 2 &&
                        word[number_begin.size()] >= '1' && word[number_begin.size()] <= '9';
    if (!digits && word != "{year}" && word != "{month}" && word != "{day}")
      return "{year}, {month}, {day} and {number:1} to {number:9}";
  }
  if (characters(pattern) > serial_characters_max) return "at most 60 characters";
  const auto names = [&](std::string_view word) { return pattern.find(word) != std::string_view::npos; };
  // Else the same numbers would come again.
  if ((names("{day}") && !names("{month}")) || (names("{month}") && !names("{year}")))
    return "{month} beside {day}, and {year} beside {month}";
  return std::nullopt;
}

std::string serial_period(std::string_view pattern, std::string_view day) {
  if (pattern.find("{day}") != std::string_view::npos) return std::string(day);
  if (pattern.find("{month}") != std::string_view::npos) return std::string(day.substr(0, 7));
  if (pattern.find("{year}") != std::string_view::npos) return std::string(day.substr(0, 4));
  return "";
}

std::string serial_text(std::string_view pattern, std::string_view day, std::int64_t number) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] != '{') {
      text += pattern[i++];
      continue;
    }
    const auto close = pattern.find('}', i);
    const std::string_view word = pattern.substr(i, close + 1 - i);
    if (word == "{year}") text += day.substr(0, 4);
    if (word == "{month}") text += day.substr(5, 2);
    if (word == "{day}") text += day.substr(8, 2);
    if (word.starts_with(number_begin))
      text += padded(number, static_cast<std::size_t>(word[number_begin.size()] - '0'));
    i = close + 1;
  }
  return text;
}

}  // namespace qipan::fields::types
