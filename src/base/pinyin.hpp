#pragma once

#include <string>
#include <string_view>

namespace qipan {

/// Version 1: keys that stand in a district were made by it, so it never changes; another order is another
/// function beside it. Texts of equal keys are told apart by themselves. Compared bytewise, keys have the
/// order in which Chinese lists are printed: characters of the basic block (U+4E00 to U+9FFF) by reading and
/// strokes, letters without regard to case, and everything else by code point, which puts digits and Latin
/// letters before. A character with several readings has one place, whatever word it is in. Bytes that are no
/// UTF-8 stay as they are. As long as the text.
[[nodiscard]] std::string pinyin_key(std::string_view text);

/// "jhq" for 江海区: the first letter of each character's reading, letters in lower case and digits; the rest
/// is left out.
[[nodiscard]] std::string pinyin_initials(std::string_view text);

}  // namespace qipan
