#include "board/substitutes.hpp"

#include <algorithm>

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
  const auto read = log::Log::read(source, 0, [&](const log::Batch& batch) {
    for (const auto& command : batch.commands) {
      for (const auto& fact : command.facts) {
        if (auto told = redaction_of(fact))
          substitutes[{told->position, told->part}] = std::move(told->substitute);
      }
    }
    return true;
  });
  if (!read) return refuse(read.error());
  return substitutes;
}

Result<Json> folded_body(const log::FactRecord& fact, Position position, const Substitutes& substitutes) {
  const bool touched = std::any_of(fact.parts.begin(), fact.parts.end(), [&](const log::Part& part) {
    return part.removed || substitutes.contains({position, part.audience});
  });
  if (substitutes.empty() || !touched) {
    if (fact.is_whole()) return log::body_of(fact);
    return invalid("fact-unreadable", "position " + std::to_string(position), fact.kind,
                   "a redaction that says what stands for its removed part", "restore a backup");
  }
  log::FactRecord read = fact;
  for (log::Part& part : read.parts) {
    const auto substitute = substitutes.find({position, part.audience});
    if (substitute != substitutes.end()) {
      part.bytes = substitute->second.dump();
      part.removed.reset();
    }
  }
  if (!read.is_whole()) return folded_body(read, position, {});
  return log::body_of(read);
}

}  // namespace qipan::board
