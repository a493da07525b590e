#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace qipan::pack {

/// A row of a CSV file by column name, with the line on which it begins.
struct CsvRow {
  int line = 0;
  std::vector<std::string> cells;
};

/// RFC 4180 with a header line, UTF-8 (a byte order mark is passed over), LF, CRLF or CR. A row with another
/// number of cells than the header is an error of that row; an open quote is an error of the file.
class Csv {
 public:
  static constexpr std::size_t columns_max = 500;

  [[nodiscard]] static Result<Csv> parse(const std::string& path, std::string_view bytes);

  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  [[nodiscard]] const std::vector<CsvRow>& rows() const { return rows_; }
  /// Cell of a named column, or empty where the column or the cell is missing.
  [[nodiscard]] std::string_view cell(const CsvRow& row, std::string_view column) const;
  [[nodiscard]] bool has(std::string_view column) const { return columns_.contains(column); }
  [[nodiscard]] bool is_whole(const CsvRow& row) const { return row.cells.size() == header_.size(); }

 private:
  std::vector<std::string> header_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<CsvRow> rows_;
};

/// A cell as CSV text: quoted where needed, and never a formula to a spreadsheet (a leading = + - @ tab or
/// CR, also full-width, gets a quote mark; numbers do not).
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace qipan::pack
