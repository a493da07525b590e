#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "geo/geos.hpp"

namespace qipan::geo {

/// A picture of a district, read once and given out piece by piece (Mapbox Vector Tile 2.1, Web Mercator).
/// Only looked at: nothing is decided by it, so it may reckon in floating point.
class VectorTiles {
 public:
  static constexpr int zoom_max = 16;  // beyond it pages draw these larger
  static constexpr std::size_t bytes_max = 64U * 1024U * 1024U;
  static constexpr std::size_t features_max = 200'000;

  struct Bounds {
    double west = 0, south = 0, east = 0, north = 0;  // degrees
  };

  VectorTiles() = default;
  /// GeoJSON (RFC 7946): a FeatureCollection, or one Feature a line. The property `kind` names a feature's
  /// layer; texts, numbers and truths are told, other properties refused. Refused with the feature's place.
  [[nodiscard]] static Result<VectorTiles> read(std::string_view text);

  [[nodiscard]] bool empty() const { return features_.empty(); }
  [[nodiscard]] std::size_t size() const { return features_.size(); }
  [[nodiscard]] const Bounds& bounds() const { return bounds_; }
  /// What lies in a tile, with a margin; without what would be smaller than three dots there. Empty where
  /// nothing is. Any thread.
  [[nodiscard]] std::string tile(int z, int x, int y) const;

 private:
  struct Feature {
    std::string layer;
    Json properties;
    GeosGeometry geometry;  // in Web Mercator, the world from 0 to 1, from the north-west
    double left = 0, top = 0, right = 0, bottom = 0;
  };
  [[nodiscard]] Result<void> add(const Json& feature, std::size_t number);

  std::vector<Feature> features_;
  Bounds bounds_;
};

}  // namespace qipan::geo
