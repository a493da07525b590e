#include "log/receipt.hpp"

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

struct Extra {
  std::string_view key_text;
  std::string_view header;
  bool removed = false;
  std::string_view body_or_hash;
};

std::optional<Extra> parse_extra(std::string_view bytes) {
  Decoder decoder(bytes);
  Extra extra;
  extra.key_text = decoder.text(1'000);
  extra.header = decoder.text(batch_bytes_max);
  const std::uint64_t removed = decoder.number();
  extra.removed = removed == 1;
  extra.body_or_hash = decoder.text(batch_bytes_max);
  if (!decoder.done() || removed > 1) return std::nullopt;
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

Result<std::string> make_receipt(Database& reader, Position position, const SigningKey& key, bool with_body) {
  const auto found = Log::find(reader, position);
  const std::uint64_t size = Log::size(reader);
  if (!found || position >= size) {
    return refuse({Problem::Kind::not_found, "position-unknown", "position", std::to_string(position),
                   "less than " + std::to_string(size), "take a position from a case's history"});
  }
  Encoder extra;
  extra.text(verifier_of(key).text());
  extra.text(found->header);
  const bool hidden = !with_body || found->fact.removed_body.has_value();
  const Hash body_hash = body_hash_of(found->fact);
  extra.number(hidden ? 1 : 0);
  extra.text(hidden ? view_of(body_hash) : std::string_view(found->fact.body));
  std::string text(proof_magic);
  text += "extra " + to_base64(extra.bytes()) + "\n";
  text += "index " + std::to_string(position) + "\n";
  for (const Hash& hash : Tree::inclusion_proof(reader, position, size))
    text += to_base64(view_of(hash)) + "\n";
  text += "\n";
  text += sign({key.name, size, Tree::root_at(reader, size)}, key);
  return text;
}

Result<Receipt> parse_header(std::string_view header) {
  Decoder decoder(header);
  if (decoder.raw(header_magic.size()) != header_magic) return bad_receipt("a fact header");
  Receipt receipt;
  receipt.position = decoder.number();
  receipt.command_position = decoder.number();
  bool fault = false;
  receipt.command = decode_command_head(decoder, fault);
  auto& command = receipt.command;
  const std::uint64_t facts = decoder.number();
  command.facts.resize(1);
  command.facts[0].kind = decoder.text(name_bytes_max);
  command.facts[0].subject = decoder.text(name_bytes_max);
  if (!decoder.done() || fault || facts == 0) return bad_receipt("a whole fact header");
  return receipt;
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
  QIPAN_TRY(receipt, parse_header(extra->header));
  if (receipt.position != index) return bad_receipt("the index of the fact it carries");
  auto& fact = receipt.command.facts[0];
  if (extra->removed) {
    fact.removed_body = hash_from(extra->body_or_hash);
    if (!fact.removed_body) return bad_receipt("the hash of the removed body");
  } else {
    fact.body = extra->body_or_hash;
  }
  receipt.body_hash = body_hash_of(fact);
  const Hash leaf = leaf_of(extra->header, receipt.body_hash);
  if (!verify_inclusion(index, checkpoint.size, leaf, proof, checkpoint.root)) {
    return bad_receipt("a proof that leads from this fact to the signed root");
  }
  receipt.checkpoint = checkpoint;
  receipt.key = key;
  return receipt;
}

}  // namespace qipan::log
