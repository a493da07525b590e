#include "log/batch.hpp"

#include "base/crypto.hpp"
#include "log/merkle.hpp"

namespace qipan::log {

namespace {

constexpr std::string_view batch_magic = "QPB1";

void encode_command_head(Encoder& encoder, const CommandRecord& command) {
  encoder.signed_number(command.at);
  encoder.number(command.occurred ? 1 : 0);
  if (command.occurred) encoder.signed_number(*command.occurred);
  encoder.text(command.actor);
  encoder.text(command.kind);
  encoder.text(command.key);
  encoder.text(command.digest);
  encoder.number(command.cause ? *command.cause + 1 : 0);
  encoder.text(command.answer);
}

/// A flag has two values; anything else is a changed byte.
bool read_flag(Decoder& decoder, bool& fault) {
  const std::uint64_t flag = decoder.number();
  if (flag > 1) fault = true;
  return flag == 1;
}

FactRecord decode_fact(Decoder& decoder, bool& fault) {
  FactRecord fact;
  fact.kind = decoder.text(name_bytes_max);
  fact.subject = decoder.text(name_bytes_max);
  if (read_flag(decoder, fault)) {
    const auto hash = hash_from(decoder.raw(32));
    if (hash) fact.removed_body = *hash;
  } else {
    fact.body = decoder.text(batch_bytes_max);
  }
  return fact;
}

}  // namespace

CommandRecord decode_command_head(Decoder& decoder, bool& fault) {
  CommandRecord command;
  command.at = decoder.signed_number();
  if (read_flag(decoder, fault)) command.occurred = decoder.signed_number();
  command.actor = decoder.text(name_bytes_max);
  command.kind = decoder.text(name_bytes_max);
  command.key = decoder.text(name_bytes_max);
  command.digest = decoder.text(32);
  if (const std::uint64_t cause = decoder.number(); cause > 0) command.cause = cause - 1;
  command.answer = decoder.text(batch_bytes_max);
  return command;
}

std::size_t Batch::fact_count() const {
  std::size_t count = 0;
  for (const auto& command : commands) count += command.facts.size();
  return count;
}

Bytes encode(const Batch& batch) {
  Encoder encoder;
  encoder.raw(batch_magic);
  encoder.number(batch.first);
  encoder.number(batch.commands.size());
  for (const auto& command : batch.commands) {
    encode_command_head(encoder, command);
    encoder.number(command.facts.size());
    for (const auto& fact : command.facts) {
      encoder.text(fact.kind);
      encoder.text(fact.subject);
      encoder.number(fact.removed_body ? 1 : 0);
      if (fact.removed_body) {
        encoder.raw(view_of(*fact.removed_body));
      } else {
        encoder.text(fact.body);
      }
    }
  }
  return encoder.take();
}

Result<Batch> decode_batch(std::string_view bytes) {
  const auto fault = [] {
    return invalid("batch-unreadable", "", "", "a batch as Qipan writes it",
                   "run qipan verify, then restore the file from a backup");
  };
  Decoder decoder(bytes);
  if (decoder.raw(batch_magic.size()) != batch_magic) return fault();
  Batch batch;
  batch.first = decoder.number();
  const std::uint64_t command_count = decoder.number();
  bool broken = command_count == 0;
  for (std::uint64_t c = 0; c < command_count && decoder.ok() && !broken; ++c) {
    CommandRecord command = decode_command_head(decoder, broken);
    const std::uint64_t fact_count = decoder.number();
    if (fact_count == 0 || fact_count > command_facts_max) broken = true;
    for (std::uint64_t f = 0; f < fact_count && decoder.ok() && !broken; ++f) {
      command.facts.push_back(decode_fact(decoder, broken));
    }
    batch.commands.push_back(std::move(command));
  }
  if (broken || !decoder.done()) return fault();
  return batch;
}

Bytes header_of(const CommandRecord& command, const FactRecord& fact, Position command_position,
                Position position) {
  Encoder encoder;
  encoder.raw(header_magic);
  encoder.number(position);
  encoder.number(command_position);
  encode_command_head(encoder, command);
  encoder.number(command.facts.size());
  encoder.text(fact.kind);
  encoder.text(fact.subject);
  return encoder.take();
}

Hash leaf_of(std::string_view header, const Hash& body_hash) {
  return leaf_hash(header, view_of(body_hash));
}

Hash body_hash_of(const FactRecord& fact) {
  return fact.removed_body ? *fact.removed_body : sha256(fact.body);
}

std::vector<Hash> leaves_of(const Batch& batch) {
  std::vector<Hash> leaves;
  leaves.reserve(batch.fact_count());
  Position position = batch.first;
  for (const auto& command : batch.commands) {
    const Position command_position = position;
    for (const auto& fact : command.facts) {
      leaves.push_back(leaf_of(header_of(command, fact, command_position, position), body_hash_of(fact)));
      ++position;
    }
  }
  return leaves;
}

}  // namespace qipan::log
