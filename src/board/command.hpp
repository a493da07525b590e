#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::board {

/// A personal value on its way to the vault: decide and the log see a reference in body[field], never the
/// value.
struct PersonalValue {
  std::string field;
  std::string value;
};

/// What somebody asks the board to do. Time, chance and identity enter only here.
struct Command {
  std::string kind;   // "case.create": the part before the dot names the engine
  std::string actor;  // "person:7", "anonymous", "token:3", "mandate:5", "operator", "system:<pack>/<name>"
  Json body = Json::object();
  Bytes block;                      // many values at once, in the engine's own encoding; mostly empty
  std::string key;                  // idempotency key of the sender; may be empty
  std::optional<Instant> occurred;  // what the sender claims
  std::optional<Instant> at;      // asserted time, only for imports and scenarios that bring their own clock
  std::optional<Position> cause;  // the fact that a reaction answers
  std::vector<PersonalValue> personal;  // moved to the vault before deciding
};

struct Accepted {
  Position first = 0;  // of its facts
  Position next = 0;   // behind its last fact: what a read may ask to be there
  Instant at = 0;
  std::string answer;     // JSON
  bool repeated = false;  // the key was known: this is the first answer again
};

using Outcome = Result<Accepted>;

}  // namespace qipan::board
