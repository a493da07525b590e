#include <unistd.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/assert.hpp"
#include "face/app/case_json.hpp"
#include "face/app/collections.hpp"
#include "fields/type.hpp"
#include "pack/csv.hpp"

namespace qipan::face {

std::string spreadsheet_time(Instant at) {
  constexpr std::size_t to_the_second = 19;
  constexpr std::size_t between = 10;
  std::string local = format_instant(at + china_offset).substr(0, to_the_second);
  local[between] = ' ';
  return local;
}

namespace {

constexpr std::int64_t rows_max = 100'000;
constexpr std::size_t bytes_max = std::size_t{128} << 20U;

/// How cells are written: in the words of a language with local times, or (no language) as the API has it.
class Cells {
 public:
  explicit Cells(const Reading& at) : at_(at), language_(at.request.parameter("language")) {}

  [[nodiscard]] Result<void> check() const {
    if (language_.empty() || language_ == "zh" || language_ == "en") return {};
    return invalid("parameter-unreadable", "language", language_, "zh or en");
  }
  [[nodiscard]] std::string pick(std::string_view as_is, std::string_view zh, std::string_view en) const {
    return std::string(language_.empty() ? as_is : language_ == "en" ? en : zh);
  }
  [[nodiscard]] std::string head(const query::Property& property) const {
    const fields::Field& field = property.field;
    const std::string title = pick(field.name, field.title.zh, field.title.en);
    return field.unit.empty() || language_.empty()
               ? title
               : title + pick("", "（" + field.unit + "）", " (" + field.unit + ")");
  }
  [[nodiscard]] std::string cell(const query::Property& property, const query::Row& row,
                                 const Json& value) const {
    const Json shown = shown_value(at_, property, row, value);
    if (shown.is_null()) return "";
    if (shown["masked"] == Json(true)) return pick("[masked]", "［无权查看］", "[hidden]");
    if (shown["personal"] == Json(true)) return pick("[personal]", "［个人信息］", "[personal]");
    if (property.of_unit)
      return shown.text_or(language_.empty() ? "code" : language_ == "en" ? "title_en" : "title_zh", "");
    const std::string_view type = property.field.type->name();
    if (!language_.empty() && type == "instant")
      return spreadsheet_time(parse_instant(shown.text()).value_or(0));
    if (!language_.empty() && shown.is_bool())
      return shown.boolean() ? pick("", "是", "yes") : pick("", "否", "no");
    if (!language_.empty() && !property.field.options.empty()) return choice(property.field, shown);
    return property.field.type->cell(property.field, shown);
  }

 private:
  [[nodiscard]] std::string choice(const fields::Field& field, const Json& value) const {
    const auto title = [&](const std::string& code) {
      for (const fields::Option& option : field.options) {
        if (option.value == code) return pick(code, option.title.zh, option.title.en);
      }
      return code;
    };
    if (value.is_text()) return title(value.text());
    std::string all;
    for (const Json& one : value.items())
      all += (all.empty() ? "" : pick(";", "；", "; ")) + title(one.text());
    return all;
  }

