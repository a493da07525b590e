#pragma once

#include <geos_c.h>

#include <memory>

namespace qipan::geo {

/// GEOS keeps what it needs by thread; what it has to say of bad geometries is nobody's to read.
[[nodiscard]] GEOSContextHandle_t geos();

struct GeosFree {
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(geos(), geometry); }
};
using GeosGeometry = std::unique_ptr<GEOSGeometry, GeosFree>;

}  // namespace qipan::geo
