#include "log/fact.hpp"

#include <algorithm>

namespace qipan::log {

namespace {

constexpr std::string_view audience_names[audience_count] = {"everybody", "party", "internal", "sensitive"};

using Bodies = std::array<std::optional<Json>, audience_count>;

void place_members(Json object, const std::function<Audience(std::string_view)>& audience_of, Bodies& bodies);

/// Puts a value with all that it holds where its audiences look for it. A list with a sealed value in it is
/// sealed whole.
void place(Json value, Audience audience, Bodies& bodies) {
  if (!holds_sealed(value)) {
    bodies[static_cast<std::size_t>(audience)] = std::move(value);
  } else if (!value.is_object() || is_sealed(value)) {
    bodies[static_cast<std::size_t>(Audience::sensitive)] = std::move(value);
  } else {
    place_members(
        std::move(value), [audience](std::string_view) { return audience; }, bodies);
  }
}

void place_members(Json object, const std::function<Audience(std::string_view)>& audience_of,
                   Bodies& bodies) {
  for (auto& [name, value] : object.take_members()) {
    Bodies placed;
    place(std::move(value), audience_of(name), placed);
    for (std::size_t i = 0; i < audience_count; ++i) {
      if (!placed[i]) continue;
      if (!bodies[i]) bodies[i] = Json::object();
      bodies[i]->set(name, std::move(*placed[i]));
    }
  }
}

void join(Json& into, Json more) {
  for (auto& [name, value] : more.take_members()) {
    const Json* there = into.find(name);
    if (there == nullptr || !there->is_object() || !value.is_object()) {
      into.set(name, std::move(value));
      continue;
    }
    Json inner = *there;
    join(inner, std::move(value));
    into.set(name, std::move(inner));
  }
}

}  // namespace

bool is_sealed(const Json& value) {
  // By its shape: a field of a pack may be called "vault" too.
  return value.is_object() && value["vault"].is_text() && value["hash"].is_text() &&
         value["hash"].text().size() == 64 && from_hex(value["vault"].text()).has_value();
}

bool holds_sealed(const Json& value) {
  if (is_sealed(value)) return true;
  if (value.is_array()) return std::any_of(value.items().begin(), value.items().end(), holds_sealed);
  if (!value.is_object()) return false;
  return std::any_of(value.members().begin(), value.members().end(),
                     [](const auto& member) { return holds_sealed(member.value); });
}

std::string_view audience_name(Audience audience) {
  return audience_names[static_cast<std::size_t>(audience)];
}

std::optional<Audience> audience_called(std::string_view name) {
  for (std::size_t i = 0; i < audience_count; ++i) {
    if (audience_names[i] == name) return static_cast<Audience>(i);
  }
  return std::nullopt;
}

bool FactRecord::is_whole() const {
  return std::none_of(parts.begin(), parts.end(), [](const Part& part) { return part.removed.has_value(); });
}

std::size_t FactRecord::bytes() const {
  std::size_t bytes = 0;
  for (const Part& part : parts) bytes += part.bytes.size();
  return bytes;
}

std::string_view FactRecord::block() const {
  if (parts.size() != 1 || !is_block(parts.front().bytes)) return {};
  return parts.front().bytes;
}

bool is_block(std::string_view bytes) {
  return !bytes.empty() && bytes.front() != '{';
}

Cut cut(Json body, const std::function<Audience(std::string_view)>& audience_of) {
  Bodies bodies;
  place_members(std::move(body), audience_of, bodies);
  Cut result{{}, Json::object()};
  for (std::size_t i = 0; i < audience_count; ++i) {
    if (!bodies[i]) continue;
    result.parts.push_back({static_cast<Audience>(i), bodies[i]->dump(), {}});
    if (result.parts.size() == 1) {
      result.body = std::move(*bodies[i]);
    } else {
      join(result.body, std::move(*bodies[i]));
    }
  }
  if (result.parts.empty()) result.parts.push_back({Audience::internal, "{}", {}});
  return result;
}

Result<Json> body_of(const FactRecord& fact, Audience most) {
  if (!fact.block().empty()) return Json();
  Json body = Json::object();
  bool first = true;
  for (const Part& part : fact.parts) {
    if (part.removed || part.audience > most) continue;
    QIPAN_TRY(read, parse_json(part.bytes, {.bytes_max = batch_bytes_max}));
    if (!read.is_object()) return invalid("fact-unreadable", fact.subject, fact.kind, "a JSON object");
    if (first) {
      body = std::move(read);
    } else {
      join(body, std::move(read));
    }
    first = false;
  }
  return body;
}

}  // namespace qipan::log
