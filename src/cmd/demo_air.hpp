#pragma once

#include <string>
#include <vector>

#include "base/database.hpp"
#include "board/command.hpp"
#include "cmd/observation_map.hpp"

namespace qipan::cmd {

/// Real hours of air that happen again at the district's own stations: the last day of the file is today.
/// Each station of the file serves two of the district's, with the later and the earlier half of its days.
class DemoAir {
 public:
  /// `file`: measurements that the map can read.
  [[nodiscard]] static Result<DemoAir> read(const std::string& file, const std::string& map);

  struct Hour {
    Instant at = 0;  // when it arrives: some minutes after its end
    std::size_t station = 0;
    std::size_t row = 0;
    Instant begin = 0;
  };
  /// Hours that arrive in [from, to), where `to` lies on the last day.
  [[nodiscard]] std::vector<Hour> hours(Instant from, Instant to) const;

  /// The observations of one hour, as the district's station sends them; an empty block where it has no such
  /// stream.
  [[nodiscard]] board::Command command(Database& reader, const Hour& hour) const;

 private:
  struct Value {
    std::string property;
    sensing::Number number;
  };
  struct Row {
    std::size_t station = 0;
    Instant begin = 0;  // of the hour, as the file has it
    std::vector<Value> values;
  };
  std::vector<Row> rows_;
};

}  // namespace qipan::cmd
