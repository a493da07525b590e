#include "geo/vector_tiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <protozero/pbf_builder.hpp>

namespace qipan::geo {

namespace {

constexpr double tile_extent = 4096;
constexpr double margin = 64;    // of these, around a tile: lines go on beyond its edge
constexpr double smallest = 24;  // three dots of a tile of 512

double mercator_x(double longitude) {
  return (longitude + 180) / 360;
}
double mercator_y(double latitude) {
  const double sine = std::sin(latitude * std::numbers::pi / 180);
  return 0.5 - std::log((1 + sine) / (1 - sine)) / (4 * std::numbers::pi);
}

int to_mercator(double* x, double* y, void*) {
  *x = mercator_x(*x);
  *y = mercator_y(*y);
  return 1;
}

enum class Tag : protozero::pbf_tag_type { layers = 3 };
enum class LayerTag : protozero::pbf_tag_type {
  name = 1,
  features = 2,
  keys = 3,
  values = 4,
  extent = 5,
  version = 15
};
enum class FeatureTag : protozero::pbf_tag_type { tags = 2, type = 3, geometry = 4 };
enum class ValueTag : protozero::pbf_tag_type { text = 1, number = 3, integer = 6, truth = 7 };

/// A feature's commands (clause 4.3): moves, lines and ends of rings, each from where the last one was.
class Commands {
 public:
  Commands(double left, double top, double size) : left_(left), top_(top), size_(size) {}

  /// Points, lines or rings of a geometry, of several its parts.
  void add(const GEOSGeometry* geometry) {
    const int type = GEOSGeomTypeId_r(geos(), geometry);
    if (type == GEOS_POINT) {
      add_line(geometry, 1, false);
    } else if (type == GEOS_LINESTRING) {
      add_line(geometry, 2, false);
    } else if (type == GEOS_POLYGON) {
      add_ring(GEOSGetExteriorRing_r(geos(), geometry), true);
      const int holes = GEOSGetNumInteriorRings_r(geos(), geometry);
      for (int hole = 0; hole < holes; ++hole)
        add_ring(GEOSGetInteriorRingN_r(geos(), geometry, hole), false);
    } else {
      const int parts = GEOSGetNumGeometries_r(geos(), geometry);
      for (int part = 0; part < parts; ++part) add(GEOSGetGeometryN_r(geos(), geometry, part));
    }
  }
  [[nodiscard]] const std::vector<std::uint32_t>& numbers() const { return numbers_; }

 private:
  struct Spot {
    std::int64_t x, y;
    bool operator==(const Spot&) const = default;
  };

  [[nodiscard]] std::vector<Spot> spots_of(const GEOSGeometry* line) const {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos(), line);
    unsigned count = 0;
    std::vector<Spot> spots;
    if (sequence == nullptr || GEOSCoordSeq_getSize_r(geos(), sequence, &count) == 0) return spots;
    for (unsigned i = 0; i < count; ++i) {
      double x = 0;
      double y = 0;
      GEOSCoordSeq_getXY_r(geos(), sequence, i, &x, &y);
      const Spot spot{std::llround((x - left_) / size_ * tile_extent),
                      std::llround((y - top_) / size_ * tile_extent)};
      if (spots.empty() || spots.back() != spot) spots.push_back(spot);
    }
    return spots;
  }
  void add_line(const GEOSGeometry* line, std::size_t least, bool closes) {
    const std::vector<Spot> spots = spots_of(line);
    if (spots.size() >= least) write(spots, closes);
  }
  /// Outer rings turn as a clock does on the screen, inner ones against it.
  void add_ring(const GEOSGeometry* ring, bool outer) {
    std::vector<Spot> spots = spots_of(ring);
    if (spots.size() > 1 && spots.front() == spots.back()) spots.pop_back();
    if (spots.size() < 3) return;
    std::int64_t twice_area = 0;
    for (std::size_t i = 0; i < spots.size(); ++i) {
      const Spot& to = spots[(i + 1) % spots.size()];
      twice_area += spots[i].x * to.y - to.x * spots[i].y;
    }
    if (twice_area == 0) return;
    if ((twice_area > 0) != outer) std::reverse(spots.begin(), spots.end());
    write(spots, true);
  }
  void write(const std::vector<Spot>& spots, bool closes) {
    constexpr std::uint32_t move = 1;
    constexpr std::uint32_t line = 2;
    constexpr std::uint32_t end = 7;
    numbers_.push_back(move | (1U << 3U));
    go(spots.front());
    if (spots.size() > 1) numbers_.push_back(line | (static_cast<std::uint32_t>(spots.size() - 1) << 3U));
    for (std::size_t i = 1; i < spots.size(); ++i) go(spots[i]);
    if (closes) numbers_.push_back(end | (1U << 3U));
  }
  void go(const Spot& to) {
    numbers_.push_back(protozero::encode_zigzag32(static_cast<std::int32_t>(to.x - at_.x)));
    numbers_.push_back(protozero::encode_zigzag32(static_cast<std::int32_t>(to.y - at_.y)));
    at_ = to;
  }

