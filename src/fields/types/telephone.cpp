#include "fields/types/all.hpp"
#include "fields/types/coded.hpp"

namespace qipan::fields::types {

namespace {

bool is_hyphened(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && are_digits(text);
}

/// Of a fixed line: area code, number, extension, with hyphens or without.
bool is_fixed_line(std::string_view text) {
  const auto first = text.find('-');
  if (first == std::string_view::npos) return is_hyphened(text, 10, 12);
  const std::string_view rest = text.substr(first + 1);
  const auto second = rest.find('-');
  return is_hyphened(text.substr(0, first), 3, 4) && is_hyphened(rest.substr(0, second), 7, 8) &&
         (second == std::string_view::npos || is_hyphened(rest.substr(second + 1), 1, 6));
}

/// A number that can be dialled in China: mobile, fixed line with its area code, service number (12345, 400),
/// or an international one with its plus sign.
bool is_telephone(std::string_view text) {
  if (text.starts_with('+')) return text.size() >= 2 && text[1] != '0' && is_hyphened(text.substr(1), 7, 15);
  if (text.starts_with('0')) return is_fixed_line(text);
  const bool mobile = text.size() == 11 && text[0] == '1' && text[1] >= '3' && text[1] <= '9';
  const bool service = text.size() == 10 && (text.starts_with("400") || text.starts_with("800"));
  return (mobile || service || is_hyphened(text, 5, 8)) && are_digits(text);
}

}  // namespace

const Type* telephone() {
  static const Coded type(
      "telephone", is_telephone,
      "电话号码：手机 11 位，固定电话写作 0750-3861234，或以 +86 开头 / a telephone number: a mobile's 11 "
      "digits, 0750-3861234 or with +86",
      R"(^(\+[1-9][0-9]{6,14}|0[0-9]{9,11}|0[0-9]{2,3}-[0-9]{7,8}(-[0-9]{1,6})?|1[3-9][0-9]{9}|[48]00[0-9]{7}|[1-9][0-9]{4,7})$)",
      false, Attributes::Personal::may);
  return &type;
}

}  // namespace qipan::fields::types
