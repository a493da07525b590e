#include "fields/types/all.hpp"
#include "fields/types/coded.hpp"

namespace qipan::fields::types {

namespace {

/// Division, GB/T 2260 (six digits), with the street of GB/T 10114 (nine) and the community (twelve). By
/// structure: which of them exist is a register's matter.
bool is_division_code(std::string_view text) {
  return (text.size() == 6 || text.size() == 9 || text.size() == 12) && are_digits(text) &&
         text.front() >= '1' && text.front() <= '9';
}

}  // namespace

const Type* division_code() {
  static const Coded type(
      "division_code", is_division_code,
      "6 位、9 位或 12 位区划代码 / a division's code of 6, 9 or 12 digits (GB/T 2260, GB/T 10114)",
      "^[1-9][0-9]{5}([0-9]{3}){0,2}$", false);
  return &type;
}

}  // namespace qipan::fields::types
