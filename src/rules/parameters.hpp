#pragma once

#include <map>
#include <string>
#include <vector>

#include "expr/decision.hpp"
#include "expr/value.hpp"
#include "pack/document.hpp"

namespace qipan::rules {

/// A threshold, fee or list that changes by law rather than by rule: its values by the day from which they
/// hold, each with its source (parameters/*.toml of a pack).
struct Parameter {
  struct Dated {
    Day from = 0;
    expr::Value value;
    std::string source;
  };
  std::string name;
  pack::Title title;
  std::string unit;
  std::vector<Dated> values;  // by day

  /// The value in force on that day; null pointer before the first.
  [[nodiscard]] const Dated* on(Day day) const;
};

using Parameters = std::map<std::string, Parameter, std::less<>>;

/// Of all files parameters/*.toml; every fault is noted with file and line.
[[nodiscard]] Parameters read_parameters(const expr::PackFiles& files, pack::Problems& problems);

}  // namespace qipan::rules
