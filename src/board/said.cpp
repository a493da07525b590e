#include "board/said.hpp"

#include <algorithm>

#include "board/subject.hpp"
#include "log/fact.hpp"

namespace qipan::board {

namespace {

/// A command's members lie in its first facts; what follows those repeats them for others.
constexpr std::size_t sources_max = 16;
constexpr std::size_t bits_max = 63;

/// A place that tells members: an object made for it, or a fact with its members and then those of its "now".
struct Source {
  Json made;
  const Json* fact = nullptr;

  /// Members in their order, until there are no more bits.
  template <class Visit>
  void visit(const Visit& see) const {
    std::size_t bit = 0;
    const Json& object = fact == nullptr ? made : *fact;
    if (!object.is_object()) return;
    for (const auto& [name, value] : object.members())
      if (bit < bits_max) see(bit++, name, value);
    const Json* now = object.find("now");
    if (fact == nullptr || now == nullptr || !now->is_object()) return;
    for (const auto& [name, value] : now->members())
      if (bit < bits_max && !object.has(name)) see(bit++, name, value);
  }
};

/// Where members can be read: the number of the first fact's subject, what the type reads from all facts in
/// another form, then the facts themselves.
std::vector<Source> sources_of(const CommandType& type, std::string_view subject,
                               const std::vector<Json>& facts) {
  std::vector<Source> sources;
  sources.push_back({Json::object().set("id", Subject::of(subject).id()), nullptr});
  if (type.told_otherwise) sources.push_back({type.told_otherwise(facts), nullptr});
  for (const Json& fact : facts) {
    if (sources.size() == sources_max) break;
    sources.push_back({{}, &fact});
  }
  return sources;
}

/// The bits of members that are the same here and in what was said, and were not found before.
std::uint64_t mask_of(const Source& source, const Json& body, std::vector<std::string_view>& found) {
  std::uint64_t mask = 0;
  source.visit([&](std::size_t bit, std::string_view name, const Json& value) {
    const auto said = std::find_if(body.members().begin(), body.members().end(),
                                   [&](const auto& member) { return member.key == name; });
    if (said == body.members().end() || !(said->value == value)) return;
    if (std::find(found.begin(), found.end(), name) != found.end()) return;
    mask |= std::uint64_t{1} << bit;
    found.push_back(said->key);  // of the body, which outlives this
  });
  return mask;
}

}  // namespace

std::optional<log::Said> said_of(const CommandType& type, const Json& body, bool block,
                                 std::string_view subject, const std::vector<Json>& facts) {
  if (block || type.facts_hold_it) return std::nullopt;
  std::vector<std::uint64_t> masks;
  std::vector<std::string_view> found;
  for (const Source& source : sources_of(type, subject, facts)) {
    if (found.size() == body.members().size()) break;
    masks.push_back(mask_of(source, body, found));
  }
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
  const std::vector<Source> sources = sources_of(type, command.facts.front().subject, facts);
  if (!decoder.ok() || count > sources.size()) return unreadable();
  Json body = Json::object();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t mask = decoder.number();
    if (mask >> bits_max != 0) return unreadable();
    sources[i].visit([&](std::size_t bit, std::string_view name, const Json& value) {
      if ((mask >> bit & 1) != 0) body.set(name, value);
    });
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
