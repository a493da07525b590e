#pragma once

#include <map>
#include <string>
#include <vector>

#include "cmd/local_times.hpp"
#include "sensing/incoming.hpp"

namespace qipan::cmd {

/// How to read a file of measurements, one row a time and station, one column a measure; the form is
/// described in docs/importing-observations.md.
struct ObservationMap {
  struct Measure {
    std::string column;
    std::string quality_column;  // what the file says of each value; empty: nothing
    std::string property;        // code of the observed property, made where there is none
    pack::Title title;
    std::string kind;  // of the datastream: measurement, count, truth or category
    int decimals = 0;
    std::string unit_symbol;
    sensing::Number factor{1, 0, true};  // what a cell is multiplied with, to come to the unit
  };
  std::string station_column;
  std::string station_name;               // of all rows, where no column has it
  std::vector<std::string> header;        // names of the columns, where the file has no header line
  std::vector<std::string> time_columns;  // joined by blanks, they read as time_format says
  LocalTimes times;
  std::vector<std::string> missing;                            // cells that say "not measured"
  std::map<std::string, sensing::Quality, std::less<>> marks;  // the file's words for qualities
  std::vector<Measure> measures;

  /// What a mark of the file means: as the map says, or by its own name.
  [[nodiscard]] std::optional<sensing::Quality> quality_of(std::string_view mark) const;

  [[nodiscard]] static Result<ObservationMap> parse(const std::string& path, std::string_view bytes,
                                                    pack::Problems& problems);
};

}  // namespace qipan::cmd
