#include "base/text.hpp"

#include <algorithm>

namespace qipan {

std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

bool is_plain_text(std::string_view text, bool lines) {
  return std::none_of(text.begin(), text.end(), [lines](char c) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    return control && !(lines && (c == '\n' || c == '\r' || c == '\t'));
  });
}

bool is_text_of(std::string_view text, std::int64_t least, std::int64_t most, bool lines) {
  const std::int64_t length = characters(text);
  return length >= least && length <= most && is_plain_text(text, lines);
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string upper_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

}  // namespace qipan
