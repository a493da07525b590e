#include <zip.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <pugixml.hpp>
#include <set>

#include "base/instant.hpp"
#include "base/problem.hpp"
#include "pack/csv.hpp"
#include "tables/rows.hpp"

// Workbooks of ECMA-376 (Office Open XML, part 1, ch. 18), as far as tables go: shared and inline texts,
// numbers, truths, dates by the format of their cell, results of formulas. What is hidden in a sheet is read
// like the rest.

namespace qipan::tables {

namespace {

/// Of one part of the file, when it is unpacked: a small file can be a large one many times over.
constexpr zip_uint64_t part_bytes_max = zip_uint64_t{96} << 20U;
constexpr std::ptrdiff_t tags_max = 3'200'000;
constexpr std::int64_t rows_max = 200'000;

tl::unexpected<Problem> unreadable(const std::string& path, const std::string& part) {
  return invalid("workbook-unreadable", path, part, "a workbook (.xlsx) without a password",
                 "save it again, or as CSV UTF-8");
}

class Archive {
 public:
  explicit Archive(const std::string& path) {
    int error = 0;
    zip_ = zip_open(path.c_str(), ZIP_RDONLY, &error);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() {
    if (zip_ != nullptr) zip_discard(zip_);
  }
  [[nodiscard]] bool is_open() const { return zip_ != nullptr; }

  /// Empty where there is no such part. Refused where it is too large or broken.
  [[nodiscard]] Result<std::string> part(const std::string& path, const std::string& name) const {
    zip_stat_t found{};
    if (zip_stat(zip_, name.c_str(), 0, &found) != 0) return std::string();
    if ((found.valid & ZIP_STAT_SIZE) == 0 || found.size > part_bytes_max)
      return invalid("workbook-too-large", path, name, "parts of at most 96 MB when unpacked",
                     "save the sheet as CSV UTF-8");
    zip_file_t* file = zip_fopen(zip_, name.c_str(), 0);
    if (file == nullptr) return unreadable(path, name);
    std::string bytes(found.size, '\0');
    const zip_int64_t read = zip_fread(file, bytes.data(), bytes.size());
    const bool whole = read == static_cast<zip_int64_t>(bytes.size()) && zip_fclose(file) == 0;
    if (!whole) return unreadable(path, name);
    return bytes;
  }

 private:
  zip_t* zip_ = nullptr;
};

/// No declarations of types: entities of one's own are not expanded, and none are needed.
Result<void> parse(pugi::xml_document& document, std::string& bytes, const std::string& path,
                   const std::string& part) {
  // However short an element is, it takes some ninety bytes of memory.
  if (std::count(bytes.begin(), bytes.end(), '<') > tags_max)
    return invalid("workbook-too-large", path, part,
                   "at most " + std::to_string(tags_max) + " tags in a part, some 800,000 cells",
                   "save the sheet as CSV UTF-8");
  const auto read =
      document.load_buffer_inplace(bytes.data(), bytes.size(),
                                   pugi::parse_minimal | pugi::parse_cdata | pugi::parse_escapes |
                                       pugi::parse_eol | pugi::parse_ws_pcdata);
  if (!read) return unreadable(path, part);
  return {};
}

/// Names with or without the prefix that some programs write.
std::string_view bare(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}
pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& one : node.children())
    if (bare(one) == name) return one;
  return {};
}

/// Characters that XML does not have stand as _x000D_ (22.4.2.4).
std::string unescaped(std::string_view text) {
  constexpr std::size_t length = 7;
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view one = text.substr(at, length);
    std::uint32_t code = 0;
    const bool escaped =
        one.size() == length && one.starts_with("_x") && one.back() == '_' &&
        std::from_chars(one.data() + 2, one.data() + length - 1, code, 16).ptr == one.data() + length - 1;
    constexpr std::uint32_t ascii_end = 0x80;
    if (escaped && code < ascii_end) {
      plain += static_cast<char>(code);
      at += length - 1;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

/// The text of runs, without how it is read aloud. A run holds no other.
std::string text_in(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& one : node.children()) {
    if (bare(one) == "t") text += one.text().get();
    if (bare(one) == "r") text += child(one, "t").text().get();
  }
  return unescaped(text);
}

/// "BC12" is column 54.
std::size_t column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z' || column > 20'000) break;
    column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
  }
  return column;
}

/// Whether a format of numbers shows a date, or a time too (18.8.30).
enum class Shows { number, date, time };
Shows shown_by(int id, const std::map<int, std::string>& own) {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
    return Shows::date;
  if (id == 22) return Shows::time;
  const auto found = own.find(id);
  if (found == own.end()) return Shows::number;
  bool day = false;
  bool hour = false;
  bool quoted = false;
  for (std::size_t at = 0; at < found->second.size(); ++at) {
    const char c = found->second[at];
    if (c == '"') quoted = !quoted;
    if (c == '\\') ++at;
    if (quoted || c == '"' || c == '\\') continue;
    if (c == '[') at = std::min(found->second.find(']', at), found->second.size());
    day = day || c == 'y' || c == 'd' || c == 'Y' || c == 'D';
    hour = hour || c == 'h' || c == 'H';
  }
  return day ? (hour ? Shows::time : Shows::date) : Shows::number;
}

