#include <xlsxwriter.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "face/app/case_json.hpp"
#include "face/app/collections.hpp"
#include "face/app/spool.hpp"
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

/// So many a sheet holds, without its head.
constexpr std::int64_t sheet_rows_max = 1'048'575;
constexpr std::int64_t rows_max = 5'000'000;
/// Before the server gives the answer up.
constexpr auto time_max = std::chrono::seconds(90);

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
  [[nodiscard]] std::vector<std::string> choices(const fields::Field& field) const {
    std::vector<std::string> words;
    for (const fields::Option& option : field.options)
      words.push_back(pick(option.value, option.title.zh, option.title.en));
    return words;
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

/// Writes each row that the question finds: all of them, or refused with their number. A request reads of one
/// moment, so the rows are as many as were counted.
Result<std::int64_t> write_rows(Reading& at, const query::Question& question, std::int64_t most,
                                const std::function<Result<void>(const query::Row& row)>& write) {
  const std::int64_t count = question.total(at.reader);
  const auto refused = [&](Problem problem) {
    problem.value = std::to_string(count) + " rows";
    return problem;
  };
  if (count > most)
    return refuse(refused({Problem::Kind::too_large, "export-too-large", "", "",
                           "at most " + std::to_string(most) + " rows in one file", "narrow the filter"}));
  const auto until = std::chrono::steady_clock::now() + time_max;
  Result<void> written;
  question.each(at.reader, std::nullopt, most, [&](const query::Row& row, const query::Cursor&) {
    written = write(row);
    if (written && std::chrono::steady_clock::now() > until)
      written = refuse({Problem::Kind::too_large, "export-too-large", "", "",
                        "a file that is written in " + std::to_string(time_max.count()) + " seconds",
                        "narrow the filter, or name the properties that you need"});
    return written.has_value();
  });
  if (!written) return refuse(refused(written.error()));
  return count;
}

Response file_response(std::shared_ptr<const BodyFile> file, const Opened& opened, const char* ending,
                       std::string type, std::int64_t rows) {
  Response response = Response::text(200, "", std::move(type));
  response.file = std::move(file);
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + opened.collection().name + "." + ending + "\"");
  response.headers.emplace_back("Qipan-Rows", std::to_string(rows));
  return response;
}

}  // namespace

Response csv_file(Reading& at, const Opened& opened, const query::Question& question) {
  const Cells cells(at);
  if (const auto known = cells.check(); !known) return problem_response(known.error());
  const auto file = at.app.spool().open();
  if (!file) return problem_response(file.error());
  std::string line = "\xEF\xBB\xBF" + cells.pick("id", "编号", "Number");
  for (const query::Property* property : question.properties())
    line += "," + pack::csv_cell(cells.head(*property));
  Result<void> written = (*file)->write(line + "\r\n");
  const auto count = write_rows(at, question, rows_max, [&](const query::Row& row) {
    line = std::to_string(row.id);
    for (std::size_t i = 0; i < row.values.size(); ++i)
      line += "," + pack::csv_cell(cells.cell(*question.properties()[i], row, row.values[i]));
    return (*file)->write(line + "\r\n");
  });
  if (!count) return problem_response(count.error());
  if (written) written = (*file)->ready();
  if (!written) return problem_response(written.error());
  return file_response(*file, opened, "csv", "text/csv; charset=utf-8", *count);
}

namespace {

/// A workbook that is written row by row into a file of the spool.
class Workbook {
 public:
  Workbook(const std::string& path, const std::string& folder, const std::string& sheet) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    std::string scratch = folder;  // where its sheet lies until it is packed
    options.tmpdir = scratch.data();
    book_ = workbook_new_opt(path.c_str(), &options);
    if (book_ == nullptr) return;
    sheet_ = workbook_add_worksheet(book_, sheet.c_str());
    if (sheet_ == nullptr) return;
    head_ = workbook_add_format(book_);
    format_set_bold(head_);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;
  ~Workbook() {
    if (book_ != nullptr) workbook_close(book_);
  }

