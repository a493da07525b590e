#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"
#include "log/fact.hpp"

namespace qipan::log {

/// What the sender of a command said, as far as its facts do not say it: written once, removable like a part.
struct Said {
  Bytes bytes;  // as board/said.hpp writes it
  std::optional<Hash> removed;
  bool operator==(const Said&) const = default;
};

/// An accepted command with the facts that it made; its id is the position of its first fact.
struct CommandRecord {
  Instant at = 0;                   // set by the writer, never decreasing
  std::optional<Instant> occurred;  // what the sender claims
  std::string actor;
  std::string kind;
  std::string key;                // idempotency key, may be empty
  Bytes digest;                   // SHA-256 of the request where there is a key
  std::optional<Position> cause;  // fact that a reaction answers
  std::string answer;             // JSON, so that a repeated request gets the same answer
  std::optional<Said> said;       // nothing of a timer or reaction, and where its facts say it all
  std::vector<FactRecord> facts;  // at least one
  /// What the salts of its head, of all parts and of what was said are made from, by position; or, after a
  /// part was removed, the salts of what is left one by one (zeros for what is gone), so that the removed
  /// one cannot be found again.
  Bytes seed;
  std::vector<Salt> salts;
  bool operator==(const CommandRecord&) const = default;

  /// 0 is the head; then all parts of all facts in order, then what was said.
  [[nodiscard]] Salt salt(std::size_t index) const;
  /// How many of them there are.
  [[nodiscard]] std::size_t salt_count() const;
  [[nodiscard]] std::size_t part_count() const;
  /// Leaves the commitment of a fact's part instead of its bytes, and salts one by one instead of the seed.
  /// What was said goes with it: it may say the same in other words. Nothing where there is no such part or
  /// it is gone already.
  void remove_part(std::size_t fact, Audience audience);
};

/// What one commit adds.
struct Batch {
  Position first = 0;
  std::vector<CommandRecord> commands;
  [[nodiscard]] std::size_t fact_count() const;
  bool operator==(const Batch&) const = default;
};

inline constexpr std::size_t command_facts_max = 1'000;
inline constexpr std::size_t name_bytes_max = 256;

[[nodiscard]] Bytes encode(const Batch& batch);

/// Refuses everything that encode() would not have written, so that a changed byte is a changed hash or a
/// fault.
[[nodiscard]] Result<Batch> decode_batch(std::string_view bytes);

/// What is told of a command itself: who, by which key, what was answered. In batches, and in receipts for
/// the office.
void encode_head(Encoder& encoder, const CommandRecord& command);
/// `fault` is set for a flag that is neither 0 nor 1.
[[nodiscard]] CommandRecord decode_head(Decoder& decoder, bool& fault);

/// Who may be told it in receipts: the office, or who may reveal where the answer was a reference into the
/// vault.
[[nodiscard]] Audience head_audience(const CommandRecord& command);

/// First bytes of every fact header.
inline constexpr std::string_view header_magic = "qipan-fact-2";

/// What everybody may be told of a fact: where and when it stands, its kind and its subject.
struct FactHeader {
  Position position = 0;
  Position command_position = 0;
  Instant at = 0;
  std::uint64_t facts = 0;  // of the command
  std::string kind;
  std::uint64_t version = 1;
  std::string subject;
};
[[nodiscard]] Bytes encode(const FactHeader& header);
[[nodiscard]] Result<FactHeader> decode_header(std::string_view bytes);

/// SHA-256 of 2, the salt, and the bytes: what a leaf holds of a part, and of a command's head.
[[nodiscard]] Hash commitment_of(const Salt& salt, std::string_view bytes);

/// Of what was said, where something was.
[[nodiscard]] std::optional<Hash> commitment_of_said(const CommandRecord& command);

/// RFC 6962 leaf of the header, the commitments of the command's head and of what was said, and those of the
/// parts with their audiences.
[[nodiscard]] Hash leaf_of(std::string_view header, const Hash& head, const std::optional<Hash>& said,
                           const std::vector<std::pair<Audience, Hash>>& parts);

/// Leaves of all facts of a batch, in order.
[[nodiscard]] std::vector<Hash> leaves_of(const Batch& batch);

}  // namespace qipan::log
