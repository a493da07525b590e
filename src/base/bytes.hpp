#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qipan {

/// Bytes travel as std::string: SQLite, sockets and files all speak it.
using Bytes = std::string;

using Hash = std::array<unsigned char, 32>;

inline std::string_view view_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 section 4, with padding, strict on reading: one text for each value.
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

/// Crockford-like base 32 in lower case without i, l, o, u: for tokens that people read aloud.
[[nodiscard]] std::string to_base32(std::string_view bytes);
[[nodiscard]] std::optional<Bytes> from_base32(std::string_view text);

/// Hash from exactly 32 bytes.
[[nodiscard]] std::optional<Hash> hash_from(std::string_view bytes);

/// Writes the log's own encoding: unsigned LEB128 integers and length-prefixed texts. One encoding for a
/// value.
class Encoder {
 public:
  void number(std::uint64_t value);
  void signed_number(std::int64_t value);  // zigzag
  void text(std::string_view bytes);
  void raw(std::string_view bytes) { out_ += bytes; }
  [[nodiscard]] const Bytes& bytes() const { return out_; }
  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

/// Reads what Encoder wrote. After a fault every read gives zero or empty and `ok()` is false; a number with
/// needless bytes is a fault, as each value has one encoding.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number();
  std::int64_t signed_number();
  std::string_view text(std::size_t bytes_max);
  std::string_view raw(std::size_t count);
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace qipan
