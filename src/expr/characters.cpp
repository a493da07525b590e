#include "expr/characters.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

namespace qipan::expr {

namespace {

bool begins(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::string utf8_of(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString utf16_of(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

}  // namespace

std::int64_t code_points(std::string_view text) {
  std::int64_t count = 0;
  for (const char c : text) count += begins(c) ? 1 : 0;
  return count;
}

std::size_t byte_of(std::string_view text, std::int64_t code_point) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!begins(text[i])) continue;
    if (count++ == code_point) return i;
  }
  return text.size();
}

std::string upper_cased(std::string_view text) {
  return utf8_of(utf16_of(text).toUpper(icu::Locale::getRoot()));
}

std::string lower_cased(std::string_view text) {
  return utf8_of(utf16_of(text).toLower(icu::Locale::getRoot()));
}

}  // namespace qipan::expr
