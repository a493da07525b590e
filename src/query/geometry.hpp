#pragma once

#include <memory>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

struct GEOSGeom_t;
struct GEOSPrepGeom_t;

namespace qipan::query {

/// Spatial functions of the standard: DE-9IM on plane degrees, by GEOS.
enum class Relation { contains, crosses, disjoint, equals, intersects, overlaps, touches, within };

struct Box {
  double west, south, east, north;
};

/// A geometry of GEOS. Used by one thread at a time.
class Geometry {
 public:
  /// GeoJSON; nothing where GEOS takes it for none, such as a ring without an area.
  [[nodiscard]] static std::shared_ptr<const Geometry> read(const Json& geojson);
  [[nodiscard]] static std::shared_ptr<const Geometry> point(double x, double y);
  /// West of which east lies goes over the 180th meridian.
  [[nodiscard]] static std::shared_ptr<const Geometry> box(const Box& bounds);

  explicit Geometry(GEOSGeom_t* geometry) : geometry_(geometry) {}
  Geometry(const Geometry&) = delete;
  Geometry& operator=(const Geometry&) = delete;
  ~Geometry();

  /// Whether this stands in that relation to `other`; nothing where GEOS cannot say, as for most relations of
  /// collections.
  [[nodiscard]] std::optional<bool> is(Relation relation, const Geometry& other) const;
  [[nodiscard]] bool is_collection() const;
  /// Lines without crossings of their own, polygons that are valid. Of a collection nothing is asked.
  [[nodiscard]] bool is_plain() const;
  [[nodiscard]] Box bounds() const;
  /// The next questions are about many others: what helps to answer them is made once.
  void prepare() const;
  /// Metres to the nearest point of `other` on a sphere, near enough within a district.
  [[nodiscard]] std::optional<double> metres_to(const Geometry& other) const;

 private:
  GEOSGeom_t* geometry_;
  mutable const GEOSPrepGeom_t* prepared_ = nullptr;
};

}  // namespace qipan::query
