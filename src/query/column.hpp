#pragma once

#include <string>
#include <vector>

#include "base/database.hpp"
#include "fields/field.hpp"
#include "query/value.hpp"

namespace qipan::query {

/// Of what lies in a table as JSON: a substitute of what was redacted is no command, and may be longer.
inline constexpr JsonLimits stored_limits{
    .bytes_max = std::size_t{16} << 20U, .depth_max = 40, .values_max = 2'000'000};

enum class Kind { boolean, number, text, date, moment, period, geometry, list };
[[nodiscard]] std::string_view name_of(Kind kind);

/// Units by their codes and what lies under them, for filters that name some.
class UnitNames {
 public:
  virtual ~UnitNames() = default;
  /// Of 0 and of what there is not: empty.
  [[nodiscard]] virtual std::string code_of(std::int64_t unit) const = 0;
  /// 0 where there is none of that code.
  [[nodiscard]] virtual std::int64_t unit_of(std::string_view code) const = 0;
  [[nodiscard]] virtual bool is_under(std::int64_t unit, std::int64_t top) const = 0;
  /// The unit itself and all below.
  [[nodiscard]] virtual std::vector<std::int64_t> under(std::int64_t top) const = 0;
};

/// How a column's values lie in its table.
enum class Stored {
  truth,    // 0 or 1
  scaled,   // whole numbers of the last of `digits` digits
  text,     // as it is; a date as YYYY-MM-DD
  moment,   // microseconds since 1970
  told,     // a moment as text (RFC 3339)
  texts,    // a JSON list of texts
  unit,     // its number; what it is called by is its code
  point,    // two columns in 1e-7 degrees, `sql` east and `sql_north`
  place,    // [x, y] as JSON in 1e-7 degrees
  line,     // [[x, y], …]
  area,     // [[[x, y], …], …], rings closed or not
  rings,    // [[x, y, x, y, …], …]
  geojson,  // degrees
};

/// One column of a collection: what it is called, what a value of it is, and where it lies.
struct Column {
  std::string name;
  Kind kind = Kind::text;
  Stored stored = Stored::text;
  std::string sql;        // over the collection's row: a quoted name, or an expression
  std::string sql_north;  // of a point
  std::int64_t digits = 0;
  std::string null_as;   // what stands for nothing where the column has no null: "0" or "''"
  bool chinese = false;  // sorts by reading (base/pinyin.hpp)
  bool costly = false;   // asks another table for each row
  const UnitNames* units = nullptr;

  /// With nothing as null.
  [[nodiscard]] std::string value_sql() const {
    return null_as.empty() ? sql : "NULLIF(" + sql + "," + null_as + ")";
  }
};

/// The column that a field has, which lies where `sql` says as its type's column does; `in_json`: `sql` is a
/// JSON object that has it as a member, as facts do. Nothing for what no filter can ask: rows, files,
/// personal values.
[[nodiscard]] std::optional<Column> column_of(const fields::Field& field, std::string sql, bool in_json);

/// Whether lists sort it by pinyin_key_1() of it, and indexes for them are made so.
[[nodiscard]] bool sorts_by_reading(const fields::Field& field);

/// GeoJSON in degrees of a place, line, area or rings, as it lies in a table.
[[nodiscard]] Json geojson_of(Stored stored, const Json& json);

/// The value that lies in a row, by the arguments from `at` on; takes one, or two of a point.
[[nodiscard]] Value stored_value(const Column& column, const Arguments& arguments, int& at);

}  // namespace qipan::query
