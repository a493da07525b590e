#include "log/receipt.hpp"

#include <algorithm>
#include <charconv>

#include "base/crypto.hpp"
#include "log/merkle.hpp"

namespace qipan::log {

namespace {

constexpr std::string_view proof_magic = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t receipt_bytes_max = 2U * 1024U * 1024U;
constexpr std::size_t proof_hashes_max = 64;

tl::unexpected<Problem> bad_receipt(std::string rule) {
  return invalid("receipt-refused", "receipt", "", std::move(rule),
                 "ask the district for the receipt again, and send it as a file, unchanged");
}

/// Takes one line off the front; nothing where there is no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// Something that a leaf commits to: told with its salt, or its commitment alone.
struct Told {
  std::optional<Bytes> bytes;
  Hash commitment{};
};

void tell(Encoder& encoder, const Salt& salt, std::string_view bytes) {
  encoder.number(1);
  encoder.raw({reinterpret_cast<const char*>(salt.data()), salt.size()});
  encoder.text(bytes);
}

void withhold(Encoder& encoder, const Hash& commitment) {
  encoder.number(0);
  encoder.raw(view_of(commitment));
}

std::optional<Told> read_told(Decoder& decoder) {
  Told told;
  const std::uint64_t flag = decoder.number();
  if (flag == 0) {
    const auto hash = hash_from(decoder.raw(32));
    if (!hash) return std::nullopt;
    told.commitment = *hash;
    return told;
  }
  const auto raw = decoder.raw(sizeof(Salt));
  const auto bytes = decoder.text(batch_bytes_max);
  if (flag != 1 || !decoder.ok()) return std::nullopt;
  Salt salt{};
  std::copy(raw.begin(), raw.end(), salt.begin());
  told.commitment = commitment_of(salt, bytes);
  told.bytes = bytes;
  return told;
}

struct Extra {
  std::string_view key_text;
  std::string_view header;
  Told head;
  std::optional<Told> said;
  std::vector<std::pair<Audience, Told>> parts;
};

std::optional<Extra> parse_extra(std::string_view bytes) {
  Decoder decoder(bytes);
  Extra extra;
  extra.key_text = decoder.text(1'000);
  extra.header = decoder.text(batch_bytes_max);
  auto head = read_told(decoder);
  if (!head) return std::nullopt;
  extra.head = std::move(*head);
  const std::uint64_t said = decoder.number();
  if (said > 1) return std::nullopt;
  if (said == 1) {
    extra.said = read_told(decoder);
    if (!extra.said) return std::nullopt;
  }
  const std::uint64_t parts = decoder.number();
  if (parts == 0 || parts > audience_count) return std::nullopt;
  for (std::uint64_t i = 0; i < parts; ++i) {
    const std::uint64_t audience = decoder.number();
    auto told = read_told(decoder);
    if (!told || audience >= audience_count) return std::nullopt;
    if (i > 0 && audience <= static_cast<std::uint64_t>(extra.parts.back().first)) return std::nullopt;
    extra.parts.emplace_back(static_cast<Audience>(audience), std::move(*told));
  }
  if (!decoder.done()) return std::nullopt;
  return extra;
}

Result<std::vector<Hash>> parse_proof(std::string_view& text) {
  std::vector<Hash> proof;
  for (;;) {
    const auto line = take_line(text);
    if (!line) return bad_receipt("an empty line behind the proof");
    if (line->empty()) return proof;
    const auto raw = from_base64(*line);
    const auto hash = raw ? hash_from(*raw) : std::nullopt;
    if (!hash || proof.size() >= proof_hashes_max) return bad_receipt("at most 64 base64 hashes of 32 bytes");
    proof.push_back(*hash);
  }
}

}  // namespace

Result<std::string> make_receipt(Database& reader, Position position, const SigningKey& key, Audience most) {
  const auto found = Log::find(reader, position);
  const std::uint64_t size = Log::size(reader);
  if (!found || position >= size) {
    return refuse({Problem::Kind::not_found, "position-unknown", "position", std::to_string(position),
                   "less than " + std::to_string(size), "take a position from a case's history"});
  }
  Encoder extra;
  extra.text(verifier_of(key).text());
  extra.text(encode(found->header));
  Encoder head;
  encode_head(head, found->command);
  if (most >= head_audience(found->command)) {
    tell(extra, found->head_salt, head.bytes());
  } else {
    withhold(extra, commitment_of(found->head_salt, head.bytes()));
  }
  if (const auto& said = found->command.said) {
    extra.number(1);
    if (said->removed) {
      withhold(extra, *said->removed);
    } else if (most < Audience::sensitive) {
      withhold(extra, commitment_of(found->said_salt, said->bytes));
    } else {
      tell(extra, found->said_salt, said->bytes);
    }
  } else {
    extra.number(0);
  }
  extra.number(found->fact.parts.size());
  for (std::size_t i = 0; i < found->fact.parts.size(); ++i) {
    const Part& part = found->fact.parts[i];
    extra.number(static_cast<std::uint64_t>(part.audience));
    if (part.removed) {
      withhold(extra, *part.removed);
    } else if (part.audience > most) {
      withhold(extra, commitment_of(found->salts[i], part.bytes));
    } else {
      tell(extra, found->salts[i], part.bytes);
    }
  }
  std::string text(proof_magic);
  text += "extra " + to_base64(extra.bytes()) + "\n";
  text += "index " + std::to_string(position) + "\n";
  for (const Hash& hash : Tree::inclusion_proof(reader, position, size))
    text += to_base64(view_of(hash)) + "\n";
  text += "\n";
  text += sign({key.name, size, Tree::root_at(reader, size)}, key);
  return text;
}

Result<Receipt> verify_receipt(std::string_view text, const VerifierKey* trusted) {
  if (text.size() > receipt_bytes_max || !text.starts_with(proof_magic)) {
    return bad_receipt("a file that begins with c2sp.org/tlog-proof@v1");
  }
  text.remove_prefix(proof_magic.size());
  const auto extra_line = take_line(text);
  if (!extra_line || !extra_line->starts_with("extra ")) return bad_receipt("an extra line with the fact");
  const auto extra_bytes = from_base64(extra_line->substr(6));
  const auto extra = extra_bytes ? parse_extra(*extra_bytes) : std::nullopt;
  if (!extra) return bad_receipt("an extra line with key, header and body");

  const auto index_line = take_line(text);
  if (!index_line || !index_line->starts_with("index ")) return bad_receipt("an index line");
  std::uint64_t index = 0;
  const std::string_view digits = index_line->substr(6);
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (code != std::errc() || stop != digits.data() + digits.size() ||
      (digits.size() > 1 && digits[0] == '0')) {
    return bad_receipt("a decimal index");
  }
  QIPAN_TRY(proof, parse_proof(text));
  QIPAN_TRY(own_key, parse_verifier_key(extra->key_text));
  const VerifierKey& key = trusted != nullptr ? *trusted : own_key;
  QIPAN_TRY(checkpoint, open_checkpoint(text, key));
  if (checkpoint.origin != key.name) return bad_receipt("a checkpoint of the log " + key.name);
  Receipt receipt;
  QIPAN_TRY(header, decode_header(extra->header));
  receipt.header = std::move(header);
  if (receipt.header.position != index) return bad_receipt("the index of the fact it carries");
  if (extra->head.bytes) {
    Decoder decoder(*extra->head.bytes);
    bool fault = false;
    receipt.command = decode_head(decoder, fault);
    if (fault || !decoder.done() || receipt.command->at != receipt.header.at)
      return bad_receipt("a whole head of its command");
  }
  receipt.fact = {receipt.header.kind, receipt.header.subject, {}, receipt.header.version};
  std::vector<std::pair<Audience, Hash>> commitments;
  for (const auto& [audience, told] : extra->parts) {
    commitments.emplace_back(audience, told.commitment);
    receipt.fact.parts.push_back({audience, told.bytes.value_or(Bytes()),
                                  told.bytes ? std::nullopt : std::optional<Hash>(told.commitment)});
  }
  const auto said = extra->said ? std::optional(extra->said->commitment) : std::nullopt;
  const Hash leaf = leaf_of(extra->header, extra->head.commitment, said, commitments);
  if (!verify_inclusion(index, checkpoint.size, leaf, proof, checkpoint.root)) {
    return bad_receipt("a proof that leads from this fact to the signed root");
  }
  receipt.checkpoint = checkpoint;
  receipt.key = key;
  return receipt;
}

}  // namespace qipan::log
