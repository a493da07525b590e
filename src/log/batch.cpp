#include "log/batch.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "log/merkle.hpp"

namespace qipan::log {

namespace {

constexpr std::string_view batch_magic = "QPB2";

std::string_view salt_view(const Salt& salt) {
  return {reinterpret_cast<const char*>(salt.data()), salt.size()};
}

Salt salt_from(std::string_view bytes) {
  Salt salt{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), salt.size()), salt.begin());
  return salt;
}

/// A flag has two values; anything else is a changed byte.
bool read_flag(Decoder& decoder, bool& fault) {
  const std::uint64_t flag = decoder.number();
  if (flag > 1) fault = true;
  return flag == 1;
}

void encode_part(Encoder& encoder, const Part& part) {
  encoder.number(static_cast<std::uint64_t>(part.audience));
  encoder.number(part.removed ? 1 : 0);
  part.removed ? encoder.raw(view_of(*part.removed)) : encoder.text(part.bytes);
}

Part decode_part(Decoder& decoder, bool& fault) {
  Part part;
  const std::uint64_t audience = decoder.number();
  if (audience >= audience_count) fault = true;
  part.audience = static_cast<Audience>(audience % audience_count);
  if (read_flag(decoder, fault)) {
    part.removed = hash_from(decoder.raw(32));
  } else {
    part.bytes = decoder.text(batch_bytes_max);
  }
  return part;
}

FactRecord decode_fact(Decoder& decoder, bool& fault) {
  FactRecord fact;
  fact.kind = decoder.text(name_bytes_max);
  fact.version = decoder.number();
  fact.subject = decoder.text(name_bytes_max);
  if (fact.version == 0) fault = true;
  const std::uint64_t parts = decoder.number();
  if (parts == 0 || parts > audience_count) fault = true;
  for (std::uint64_t i = 0; i < parts && !fault && decoder.ok(); ++i) {
    fact.parts.push_back(decode_part(decoder, fault));
    // One order, and one part an audience.
    if (i > 0 && fact.parts[i].audience <= fact.parts[i - 1].audience) fault = true;
  }
  return fact;
}

enum SaidForm : std::uint8_t { said_nothing, said_told, said_removed };

void encode_said(Encoder& encoder, const std::optional<Said>& said) {
  encoder.number(!said ? said_nothing : said->removed ? said_removed : said_told);
  if (!said) return;
  said->removed ? encoder.raw(view_of(*said->removed)) : encoder.text(said->bytes);
}

std::optional<Said> decode_said(Decoder& decoder, bool& fault) {
  const std::uint64_t form = decoder.number();
  if (form > said_removed) fault = true;
  if (form == said_told) return Said{Bytes(decoder.text(batch_bytes_max)), {}};
  if (form == said_removed) return Said{{}, hash_from(decoder.raw(32))};
  return std::nullopt;
}

/// A seed, or a salt for everything that has one, in order.
void encode_salts(Encoder& encoder, const CommandRecord& command) {
  encoder.number(command.salts.size());
  if (command.salts.empty()) encoder.raw(command.seed);
  for (const Salt& salt : command.salts) encoder.raw(salt_view(salt));
}

void decode_salts(Decoder& decoder, CommandRecord& command) {
  const std::uint64_t count = decoder.number();
  if (count == 0) command.seed = decoder.raw(sizeof(Salt));
  for (std::uint64_t i = 0; i < count && decoder.ok(); ++i)
    command.salts.push_back(salt_from(decoder.raw(sizeof(Salt))));
}

/// Whether there are as many salts as there is to salt, none for what is gone, and no seed that would tell it
/// again; and nothing said that tells what was removed.
bool salts_fit(const CommandRecord& command) {
  const bool whole = std::all_of(command.facts.begin(), command.facts.end(),
                                 [](const FactRecord& fact) { return fact.is_whole(); });
  if (command.said && command.said->removed.has_value() == whole) return false;
  if (command.salts.empty()) return whole;
  if (whole || command.salts.size() != command.salt_count()) return false;
  std::size_t index = 1;
  for (const FactRecord& fact : command.facts) {
    for (const Part& part : fact.parts) {
      if (part.removed && command.salts[index] != Salt{}) return false;
      ++index;
    }
  }
  return !command.said || command.salts[index] == Salt{};
}

}  // namespace

Salt CommandRecord::salt(std::size_t index) const {
  if (!salts.empty()) return index < salts.size() ? salts[index] : Salt{};
  Encoder encoder;
  encoder.raw(seed);
  encoder.number(index);
  return salt_from(view_of(sha256(encoder.bytes())));
}

std::size_t CommandRecord::part_count() const {
  std::size_t count = 0;
  for (const FactRecord& fact : facts) count += fact.parts.size();
  return count;
}

std::size_t CommandRecord::salt_count() const {
  return 1 + part_count() + (said ? 1 : 0);
}

void CommandRecord::remove_part(std::size_t fact, Audience audience) {
  std::vector<Salt> left;
  for (std::size_t i = 0; i < salt_count(); ++i) left.push_back(salt(i));
  std::size_t index = 1;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    for (Part& part : facts[i].parts) {
      if (i == fact && part.audience == audience && !part.removed) {
        part.removed = commitment_of(left[index], part.bytes);
        part.bytes.clear();
        left[index] = {};
        if (said) {
          if (!said->removed) said->removed = commitment_of(left.back(), said->bytes);
          said->bytes.clear();
          left.back() = {};
        }
        salts = left;
        seed.clear();
        return;
      }
      ++index;
    }
  }
}

