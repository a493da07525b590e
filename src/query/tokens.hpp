#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace qipan::query {

struct Token {
  enum class Kind { word, quoted, text, number, sign, end };
  Kind kind = Kind::end;
  std::string text;       // what it stands for: a text without its quotes
  std::size_t place = 0;  // its first byte
};

/// The words, texts, numbers and signs of CQL2 text, with an `end` behind the last; refused where a character
/// begins none of them.
[[nodiscard]] Result<std::vector<Token>> tokens_of(std::string_view text);

/// `filter-unreadable` at a byte of the text, told as the character that it is.
[[nodiscard]] tl::unexpected<Problem> unreadable_at(std::string_view text, std::size_t place,
                                                    std::string_view rule);

}  // namespace qipan::query
