#include "base/instant.hpp"
#include "fields/types/all.hpp"
#include "fields/types/coded.hpp"

namespace qipan::fields::types {

namespace {

/// Citizen identification number, GB 11643-1999: division, a date of birth that exists, sequence, and a check
/// digit by ISO 7064 MOD 11-2.
bool is_citizen_number(std::string_view text) {
  constexpr std::size_t weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view checks = "10X98765432";  // by the remainder
  constexpr std::size_t digits = std::size(weights);
  if (text.size() != digits + 1 || !are_digits(text.substr(0, digits)) || text.front() == '0') return false;
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) value = value * 10 + (c - '0');
    return value;
  };
  if (number(6, 4) < 1800 || !exists(CivilDate{number(6, 4), number(10, 2), number(12, 2)})) return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < digits; ++i) sum += static_cast<std::size_t>(text[i] - '0') * weights[i];
  return text.back() == checks[sum % checks.size()];
}

}  // namespace

/// Always personal: it stands in the vault and nowhere else.
const Type* citizen_number() {
  static const Coded type("citizen_number", is_citizen_number,
                          "18 位公民身份号码，日期确有，末位为校验码（X 大写） / a citizen identification "
                          "number (GB 11643): 18 signs with a date that exists and its "
                          "check digit, X as a capital",
                          "^[1-9][0-9]{16}[0-9X]$", true, Attributes::Personal::always);
  return &type;
}

}  // namespace qipan::fields::types
