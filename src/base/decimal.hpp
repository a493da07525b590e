#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qipan {

/// IEEE 754 decimal128 (34 digits, half-even), the number of FEEL, by Intel's library. Never NaN or infinite:
/// what would be is no value at all.
class Decimal {
 public:
  Decimal() : Decimal(std::int64_t{0}) {}
  explicit Decimal(std::int64_t value);
  /// Digits with optional sign, point and exponent.
  [[nodiscard]] static std::optional<Decimal> parse(std::string_view text);
  /// Plain digits, no exponent, no trailing zeros behind the point.
  [[nodiscard]] std::string text() const;
  /// Exactly, if it is a whole number that fits.
  [[nodiscard]] std::optional<std::int64_t> integer() const;

  [[nodiscard]] std::optional<Decimal> plus(const Decimal& other) const;
  [[nodiscard]] std::optional<Decimal> minus(const Decimal& other) const;
  [[nodiscard]] std::optional<Decimal> times(const Decimal& other) const;
  [[nodiscard]] std::optional<Decimal> over(const Decimal& other) const;
  [[nodiscard]] Decimal negated() const;

  /// By value: 1.0 equals 1.
  bool operator==(const Decimal& other) const;
  std::strong_ordering operator<=>(const Decimal& other) const;

 private:
  std::array<std::uint64_t, 2> bits_{};
};

}  // namespace qipan