  /// False where there was no file to be had for it.
  [[nodiscard]] bool is_open() const { return sheet_ != nullptr; }

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
  /// What a column's cells may be, to be chosen from; as many as a list of a cell takes.
  void choices(int column, std::int64_t rows, std::vector<std::string> words) {
    constexpr std::size_t list_max = 255;  // with a comma between each
    constexpr std::int64_t added_max = 500;
    std::size_t length = 0;
    std::vector<char*> list;
    for (std::string& word : words) {
      length += word.size() + 1;
      list.push_back(word.data());
    }
    if (words.empty() || length > list_max) return;
    list.push_back(nullptr);
    lxw_data_validation validation{};
    validation.validate = LXW_VALIDATION_TYPE_LIST;
    validation.value_list = list.data();
    worksheet_data_validation_range(sheet_, 1, place(column), static_cast<lxw_row_t>(rows + added_max),
                                    place(column), &validation);
  }
  /// The head stays in sight, and filters stand in it.
  void finish_sheet(std::int64_t rows, int columns) {
    worksheet_freeze_panes(sheet_, 1, 0);
    worksheet_autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(rows), place(columns - 1));
  }
  /// How many cells were longer than a workbook holds.
  [[nodiscard]] std::int64_t shortened_cells() const { return shortened_; }
  [[nodiscard]] Result<void> close() {
    const lxw_error failure = workbook_close(book_);
    book_ = nullptr;
    if (failure == LXW_NO_ERROR) return {};
    return refuse(Spool::unwritable(lxw_strerror(failure)));
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
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* head_ = nullptr;
  std::int64_t shortened_ = 0;
};

/// When an entry was changed last: what a row that comes back is held against.
constexpr std::string_view version_column = "changed";

/// Only entries can be changed by a file, and only with their version in it.
Result<void> check_edit(const Opened& opened, const query::Question& question) {
  const auto& properties = question.properties();
  const bool has = std::any_of(properties.begin(), properties.end(), [](const query::Property* property) {
    return property->field.name == version_column;
  });
  if (has && opened.collection().right.starts_with("register/")) return {};
  return invalid("edit-not-here", "edit", "true",
                 "entries of a register, with `changed` among the properties");
}

bool is_number(const query::Property& property) {
  const auto column = property.column();
  return column && column->kind == query::Kind::number;
}

}  // namespace

Response xlsx_file(Reading& at, const Opened& opened, const query::Question& question) {
  const Cells cells(at);
  if (const auto known = cells.check(); !known) return problem_response(known.error());
  const std::string_view said = at.request.parameter("edit");
  if (!said.empty() && said != "true" && said != "false")
    return problem_response(
        {Problem::Kind::invalid, "parameter-unreadable", "edit", std::string(said), "true or false", ""});
  const bool edit = said == "true";
  if (const auto fits = check_edit(opened, question); edit && !fits) return problem_response(fits.error());
  const auto file = at.app.spool().open();
  if (!file) return problem_response(file.error());
  Workbook book((*file)->path(), at.app.spool().folder(),
                opened.collection().name.substr(0, LXW_SHEETNAME_MAX));
  if (!book.is_open()) return problem_response(Spool::unwritable("no file for its sheet"));
  // A file that is edited comes back by what its rows were: the words are those that imports know.
  book.head(0, edit ? cells.pick("entry", "记录号", "Entry") : cells.pick("id", "编号", "Number"));
  int columns = 1;
  for (const query::Property* property : question.properties()) {
    const bool version = edit && property->field.name == version_column;
    book.head(columns++, version ? cells.pick("version", "记录版本", "Version") : cells.head(*property));
  }
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
  const auto count = write_rows(at, question, sheet_rows_max, [&](const query::Row& row) -> Result<void> {
    book.cell(++rows, 0, std::to_string(row.id), true);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      const query::Property& property = *question.properties()[i];
      const bool number = is_number(property) && row.values[i].is_number() &&
                          (row.sees || property.field.sensitivity != fields::Sensitivity::sensitive);
      const std::string text = edit && property.field.name == version_column && row.values[i].is_text()
                                   ? row.values[i].text()
                                   : cells.cell(property, row, row.values[i]);
      bytes += text.size();
      book.cell(rows, static_cast<int>(i) + 1, text, number);
    }
    if (bytes <= Spool::file_bytes_max) return {};
    return refuse(Spool::too_large());
  });
  if (!count) return problem_response(count.error());
  book.finish_sheet(rows, columns);
  for (std::size_t i = 0; edit && i < question.properties().size(); ++i) {
    const query::Property& property = *question.properties()[i];
    if (property.field.type->name() == "choice")
      book.choices(static_cast<int>(i) + 1, rows, cells.choices(property.field));
  }
  if (const auto closed = book.close(); !closed) return problem_response(closed.error());
  if (const auto ready = (*file)->ready(); !ready) return problem_response(ready.error());
  Response response = file_response(
      *file, opened, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", *count);
  if (book.shortened_cells() > 0)
    response.headers.emplace_back("Qipan-Shortened", std::to_string(book.shortened_cells()));
  return response;
}

Response geojson_file(Reading& at, const Opened& opened, const query::Question& question) {
  if (opened.collection().place == query::Collection::Place::none)
    return problem_response({Problem::Kind::invalid, "collection-not-located", "collection",
                             opened.collection().name, "a collection whose items lie somewhere", "take CSV"});
  const auto file = at.app.spool().open();
  if (!file) return problem_response(file.error());
  Result<void> written = (*file)->write(R"({"type":"FeatureCollection","features":[)");
  std::string feature;
  const auto count = write_rows(at, question, rows_max, [&](const query::Row& row) {
    feature = feature.empty() ? "" : ",";
    Json::object()
        .set("type", "Feature")
        .set("id", row.id)
        .set("geometry", row.geometry)
        .set("properties", shown_values(at, question, row))
        .dump_to(feature);
    return (*file)->write(feature);
  });
  if (!count) return problem_response(count.error());
  if (written) written = (*file)->write("]}");
  if (written) written = (*file)->ready();
  if (!written) return problem_response(written.error());
  return file_response(*file, opened, "geojson", "application/geo+json", *count);
}

}  // namespace qipan::face
