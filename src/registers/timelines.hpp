#pragma once

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "log/fact.hpp"

namespace qipan::registers {

/// As far back as anybody knows.
inline constexpr Day day_min = std::numeric_limits<Day>::min();

/// A value from a day on, until the next stretch of its line begins.
struct Stretch {
  Day from = day_min;
  Position position = 0;  // of the fact that says so
  Instant recorded = 0;
  bool planned = false;  // has not taken effect
  Json value = {};       // null: from here on there is none
  std::string reason = {};
};

/// What was known of an entry at one moment: of each field, and of its place as "x", "y", "geometry", what it
/// said from which day on, in that order. Both times of it: when it held, and when it was recorded.
struct Timelines {
  std::map<std::string, std::vector<Stretch>, std::less<>> lines;
  std::optional<Instant> added;
  std::optional<Instant> retired;

  /// What holds on that day; null where nothing was said.
  [[nodiscard]] const Stretch* at(std::string_view name, Day day) const;
};

/// The body of a fact, as far as whoever asks may read it.
using TellBody = std::function<Result<Json>(const log::FactRecord& fact)>;

/// Of what was recorded up to `known`.
[[nodiscard]] Timelines timelines_of(Database& reader, std::string_view subject, Instant known,
                                     const TellBody& body_of);

}  // namespace qipan::registers
