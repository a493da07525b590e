#include "log/fact.hpp"

#include <algorithm>

namespace qipan::log {

namespace {

constexpr std::string_view audience_names[audience_count] = {"everybody", "party", "internal", "sensitive"};

using Bodies = std::array<std::optional<Json>, audience_count>;

/// Puts values with all that they hold where their audiences look for them.
class Placing {
 public:
  explicit Placing(const FieldShares& shares) : shares_(shares) {}

  void members(Json object, const std::function<Audience(std::string_view)>& audience_of,
               Bodies& bodies) const {
    for (auto& [name, value] : object.take_members()) add(name, std::move(value), audience_of(name), bodies);
  }

 private:
  void add(const std::string& name, Json value, Audience audience, Bodies& bodies) const {
    if (is_one(value)) {
      auto& body = bodies[static_cast<std::size_t>(audience)];
      if (!body) body = Json::object();
      body->add(name, std::move(value));
      return;
    }
    Bodies placed;
    place(name, std::move(value), audience, placed);
    for (std::size_t i = 0; i < audience_count; ++i) {
      if (!placed[i]) continue;
      if (!bodies[i]) bodies[i] = Json::object();
      bodies[i]->add(name, std::move(*placed[i]));
    }
  }

  /// A list with a sealed value in it is sealed whole.
  void place(std::string_view name, Json value, Audience audience, Bodies& bodies) const {
    if (is_one(value)) {
      bodies[static_cast<std::size_t>(audience)] = std::move(value);
    } else if (!value.is_object() || is_sealed(value)) {
      bodies[static_cast<std::size_t>(Audience::sensitive)] = std::move(value);
    } else {
      for (auto& [inner, one] : value.take_members())
        add(inner, std::move(one), audience_in(name, inner, audience), bodies);
    }
  }

  /// Of a member of what `name` holds; of those that are no fields, the one that all of it has.
  [[nodiscard]] Audience audience_in(std::string_view name, std::string_view inner, Audience audience) const {
    if (holds_fields(name) && shares_.sensitive.contains(inner)) return Audience::sensitive;
    if (name != "fields" && name != "values") return audience;
    if (shares_.everybody.contains(inner)) return Audience::everybody;
    return shares_.party.contains(inner) ? std::min(audience, Audience::party) : audience;
  }

  /// Whether all of it has one audience, as far as its insides say.
  [[nodiscard]] bool is_one(const Json& value) const {
    if (!shares_.empty() && value.is_object() && names_shared(value)) return false;
    return !holds_sealed(value);
  }

  [[nodiscard]] bool names_shared(const Json& object) const {
    return std::any_of(object.members().begin(), object.members().end(), [&](const auto& member) {
      return shares_.sensitive.contains(member.key) || shares_.everybody.contains(member.key) ||
             shares_.party.contains(member.key) || (member.value.is_object() && names_shared(member.value));
    });
  }

  const FieldShares& shares_;
};

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

bool holds_fields(std::string_view member) {
  return member == "fields" || member == "values" || member == "inputs" || member == "report";
}

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

Cut cut(Json body, const std::function<Audience(std::string_view)>& audience_of, const FieldShares& shares) {
  Bodies bodies;
  Placing(shares).members(std::move(body), audience_of, bodies);
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