/// A number as somebody typed it: what a double is printed with by 17 digits, they did not.
std::string number_text(double value) {
  std::array<char, 40> digits{};
  constexpr int typed = 15;
  const auto done =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::general, typed);
  std::string text(digits.data(), done.ptr);
  if (text.find('e') == std::string::npos) return text;
  const auto plain =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  return plain.ec == std::errc() ? std::string(digits.data(), plain.ptr) : text;
}

/// Days since 1899-12-30, with a day in 1900 that never was, or since 1904.
std::string date_text(double value, Shows shows, bool since_1904) {
  constexpr int epoch_1900 = 25'569;
  constexpr int epoch_1904 = 24'107;
  constexpr double never_was = 60;  // 1900-02-29
  const double since = !since_1904 && value < never_was ? value + 1 : value;
  const double days = since - (since_1904 ? epoch_1904 : epoch_1900);
  const double micros = std::round(days * 86'400.0) * 1e6;
  const auto at = static_cast<Instant>(micros);
  constexpr std::size_t day_length = 10;
  constexpr std::size_t second_length = 19;
  std::string text = format_instant(at).substr(0, shows == Shows::date ? day_length : second_length);
  if (shows == Shows::time) text[day_length] = ' ';
  return text;
}

class WorkbookRows final : public Rows {
 public:
  explicit WorkbookRows(std::string path) : path_(std::move(path)), archive_(path_) {}

  Result<void> begin(const std::string& sheet) {
    if (!archive_.is_open()) return unreadable(path_, "");
    QIPAN_TRY(part, find_sheet(sheet));
    QIPAN_CHECK(read_texts());
    QIPAN_CHECK(read_styles());
    QIPAN_TRY(bytes, archive_.part(path_, part));
    if (bytes.empty()) return unreadable(path_, part);
    bytes_ = std::move(bytes);
    QIPAN_CHECK(parse(document_, bytes_, path_, part));
    const pugi::xml_node data = child(document_.document_element(), "sheetData");
    next_ = data.first_child();
    Row first;
    QIPAN_TRY(any, next(first));
    if (!any) return invalid("csv-unreadable", path_, sheet, "a first row with the names of the columns");
    header_ = std::move(first.cells);
    while (!header_.empty() && header_.back().empty()) header_.pop_back();
    header_row_ = false;
    return pack::check_csv_header(path_, header_);
  }
  [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }
  [[nodiscard]] std::string_view called() const override { return "row"; }

  Result<bool> next(Row& row) override {
    for (; next_; next_ = next_.next_sibling()) {
      if (bare(next_) != "row") continue;
      if (++rows_ > rows_max)
        return invalid("workbook-too-large", path_, "", "at most 200,000 rows",
                       "save the sheet as CSV UTF-8");
      row = Row{};
      // Each number once, whatever the file says.
      last_ = std::max(last_ + 1, static_cast<std::int64_t>(next_.attribute("r").as_llong(last_ + 1)));
      row.number = last_;
      read_cells(row);
      const bool empty =
          std::all_of(row.cells.begin(), row.cells.end(), [](const auto& cell) { return cell.empty(); });
      if (empty && !row.fault) continue;
      next_ = next_.next_sibling();
      return true;
    }
    return false;
  }

 private:
  Result<std::string> find_sheet(const std::string& wanted) {
    QIPAN_TRY(bytes, archive_.part(path_, "xl/workbook.xml"));
    pugi::xml_document workbook;
    QIPAN_CHECK(parse(workbook, bytes, path_, "xl/workbook.xml"));
    const pugi::xml_node top = workbook.document_element();
    const std::string_view first_day = child(top, "workbookPr").attribute("date1904").as_string();
    since_1904_ = first_day == "1" || first_day == "true";
    std::string names;
    for (const pugi::xml_node& sheet : child(top, "sheets").children()) {
      const std::string name = sheet.attribute("name").as_string();
      names += (names.empty() ? "" : ", ") + name;
      const std::string_view state = sheet.attribute("state").as_string();
      if (wanted.empty() ? state == "hidden" || state == "veryHidden" : name != wanted) continue;
      for (const pugi::xml_attribute& attribute : sheet.attributes())
        if (std::string_view(attribute.name()).ends_with(":id")) return part_of(attribute.as_string());
    }
    return invalid("sheet-unknown", "sheet", wanted, "one of the sheets " + names);
  }

  Result<std::string> part_of(const std::string& relation) {
    const std::string name = "xl/_rels/workbook.xml.rels";
    QIPAN_TRY(bytes, archive_.part(path_, name));
    pugi::xml_document relations;
    QIPAN_CHECK(parse(relations, bytes, path_, name));
    for (const pugi::xml_node& one : relations.document_element().children()) {
      if (one.attribute("Id").as_string() != relation) continue;
      const std::string target = one.attribute("Target").as_string();
      return target.starts_with('/') ? target.substr(1) : "xl/" + target;
    }
    return unreadable(path_, name);
  }

  Result<void> read_texts() {
    QIPAN_TRY(bytes, archive_.part(path_, "xl/sharedStrings.xml"));
    if (bytes.empty()) return {};
    pugi::xml_document document;
    QIPAN_CHECK(parse(document, bytes, path_, "xl/sharedStrings.xml"));
    for (const pugi::xml_node& one : document.document_element().children())
      if (bare(one) == "si") texts_.push_back(text_in(one));
    return {};
  }

  Result<void> read_styles() {
    QIPAN_TRY(bytes, archive_.part(path_, "xl/styles.xml"));
    if (bytes.empty()) return {};
    pugi::xml_document document;
    QIPAN_CHECK(parse(document, bytes, path_, "xl/styles.xml"));
    std::map<int, std::string> own;
    for (const pugi::xml_node& one : child(document.document_element(), "numFmts").children())
      own[one.attribute("numFmtId").as_int()] = one.attribute("formatCode").as_string();
    for (const pugi::xml_node& one : child(document.document_element(), "cellXfs").children())
      styles_.push_back(shown_by(one.attribute("numFmtId").as_int(), own));
    return {};
  }

  void read_cells(Row& row) {
    if (!header_row_) row.cells.resize(header_.size());
    std::size_t column = 0;
    for (const pugi::xml_node& cell : next_.children()) {
      if (bare(cell) != "c") continue;
      const std::size_t named = column_of(cell.attribute("r").as_string());
      column = named > 0 ? named : column + 1;
      std::string text = cell_text(cell, row);
      if (text.empty()) continue;
      const bool outside = header_row_ ? column > pack::Csv::columns_max : column > header_.size();
      if (outside) {
        row.fault = Problem{Problem::Kind::invalid,
                            "row-too-long",
                            "",
                            shortened(text),
                            "nothing beside the columns that the first row names",
                            "name the column, or empty the cell"};
        continue;
      }
      if (row.cells.size() < column) row.cells.resize(column);
      row.cells[column - 1] = std::move(text);
    }
  }

  std::string cell_text(const pugi::xml_node& cell, Row& row) {
    const std::string_view type = cell.attribute("t").as_string("n");
    if (type == "inlineStr") return text_in(child(cell, "is"));
    std::string value = child(cell, "v").text().get();
    if (value.empty() && child(cell, "f")) {
      row.fault = Problem{Problem::Kind::invalid,
                          "cell-formula",
                          "",
                          shortened(child(cell, "f").text().get()),
                          "the result of a formula, which this file does not have",
                          "open and save it in a spreadsheet, or write the value"};
      return "";
    }
    if (value.empty() || type == "str" || type == "d") return value;
    if (type == "b") return value == "1" ? "true" : "false";
    if (type == "e") {
      row.fault = Problem{Problem::Kind::invalid,
                          "cell-error",
                          "",
                          value,
                          "a value and no error of a formula",
                          "mend the formula, or write the value"};
      return "";
    }
    if (type == "s") {
      std::size_t index = texts_.size();
      std::from_chars(value.data(), value.data() + value.size(), index);
      return index < texts_.size() ? texts_[index] : "";
    }
    double number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (read.ec != std::errc() || read.ptr != value.data() + value.size()) return value;
    const auto style = static_cast<std::size_t>(cell.attribute("s").as_uint(0));
    const Shows shows = style < styles_.size() ? styles_[style] : Shows::number;
    constexpr double days_max = 2'958'466;  // 10000-01-01
    if (shows != Shows::number && number >= 0 && number < days_max)
      return date_text(number, shows, since_1904_);
    constexpr double exact_max = 1e15;
    if (std::abs(number) >= exact_max) {
      row.fault = Problem{Problem::Kind::invalid,
                          "cell-digits",
                          "",
                          shortened(value),
                          "a number of at most 15 digits: workbooks keep no more",
                          "write codes as text, from the original"};
      return "";
    }
    return number_text(number);
  }

  std::string path_;
  Archive archive_;
  std::string bytes_;
  pugi::xml_document document_;
  pugi::xml_node next_;
  std::vector<std::string> texts_;
  std::vector<Shows> styles_;
  std::vector<std::string> header_;
  bool header_row_ = true;
  bool since_1904_ = false;
  std::int64_t rows_ = 0;
  std::int64_t last_ = 0;
};

}  // namespace

Result<std::unique_ptr<Rows>> open_workbook(const std::string& path, const std::string& sheet) {
  auto rows = std::make_unique<WorkbookRows>(path);
  QIPAN_CHECK(rows->begin(sheet));
  return std::unique_ptr<Rows>(std::move(rows));
}

}  // namespace qipan::tables
