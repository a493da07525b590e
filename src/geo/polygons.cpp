#include "geo/polygons.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qipan::geo {

namespace {

constexpr std::int64_t units_per_degree = 10'000'000;
constexpr std::size_t points_max = 200'000;

struct Bounds {
  std::int64_t left = INT64_MAX;
  std::int64_t bottom = INT64_MAX;
  std::int64_t right = INT64_MIN;
  std::int64_t top = INT64_MIN;
};

void extend(Bounds& bounds, const Polygon& polygon) {
  for (const Ring& ring : polygon) {
    for (const Point& point : ring) {
      bounds.left = std::min<std::int64_t>(bounds.left, point.x);
      bounds.right = std::max<std::int64_t>(bounds.right, point.x);
      bounds.bottom = std::min<std::int64_t>(bounds.bottom, point.y);
      bounds.top = std::max<std::int64_t>(bounds.top, point.y);
    }
  }
}

/// Toggles `inside` for each edge of the ring that a ray to the right crosses. Differences fit 33 bits,
/// products 66, so one side is compared in long double's place by splitting the sign first: both products are
/// of int64 differences below 2^33 and 2^31, which fit.
bool crosses(const Ring& ring, Point point) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    const Point& a = ring[i];
    const Point& b = ring[j];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    const std::int64_t dy = std::int64_t{b.y} - a.y;
    const std::int64_t left = (std::int64_t{point.x} - a.x) * dy;
    const std::int64_t right = (std::int64_t{b.x} - a.x) * (std::int64_t{point.y} - a.y);
    if (dy > 0 ? left < right : left > right) inside = !inside;
  }
  return inside;
}

}  // namespace

Result<Point> make_point(std::int64_t x, std::int64_t y) {
  if (x < -180 * units_per_degree || x > 180 * units_per_degree) {
    return invalid("longitude-outside", "x", std::to_string(x), "a longitude within ±180° in 1e-7 degrees");
  }
  if (y < -90 * units_per_degree || y > 90 * units_per_degree) {
    return invalid("latitude-outside", "y", std::to_string(y), "a latitude within ±90° in 1e-7 degrees");
  }
  return Point{static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)};
}

