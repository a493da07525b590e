// Coordinate systems against figures of other programs, and back again.
#include "geo/coordinates.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>

#include "base/file.hpp"
#include "pack/csv.hpp"

using namespace qipan;
using geo::CoordinateSystem;
using geo::Degrees;

namespace {

void expect_near(Degrees got, double longitude, double latitude, double by, const std::string& what) {
  EXPECT_NEAR(got.longitude, longitude, by) << what;
  EXPECT_NEAR(got.latitude, latitude, by) << what;
}

}  // namespace

TEST(Coordinates, AreMovedAsOthersMoveThem) {
  const Degrees square{116.404, 39.915};
  expect_near(geo::from_wgs84(square, CoordinateSystem::gcj02), 116.41024449916938, 39.91640428150164, 1e-12,
              "GCJ-02");
  expect_near(geo::from_wgs84(square, CoordinateSystem::bd09), 116.41662724378733, 39.922699552216216, 1e-12,
              "BD-09");
  // Tokyo is where it is.
  expect_near(geo::from_wgs84({139.69, 35.69}, CoordinateSystem::gcj02), 139.69, 35.69, 0, "outside");
  expect_near(geo::to_wgs84(square, CoordinateSystem::cgcs2000), 116.404, 39.915, 0, "CGCS2000");
  EXPECT_FALSE(geo::coordinate_system_called("GCJ02").has_value());
  EXPECT_EQ(geo::coordinate_system_called("bd09"), CoordinateSystem::bd09);
}

RC_GTEST_PROP(CoordinatesProperty, ComeBackToACentimetre, ()) {
  const Degrees place{80.0 + *rc::gen::inRange(0, 500'000) / 1e4, 5.0 + *rc::gen::inRange(0, 480'000) / 1e4};
  for (const CoordinateSystem system : {CoordinateSystem::gcj02, CoordinateSystem::bd09}) {
    const Degrees back = geo::to_wgs84(geo::from_wgs84(place, system), system);
    RC_ASSERT(std::abs(back.longitude - place.longitude) < 1e-9);
    RC_ASSERT(std::abs(back.latitude - place.latitude) < 1e-9);
  }
}

// Where they lie beside the project: figures of gcoord and of the formulas as they are passed on.
TEST(Coordinates, Vectors) {
  const char* shared = std::getenv("QIPAN_SHARED");
  const auto bytes = shared == nullptr
                         ? Result<std::string>(refuse({}))
                         : read_file(std::string(shared) + "/vectors/identifiers/coord_vectors.csv");
  if (!bytes) GTEST_SKIP() << "no vectors beside the project";
  const auto csv = pack::Csv::parse("coord_vectors.csv", *bytes);
  ASSERT_TRUE(csv);
  int held = 0;
  for (const auto& row : csv->rows()) {
    const auto number = [&](const char* column) {
      return std::strtod(std::string(csv->cell(row, column)).c_str(), nullptr);
    };
    const Degrees place{number("lon"), number("lat")};
    const std::string name(csv->cell(row, "name"));
    expect_near(geo::from_wgs84(place, CoordinateSystem::gcj02), number("wgs2gcj_lon"), number("wgs2gcj_lat"),
                1e-11, name);
    expect_near(geo::from_wgs84(place, CoordinateSystem::bd09), number("gcoord_wgs2bd_lon"),
                number("gcoord_wgs2bd_lat"), 1e-11, name);
    // gcoord stops a little earlier.
    expect_near(geo::to_wgs84(place, CoordinateSystem::gcj02), number("gcoord_gcj2wgs_lon"),
                number("gcoord_gcj2wgs_lat"), 1e-6, name);
    ++held;
  }
  std::cout << "coordinate vectors: " << held << " places held\n";
  EXPECT_GE(held, 7);
}
