#include "base/decimal.hpp"

#include <bit>
#include <charconv>
#include <vector>

// Flags and rounding travel as arguments in the library variant that CMake links (000).
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <bid_conf.h>
#include <bid_functions.h>
#pragma GCC diagnostic pop

namespace qipan {

namespace {

constexpr unsigned half_even = 0;

BID_UINT128 bid(const std::array<std::uint64_t, 2>& bits) {
  BID_UINT128 value;
  value.w[0] = bits[0];
  value.w[1] = bits[1];
  return value;
}

std::array<std::uint64_t, 2> bits_of(const BID_UINT128& value) {
  return {value.w[0], value.w[1]};
}

bool finite(const BID_UINT128& value) {
  return bid128_isNaN(value) == 0 && bid128_isInf(value) == 0;
}

}  // namespace

Decimal::Decimal(std::int64_t value) : bits_(bits_of(bid128_from_int64(value))) {}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  if (text.empty() || text.size() > 80) return std::nullopt;
  bool digit = false;
  for (const char c : text) {
    const bool allowed = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
    if (!allowed) return std::nullopt;
    digit = digit || (c >= '0' && c <= '9');
  }
  if (!digit) return std::nullopt;
  std::string copy(text);
  unsigned flags = 0;
  const BID_UINT128 value = bid128_from_string(copy.data(), half_even, &flags);
  if (!finite(value)) return std::nullopt;
  Decimal decimal;
  if (bid128_isZero(value) == 0) decimal.bits_ = bits_of(value);
  return decimal;
}

std::string Decimal::text() const {
  // The library writes [+-]digitsE[+-]exponent.
  std::array<char, 64> buffer{};
  unsigned flags = 0;
  bid128_to_string(buffer.data(), bid(bits_), &flags);
  std::string_view raw(buffer.data());
  const bool negative = raw.front() == '-';
  raw.remove_prefix(1);
  const auto e = raw.find('E');
  std::string digits(raw.substr(0, e));
  int exponent = 0;
  std::string_view tail = raw.substr(e + 1);
  if (tail.front() == '+') tail.remove_prefix(1);
  std::from_chars(tail.data(), tail.data() + tail.size(), exponent);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  if (digits == "0") return "0";
  if (exponent >= 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
  } else {
    const auto places = static_cast<std::size_t>(-exponent);
    if (digits.size() <= places) digits.insert(0, places - digits.size() + 1, '0');
    digits.insert(digits.size() - places, ".");
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return negative ? "-" + digits : digits;
}

std::optional<std::int64_t> Decimal::integer() const {
  unsigned flags = 0;
  const std::int64_t value = bid128_to_int64_xint(bid(bits_), &flags);
  constexpr unsigned invalid_or_inexact = 0x21;
  if ((flags & invalid_or_inexact) != 0) return std::nullopt;
  return value;
}

namespace {

template <class Operation>
std::optional<Decimal> combine(Decimal& result, std::array<std::uint64_t, 2>& out, Operation operation) {
  unsigned flags = 0;
  const BID_UINT128 value = operation(&flags);
  if (!finite(value)) return std::nullopt;
  if (bid128_isZero(value) == 0) out = bits_of(value);
  return result;
}

}  // namespace

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
  Decimal result;
  return combine(result, result.bits_,
                 [&](unsigned* flags) { return bid128_add(bid(bits_), bid(other.bits_), half_even, flags); });
}

std::optional<Decimal> Decimal::minus(const Decimal& other) const {
  Decimal result;
  return combine(result, result.bits_,
                 [&](unsigned* flags) { return bid128_sub(bid(bits_), bid(other.bits_), half_even, flags); });
}

std::optional<Decimal> Decimal::times(const Decimal& other) const {
  Decimal result;
  return combine(result, result.bits_,
                 [&](unsigned* flags) { return bid128_mul(bid(bits_), bid(other.bits_), half_even, flags); });
}

std::optional<Decimal> Decimal::over(const Decimal& other) const {
  Decimal result;
  return combine(result, result.bits_,
                 [&](unsigned* flags) { return bid128_div(bid(bits_), bid(other.bits_), half_even, flags); });
}

Decimal Decimal::negated() const {
  Decimal result;
  // There is no negative zero.
  if (!is_zero()) result.bits_ = bits_of(bid128_negate(bid(bits_)));
  return result;
}

