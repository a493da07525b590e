#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace qipan::log {

/// Head of a log at one size: the three lines of C2SP tlog-checkpoint.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  [[nodiscard]] std::string text() const;
};

/// Signing key of a log (Ed25519). The seed is secret.
struct SigningKey {
  std::string name;
  Bytes seed;
};

/// C2SP signed-note verifier key: name, id and public key; text form `name+hex id+base64(0x01 ‖ key)`.
struct VerifierKey {
  std::string name;
  Bytes public_key;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Bytes id() const;
};

[[nodiscard]] VerifierKey verifier_of(const SigningKey& key);
[[nodiscard]] Result<VerifierKey> parse_verifier_key(std::string_view text);

/// The checkpoint as a signed note.
[[nodiscard]] std::string sign(const Checkpoint& checkpoint, const SigningKey& key);

/// Reads a signed note and holds it against the key. Signatures of unknown keys are passed over; a bad one of
/// the known key refuses the whole note (C2SP signed-note).
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

}  // namespace qipan::log
