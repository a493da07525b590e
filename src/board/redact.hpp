#pragma once

#include <string>

#include "board/district.hpp"

namespace qipan::board {

/// Removes from the log what its redactions say and is still there, and makes the views again, in one
/// transaction, and takes the search's index in the folder away; pages that held it are overwritten, and it
/// is told where another reader keeps older ones. Nothing where all is done: so that what a crash interrupted
/// is finished at the next start.
[[nodiscard]] Result<void> apply_redactions(Database& database,
                                            const std::vector<std::unique_ptr<Engine>>& engines,
                                            const std::string& folder);

/// What somebody must not read in the log any more, because it should never have been written there (design
/// §4b.4).
struct Redaction {
  Position position = 0;
  log::Audience part = log::Audience::internal;
  Json patch;  // what stands instead, as a merge patch of the part (RFC 7396): it must change something
  std::string reason;  // 1 to 1,000 characters; stands in the log
};

/// Takes a part out of a fact for good. A new fact, district.redacted, tells where, why, and what stands in
/// its place; every root and receipt holds as before. Refused, with nothing done, where the position or part
/// is not there or is a block of observations, where the patch changes nothing, or where the views cannot be
/// made with what stands instead. Takes the district's lock: whoever serves it stops first.
[[nodiscard]] Result<Position> redact(const std::string& folder, const Redaction& redaction,
                                      const EngineFactory& engines);

}  // namespace qipan::board
