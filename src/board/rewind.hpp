#pragma once

#include <string>

#include "board/district.hpp"

namespace qipan::board {

struct Rewound {
  Position kept = 0;      // facts
  Position left_out = 0;  // facts, one a line in left-out.jsonl
  std::size_t gone = 0;   // sealed values that were replaced or erased since, which the copy cannot have
};

/// The way back for a district that a wrong clock wrote into: a copy in the new folder `target` of
/// what was written before `before`. A new fact, district.rewound, behind what fell due meanwhile, says how
/// large the log was, its root, and why, so that whoever holds a checkpoint of what is left out finds it
/// told. What is left out stands in target/left-out.jsonl, so that it can be entered again; nothing of the
/// district itself is touched. Keys are copied but for that of sessions and links, which end; what was
/// revoked, retired or changed since holds again as it was before. Takes the district's lock: whoever serves
/// it stops first.
[[nodiscard]] Result<Rewound> rewind(const std::string& folder, Instant before, const std::string& reason,
                                     const std::string& target, const EngineFactory& engines);

}  // namespace qipan::board