/// 1.131e2 as 113.1; empty where the exponent is none.
static std::string without_exponent(std::string_view text) {
  const auto at = text.find_first_of("eE");
  int exponent = 0;
  std::string_view digits = text.substr(at + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (code != std::errc() || stop != digits.data() + digits.size() || exponent > 20 || exponent < -20)
    return {};
  std::string mantissa(text.substr(0, at));
  std::string sign;
  if (mantissa.starts_with('-') || mantissa.starts_with('+')) {
    sign = mantissa.substr(0, 1);
    mantissa.erase(0, 1);
  }
  const auto dot = mantissa.find('.');
  std::string whole = mantissa.substr(0, dot);
  std::string fraction = dot == std::string::npos ? "" : mantissa.substr(dot + 1);
  for (; exponent > 0; --exponent) {
    whole += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  for (; exponent < 0; ++exponent) {
    fraction.insert(fraction.begin(), whole.empty() ? '0' : whole.back());
    if (!whole.empty()) whole.pop_back();
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  return sign + (whole.empty() ? "0" : whole) + "." + fraction;
}

Result<std::int64_t> parse_degrees(std::string_view text, std::int64_t limit_degrees) {
  const auto refused = [&] {
    return invalid("degrees-unreadable", "", text,
                   "decimal degrees within ±" + std::to_string(limit_degrees));
  };
  std::string_view rest = text;
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
  while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\t')) rest.remove_suffix(1);
  std::string plain;
  if (rest.find_first_of("eE") != std::string_view::npos) {
    plain = without_exponent(rest);
    rest = plain;
  }
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  const auto dot = rest.find('.');
  std::string digits(rest.substr(0, dot));
  std::string fraction = dot == std::string_view::npos ? "" : std::string(rest.substr(dot + 1));
  if (digits.empty() || digits.size() > 3 || fraction.size() > 30) return refused();
  fraction.resize(std::max<std::size_t>(fraction.size(), 8), '0');
  const std::string all = digits + fraction;
  if (!std::all_of(all.begin(), all.end(), [](char c) { return c >= '0' && c <= '9'; })) return refused();
  std::int64_t value = 0;
  for (const char c : digits + fraction.substr(0, 7)) value = value * 10 + (c - '0');
  if (fraction[7] >= '5') ++value;
  if (value > limit_degrees * units_per_degree) return refused();
  return negative ? -value : value;
}

Result<Polygon> polygon_from_json(const Json& rings) {
  const auto refused = [] {
    return invalid("polygon-unreadable", "geometry", "",
                   "rings of at least three points as [x, y, …] in 1e-7 degrees");
  };
  if (!rings.is_array() || rings.items().empty()) return refused();
  Polygon polygon;
  std::size_t points = 0;
  for (const Json& ring : rings.items()) {
    if (!ring.is_array() || ring.items().size() % 2 != 0 || ring.items().size() < 6) return refused();
    Ring converted;
    for (std::size_t i = 0; i + 1 < ring.items().size(); i += 2) {
      if (!ring.items()[i].is_integer() || !ring.items()[i + 1].is_integer() || ++points > points_max)
        return refused();
      QIPAN_TRY(point, make_point(ring.items()[i].integer(), ring.items()[i + 1].integer()));
      converted.push_back(point);
    }
    polygon.push_back(std::move(converted));
  }
  return polygon;
}

Json polygon_to_json(const Polygon& polygon) {
  Json rings = Json::array();
  for (const Ring& ring : polygon) {
    Json flat = Json::array();
    for (const Point& point : ring) {
      flat.push(std::int64_t{point.x});
      flat.push(std::int64_t{point.y});
    }
    rings.push(std::move(flat));
  }
  return rings;
}

bool contains(const Polygon& polygon, Point point) {
  bool inside = false;
  for (const Ring& ring : polygon) inside ^= !ring.empty() && crosses(ring, point);
  return inside;
}

PolygonIndex::PolygonIndex(std::vector<Entry> entries) : entries_(std::move(entries)) {
  if (entries_.empty()) return;
  Bounds all;
  for (const Entry& entry : entries_) extend(all, entry.polygon);
  left_ = all.left;
  bottom_ = all.bottom;
  width_ = std::max<std::int64_t>(1, all.right - all.left);
  height_ = std::max<std::int64_t>(1, all.top - all.bottom);
  cells_.resize(lattice * lattice);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    Bounds own;
    extend(own, entries_[i].polygon);
    for (std::size_t r = row(own.bottom); r <= row(own.top); ++r) {
      for (std::size_t c = column(own.left); c <= column(own.right); ++c)
        cells_[r * lattice + c].push_back(i);
    }
  }
}

std::size_t PolygonIndex::column(std::int64_t x) const {
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>((x - left_) * static_cast<std::int64_t>(lattice) / width_, 0, lattice - 1));
}

std::size_t PolygonIndex::row(std::int64_t y) const {
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>((y - bottom_) * static_cast<std::int64_t>(lattice) / height_, 0, lattice - 1));
}

std::int64_t PolygonIndex::find(Point point) const {
  if (entries_.empty()) return 0;
  for (const std::uint32_t i : cells_[row(point.y) * lattice + column(point.x)]) {
    if (contains(entries_[i].polygon, point)) return entries_[i].id;
  }
  return 0;
}

double metres_between(Point left, Point right) {
  constexpr double metres_per_unit = 6'371'008.8 * 3.14159265358979323846 / 180.0 / 1e7;
  const double middle = (static_cast<double>(left.y) + right.y) / 2.0 / 1e7 * 3.14159265358979323846 / 180.0;
  const double dx = (static_cast<double>(right.x) - left.x) * std::cos(middle);
  const double dy = static_cast<double>(right.y) - left.y;
  return std::sqrt(dx * dx + dy * dy) * metres_per_unit;
}

}  // namespace qipan::geo
