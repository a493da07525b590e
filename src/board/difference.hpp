#pragma once

#include "base/json.hpp"

namespace qipan::board {

/// A change as its fact tells it: what stood there and what stands there now, of the same members. What is
/// already as it is wanted is in neither, so a change that changes nothing leaves both empty (design §4b.3).
struct Difference {
  Json was = Json::object();
  Json now = Json::object();

  [[nodiscard]] bool empty() const { return now.members().empty(); }
  /// One member: `before` against `wanted`; null for what is not there.
  void add(std::string_view member, const Json& before, const Json& wanted);
  /// All members of `wanted`.
  void add_all(const Json& before, const Json& wanted);
};

}  // namespace qipan::board