  double left_, top_, size_;
  Spot at_{0, 0};
  std::vector<std::uint32_t> numbers_;
};

/// One layer on its way into a tile: each name and each value stands in it once.
class Layer {
 public:
  explicit Layer(const std::string& name) : writer_(bytes_) {
    writer_.add_uint32(LayerTag::version, 2);
    writer_.add_string(LayerTag::name, name);
  }
  void add(const Json& properties, std::uint32_t type, const std::vector<std::uint32_t>& geometry) {
    std::vector<std::uint32_t> tags;
    for (const auto& [name, value] : properties.members()) {
      tags.push_back(place_of(keys_, name));
      tags.push_back(place_of(values_, value_bytes(value)));
    }
    protozero::pbf_builder<FeatureTag> feature(writer_, LayerTag::features);
    feature.add_packed_uint32(FeatureTag::tags, tags.begin(), tags.end());
    feature.add_enum(FeatureTag::type, static_cast<std::int32_t>(type));
    feature.add_packed_uint32(FeatureTag::geometry, geometry.begin(), geometry.end());
  }
  [[nodiscard]] const std::string& finish() {
    for (const std::string* key : in_order(keys_)) writer_.add_string(LayerTag::keys, *key);
    for (const std::string* value : in_order(values_)) writer_.add_message(LayerTag::values, *value);
    writer_.add_uint32(LayerTag::extent, static_cast<std::uint32_t>(tile_extent));
    return bytes_;
  }

 private:
  using Places = std::map<std::string, std::uint32_t, std::less<>>;
  static std::uint32_t place_of(Places& places, const std::string& what) {
    return places.try_emplace(what, static_cast<std::uint32_t>(places.size())).first->second;
  }
  static std::vector<const std::string*> in_order(const Places& places) {
    std::vector<const std::string*> order(places.size());
    for (const auto& [what, place] : places) order[place] = &what;
    return order;
  }
  static std::string value_bytes(const Json& value) {
    std::string bytes;
    protozero::pbf_builder<ValueTag> writer(bytes);
    if (value.is_text()) {
      writer.add_string(ValueTag::text, value.text());
    } else if (value.is_bool()) {
      writer.add_bool(ValueTag::truth, value.boolean());
    } else if (value.is_integer()) {
      writer.add_sint64(ValueTag::integer, value.integer());
    } else {
      writer.add_double(ValueTag::number, std::strtod(value.number_text().c_str(), nullptr));
    }
    return bytes;
  }

  std::string bytes_;
  protozero::pbf_builder<LayerTag> writer_;
  Places keys_;
  Places values_;
};

}  // namespace

namespace {

/// Points 1, lines 2, areas 3; mixed collections none.
std::uint32_t type_of(const GEOSGeometry* geometry) {
  switch (GEOSGeomTypeId_r(geos(), geometry)) {
    case GEOS_POINT:
    case GEOS_MULTIPOINT:
      return 1;
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
    case GEOS_MULTILINESTRING:
      return 2;
    case GEOS_POLYGON:
    case GEOS_MULTIPOLYGON:
      return 3;
    default:
      return 0;
  }
}

GeosGeometry read_geometry(const std::string& geojson) {
  GEOSGeoJSONReader* reader = GEOSGeoJSONReader_create_r(geos());
  GeosGeometry geometry(GEOSGeoJSONReader_readGeometry_r(geos(), reader, geojson.c_str()));
  GEOSGeoJSONReader_destroy_r(geos(), reader);
  return geometry;
}

Problem unreadable(std::size_t number, std::string member, std::string rule) {
  return {Problem::Kind::invalid,
          "picture-unreadable",
          "features/" + std::to_string(number) + "/" + member,
          "",
          std::move(rule),
          "mend this feature, or leave it out"};
}

}  // namespace