std::size_t Batch::fact_count() const {
  std::size_t count = 0;
  for (const auto& command : commands) count += command.facts.size();
  return count;
}

void encode_head(Encoder& encoder, const CommandRecord& command) {
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

Audience head_audience(const CommandRecord& command) {
  if (command.answer.find("\"vault\"") == std::string::npos) return Audience::internal;
  const auto answer = parse_json(command.answer, {.bytes_max = batch_bytes_max});
  return answer && !holds_sealed(*answer) ? Audience::internal : Audience::sensitive;
}

CommandRecord decode_head(Decoder& decoder, bool& fault) {
  CommandRecord command;
  command.at = decoder.signed_number();
  if (read_flag(decoder, fault)) command.occurred = decoder.signed_number();
  command.actor = decoder.text(name_bytes_max);
  command.kind = decoder.text(name_bytes_max);
  command.key = decoder.text(name_bytes_max);
  command.digest = decoder.text(32);
  if (!command.digest.empty() && command.digest.size() != 32) fault = true;
  if (const std::uint64_t cause = decoder.number(); cause > 0) command.cause = cause - 1;
  command.answer = decoder.text(batch_bytes_max);
  return command;
}

Bytes encode(const Batch& batch) {
  Encoder encoder;
  encoder.raw(batch_magic);
  encoder.number(batch.first);
  encoder.number(batch.commands.size());
  for (const auto& command : batch.commands) {
    encode_head(encoder, command);
    encode_said(encoder, command.said);
    encode_salts(encoder, command);
    encoder.number(command.facts.size());
    for (const auto& fact : command.facts) {
      encoder.text(fact.kind);
      encoder.number(fact.version);
      encoder.text(fact.subject);
      encoder.number(fact.parts.size());
      for (const Part& part : fact.parts) encode_part(encoder, part);
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
    CommandRecord command = decode_head(decoder, broken);
    command.said = decode_said(decoder, broken);
    decode_salts(decoder, command);
    const std::uint64_t fact_count = decoder.number();
    if (fact_count == 0 || fact_count > command_facts_max) broken = true;
    for (std::uint64_t f = 0; f < fact_count && decoder.ok() && !broken; ++f) {
      command.facts.push_back(decode_fact(decoder, broken));
    }
    broken = broken || !salts_fit(command);
    batch.commands.push_back(std::move(command));
  }
  if (broken || !decoder.done()) return fault();
  return batch;
}

Bytes encode(const FactHeader& header) {
  Encoder encoder;
  encoder.raw(header_magic);
  encoder.number(header.position);
  encoder.number(header.command_position);
  encoder.signed_number(header.at);
  encoder.number(header.facts);
  encoder.text(header.kind);
  encoder.number(header.version);
  encoder.text(header.subject);
  return encoder.take();
}

Result<FactHeader> decode_header(std::string_view bytes) {
  Decoder decoder(bytes);
  const bool known = decoder.raw(header_magic.size()) == header_magic;
  FactHeader header;
  header.position = decoder.number();
  header.command_position = decoder.number();
  header.at = decoder.signed_number();
  header.facts = decoder.number();
  header.kind = decoder.text(name_bytes_max);
  header.version = decoder.number();
  header.subject = decoder.text(name_bytes_max);
  if (!known || !decoder.done() || header.facts == 0 || header.version == 0)
    return invalid("header-unreadable", "", "", "a whole fact header");
  return header;
}

Hash commitment_of(const Salt& salt, std::string_view bytes) {
  return sha256("\x02", salt_view(salt), bytes);
}

std::optional<Hash> commitment_of_said(const CommandRecord& command) {
  if (!command.said) return std::nullopt;
  if (command.said->removed) return command.said->removed;
  return commitment_of(command.salt(command.part_count() + 1), command.said->bytes);
}

Hash leaf_of(std::string_view header, const Hash& head, const std::optional<Hash>& said,
             const std::vector<std::pair<Audience, Hash>>& parts) {
  Encoder encoder;
  encoder.raw(view_of(head));
  encoder.number(said ? 1 : 0);
  if (said) encoder.raw(view_of(*said));
  encoder.number(parts.size());
  for (const auto& [audience, commitment] : parts) {
    encoder.number(static_cast<std::uint64_t>(audience));
    encoder.raw(view_of(commitment));
  }
  return leaf_hash(header, encoder.bytes());
}

std::vector<Hash> leaves_of(const Batch& batch) {
  std::vector<Hash> leaves;
  leaves.reserve(batch.fact_count());
  Position position = batch.first;
  for (const auto& command : batch.commands) {
    const Position command_position = position;
    Encoder encoder;
    encode_head(encoder, command);
    const Hash head = commitment_of(command.salt(0), encoder.bytes());
    const std::optional<Hash> said = commitment_of_said(command);
    std::size_t index = 1;
    for (const auto& fact : command.facts) {
      std::vector<std::pair<Audience, Hash>> parts;
      for (const Part& part : fact.parts) {
        const Hash commitment = part.removed ? *part.removed : commitment_of(command.salt(index), part.bytes);
        parts.emplace_back(part.audience, commitment);
        ++index;
      }
      const FactHeader header{position,  command_position, command.at,  command.facts.size(),
                              fact.kind, fact.version,     fact.subject};
      leaves.push_back(leaf_of(encode(header), head, said, parts));
      ++position;
    }
  }
  return leaves;
}

}  // namespace qipan::log
