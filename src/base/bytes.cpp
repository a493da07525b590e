#include "base/bytes.hpp"

#include <algorithm>

namespace qipan {

namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base32_digits = "0123456789abcdefghjkmnpqrstvwxyz";

/// Bits in groups of `bits`, most significant first, as digits of `alphabet`.
std::string encode_groups(std::string_view bytes, std::string_view alphabet, unsigned bits) {
  std::string text;
  unsigned buffer = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8U) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= bits) {
      held -= bits;
      text += alphabet[(buffer >> held) & ((1U << bits) - 1U)];
    }
    buffer &= (1U << held) - 1U;
  }
  if (held > 0) text += alphabet[(buffer << (bits - held)) & ((1U << bits) - 1U)];
  return text;
}

std::optional<Bytes> decode_groups(std::string_view text, std::string_view alphabet, unsigned bits) {
  Bytes bytes;
  unsigned buffer = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    buffer = (buffer << bits) | static_cast<unsigned>(digit);
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>((buffer >> held) & 0xFFU);
    }
    buffer &= (1U << held) - 1U;
  }
  if (held >= bits || buffer != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4U];
    text += digits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  return decode_groups(text, "0123456789abcdef", 4);
}

std::string to_base64(std::string_view bytes) {
  std::string text = encode_groups(bytes, base64_digits, 6);
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with("=") ? 1 : 0);
  auto bytes = decode_groups(text.substr(0, text.size() - padding), base64_digits, 6);
  if (!bytes || (3 - bytes->size() % 3) % 3 != padding) return std::nullopt;
  return bytes;
}

std::string to_base32(std::string_view bytes) {
  return encode_groups(bytes, base32_digits, 5);
}

std::optional<Bytes> from_base32(std::string_view text) {
  return decode_groups(text, base32_digits, 5);
}

std::optional<Hash> hash_from(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

void Encoder::number(std::uint64_t value) {
  while (value >= 0x80U) {
    out_ += static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  out_ += static_cast<char>(value);
}

void Encoder::signed_number(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  number((bits << 1U) ^ (value < 0 ? ~0ULL : 0ULL));
}

void Encoder::text(std::string_view bytes) {
  number(bytes.size());
  out_ += bytes;
}

std::uint64_t Decoder::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; ok_ && shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) {
      if (byte == 0 && shift > 0) break;
      return value;
    }
  }
  ok_ = false;
  return 0;
}

std::int64_t Decoder::signed_number() {
  const std::uint64_t bits = number();
  return static_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1U));
}

std::string_view Decoder::text(std::size_t bytes_max) {
  const std::uint64_t size = number();
  if (size > bytes_max) ok_ = false;
  return ok_ ? raw(static_cast<std::size_t>(size)) : std::string_view{};
}

std::string_view Decoder::raw(std::size_t count) {
  if (!ok_ || count > rest_.size()) {
    ok_ = false;
    return {};
  }
  const std::string_view bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return bytes;
}

}  // namespace qipan
