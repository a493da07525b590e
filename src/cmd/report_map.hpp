#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "pack/document.hpp"

namespace date {
class time_zone;
}

namespace qipan::cmd {

/// How to read a city's export of reports; the form is described in docs/importing-reports.md.
struct ReportMap {
  std::string source;
  std::string type;
  std::string time_format;
  bool gap_shifts =
      true;  // a local time that the clock skipped: as if it had not been put forward; else unreadable
  bool overlap_first = true;                   // a local time that came twice: the first or the second
  std::string as_of;                           // local time, or empty for the last time in the file
  std::map<std::string, std::string> columns;  // id, class, created, due, closed, status, status_time,
                                               // longitude, latitude, place, agency, method
  std::vector<std::string> duplicates;         // values of the status column
  std::vector<std::string> voids;
  std::vector<std::pair<std::string, std::string>>
      no_places;  // longitude and latitude, as texts, that mean "unknown"
  const date::time_zone* zone = nullptr;

  [[nodiscard]] static Result<ReportMap> parse(const std::string& path, std::string_view bytes,
                                               pack::Problems& problems);
  /// A local time of the file in UTC; nothing where it cannot be read.
  [[nodiscard]] std::optional<Instant> instant_of(std::string_view text) const;
};

}  // namespace qipan::cmd
