#pragma once

#include <map>
#include <string>
#include <vector>

#include "board/command.hpp"
#include "geo/coordinates.hpp"
#include "registers/declaration.hpp"
#include "tables/rows.hpp"

// Rows of a file as entries of a register.

namespace qipan::registers {

/// Where the columns of a file go, in their order: a field, "x", "y" (degrees), "unit", "entry" and "version"
/// (of a file that was made to be edited), or empty: nowhere.
struct Matching {
  std::vector<std::string> targets;
  /// Its rows say which entry they are of and when that was changed last.
  [[nodiscard]] bool edits() const;
  /// Columns that nothing here is called like; what every entry has by itself, as exports tell it, is none.
  std::vector<std::string> unknown;
};
/// By what somebody said (column to target; an empty one leaves it out), else by name or title: without
/// regard to case, width, spaces, a star for what is required, and a unit in parentheses. Refused
/// (`match-unfit`) where what is said is no column or target, and where two columns would go to one place.
[[nodiscard]] Result<Matching> match_columns(const Register& declared, const std::vector<std::string>& header,
                                             const std::map<std::string, std::string>& said);

/// What a row says, as the command that would add it (board/command.hpp), by `actor`.
class EntryReader {
 public:
  EntryReader(const Register& declared, Matching matching, geo::CoordinateSystem system, std::string actor)
      : declared_(declared), matching_(std::move(matching)), system_(system), actor_(std::move(actor)) {}

  /// Everything that is wrong with the row by itself goes to the problems, each with its column. Of a row of
  /// a file that was made to be edited the body has `id` and `version`, and an empty cell takes its value
  /// away.
  [[nodiscard]] board::Command read(const tables::Row& row, pack::Problems& problems) const;

 private:
  /// The entry that a row is of; false where it is of none yet.
  bool read_entry(const tables::Row& row, board::Command& command, pack::Problems& problems) const;
  void read_value(const Field& field, const std::string& cell, board::Command& command, Json& values,
                  pack::Problems& problems) const;
  void read_point(const std::string& longitude, const std::string& latitude, board::Command& command,
                  pack::Problems& problems) const;
  void read_geometry(const Json& geometry, board::Command& command, pack::Problems& problems) const;
  [[nodiscard]] Result<std::pair<std::int64_t, std::int64_t>> place(std::string_view longitude,
                                                                    std::string_view latitude) const;
  [[nodiscard]] Result<Json> ring(const Json& positions) const;

  const Register& declared_;
  Matching matching_;
  geo::CoordinateSystem system_;
  std::string actor_;
};

}  // namespace qipan::registers
