#pragma once

#include <map>
#include <optional>

#include "board/fact_type.hpp"
#include "log/log.hpp"

namespace qipan::board {

/// Where a redaction points, and what stands there instead.
struct Told {
  Position position = 0;
  log::Audience part = log::Audience::internal;
  Json substitute;
};
/// Nothing where the fact says no such thing.
[[nodiscard]] std::optional<Told> redaction_of(const log::FactRecord& fact);

/// What folds read in place of parts that were redacted, by position and audience.
using Substitutes = std::map<std::pair<Position, log::Audience>, Json>;

/// All redactions that the log tells, in one pass over it.
[[nodiscard]] Result<Substitutes> substitutes_of(Database& source);

/// A fact's body as folds read it: the substitutes laid over what is left, in the newest version of its kind.
/// Refused where a part is gone and nothing stands for it, and where this program does not know such a fact.
[[nodiscard]] Result<Json> folded_body(const FactType* type, const log::FactRecord& fact, Position position,
                                       const Substitutes& substitutes);

}  // namespace qipan::board
