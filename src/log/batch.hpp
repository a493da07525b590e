#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"

namespace qipan::log {

/// One fact as it is stored. A body that was removed leaves its hash, so that the tree still proves the rest.
struct FactRecord {
  std::string kind;     // "case.created"
  std::string subject;  // "case:12"
  Bytes body;           // JSON, or a binary block; written once, never serialised again
  std::optional<Hash> removed_body;
  bool operator==(const FactRecord&) const = default;
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
  std::vector<FactRecord> facts;  // at least one
  bool operator==(const CommandRecord&) const = default;
};

/// What one commit adds.
struct Batch {
  Position first = 0;
  std::vector<CommandRecord> commands;
  [[nodiscard]] std::size_t fact_count() const;
  bool operator==(const Batch&) const = default;
};

inline constexpr std::size_t batch_bytes_max = 512U * 1024U;
inline constexpr std::size_t command_facts_max = 1'000;
inline constexpr std::size_t name_bytes_max = 256;

[[nodiscard]] Bytes encode(const Batch& batch);

/// Refuses everything that encode() would not have written, so that a changed byte is a changed hash or a
/// fault.
[[nodiscard]] Result<Batch> decode_batch(std::string_view bytes);

/// Reads what stands of a command in batches and in fact headers alike; `fault` is set for a flag that is
/// neither 0 nor 1.
[[nodiscard]] CommandRecord decode_command_head(Decoder& decoder, bool& fault);

/// First bytes of every fact header.
inline constexpr std::string_view header_magic = "qipan-fact-1";

/// What a leaf covers besides the body: every stored byte of the command and of the fact.
[[nodiscard]] Bytes header_of(const CommandRecord& command, const FactRecord& fact, Position command_position,
                              Position position);

/// RFC 6962 leaf of header ‖ SHA-256(body).
[[nodiscard]] Hash leaf_of(std::string_view header, const Hash& body_hash);

[[nodiscard]] Hash body_hash_of(const FactRecord& fact);

/// Leaves of all facts of a batch, in order.
[[nodiscard]] std::vector<Hash> leaves_of(const Batch& batch);

}  // namespace qipan::log
