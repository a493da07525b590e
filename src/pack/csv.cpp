#include "pack/csv.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"

namespace qipan::pack {

bool CsvReader::hold(std::size_t characters) {
  while (!ended_ && piece_.size() - at_ < characters) {
    std::string more;
    const auto read = more_(more);
    if (!read) fault_ = read.error();
    ended_ = !read || !*read;
    if (ended_) break;
    piece_.erase(0, at_);
    at_ = 0;
    piece_ += more;
  }
  return piece_.size() - at_ >= characters;
}

int CsvReader::here() {
  return hold(1) ? static_cast<unsigned char>(piece_[at_]) : end_of_text;
}

int CsvReader::behind() {
  return hold(2) ? static_cast<unsigned char>(piece_[at_ + 1]) : end_of_text;
}

Result<bool> CsvReader::next(CsvRow& row) {
  row.cells.clear();
  row.line = line_;
  if (here() == end_of_text) {
    if (fault_) return refuse(*fault_);
    return false;
  }
  std::string cell;
  bool quoted = false;
  std::size_t bytes = 0;
  for (int c = here(); c != end_of_text; c = here()) {
    const bool doubled = quoted && c == '"' && behind() == '"';
    // CR LF, LF, and the CR alone of old Macs and of Excel's "CSV (Macintosh)" end a line; within quotes a
    // CR before a LF is a part of the line break.
    const bool ends_line = c == '\n' || (c == '\r' && !quoted);
    const bool with_feed = c == '\r' && !quoted && behind() == '\n';
    at_ += doubled || with_feed ? 2 : 1;
    line_ += ends_line ? 1 : 0;
    if (++bytes > record_bytes_max)
      return invalid("csv-record", "line " + std::to_string(row.line), "", "a record of at most 4 MB",
                     "look for a quote that is not closed");
    if (doubled) {
      cell += '"';
    } else if (c == '"' && (quoted || cell.empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      row.cells.push_back(std::move(cell));
      cell.clear();
    } else if (ends_line && !quoted) {
      row.cells.push_back(std::move(cell));
      return true;
    } else {
      cell += static_cast<char>(c);
    }
  }
  if (fault_) return refuse(*fault_);
  if (quoted)
    return invalid("csv-open-quote", "line " + std::to_string(row.line), "", "a closing quote",
                   "double the quotes inside a cell");
  row.cells.push_back(std::move(cell));
  return true;
}

Result<void> check_csv_header(const std::string& path, const std::vector<std::string>& header) {
  if (header.size() > Csv::columns_max)
    return invalid("csv-unreadable", path + ":1", "", "a header line of at most 500 columns");
  if (header.size() == 1 && header[0].find_first_of(";\t") != std::string::npos)
    return invalid("csv-separator", path + ":1", header[0], "columns separated by commas",
                   "save it as CSV with commas; some spreadsheets write semicolons or tabs");
  for (auto one = header.begin(); one != header.end(); ++one) {
    if (std::find(header.begin(), one, *one) != one)
      return invalid("csv-column-twice", path + ":1", *one, "each column once", "rename one of them");
  }
  return {};
}

Result<Csv> Csv::parse(const std::string& path, std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!is_utf8(bytes)) {
    return invalid("csv-not-utf8", path, "", "text in UTF-8",
                   "save it as CSV UTF-8; spreadsheets often write GBK");
  }
  CsvReader reader([&](std::string& piece) -> Result<bool> {
    piece = bytes;
    return !std::exchange(bytes, {}).empty();
  });
  Csv csv;
  CsvRow row;
  const auto next = [&]() -> Result<bool> {
    auto read = reader.next(row);
    if (!read) read.error().field = path + ":" + std::to_string(row.line);
    return read;
  };
  QIPAN_TRY(any, next());
  if (!any) row.cells = {""};
  csv.header_ = std::move(row.cells);
  QIPAN_CHECK(check_csv_header(path, csv.header_));
  for (std::size_t i = 0; i < csv.header_.size(); ++i) csv.columns_.emplace(csv.header_[i], i);
  for (;;) {
    QIPAN_TRY(more, next());
    if (!more) return csv;
    if (row.cells.size() == 1 && row.cells[0].empty()) continue;
    csv.rows_.push_back(std::move(row));
  }
}

std::string_view Csv::cell(const CsvRow& row, std::string_view column) const {
  const auto found = columns_.find(column);
  return found == columns_.end() || found->second >= row.cells.size() ? std::string_view()
                                                                      : row.cells[found->second];
}

namespace {

/// OWASP, CSV injection: = + - @, tab and CR, and the full-width signs that some locales turn into them. A
/// number is none, whatever its sign.
bool begins_formula(std::string_view text) {
  if (text.empty()) return false;
  for (const std::string_view sign : {"＝", "＋", "－", "＠"})
    if (text.starts_with(sign)) return true;
  if (std::string_view("=+-@\t\r\n").find(text[0]) == std::string_view::npos) return false;
  if (text[0] != '-' && text[0] != '+') return true;
  // A sign, digits, perhaps a fraction, perhaps an exponent.
  std::size_t at = 1;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at > begin;
  };
  if (!digits()) return true;
  if (at < text.size() && text[at] == '.' && (++at, !digits())) return true;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (!digits()) return true;
  }
  return at != text.size();
}

/// Behind marks, too: else nobody could tell whether one was there before.
bool needs_mark(std::string_view text) {
  return begins_formula(text.substr(std::min(text.find_first_not_of('\''), text.size())));
}

}  // namespace

std::string_view unmarked_cell(std::string_view cell) {
  return cell.starts_with('\'') && needs_mark(cell) ? cell.substr(1) : cell;
}

std::string csv_cell(std::string_view text) {
  std::string cell(text);
  if (needs_mark(cell)) cell.insert(0, "'");
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace qipan::pack
