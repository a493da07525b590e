#include "pack/csv.hpp"

#include "base/json.hpp"

namespace qipan::pack {

namespace {

/// One record from `at` on; false when a quote stays open.
bool read_record(std::string_view bytes, std::size_t& at, int& line, std::vector<std::string>& cells) {
  cells.clear();
  std::string cell;
  bool quoted = false;
  for (;;) {
    if (at >= bytes.size()) {
      cells.push_back(std::move(cell));
      return !quoted;
    }
    char c = bytes[at++];
    // CR LF, LF, and the CR alone of old Macs and of Excel's "CSV (Macintosh)" end a line.
    if (!quoted && c == '\r') {
      if (at < bytes.size() && bytes[at] == '\n') ++at;
      c = '\n';
    }
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (at < bytes.size() && bytes[at] == '"') {
        cell += '"';
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == ',') {
      cells.push_back(std::move(cell));
      cell.clear();
    } else if (c == '\n') {
      cells.push_back(std::move(cell));
      return true;
    } else {
      cell += c;
    }
  }
}

}  // namespace

Result<Csv> Csv::parse(const std::string& path, std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!is_utf8(bytes)) {
    return invalid("csv-not-utf8", path, "", "text in UTF-8",
                   "save it as CSV UTF-8; spreadsheets often write GBK");
  }
  Csv csv;
  std::size_t at = 0;
  int line = 1;
  if (!read_record(bytes, at, line, csv.header_) || csv.header_.size() > columns_max) {
    return invalid("csv-unreadable", path + ":1", "", "a header line of at most 500 columns");
  }
  if (csv.header_.size() == 1 && csv.header_[0].find_first_of(";\t") != std::string::npos) {
    return invalid("csv-separator", path + ":1", csv.header_[0], "columns separated by commas",
                   "save it as CSV with commas; some spreadsheets write semicolons or tabs");
  }
  for (std::size_t i = 0; i < csv.header_.size(); ++i) {
    if (!csv.columns_.emplace(csv.header_[i], i).second) {
      return invalid("csv-column-twice", path + ":1", csv.header_[i], "each column once",
                     "rename one of them");
    }
  }
  while (at < bytes.size()) {
    CsvRow row;
    row.line = line;
    if (!read_record(bytes, at, line, row.cells)) {
      return invalid("csv-open-quote", path + ":" + std::to_string(row.line), "", "a closing quote",
                     "double the quotes inside a cell");
    }
    if (row.cells.size() == 1 && row.cells[0].empty()) continue;
    csv.rows_.push_back(std::move(row));
  }
  return csv;
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

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell(text);
  if (begins_formula(cell)) cell.insert(0, "'");
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace qipan::pack
