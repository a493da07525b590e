#include "base/pinyin.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace qipan {

namespace {

#include "base/pinyin_order.inc"

constexpr std::uint32_t block_begin = 0x4E00;
constexpr std::uint32_t block_end = 0xA000;

/// A character of three bytes at the beginning of the text, if it is of the block.
std::uint32_t in_block(std::string_view text) {
  if (text.size() < 3) return 0;
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  if ((byte(0) & 0xF0U) != 0xE0U || (byte(1) & 0xC0U) != 0x80U || (byte(2) & 0xC0U) != 0x80U) return 0;
  const std::uint32_t code = (byte(0) & 0xFU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
  return code >= block_begin && code < block_end ? code : 0;
}

/// The place of each character of the block among all of them.
const std::array<std::uint16_t, block_end - block_begin>& places() {
  static const auto all = [] {
    std::array<std::uint16_t, block_end - block_begin> made{};
    made.fill(UINT16_MAX);
    std::uint16_t place = 0;
    for (std::string_view left = pinyin_order; !left.empty(); left.remove_prefix(3))
      made[in_block(left) - block_begin] = place++;
    // Those without a reading come last.
    for (std::uint16_t& one : made)
      if (one == UINT16_MAX) one = place++;
    return made;
  }();
  return all;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string pinyin_key(std::string_view text) {
  std::string key;
  key.reserve(text.size());
  while (!text.empty()) {
    const std::uint32_t code = in_block(text);
    if (code == 0) {
      key += lower(text.front());
      text.remove_prefix(1);
      continue;
    }
    // Another character of the block stands for it, the bytes of which are in the order of their codes.
    const std::uint32_t place = block_begin + places()[code - block_begin];
    key += static_cast<char>(0xE0U | place >> 12U);
    key += static_cast<char>(0x80U | (place >> 6U & 0x3FU));
    key += static_cast<char>(0x80U | (place & 0x3FU));
    text.remove_prefix(3);
  }
  return key;
}

std::string pinyin_initials(std::string_view text) {
  std::string initials;
  while (!text.empty()) {
    const std::uint32_t code = in_block(text);
    if (code == 0) {
      const char c = lower(text.front());
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) initials += c;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t place = places()[code - block_begin];
    if (place < pinyin_order.size() / 3) {
      const auto next = std::upper_bound(pinyin_begins.begin(), pinyin_begins.end(), place);
      initials += static_cast<char>('a' + (next - pinyin_begins.begin() - 1));
    }
    text.remove_prefix(3);
  }
  return initials;
}

}  // namespace qipan
