#include "board/difference.hpp"

namespace qipan::board {

void Difference::add(std::string_view member, const Json& before, const Json& wanted) {
  if (before == wanted) return;
  was.set(member, before);
  now.set(member, wanted);
}

void Difference::add_all(const Json& before, const Json& wanted) {
  for (const auto& [member, value] : wanted.members()) add(member, before[member], value);
}

}  // namespace qipan::board
