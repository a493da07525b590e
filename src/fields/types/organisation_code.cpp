#include "fields/types/all.hpp"
#include "fields/types/coded.hpp"

namespace qipan::fields::types {

namespace {

/// GB 11714-1997: eight digits or capitals and a check digit modulo 11, written without a hyphen.
bool is_organisation_code(std::string_view text) {
  constexpr std::size_t weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view checks = "0X987654321";  // by the remainder
  if (text.size() != std::size(weights) + 1) return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < std::size(weights); ++i) {
    const std::size_t value = signs.find(text[i]);
    if (value == std::string_view::npos) return false;
    sum += value * weights[i];
  }
  return text.back() == checks[sum % checks.size()];
}

}  // namespace

const Type* organisation_code() {
  static const Coded type("organisation_code", is_organisation_code,
                          "9 位组织机构代码，末位为校验码 / an organisation code (GB 11714): 8 digits or "
                          "capitals and their check digit",
                          "^[0-9A-Z]{8}[0-9X]$", true);
  return &type;
}

}  // namespace qipan::fields::types