Decimal Decimal::absolute() const {
  return is_negative() ? negated() : *this;
}

std::optional<Decimal> Decimal::power(const Decimal& exponent) const {
  constexpr std::int64_t squared_max = 1'000'000;
  const auto whole = exponent.integer();
  if (whole && *whole >= -squared_max && *whole <= squared_max) {
    // Squaring is exact wherever the result has at most 34 digits, which the library's power is not.
    std::optional<Decimal> result = Decimal(1);
    std::optional<Decimal> square = *this;
    for (auto left = static_cast<std::uint64_t>(*whole < 0 ? -*whole : *whole); left != 0; left /= 2) {
      if (!square) return std::nullopt;
      if (left % 2 == 1) result = result->times(*square);
      if (!result) return std::nullopt;
      if (left > 1) square = square->times(*square);
    }
    return *whole < 0 ? Decimal(1).over(*result) : result;
  }
  Decimal result;
  return combine(result, result.bits_, [&](unsigned* flags) {
    return bid128_pow(bid(bits_), bid(exponent.bits_), half_even, flags);
  });
}

std::optional<Decimal> Decimal::square_root() const {
  if (is_negative()) return std::nullopt;
  Decimal result;
  return combine(result, result.bits_,
                 [&](unsigned* flags) { return bid128_sqrt(bid(bits_), half_even, flags); });
}

std::optional<Decimal> Decimal::exponential() const {
  Decimal result;
  return combine(result, result.bits_,
                 [&](unsigned* flags) { return bid128_exp(bid(bits_), half_even, flags); });
}

std::optional<Decimal> Decimal::logarithm() const {
  if (*this <= Decimal()) return std::nullopt;
  Decimal result;
  return combine(result, result.bits_,
                 [&](unsigned* flags) { return bid128_log(bid(bits_), half_even, flags); });
}

std::optional<Decimal> Decimal::rounded(int scale, Rounding rounding) const {
  constexpr unsigned to_floor = 1;
  constexpr unsigned to_ceiling = 2;
  constexpr unsigned to_zero = 3;
  constexpr unsigned half_away = 4;
  constexpr int scale_min = -6111;
  constexpr int scale_max = 6176;
  if (scale < scale_min || scale > scale_max) return std::nullopt;
  // With so many digits behind the point there is nothing to round, even where more of them would not fit.
  constexpr int exponent_bias = 6176;
  const int exponent = static_cast<int>((bits_[1] >> 49U) & 0x3FFFU) - exponent_bias;
  if (-exponent <= scale) return *this;
  unsigned mode = half_even;
  switch (rounding) {
    case Rounding::half_even:
    case Rounding::half_down:
      break;
    case Rounding::floor:
      mode = to_floor;
      break;
    case Rounding::ceiling:
      mode = to_ceiling;
      break;
    case Rounding::up:
      mode = is_negative() ? to_floor : to_ceiling;
      break;
    case Rounding::down:
      mode = to_zero;
      break;
    case Rounding::half_up:
      mode = half_away;
      break;
  }
  const auto quantized = [&](unsigned with) {
    Decimal result;
    unsigned none = 0;
    const BID_UINT128 unit = bid128_scalbn(bid128_from_int64(1), -scale, half_even, &none);
    return combine(result, result.bits_,
                   [&](unsigned* flags) { return bid128_quantize(bid(bits_), unit, with, flags); });
  };
  if (rounding != Rounding::half_down) return quantized(mode);
  // Of the two neighbours the nearer, and of two as near the one towards zero; the library has no such mode.
  const auto inner = quantized(to_zero);
  const auto outer = quantized(is_negative() ? to_floor : to_ceiling);
  if (!inner || !outer) return std::nullopt;
  const auto below = minus(*inner);
  const auto above = outer->minus(*this);
  if (!below || !above) return std::nullopt;
  return below->absolute() <= above->absolute() ? inner : outer;
}

bool Decimal::is_whole() const {
  unsigned flags = 0;
  return bid128_quiet_equal(bid(bits_), bid128_round_integral_zero(bid(bits_), &flags), &flags) != 0;
}

int Decimal::compare(const Decimal& other) const {
  unsigned flags = 0;
  if (bid128_quiet_equal(bid(bits_), bid(other.bits_), &flags) != 0) return 0;
  return bid128_quiet_less(bid(bits_), bid(other.bits_), &flags) != 0 ? -1 : 1;
}

}  // namespace qipan
