#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace qipan {

/// SHA-256 (FIPS 180-4) by OpenSSL, which uses the processor's own instructions where there are any.
[[nodiscard]] Hash sha256(std::string_view bytes);
[[nodiscard]] Hash sha256(std::string_view first, std::string_view second, std::string_view third = {});

/// HMAC-SHA-256 (RFC 2104).
[[nodiscard]] Hash hmac_sha256(std::string_view key, std::string_view message);

/// Bytes from the operating system's generator. Only for what enters a command as data: never while deciding.
[[nodiscard]] Bytes random_bytes(std::size_t count);

/// Compares in a time that does not tell where the difference is.
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right);

/// Ed25519 (RFC 8032): seed 32 bytes, public key 32, signature 64.
[[nodiscard]] Bytes ed25519_public_key(std::string_view seed);
[[nodiscard]] Bytes ed25519_sign(std::string_view seed, std::string_view message);
[[nodiscard]] bool ed25519_verify(std::string_view public_key, std::string_view message,
                                  std::string_view signature);

/// XChaCha20-Poly1305 with a random nonce in front; key 32 bytes. Empty when it does not open.
[[nodiscard]] Bytes seal(std::string_view key, std::string_view plain, std::string_view bound_to);
[[nodiscard]] std::optional<Bytes> unseal(std::string_view key, std::string_view sealed,
                                          std::string_view bound_to);

/// Argon2id (RFC 9106) in libsodium's text form, with its "interactive" cost: about 64 MB and 0.1 s.
[[nodiscard]] std::string password_hash(std::string_view password);
[[nodiscard]] bool password_matches(const std::string& hash, std::string_view password);

}  // namespace qipan
