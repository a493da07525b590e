#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

// Tables as strangers send them, one row at a time: CSV, workbooks, features on a map.

namespace qipan::tables {

/// A row with what it is called in its file ("line 7", "row 7", "feature 7"), for who must mend it.
struct Row {
  std::int64_t number = 0;
  std::vector<std::string> cells;  // as many as the header has; empty for what is missing
  Json geometry;                   // GeoJSON of a feature
  std::optional<Problem> fault;    // what is wrong with it by itself; the next may be well
};

class Rows {
 public:
  virtual ~Rows() = default;
  /// Each column once.
  [[nodiscard]] virtual const std::vector<std::string>& header() const = 0;
  /// "line", "row" or "feature".
  [[nodiscard]] virtual std::string_view called() const = 0;
  /// What was made of the file besides: "GB18030" where it is none of UTF-8.
  [[nodiscard]] virtual std::string told() const { return {}; }
  /// False at the end. Refused where nothing behind can be read.
  [[nodiscard]] virtual Result<bool> next(Row& row) = 0;
};

/// By the name of the file: .csv, .xlsx, .geojson or .json. UTF-8 with or without a mark, else GB18030. Of a
/// workbook the first sheet that is shown, or the one called so; of text nothing is kept but the row.
[[nodiscard]] Result<std::unique_ptr<Rows>> open_rows(const std::string& path, const std::string& sheet = "");

/// The same of bytes that are there, of text: `path` is what they are called.
[[nodiscard]] Result<std::unique_ptr<Rows>> rows_of(const std::string& path, std::string bytes);

// Of one kind each.
[[nodiscard]] Result<std::unique_ptr<Rows>> open_csv(const std::string& path);
[[nodiscard]] Result<std::unique_ptr<Rows>> open_workbook(const std::string& path, const std::string& sheet);
[[nodiscard]] Result<std::unique_ptr<Rows>> open_features(const std::string& path);

}  // namespace qipan::tables