  const Reading& at_;
  std::string language_;
};

/// Refused before anything is written, with the number. A request reads of one moment, so the rows are as
/// many.
Result<std::int64_t> number_of_rows(Reading& at, const query::Question& question) {
  const std::int64_t count = question.total(at.reader);
  if (count <= rows_max) return count;
  return refuse({Problem::Kind::too_large, "export-too-large", "", std::to_string(count) + " rows",
                 "at most " + std::to_string(rows_max) + " rows in one file", "narrow the filter"});
}

Response too_long(std::int64_t count) {
  return problem_response({Problem::Kind::too_large, "export-too-large", "", std::to_string(count) + " rows",
                           "at most " + std::to_string(bytes_max >> 20U) + " MB in one file",
                           "narrow the filter, or name the properties that you need"});
}

Response file_response(std::string body, std::string type, const std::string& name, std::int64_t rows) {
  Response response = Response::text(200, std::move(body), std::move(type));
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  response.headers.emplace_back("Qipan-Rows", std::to_string(rows));
  return response;
}

}  // namespace

Response csv_file(Reading& at, const Opened& opened, const query::Question& question) {
  const Cells cells(at);
  if (const auto known = cells.check(); !known) return problem_response(known.error());
  const auto count = number_of_rows(at, question);
  if (!count) return problem_response(count.error());
  std::string out = "\xEF\xBB\xBF" + cells.pick("id", "编号", "Number");
  for (const query::Property* property : question.properties())
    out += "," + pack::csv_cell(cells.head(*property));
  out += "\r\n";
  question.each(at.reader, std::nullopt, rows_max, [&](const query::Row& row, const query::Cursor&) {
    out += std::to_string(row.id);
    for (std::size_t i = 0; i < row.values.size(); ++i)
      out += "," + pack::csv_cell(cells.cell(*question.properties()[i], row, row.values[i]));
    out += "\r\n";
    return out.size() <= bytes_max;
  });
  if (out.size() > bytes_max) return too_long(*count);
  return file_response(std::move(out), "text/csv; charset=utf-8", opened.collection().name + ".csv", *count);
}

namespace {

/// A file that nobody else can read or name before.
class ScratchFile {
 public:
  ScratchFile() : path_((std::filesystem::temp_directory_path() / "qipan-XXXXXX").string()) {
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor < 0) throw DatabaseError("no file for a workbook in " + path_, 0);
    ::close(descriptor);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() { ::unlink(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

 private:
  std::string path_;
};

/// A workbook that is written row by row to a file of its own, which goes with the object.
class Workbook {
 public:
  explicit Workbook(const std::string& sheet) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(file_.path().c_str(), &options);
    QIPAN_ASSERT(book_ != nullptr);
    sheet_ = workbook_add_worksheet(book_, sheet.c_str());
    head_ = workbook_add_format(book_);
    format_set_bold(head_);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;
  ~Workbook() {
    if (book_ != nullptr) workbook_close(book_);
  }

  void head(int column, const std::string& text) {
    worksheet_write_string(sheet_, 0, place(column), text.c_str(), head_);
  }
  /// Numbers as such, where a double keeps all their digits; everything else as text, never as a formula.
  void cell(std::int64_t row, int column, const std::string& text, bool is_number) {
    if (text.empty()) return;
    const auto at = static_cast<lxw_row_t>(row);
    if (is_number) {
      worksheet_write_number(sheet_, at, place(column), std::strtod(text.c_str(), nullptr), nullptr);
    } else {
      worksheet_write_string(sheet_, at, place(column), bounded(text).c_str(), nullptr);
    }
  }
  /// The head stays in sight, and filters stand in it.
  void finish_sheet(std::int64_t rows, int columns) {
    worksheet_freeze_panes(sheet_, 1, 0);
    worksheet_autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(rows), place(columns - 1));
  }
  /// How many cells were longer than a workbook holds.
  [[nodiscard]] std::int64_t shortened_cells() const { return shortened_; }
  [[nodiscard]] std::string close() {
    const lxw_error failure = workbook_close(book_);
    book_ = nullptr;
    if (failure != LXW_NO_ERROR) throw DatabaseError(lxw_strerror(failure), 0);
    return file_.content();
  }

 private:
  static lxw_col_t place(int column) { return static_cast<lxw_col_t>(column); }
  /// A cell of a workbook holds 32,767 units of UTF-16; what is longer ends with the sign for it.
  std::string bounded(const std::string& text) {
    constexpr std::size_t units_max = 32'767;
    constexpr unsigned leading = 0xC0;
    constexpr unsigned follows = 0x80;
    constexpr unsigned four_bytes = 0xF0;
    std::size_t units = 0;
    std::size_t fits = 0;  // bytes, with room for the sign
    for (std::size_t at = 0; at < text.size(); ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if ((byte & leading) == follows) continue;
      if (units < units_max - 1) fits = at;
      units += byte >= four_bytes ? 2 : 1;
    }
    if (units <= units_max) return text;
    ++shortened_;
    return text.substr(0, fits) + "…";
  }
  ScratchFile file_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* head_ = nullptr;
  std::int64_t shortened_ = 0;
};

bool is_number(const query::Property& property) {
  const auto column = property.column();
  return column && column->kind == query::Kind::number;
}

}  // namespace

Response xlsx_file(Reading& at, const Opened& opened, const query::Question& question) {
  const Cells cells(at);
  if (const auto known = cells.check(); !known) return problem_response(known.error());
  const auto count = number_of_rows(at, question);
  if (!count) return problem_response(count.error());
  Workbook book(opened.collection().name.substr(0, LXW_SHEETNAME_MAX));
  book.head(0, cells.pick("id", "编号", "Number"));
  int columns = 1;
  for (const query::Property* property : question.properties()) book.head(columns++, cells.head(*property));
  std::int64_t rows = 0;
  std::size_t bytes = 0;
  question.each(at.reader, std::nullopt, rows_max, [&](const query::Row& row, const query::Cursor&) {
    book.cell(++rows, 0, std::to_string(row.id), true);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      const query::Property& property = *question.properties()[i];
      const bool number = is_number(property) && row.values[i].is_number() &&
                          (row.sees || property.field.sensitivity != fields::Sensitivity::sensitive);
      const std::string text = cells.cell(property, row, row.values[i]);
      bytes += text.size();
      book.cell(rows, static_cast<int>(i) + 1, text, number);
    }
    return bytes <= bytes_max;
  });
  if (bytes > bytes_max) return too_long(*count);
  book.finish_sheet(rows, columns);
  Response response =
      file_response(book.close(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    opened.collection().name + ".xlsx", *count);
  if (book.shortened_cells() > 0)
    response.headers.emplace_back("Qipan-Shortened", std::to_string(book.shortened_cells()));
  return response;
}

Response geojson_file(Reading& at, const Opened& opened, const query::Question& question) {
  if (opened.collection().place == query::Collection::Place::none)
    return problem_response({Problem::Kind::invalid, "collection-not-located", "collection",
                             opened.collection().name, "a collection whose items lie somewhere", "take CSV"});
  const auto count = number_of_rows(at, question);
  if (!count) return problem_response(count.error());
  std::string out = R"({"type":"FeatureCollection","features":[)";
  bool first = true;
  question.each(at.reader, std::nullopt, rows_max, [&](const query::Row& row, const query::Cursor&) {
    if (!std::exchange(first, false)) out += ",";
    Json::object()
        .set("type", "Feature")
        .set("id", row.id)
        .set("geometry", row.geometry)
        .set("properties", shown_values(at, question, row))
        .dump_to(out);
    return out.size() <= bytes_max;
  });
  if (out.size() > bytes_max) return too_long(*count);
  return file_response(out + "]}", "application/geo+json", opened.collection().name + ".geojson", *count);
}

}  // namespace qipan::face
