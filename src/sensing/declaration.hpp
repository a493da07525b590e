#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "pack/pack.hpp"
#include "sensing/incoming.hpp"

namespace qipan::sensing {

/// When a stream of an observed property is not as it should be, and what follows; declared in
/// sensing/*.toml.
struct Limit {
  enum class Side { above, below, silent };
  std::string name;
  std::string property;  // code of the observed property; "*" for every stream, only of a silent limit
  pack::Title title;
  Side side = Side::above;
  Number threshold;                  // a value is over when it is greater (less) than this, never when equal
  Number clears_at;                  // hysteresis: ends when it is not over this any more
  std::int64_t mean_hours = 0;       // 0: the value itself; else the running mean of so many hours
  std::int64_t valid_hours = 0;      // of those, how many must have a value
  std::int64_t minimum_minutes = 0;  // how long it must be over before it is an alarm
  std::int64_t grade = 1;            // 1 the least
  std::string source;                // the clause that it stands on
  std::string case_type;             // empty: an alarm alone
  std::string case_class;
};

/// Reads sensing/*.toml; every fault is noted with file and line.
[[nodiscard]] std::vector<Limit> read_limits(const pack::Pack& pack, pack::Problems& problems);

/// As it stands in installation facts and in sensing_limits.
[[nodiscard]] Json to_json(const Limit& limit);
[[nodiscard]] Limit limit_from_json(const Json& json);

}  // namespace qipan::sensing
