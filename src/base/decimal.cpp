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
  decimal.bits_ = bits_of(value);
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
  const std::string digits = text();
  std::int64_t value = 0;
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
  return value;
}

namespace {

template <class Operation>
std::optional<Decimal> combine(Decimal& result, std::array<std::uint64_t, 2>& out, Operation operation) {
  unsigned flags = 0;
  const BID_UINT128 value = operation(&flags);
  if (!finite(value)) return std::nullopt;
  out = bits_of(value);
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
  result.bits_ = bits_of(bid128_negate(bid(bits_)));
  return result;
}

bool Decimal::operator==(const Decimal& other) const {
  unsigned flags = 0;
  return bid128_quiet_equal(bid(bits_), bid(other.bits_), &flags) != 0;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  unsigned flags = 0;
  if (*this == other) return std::strong_ordering::equal;
  return bid128_quiet_less(bid(bits_), bid(other.bits_), &flags) != 0 ? std::strong_ordering::less
                                                                      : std::strong_ordering::greater;
}

}  // namespace qipan
