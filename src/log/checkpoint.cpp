#include "log/checkpoint.hpp"

#include <charconv>

#include "base/crypto.hpp"

namespace qipan::log {

namespace {

constexpr char ed25519_algorithm = '\x01';
constexpr std::string_view signature_prefix = "\u2014 ";
constexpr std::size_t note_bytes_max = 64 * 1024;
constexpr std::size_t signatures_max = 64;

tl::unexpected<Problem> bad_note(std::string rule) {
  return invalid("checkpoint-refused", "checkpoint", "", std::move(rule),
                 "fetch the checkpoint again from the district that issued it");
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

Result<Checkpoint> parse_body(std::string_view body) {
  const auto lines = lines_of(body);
  if (lines.size() < 3 || lines[0].empty()) return bad_note("origin, size and root on three lines");
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const auto* end = lines[1].data() + lines[1].size();
  const auto [stop, code] = std::from_chars(lines[1].data(), end, checkpoint.size);
  if (code != std::errc() || stop != end || (lines[1].size() > 1 && lines[1][0] == '0')) {
    return bad_note("a decimal tree size without leading zeros");
  }
  const auto root = from_base64(lines[2]);
  const auto hash = root ? hash_from(*root) : std::nullopt;
  if (!hash) return bad_note("a base64 root hash of 32 bytes");
  for (std::size_t i = 3; i < lines.size(); ++i) {
    if (lines[i].empty()) return bad_note("no empty extension line");
  }
  checkpoint.root = *hash;
  return checkpoint;
}

bool has_control_character(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return true;
  }
  return false;
}

}  // namespace

std::string Checkpoint::text() const {
  return origin + "\n" + std::to_string(size) + "\n" + to_base64(view_of(root)) + "\n";
}

Bytes VerifierKey::id() const {
  const Hash hash = sha256(name + "\n" + std::string(1, ed25519_algorithm) + public_key);
  return Bytes(view_of(hash).substr(0, 4));
}

std::string VerifierKey::text() const {
  return name + "+" + to_hex(id()) + "+" + to_base64(std::string(1, ed25519_algorithm) + public_key);
}

VerifierKey verifier_of(const SigningKey& key) {
  return {key.name, ed25519_public_key(key.seed)};
}

Result<VerifierKey> parse_verifier_key(std::string_view text) {
  const auto refused = [&] {
    return invalid("verifier-key-unreadable", "key", text, "name+8 hex digits+base64 of an Ed25519 key",
                   "copy the key from the district's /log page or `qipan receipt key`");
  };
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos || first == 0) return refused();
  const auto raw = from_base64(text.substr(second + 1));
  if (!raw || raw->size() != 33 || raw->front() != ed25519_algorithm) return refused();
  VerifierKey key{std::string(text.substr(0, first)), raw->substr(1)};
  if (to_hex(key.id()) != text.substr(first + 1, second - first - 1)) return refused();
  return key;
}

std::string sign(const Checkpoint& checkpoint, const SigningKey& key) {
  const std::string body = checkpoint.text();
  const VerifierKey verifier = verifier_of(key);
  return body + "\n" + std::string(signature_prefix) + key.name + " " +
         to_base64(verifier.id() + ed25519_sign(key.seed, body)) + "\n";
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  if (note.size() > note_bytes_max || has_control_character(note))
    return bad_note("a short text without controls");
  const auto split = note.rfind("\n\n");
  if (split == std::string_view::npos || !note.ends_with('\n'))
    return bad_note("signatures after an empty line");
  const std::string_view body = note.substr(0, split + 1);
  const auto signatures = lines_of(note.substr(split + 2));
  if (signatures.size() > signatures_max) return bad_note("at most 64 signatures");
  bool verified = false;
  for (std::string_view line : signatures) {
    if (!line.starts_with(signature_prefix)) return bad_note("signature lines that begin with a dash");
    line.remove_prefix(signature_prefix.size());
    const auto space = line.find(' ');
    const auto raw = space == std::string_view::npos ? std::nullopt : from_base64(line.substr(space + 1));
    if (!raw || raw->size() < 5) return bad_note("a key name and a base64 signature on each line");
    if (line.substr(0, space) != key.name || raw->substr(0, 4) != key.id()) continue;
    if (!ed25519_verify(key.public_key, body, std::string_view(*raw).substr(4))) {
      return bad_note("a signature that the key " + key.text() + " verifies");
    }
    verified = true;
  }
  if (!verified) return bad_note("a signature of the key " + key.text());
  return parse_body(body);
}

}  // namespace qipan::log
