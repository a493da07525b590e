#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "log/fact.hpp"

namespace qipan::board {

class Engine;

/// A kind of fact as its engine declares it. What a log holds is read for ever: where a newer program writes
/// other members, it says how those of before are read.
struct FactType {
  std::string_view kind;  // "case.created": the part before the dot is the engine's name
  /// Members of its body that the party may be shown; all others are the office's, and what is sealed in the
  /// vault is for who may reveal it, whatever stands here.
  std::vector<std::string_view> party = {};
  /// Whether it changes what engines keep in memory.
  bool configures = false;
  /// Whether auditors look at it though it does not: somebody saw or took away what is protected.
  bool audited = false;
  /// Whether its body is a block of values in the engine's own encoding; such a kind has one version.
  bool block = false;
  /// The first makes the body of version 2 from one of version 1, and so on. Pure, with defaults that stay as
  /// they are: no clock, no table, no declaration of today. A body may come without members that its reader
  /// may not see.
  std::vector<std::function<Json(Json)>> upcasters = {};

  [[nodiscard]] std::uint64_t version() const { return upcasters.size() + 1; }
  [[nodiscard]] log::Audience audience(std::string_view member) const;
};

/// Null where the list has none of the kind.
[[nodiscard]] const FactType* find_fact_type(const std::vector<FactType>& types, std::string_view kind);
/// Of all engines, and the board's own; null where none has it.
[[nodiscard]] const FactType* find_fact_type(const std::vector<std::unique_ptr<Engine>>& engines,
                                             std::string_view kind);

/// A body of an older version as the newest has it. Refused where the version is newer than this program
/// knows, or the kind is not known.
[[nodiscard]] Result<Json> read_as_newest(const FactType* type, const log::FactRecord& fact, Json body);

/// What a fact says, as far as it is there and for `most` and wider circles, in the newest version of its
/// kind; null for a block.
[[nodiscard]] Result<Json> body_of(const std::vector<std::unique_ptr<Engine>>& engines,
                                   const log::FactRecord& fact,
                                   log::Audience most = log::Audience::sensitive);

}  // namespace qipan::board
