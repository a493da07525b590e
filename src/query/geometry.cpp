#include "query/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "geo/geos.hpp"

namespace qipan::query {

namespace {

using geo::geos;

std::shared_ptr<const Geometry> held(GEOSGeometry* geometry) {
  return geometry == nullptr ? nullptr : std::make_shared<const Geometry>(geometry);
}

std::optional<bool> told(char answer) {
  constexpr char failed = 2;
  return answer == failed ? std::nullopt : std::optional(answer == 1);
}

std::optional<bool> ask(Relation relation, const GEOSGeometry* left, const GEOSGeometry* right) {
  switch (relation) {
    case Relation::contains:
      return told(GEOSContains_r(geos(), left, right));
    case Relation::crosses:
      return told(GEOSCrosses_r(geos(), left, right));
    case Relation::disjoint:
      return told(GEOSDisjoint_r(geos(), left, right));
    case Relation::equals:
      return told(GEOSEquals_r(geos(), left, right));
    case Relation::intersects:
      return told(GEOSIntersects_r(geos(), left, right));
    case Relation::overlaps:
      return told(GEOSOverlaps_r(geos(), left, right));
    case Relation::touches:
      return told(GEOSTouches_r(geos(), left, right));
    case Relation::within:
      return told(GEOSWithin_r(geos(), left, right));
  }
  return std::nullopt;
}

std::optional<bool> ask_prepared(Relation relation, const GEOSPreparedGeometry* left,
                                 const GEOSGeometry* right) {
  switch (relation) {
    case Relation::contains:
      return told(GEOSPreparedContains_r(geos(), left, right));
    case Relation::crosses:
      return told(GEOSPreparedCrosses_r(geos(), left, right));
    case Relation::disjoint:
      return told(GEOSPreparedDisjoint_r(geos(), left, right));
    case Relation::intersects:
      return told(GEOSPreparedIntersects_r(geos(), left, right));
    case Relation::overlaps:
      return told(GEOSPreparedOverlaps_r(geos(), left, right));
    case Relation::touches:
      return told(GEOSPreparedTouches_r(geos(), left, right));
    case Relation::within:
      return told(GEOSPreparedWithin_r(geos(), left, right));
    case Relation::equals:
      break;
  }
  return std::nullopt;
}

/// Of collections GEOS can say only part by part whether anything meets.
std::optional<bool> any_part_meets(const GEOSGeometry* collection, const GEOSGeometry* other) {
  const int parts = GEOSGetNumGeometries_r(geos(), collection);
  for (int part = 0; part < parts; ++part) {
    const GEOSGeometry* one = GEOSGetGeometryN_r(geos(), collection, part);
    const auto meets = GEOSGeomTypeId_r(geos(), other) == GEOS_GEOMETRYCOLLECTION
                           ? any_part_meets(other, one)
                           : ask(Relation::intersects, one, other);
    if (!meets || *meets) return meets;
  }
  return false;
}

}  // namespace

Geometry::~Geometry() {
  if (prepared_ != nullptr) GEOSPreparedGeom_destroy_r(geos(), prepared_);
  GEOSGeom_destroy_r(geos(), geometry_);
}

std::shared_ptr<const Geometry> Geometry::read(const Json& geojson) {
  GEOSGeoJSONReader* reader = GEOSGeoJSONReader_create_r(geos());
  const std::string text = geojson.dump();
  auto geometry = held(GEOSGeoJSONReader_readGeometry_r(geos(), reader, text.c_str()));
  GEOSGeoJSONReader_destroy_r(geos(), reader);
  return geometry;
}

std::shared_ptr<const Geometry> Geometry::point(double x, double y) {
  return held(GEOSGeom_createPointFromXY_r(geos(), x, y));
}

std::shared_ptr<const Geometry> Geometry::box(const Box& bounds) {
  constexpr double end = 180;
  const auto part = [&](double west, double east) {
    return GEOSGeom_createRectangle_r(geos(), west, bounds.south, east, bounds.north);
  };
  if (bounds.west <= bounds.east) return held(part(bounds.west, bounds.east));
  GEOSGeometry* parts[] = {part(bounds.west, end), part(-end, bounds.east)};
  return held(GEOSGeom_createCollection_r(geos(), GEOS_MULTIPOLYGON, parts, 2));
}

bool Geometry::is_collection() const {
  return GEOSGeomTypeId_r(geos(), geometry_) == GEOS_GEOMETRYCOLLECTION;
}

bool Geometry::is_plain() const {
  if (is_collection()) return true;  // refused by who asks for a relation of it
  const bool areas = GEOSGeom_getDimensions_r(geos(), geometry_) == 2;
  return (areas ? GEOSisValid_r(geos(), geometry_) : GEOSisSimple_r(geos(), geometry_)) == 1;
}

std::optional<bool> Geometry::is(Relation relation, const Geometry& other) const {
  if (is_collection() || other.is_collection()) {
    const auto meets = is_collection() ? any_part_meets(geometry_, other.geometry_)
                                       : any_part_meets(other.geometry_, geometry_);
    if (relation == Relation::intersects) return meets;
    if (relation == Relation::disjoint && meets) return !*meets;
    return std::nullopt;
  }
  if (prepared_ != nullptr && relation != Relation::equals)
    return ask_prepared(relation, prepared_, other.geometry_);
  return ask(relation, geometry_, other.geometry_);
}

Box Geometry::bounds() const {
  Box box{};
  GEOSGeom_getXMin_r(geos(), geometry_, &box.west);
  GEOSGeom_getYMin_r(geos(), geometry_, &box.south);
  GEOSGeom_getXMax_r(geos(), geometry_, &box.east);
  GEOSGeom_getYMax_r(geos(), geometry_, &box.north);
  return box;
}

void Geometry::prepare() const {
  if (prepared_ == nullptr && !is_collection()) prepared_ = GEOSPrepare_r(geos(), geometry_);
}

std::optional<double> Geometry::metres_to(const Geometry& other) const {
  GEOSCoordSequence* nearest = GEOSNearestPoints_r(geos(), geometry_, other.geometry_);
  if (nearest == nullptr) return std::nullopt;
  double x[2];
  double y[2];
  for (unsigned at = 0; at < 2; ++at) GEOSCoordSeq_getXY_r(geos(), nearest, at, &x[at], &y[at]);
  GEOSCoordSeq_destroy_r(geos(), nearest);
  constexpr double earth_radius = 6'371'008.8;
  constexpr double radians = std::numbers::pi / 180;
  const double across = (x[1] - x[0]) * radians * std::cos((y[0] + y[1]) / 2 * radians);
  return earth_radius * std::hypot(across, (y[1] - y[0]) * radians);
}

}  // namespace qipan::query
