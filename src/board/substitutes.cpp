#include "board/substitutes.hpp"

namespace qipan::board {

std::optional<Told> redaction_of(const log::FactRecord& fact) {
  if (fact.kind != "district.redacted") return std::nullopt;
  const auto body = log::body_of(fact);
  if (!body || !(*body)["position"].is_integer() || !(*body)["substitute"].is_object()) return std::nullopt;
  const auto part = log::audience_called(body->text_or("part", ""));
  if (!part) return std::nullopt;
  return Told{static_cast<Position>((*body)["position"].integer()), *part, (*body)["substitute"]};
}

Result<Substitutes> substitutes_of(Database& source) {
  Substitutes substitutes;
  Result<void> fault;
  log::Log::rows(source, 0, [&](Position first, std::string_view bytes) {
    // Names of kinds stand in a batch as they are.
    if (bytes.find("district.redacted") == std::string_view::npos) return true;
    const auto batch = log::Log::batch_of(first, bytes);
    if (!batch) {
      fault = refuse(batch.error());
      return false;
    }
    for (const auto& command : batch->commands) {
      for (const auto& fact : command.facts) {
        if (auto told = redaction_of(fact))
          substitutes[{told->position, told->part}] = std::move(told->substitute);
      }
    }
    return true;
  });
  if (!fault) return refuse(std::move(fault).error());
  return substitutes;
}

Result<Json> folded_body(const FactType* type, const log::FactRecord& fact, Position position,
                         const Substitutes& substitutes) {
  std::optional<log::FactRecord> laid;  // a copy only where something stands instead
  for (std::size_t i = 0; i < fact.parts.size(); ++i) {
    const auto substitute = substitutes.find({position, fact.parts[i].audience});
    if (substitute == substitutes.end()) continue;
    if (!laid) laid = fact;
    laid->parts[i] = {fact.parts[i].audience, substitute->second.dump(), {}};
  }
  const log::FactRecord& read = laid ? *laid : fact;
  if (read.is_whole()) {
    QIPAN_TRY(body, log::body_of(read));
    return read_as_newest(type, read, std::move(body));
  }
  return invalid("fact-unreadable", "position " + std::to_string(position), fact.kind,
                 "a redaction that says what stands for its removed part", "restore a backup");
}

}  // namespace qipan::board
