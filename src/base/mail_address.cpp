#include "base/mail_address.hpp"

#include <algorithm>

namespace qipan {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_mail_address(std::string_view text) {
  if (text.size() > mail_address_bytes_max) return false;
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  constexpr std::string_view signs = "!#$%&'*+-/=?^_`{|}~.";
  const bool local_fits = std::all_of(local.begin(), local.end(), [&](char c) {
    return is_letter_or_digit(c) || signs.find(c) != std::string_view::npos;
  });
  const bool domain_fits = std::all_of(domain.begin(), domain.end(),
                                       [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
  return local_fits && domain_fits && !domain.empty() && is_letter_or_digit(domain.front()) &&
         is_letter_or_digit(domain.back()) && domain.find("..") == std::string_view::npos;
}

}  // namespace qipan
