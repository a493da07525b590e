#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::board {

/// One member that a command's body may have. Null is taken wherever a member may be left out.
struct Member {
  enum class Kind { text, integer, number, boolean, list, object, any };
  std::string_view name;
  Kind kind = Kind::text;
};

/// Whether a body has these members and no others, each of its kind: what a sender misspelt or wrote in
/// another type is told, never dropped.
[[nodiscard]] Result<void> expect_members(const Json& body, std::initializer_list<Member> members);

/// A text of so many characters without control characters; an empty one where it is left out.
[[nodiscard]] Result<std::string> text_in(const Json& body, std::string_view name, std::int64_t least,
                                          std::int64_t most, bool lines = false);

}  // namespace qipan::board
