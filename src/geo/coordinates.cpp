#include "geo/coordinates.hpp"

#include <cmath>
#include <numbers>

namespace qipan::geo {

namespace {

constexpr double pi = std::numbers::pi;
/// Krasovsky's ellipsoid of 1940.
constexpr double semi_major = 6'378'245.0;
constexpr double eccentricity_squared = 0.00669342162296594323;
constexpr double baidu_angle = pi * 3'000.0 / 180.0;
constexpr double baidu_east = 0.0065;
constexpr double baidu_north = 0.006;

bool is_shifted(Degrees place) {
  return place.longitude >= 72.004 && place.longitude <= 137.8347 && place.latitude >= 0.8293 &&
         place.latitude <= 55.8271;
}

double waves(double at, double first, double second, double third, double fourth) {
  return (first * std::sin(at * pi) + second * std::sin(at / 3.0 * pi)) * 2.0 / 3.0 +
         (third * std::sin(at / 12.0 * pi) + fourth * std::sin(at * pi / 30.0)) * 2.0 / 3.0;
}

/// How far GCJ-02 moves a place.
Degrees shift_at(Degrees place) {
  const double x = place.longitude - 105.0;
  const double y = place.latitude - 35.0;
  const double common = (20.0 * std::sin(6.0 * x * pi) + 20.0 * std::sin(2.0 * x * pi)) * 2.0 / 3.0;
  const double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x)) +
                       common + waves(y, 20.0, 40.0, 160.0, 320.0);
  const double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x)) +
                      common + waves(x, 20.0, 40.0, 150.0, 300.0);
  const double latitude = place.latitude / 180.0 * pi;
  const double sine = std::sin(latitude);
  const double magic = 1.0 - eccentricity_squared * sine * sine;
  const double root = std::sqrt(magic);
  return {east * 180.0 / (semi_major / root * std::cos(latitude) * pi),
          north * 180.0 / (semi_major * (1.0 - eccentricity_squared) / (magic * root) * pi)};
}

Degrees gcj_from_wgs(Degrees place) {
  if (!is_shifted(place)) return place;
  const Degrees shift = shift_at(place);
  return {place.longitude + shift.longitude, place.latitude + shift.latitude};
}

Degrees bd_from_gcj(Degrees place) {
  const double x = place.longitude;
  const double y = place.latitude;
  const double radius = std::sqrt(x * x + y * y) + 0.00002 * std::sin(y * baidu_angle);
  const double angle = std::atan2(y, x) + 0.000003 * std::cos(x * baidu_angle);
  return {radius * std::cos(angle) + baidu_east, radius * std::sin(angle) + baidu_north};
}

/// The place that a shift moves to this one, to a hundredth of a millimetre.
Degrees moved_back(Degrees place, Degrees (*shift)(Degrees)) {
  constexpr double enough = 1e-11;
  constexpr int rounds_max = 40;
  Degrees guess = place;
  for (int round = 0; round < rounds_max; ++round) {
    const Degrees shifted = shift(guess);
    const double east = shifted.longitude - place.longitude;
    const double north = shifted.latitude - place.latitude;
    guess.longitude -= east;
    guess.latitude -= north;
    if (std::abs(east) < enough && std::abs(north) < enough) break;
  }
  return guess;
}

Degrees wgs_from_gcj(Degrees place) {
  return is_shifted(place) ? moved_back(place, gcj_from_wgs) : place;
}

}  // namespace

std::optional<CoordinateSystem> coordinate_system_called(std::string_view name) {
  if (name == "wgs84") return CoordinateSystem::wgs84;
  if (name == "cgcs2000") return CoordinateSystem::cgcs2000;
  if (name == "gcj02") return CoordinateSystem::gcj02;
  if (name == "bd09") return CoordinateSystem::bd09;
  return std::nullopt;
}

Degrees to_wgs84(Degrees place, CoordinateSystem from) {
  if (from == CoordinateSystem::bd09) return wgs_from_gcj(moved_back(place, bd_from_gcj));
  return from == CoordinateSystem::gcj02 ? wgs_from_gcj(place) : place;
}

Degrees from_wgs84(Degrees place, CoordinateSystem to) {
  if (to == CoordinateSystem::bd09) return bd_from_gcj(gcj_from_wgs(place));
  return to == CoordinateSystem::gcj02 ? gcj_from_wgs(place) : place;
}

}  // namespace qipan::geo
