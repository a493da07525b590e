#include "fields/types/all.hpp"
#include "fields/types/coded.hpp"

namespace qipan::fields::types {

namespace {

/// Unified social credit code, GB 32100-2015: eighteen of thirty-one signs (no I, O, S, V, Z), the last of
/// which checks the others modulo 31 (its annex A). Whether the ninth to seventeenth are an organisation code
/// of their own is not asked: registered ones are not always.
bool is_credit_code(std::string_view text) {
  constexpr std::string_view signs = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr std::size_t length = 18;
  if (text.size() != length || !are_digits(text.substr(2, 6))) return false;
  std::size_t weight = 1;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::size_t value = signs.find(text[i]);
    if (value == std::string_view::npos) return false;
    if (i + 1 == length) return value == (signs.size() - sum % signs.size()) % signs.size();
    sum += value * weight;
    weight = weight * 3 % signs.size();
  }
  return false;
}

}  // namespace

const Type* credit_code() {
  static const Coded type("credit_code", is_credit_code,
                          "18 位统一社会信用代码，末位为校验码 / a unified social credit code (GB 32100): 18 "
                          "signs, the last of which checks them",
                          "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$", true);
  return &type;
}

}  // namespace qipan::fields::types
