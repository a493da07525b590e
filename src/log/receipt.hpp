#pragma once

#include <string>

#include "log/log.hpp"

namespace qipan::log {

/// What a receipt proves, read from its authenticated part.
struct Receipt {
  Position position = 0;
  Position command_position = 0;
  CommandRecord command;  // with the one fact
  Checkpoint checkpoint;
  VerifierKey key;
  Hash body_hash{};
};

/// A self-contained receipt: a C2SP tlog-proof whose extra line carries the fact (header and body, or the
/// body's hash where it was removed) and the log's verifier key. Refused when the position is not in the log.
/// Without its body (`with_body` false) a receipt proves that and when something was done, but not what.
[[nodiscard]] Result<std::string> make_receipt(Database& reader, Position position, const SigningKey& key,
                                               bool with_body = true);

/// Checks a receipt offline. `trusted` is the key that the reader trusts; without it the receipt's own key is
/// used, which proves that the receipt is whole but not who issued it.
[[nodiscard]] Result<Receipt> verify_receipt(std::string_view text, const VerifierKey* trusted);

/// The other way of header_of().
[[nodiscard]] Result<Receipt> parse_header(std::string_view header);

}  // namespace qipan::log
