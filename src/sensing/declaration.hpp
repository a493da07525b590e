#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "pack/pack.hpp"
#include "sensing/incoming.hpp"
#include "sensing/index.hpp"

namespace qipan::sensing {

/// What a limit is in a time and a class of area. Law moves and areas differ: a value is judged by what was
/// in force at its own time, where its thing stands.
struct Bound {
  std::string area_class;       // of the thing; empty: of every class that no other bound names
  Instant from = instant_min;   // the first instant of it
  Instant until = instant_max;  // the first instant after it
  bool reached = false;         // whether a value that equals the threshold is over it already (达到)
  Number threshold;
  Number clears_at;    // hysteresis: ends when it is not over this any more
  std::string source;  // the clause that it stands on
};

/// When a stream of an observed property is not as it should be, and what follows; declared in
/// sensing/*.toml.
struct Limit {
  enum class Side { above, below, silent, flat };
  std::string name;
  std::string property;  // code of the observed property; "*" for every stream, only of silent and flat ones
  pack::Title title;
  Side side = Side::above;
  std::vector<Bound> bounds;          // of above and below, in order of time
  std::string assumed_area_class;     // of a thing that tells none
  std::int64_t flat_minutes = 0;      // of a flat one: how long the same value is no measurement any more
  std::optional<Number> flat_allows;  // of a flat one: a value that may stand, as no rain does
  std::int64_t mean_hours = 0;        // 0: the value itself; else the running mean of so many hours
  std::int64_t valid_hours = 0;       // of those, how many must have a value
  std::int64_t minimum_minutes = 0;   // how long it must be over before it is an alarm
  std::int64_t grade = 1;             // 1 the least
  std::string source;                 // of silent and flat ones; bounds have their own
  std::string case_type;              // empty: an alarm alone
  std::string case_class;

  [[nodiscard]] bool compares() const { return side == Side::above || side == Side::below; }
  /// Those that hold for a thing of this class, in order of time.
  [[nodiscard]] std::vector<const Bound*> bounds_for(std::string_view area_class) const;
};

/// What a pack's sensing/*.toml declare.
struct Declarations {
  std::vector<Limit> limits;
  std::vector<Index> indices;
};

/// Reads them; every fault is noted with file and line.
[[nodiscard]] Declarations read_declarations(const pack::Pack& pack, pack::Problems& problems);

/// The days `from` and `until`, both of them still within, as the first instant and the first one after.
[[nodiscard]] std::pair<Instant, Instant> read_days(pack::Fields& fields);

/// As it stands in installation facts and in sensing_limits.
[[nodiscard]] Json to_json(const Limit& limit);
[[nodiscard]] Limit limit_from_json(const Json& json);

}  // namespace qipan::sensing
