#pragma once

#include <functional>
#include <map>
#include <optional>
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

/// Records of text as RFC 4180 has it (LF, CRLF or CR), that comes in pieces of any length.
class CsvReader {
 public:
  /// Gives the next piece; false at the end.
  using More = std::function<Result<bool>(std::string& piece)>;
  explicit CsvReader(More more) : more_(std::move(more)) {}

  /// False at the end. Refused where a quote stays open, or a record has more than `record_bytes_max`.
  [[nodiscard]] Result<bool> next(CsvRow& row);
  static constexpr std::size_t record_bytes_max = std::size_t{4} << 20U;

 private:
  static constexpr int end_of_text = -1;
  /// The character at the place, and the one behind it; end_of_text where there is none.
  [[nodiscard]] int here();
  [[nodiscard]] int behind();
  [[nodiscard]] bool hold(std::size_t characters);
  More more_;
  std::string piece_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool ended_ = false;
  std::optional<Problem> fault_;
};

/// A header line: each column once, at most `columns_max`, parted by commas.
[[nodiscard]] Result<void> check_csv_header(const std::string& path, const std::vector<std::string>& header);

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
/// The text that csv_cell() kept from being a formula: a cell without that mark, where it has one.
[[nodiscard]] std::string_view unmarked_cell(std::string_view cell);

}  // namespace qipan::pack
