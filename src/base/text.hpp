#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qipan {

/// How many code points a text in UTF-8 has: what forms and bounds call characters.
[[nodiscard]] std::int64_t characters(std::string_view text);

/// Whether it holds no control characters; line breaks and tabs only where it may have `lines`. NUL, above
/// all, ends a text for some readers and not for others.
[[nodiscard]] bool is_plain_text(std::string_view text, bool lines);

/// Whether it is plain and has so many characters.
[[nodiscard]] bool is_text_of(std::string_view text, std::int64_t least, std::int64_t most, bool lines);

/// Letters of ASCII; everything else as it is.
[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string upper_case(std::string_view text);

}  // namespace qipan
