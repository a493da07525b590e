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
  [[nodiscard]] std::optional<Decimal> power(const Decimal& exponent) const;
  [[nodiscard]] std::optional<Decimal> square_root() const;
  [[nodiscard]] std::optional<Decimal> exponential() const;
  [[nodiscard]] std::optional<Decimal> logarithm() const;
  [[nodiscard]] Decimal negated() const;
  [[nodiscard]] Decimal absolute() const;

  enum class Rounding { half_even, floor, ceiling, up, down, half_up, half_down };
  /// To `scale` digits behind the point (before it, if negative); nothing where 34 digits do not hold that.
  [[nodiscard]] std::optional<Decimal> rounded(int scale, Rounding rounding) const;
  [[nodiscard]] bool is_whole() const;
  [[nodiscard]] bool is_negative() const { return *this < Decimal(); }
  [[nodiscard]] bool is_zero() const { return *this == Decimal(); }

  /// By value: 1.0 equals 1.
  bool operator==(const Decimal& other) const {
    return both_small(other) ? bits_[0] == other.bits_[0] : compare(other) == 0;
  }
  std::strong_ordering operator<=>(const Decimal& other) const {
    return both_small(other) ? bits_[0] <=> other.bits_[0] : compare(other) <=> 0;
  }

 private:
  /// Most numbers that rules meet are whole, not negative and of no exponent: those compare as integers.
  static constexpr std::uint64_t small_high = 0x3040'0000'0000'0000;
  [[nodiscard]] bool both_small(const Decimal& other) const {
    return bits_[1] == small_high && other.bits_[1] == small_high;
  }
  [[nodiscard]] int compare(const Decimal& other) const;

  std::array<std::uint64_t, 2> bits_{};
};

}  // namespace qipan
