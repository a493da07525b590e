#include "tables/rows.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "pack/csv.hpp"
#include "tables/text_pieces.hpp"

namespace qipan::tables {

namespace {

class CsvRows final : public Rows {
 public:
  CsvRows(std::string path, std::unique_ptr<TextPieces> pieces)
      : path_(std::move(path)),
        pieces_(std::move(pieces)),
        reader_([this](std::string& piece) { return pieces_->next(piece); }) {}

  Result<void> begin() {
    QIPAN_TRY(any, read());
    if (!any) record_.cells = {""};
    header_ = std::move(record_.cells);
    return pack::check_csv_header(path_, header_);
  }
  [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }
  [[nodiscard]] std::string_view called() const override { return "line"; }
  [[nodiscard]] std::string told() const override { return pieces_->is_gb18030() ? "GB18030" : ""; }

  Result<bool> next(Row& row) override {
    for (;;) {
      QIPAN_TRY(more, read());
      if (!more) return false;
      if (record_.cells.size() != 1 || !record_.cells[0].empty() || header_.size() == 1) break;
    }
    row.number = record_.line;
    row.geometry = Json();
    row.cells = std::move(record_.cells);
    for (std::string& cell : row.cells) cell = std::string(pack::unmarked_cell(cell));
    row.fault.reset();
    if (row.cells.size() > header_.size())
      row.fault = Problem{Problem::Kind::invalid,
                          "row-too-long",
                          "",
                          "",
                          "at most " + std::to_string(header_.size()) + " cells, as the header has",
                          "quote cells that have commas"};
    row.cells.resize(header_.size());
    return true;
  }

 private:
  Result<bool> read() {
    auto more = reader_.next(record_);
    if (!more) more.error().field = path_ + " " + more.error().field;
    return more;
  }

  std::string path_;
  std::unique_ptr<TextPieces> pieces_;
  pack::CsvReader reader_;
  pack::CsvRow record_;
  std::vector<std::string> header_;
};

/// A document is read whole: places make it large, and its end may say that it is none.
class FeatureRows final : public Rows {
 public:
  static constexpr JsonLimits limits = {.bytes_max = std::size_t{256} << 20U, .values_max = 20'000'000};

  FeatureRows(Json document, std::vector<std::string> header)
      : document_(std::move(document)), header_(std::move(header)) {}
  [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }
  [[nodiscard]] std::string_view called() const override { return "feature"; }

  Result<bool> next(Row& row) override {
    const auto& features = document_["features"].items();
    if (at_ == features.size()) return false;
    const Json& feature = features[at_++];
    row.number = static_cast<std::int64_t>(at_);
    row.geometry = feature["geometry"];
    row.cells.clear();
    row.fault.reset();
    for (const std::string& name : header_) {
      const Json& value = feature["properties"][name];
      row.cells.push_back(value.is_null() ? "" : value.is_text() ? value.text() : value.dump());
    }
    return true;
  }

 private:
  Json document_;
  std::vector<std::string> header_;
  std::size_t at_ = 0;
};

}  // namespace

namespace {

Result<std::unique_ptr<Rows>> csv_rows(const std::string& path, Result<std::unique_ptr<TextPieces>> pieces) {
  if (!pieces) return refuse(std::move(pieces).error());
  auto rows = std::make_unique<CsvRows>(path, std::move(*pieces));
  QIPAN_CHECK(rows->begin());
  return std::unique_ptr<Rows>(std::move(rows));
}

Result<std::unique_ptr<Rows>> feature_rows(const std::string& path, std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  auto document = parse_json(bytes, FeatureRows::limits);
  if (!document) {
    document.error().field = path;
    return refuse(document.error());
  }
  if (document->text_or("type", "") != "FeatureCollection" || !(*document)["features"].is_array())
    return invalid("geojson-type", path, document->text_or("type", ""), "a FeatureCollection (RFC 7946)", "");
  std::vector<std::string> header;
  for (const Json& feature : (*document)["features"].items()) {
    if (!feature["properties"].is_object()) continue;
    for (const auto& [name, value] : feature["properties"].members()) {
      if (std::find(header.begin(), header.end(), name) != header.end()) continue;
      header.push_back(name);
      if (header.size() > pack::Csv::columns_max)
        return invalid("geojson-properties", path, name, "at most 500 names of properties", "");
    }
  }
  return std::unique_ptr<Rows>(std::make_unique<FeatureRows>(std::move(*document), std::move(header)));
}

bool is_geojson(const std::string& path) {
  const std::string name = lower_case(path);
  return name.ends_with(".geojson") || name.ends_with(".json");
}

}  // namespace

Result<std::unique_ptr<Rows>> open_csv(const std::string& path) {
  return csv_rows(path, TextPieces::open(path));
}

Result<std::unique_ptr<Rows>> open_features(const std::string& path) {
  QIPAN_TRY(bytes, read_file(path, FeatureRows::limits.bytes_max));
  return feature_rows(path, bytes);
}

Result<std::unique_ptr<Rows>> rows_of(const std::string& path, std::string bytes) {
  return is_geojson(path) ? feature_rows(path, bytes)
                          : csv_rows(path, TextPieces::of(path, std::move(bytes)));
}

Result<std::unique_ptr<Rows>> open_rows(const std::string& path, const std::string& sheet) {
  const std::string name = lower_case(path);
  if (name.ends_with(".csv")) return open_csv(path);
  if (name.ends_with(".xlsx")) return open_workbook(path, sheet);
  if (is_geojson(path)) return open_features(path);
  return invalid("file-kind", path, "", "a file whose name ends in .csv, .xlsx, .geojson or .json",
                 "save it as one of these");
}

}  // namespace qipan::tables
