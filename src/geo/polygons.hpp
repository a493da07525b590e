#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::geo {

/// WGS 84 / CGCS2000 in 1e-7 degrees: about a centimetre, exact in int32.
struct Point {
  std::int32_t x = 0;  // longitude
  std::int32_t y = 0;  // latitude
  bool operator==(const Point&) const = default;
};

/// Longitude and latitude in 1e-7 degrees; refused outside ±180 and ±90.
[[nodiscard]] Result<Point> make_point(std::int64_t x, std::int64_t y);
/// Decimal degrees as text ("113.1234567"), rounded to 1e-7 half away from zero.
[[nodiscard]] Result<std::int64_t> parse_degrees(std::string_view text, std::int64_t limit_degrees);

using Ring = std::vector<Point>;
/// Outer ring and holes; closed or not.
using Polygon = std::vector<Ring>;

/// [[x, y, x, y, …], …] in 1e-7 degrees, as facts and tables hold it.
[[nodiscard]] Result<Polygon> polygon_from_json(const Json& rings);
[[nodiscard]] Json polygon_to_json(const Polygon& polygon);

/// Whether the point lies inside by the even-odd rule, in integer arithmetic. Points on a left or lower edge
/// are in, on a right or upper edge out, so that of two polygons that share an edge just one has the point.
[[nodiscard]] bool contains(const Polygon& polygon, Point point);

/// Finds the polygon at a point among many: a uniform lattice of candidates over the common bounds.
class PolygonIndex {
 public:
  struct Entry {
    std::int64_t id = 0;
    Polygon polygon;
  };
  PolygonIndex() = default;
  explicit PolygonIndex(std::vector<Entry> entries);
  /// The id of the first polygon (in the order given) that has the point; 0 for none.
  [[nodiscard]] std::int64_t find(Point point) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  [[nodiscard]] std::size_t column(std::int64_t x) const;
  [[nodiscard]] std::size_t row(std::int64_t y) const;
  static constexpr std::size_t lattice = 128;
  std::vector<Entry> entries_;
  std::vector<std::vector<std::uint32_t>> cells_;
  std::int64_t left_ = 0;
  std::int64_t bottom_ = 0;
  std::int64_t width_ = 1;
  std::int64_t height_ = 1;
};

/// Metres between two points of one district: equirectangular, good to a thousandth over tens of kilometres.
/// Only for suggestions, never in a fold.
[[nodiscard]] double metres_between(Point left, Point right);

}  // namespace qipan::geo
