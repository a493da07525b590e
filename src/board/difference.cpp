#include "board/difference.hpp"

#include "base/decimal.hpp"

namespace qipan::board {

namespace {

/// 8.5 and 8.50 are one number.
bool equal(const Json& one, const Json& other) {
  if (one == other) return true;
  if (!one.is_number() || !other.is_number()) return false;
  const auto left = Decimal::parse(one.number_text());
  const auto right = Decimal::parse(other.number_text());
  return left && right && *left == *right;
}

}  // namespace

void Difference::add(std::string_view member, const Json& before, const Json& wanted) {
  if (equal(before, wanted)) return;
  was.set(member, before);
  now.set(member, wanted);
}

void Difference::add_all(const Json& before, const Json& wanted) {
  for (const auto& [member, value] : wanted.members()) add(member, before[member], value);
}

}  // namespace qipan::board