Result<void> VectorTiles::add(const Json& json, std::size_t number) {
  constexpr double latitude_max = 85.05;
  const Json& properties = json["properties"];
  Feature feature;
  feature.layer = properties.is_object() ? properties.text_or("kind", "") : "";
  if (json.text_or("type", "") != "Feature" || feature.layer.empty() || feature.layer.size() > 40)
    return refuse(unreadable(number, "properties/kind", "a Feature with its kind, a short text"));
  feature.properties = Json::object();
  for (const auto& [name, value] : properties.members()) {
    if (name == "kind" || value.is_null()) continue;
    if (!value.is_text() && !value.is_number() && !value.is_bool())
      return refuse(unreadable(number, "properties/" + shortened(name), "a text, a number, true or false"));
    feature.properties.set(name, value);
  }
  const GeosGeometry given = read_geometry(json["geometry"].dump());
  if (!given || type_of(given.get()) == 0 || GEOSisEmpty_r(geos(), given.get()) != 0)
    return refuse(unreadable(number, "geometry", "points, lines or areas (RFC 7946)"));
  Bounds own;
  GEOSGeom_getXMin_r(geos(), given.get(), &own.west);
  GEOSGeom_getYMin_r(geos(), given.get(), &own.south);
  GEOSGeom_getXMax_r(geos(), given.get(), &own.east);
  GEOSGeom_getYMax_r(geos(), given.get(), &own.north);
  if (!(own.west >= -180 && own.east <= 180 && own.south >= -latitude_max && own.north <= latitude_max))
    return refuse(unreadable(number, "geometry", "longitudes within 180 and latitudes within 85 degrees"));
  feature.geometry.reset(GEOSGeom_transformXY_r(geos(), given.get(), to_mercator, nullptr));
  // Asked here: GEOS remembers bounds when it is first asked, and tiles are made on many threads.
  GEOSGeom_getXMin_r(geos(), feature.geometry.get(), &feature.left);
  GEOSGeom_getXMax_r(geos(), feature.geometry.get(), &feature.right);
  GEOSGeom_getYMin_r(geos(), feature.geometry.get(), &feature.top);
  GEOSGeom_getYMax_r(geos(), feature.geometry.get(), &feature.bottom);
  bounds_ = features_.empty() ? own
                              : Bounds{std::min(bounds_.west, own.west), std::min(bounds_.south, own.south),
                                       std::max(bounds_.east, own.east), std::max(bounds_.north, own.north)};
  features_.push_back(std::move(feature));
  return {};
}

Result<VectorTiles> VectorTiles::read(std::string_view text) {
  VectorTiles tiles;
  const auto add_all = [&](const Json& json) -> Result<void> {
    const bool many = json["features"].is_array();
    const std::vector<Json> one = many ? std::vector<Json>() : std::vector<Json>{json};
    for (const Json& feature : many ? json["features"].items() : one) {
      if (tiles.size() >= features_max)
        return refuse(unreadable(tiles.size(), "", "at most 200,000 features in one picture"));
      QIPAN_CHECK(tiles.add(feature, tiles.size()));
    }
    return {};
  };
  // All of it one collection, however it is broken into lines, or one feature a line.
  const auto first = parse_json(text.substr(0, text.find('\n')));
  if (!first) {
    QIPAN_TRY(whole, parse_json(text, {.bytes_max = bytes_max, .depth_max = 16, .values_max = 20'000'000}));
    QIPAN_CHECK(add_all(whole));
    text = {};
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto json = parse_json(line);
    if (!json) return refuse(unreadable(tiles.size(), "", json.error().rule));
    QIPAN_CHECK(add_all(*json));
  }
  // Layer by layer, each in the order of the file.
  std::stable_sort(tiles.features_.begin(), tiles.features_.end(),
                   [](const Feature& a, const Feature& b) { return a.layer < b.layer; });
  return tiles;
}

std::string VectorTiles::tile(int z, int x, int y) const {
  const double size = std::ldexp(1.0, -z);
  const double left = x * size;
  const double top = y * size;
  const double around = size * margin / tile_extent;
  const double dot = size * smallest / tile_extent;
  std::string bytes;
  protozero::pbf_builder<Tag> writer(bytes);
  for (auto at = features_.begin(); at != features_.end();) {
    const std::string& name = at->layer;
    Layer layer(name);
    bool any = false;
    for (; at != features_.end() && at->layer == name; ++at) {
      if (at->right < left - around || at->left > left + size + around || at->bottom < top - around ||
          at->top > top + size + around)
        continue;
      const std::uint32_t type = type_of(at->geometry.get());
      if (type != 1 && std::max(at->right - at->left, at->bottom - at->top) < dot) continue;
      const GeosGeometry clipped(GEOSClipByRect_r(geos(), at->geometry.get(), left - around, top - around,
                                                  left + size + around, top + size + around));
      if (!clipped || GEOSisEmpty_r(geos(), clipped.get()) != 0) continue;
      const GeosGeometry simple(type == 1 ? nullptr
                                          : GEOSTopologyPreserveSimplify_r(geos(), clipped.get(), dot / 8));
      Commands commands(left, top, size);
      commands.add(simple ? simple.get() : clipped.get());
      if (commands.numbers().empty()) continue;
      layer.add(at->properties, type, commands.numbers());
      any = true;
    }
    if (any) writer.add_message(Tag::layers, layer.finish());
  }
  return bytes;
}

}  // namespace qipan::geo
