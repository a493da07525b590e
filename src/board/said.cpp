#include "board/said.hpp"

#include <algorithm>

#include "board/subject.hpp"
#include "log/fact.hpp"

namespace qipan::board {

namespace {

/// A command's members lie in its first facts; what follows those repeats them for others.
constexpr std::size_t sources_max = 16;
constexpr std::size_t bits_max = 63;

/// A fact's members, then those of what is new with it.
Json source_of(const Json& fact) {
  if (!fact.is_object() || !fact["now"].is_object()) return fact;
  Json source = fact;
  for (const auto& [name, value] : fact["now"].members())
    if (!source.has(name)) source.set(name, value);
  return source;
}

/// Where members can be read: the number of the first fact's subject, what the type reads from all facts in
/// another form, then the facts themselves.
std::vector<Json> sources_of(const CommandType& type, std::string_view subject,
                             const std::vector<Json>& facts) {
  std::vector<Json> sources = {Json::object().set("id", Subject::of(subject).id())};
  if (type.told_otherwise) sources.push_back(type.told_otherwise(facts));
  for (const Json& fact : facts) {
    if (sources.size() == sources_max) break;
    sources.push_back(source_of(fact));
  }
  return sources;
}

/// The bits of members that are the same here and in what was said, and were not found before.
std::uint64_t mask_of(const Json& source, const Json& body, std::vector<std::string_view>& found) {
  if (!source.is_object()) return 0;
  std::uint64_t mask = 0;
  std::size_t bit = 0;
  for (const auto& [name, value] : source.members()) {
    if (bit == bits_max) break;
    const Json* said = body.find(name);
    const bool known = std::find(found.begin(), found.end(), name) != found.end();
    if (said != nullptr && !known && *said == value) {
      mask |= std::uint64_t{1} << bit;
      found.push_back(name);
    }
    ++bit;
  }
  return mask;
}

}  // namespace

std::optional<log::Said> said_of(const CommandType& type, const Json& body, bool block,
                                 std::string_view subject, const std::vector<Json>& facts) {
  if (block || type.facts_hold_it) return std::nullopt;
  std::vector<std::uint64_t> masks;
  std::vector<std::string_view> found;
  const std::vector<Json> sources = sources_of(type, subject, facts);
  for (const Json& source : sources) masks.push_back(mask_of(source, body, found));
  while (!masks.empty() && masks.back() == 0) masks.pop_back();
  Json rest = Json::object();
  for (const auto& [name, value] : body.members()) {
    if (std::find(found.begin(), found.end(), name) == found.end()) rest.set(name, value);
  }
  Encoder encoder;
  encoder.number(masks.size());
  for (const std::uint64_t mask : masks) encoder.number(mask);
  encoder.text(rest.members().empty() ? "" : rest.dump());
  return log::Said{encoder.take(), {}};
}

Result<std::optional<Json>> body_said(const CommandType& type, const log::CommandRecord& command,
                                      const std::vector<Json>& facts) {
  if (!command.said || command.said->removed) return std::optional<Json>();
  const auto unreadable = [&] {
    return invalid("said-unreadable", "", command.kind, "what was said, as the board writes it",
                   "run qipan verify, then restore the file from a backup");
  };
  Decoder decoder(command.said->bytes);
  const std::uint64_t count = decoder.number();
  const std::vector<Json> sources = sources_of(type, command.facts.front().subject, facts);
  if (!decoder.ok() || count > sources.size()) return unreadable();
  Json body = Json::object();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t mask = decoder.number();
    std::size_t bit = 0;
    if (mask >> bits_max != 0 || (mask != 0 && !sources[i].is_object())) return unreadable();
    if (mask == 0) continue;
    for (const auto& [name, value] : sources[i].members()) {
      if (bit < bits_max && (mask >> bit & 1) != 0) body.set(name, value);
      ++bit;
    }
  }
  const std::string_view text = decoder.text(log::batch_bytes_max);
  if (!decoder.done()) return unreadable();
  if (text.empty()) return std::optional(std::move(body));
  QIPAN_TRY(rest, parse_json(text, {.bytes_max = log::batch_bytes_max}));
  if (!rest.is_object()) return unreadable();
  for (const auto& [name, value] : rest.members()) body.set(name, value);
  return std::optional(std::move(body));
}

}  // namespace qipan::board
