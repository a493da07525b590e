#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/local_times.hpp"

namespace qipan::cmd {

/// How to read a city's export of reports; the form is described in docs/importing-reports.md.
struct ReportMap {
  std::string source;
  std::string type;
  LocalTimes times;
  std::string as_of;                           // local time, or empty for the last time in the file
  std::map<std::string, std::string> columns;  // id, class, created, due, closed, status, status_time,
                                               // longitude, latitude, place, agency, method
  std::vector<std::string> duplicates;         // values of the status column
  std::vector<std::string> voids;
  std::vector<std::string> closed;  // without a closing time: closed at the time of the status
  std::vector<std::pair<std::string, std::string>>
      no_places;  // longitude and latitude, as texts, that mean "unknown"

  [[nodiscard]] static Result<ReportMap> parse(const std::string& path, std::string_view bytes,
                                               pack::Problems& problems);
  [[nodiscard]] std::optional<Instant> instant_of(std::string_view text) const {
    return times.instant_of(text);
  }
};

}  // namespace qipan::cmd
