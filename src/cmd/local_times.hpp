#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "pack/document.hpp"

namespace date {
class time_zone;
}

namespace qipan::cmd {

/// How a file writes local times: members zone, time_format, gap and overlap of a map.
struct LocalTimes {
  std::string format;
  bool gap_shifts =
      true;  // a local time that the clock skipped: as if it had not been put forward; else unreadable
  bool overlap_first = true;  // a local time that came twice: the first or the second
  const date::time_zone* zone = nullptr;

  [[nodiscard]] static LocalTimes read(pack::Fields& fields);
  /// A local time of the file in UTC; nothing where it cannot be read. With %z in the format, or the format
  /// "iso" (RFC 3339), the text's own offset holds.
  [[nodiscard]] std::optional<Instant> instant_of(std::string_view text) const;
};

}  // namespace qipan::cmd
