#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/polygons.hpp"

namespace qipan::cmd {

/// Roads and landmarks of the picture that a demonstration is drawn on (--map): what people there call a
/// place.
class DemoPlaces {
 public:
  DemoPlaces() = default;
  /// One feature a line: lines of kind `road` and points of kind `place`, by their `name`.
  [[nodiscard]] static Result<DemoPlaces> read(const std::string& path);

  struct Near {
    std::string road;
    std::string landmark;
  };
  /// The nearest of both; empty texts where there are none.
  [[nodiscard]] Near near(geo::Point point) const;

 private:
  struct Named {
    geo::Point point;
    std::size_t name;
  };
  [[nodiscard]] std::string nearest(const std::vector<Named>& among, geo::Point point) const;
  std::vector<std::string> names_;
  std::vector<Named> roads_;
  std::vector<Named> landmarks_;
};

/// How somebody says it who stands there: thirty ways of one thing, by a number.
[[nodiscard]] std::string demo_wording(const std::string& what, const DemoPlaces::Near& near,
                                       std::uint64_t number);

}  // namespace qipan::cmd
