#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "pack/pack.hpp"
#include "sensing/queries.hpp"

namespace qipan::sensing {

/// An index of several properties of one thing, as the air quality index is: each amount becomes a sub-index
/// between the two steps where it lies, the greatest is the index. Declared in sensing/*.toml.
struct Index {
  enum class Of { hour, day, day_greatest_8h };
  struct Part {
    std::string property;
    Of of = Of::hour;
    Instant from = instant_min;    // the first instant of it
    Instant until = instant_max;   // the first instant after it
    int decimals = 0;              // the amount is rounded to so many, half to even, before it is looked up
    std::int64_t valid_hours = 0;  // of a day: how many hours, or means of eight, must be there
    std::vector<std::int64_t> amounts;  // in thousandths of the unit, one for each of the first steps
    std::string source;
  };
  struct Level {
    std::int64_t to = 0;  // the greatest index of it
    pack::Title title;
    std::string color;  // #rrggbb
  };
  std::string name;
  pack::Title title;
  std::vector<std::int64_t> steps;
  std::int64_t chief_above = 0;  // the chief property is told when the index is greater than this
  std::vector<Level> levels;
  std::vector<Part> parts;

  [[nodiscard]] const Level& level_of(std::int64_t index) const;
};

/// Reads one [[indices]] table; faults are noted.
[[nodiscard]] Index read_index(pack::Fields& fields, const std::string& path, pack::Problems& problems);
[[nodiscard]] Json to_json(const Index& index);
[[nodiscard]] Index index_from_json(const Json& json);

/// The sub-index of an amount in thousandths of the unit, rounded up to a whole number; over the last step it
/// is that step.
[[nodiscard]] std::int64_t sub_index(const Index& index, const Index::Part& part, std::int64_t thousandths);

/// What an index is in one hour or day.
struct IndexValue {
  struct PartValue {
    std::string property;
    std::int64_t thousandths = 0;
    std::int64_t index = 0;
    std::string source;
  };
  Instant begin = 0;
  std::int64_t index = 0;
  std::vector<PartValue> parts;      // in the order of the declaration
  std::vector<std::string> missing;  // properties that should be there and are not
};

/// Of each hour, or each day of the district's time, in [from, to) for which there is anything. `streams` by
/// property: those of one thing.
[[nodiscard]] std::vector<IndexValue> index_of(Database& reader, const Index& index,
                                               const std::map<std::string, StreamRow>& streams, Instant from,
                                               Instant to, bool days);

[[nodiscard]] std::vector<Index> list_indices(Database& reader);

}  // namespace qipan::sensing
