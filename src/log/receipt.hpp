#pragma once

#include <string>

#include "log/log.hpp"

namespace qipan::log {

/// What a receipt proves, read from its authenticated part.
struct Receipt {
  FactHeader header;
  /// Who did it and what was answered, where the receipt tells it.
  std::optional<CommandRecord> command;
  /// With the parts that the receipt discloses; the others as removed.
  FactRecord fact;
  Checkpoint checkpoint;
  VerifierKey key;
};

/// A self-contained receipt: a C2SP tlog-proof whose extra line carries the log's verifier key and the fact:
/// its header, and the parts for `most` and wider circles whole, with their salts; of narrower ones the
/// commitment alone. The command's head goes to the office and narrower circles, what its sender said to who
/// may reveal. Refused when the position is
/// not in the log. docs/format.md has every byte.
[[nodiscard]] Result<std::string> make_receipt(Database& reader, Position position, const SigningKey& key,
                                               Audience most = Audience::sensitive);

/// Checks a receipt offline. `trusted` is the key that the reader trusts; without it the receipt's own key is
/// used, which proves that the receipt is whole but not who issued it.
[[nodiscard]] Result<Receipt> verify_receipt(std::string_view text, const VerifierKey* trusted);

}  // namespace qipan::log
