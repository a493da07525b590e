#include "cmd/demo_places.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/file.hpp"
#include "base/json.hpp"

namespace qipan::cmd {

namespace {

constexpr std::size_t bytes_max = 64U * 1024U * 1024U;
constexpr std::int64_t degrees_max = 180;

/// Nothing where it is no position.
std::optional<geo::Point> point_of(const Json& position) {
  if (!position.is_array() || position.items().size() < 2) return std::nullopt;
  const auto of = [&](std::size_t at) {
    const Json& number = position.items()[at];
    return number.is_number() ? geo::parse_degrees(number.number_text(), degrees_max)
                              : Result<std::int64_t>(INT64_MAX);
  };
  const auto x = of(0);
  const auto y = of(1);
  const auto point = x && y ? geo::make_point(*x, *y) : Result<geo::Point>(tl::unexpected(Problem{}));
  return point ? std::optional(*point) : std::nullopt;
}

}  // namespace

Result<DemoPlaces> DemoPlaces::read(const std::string& path) {
  QIPAN_TRY(text, read_file(path, bytes_max));
  DemoPlaces places;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const auto feature = parse_json(std::string_view(text).substr(from, end - from));
    from = end + 1;
    if (!feature) continue;  // what cannot be drawn, the server itself refuses
    const std::string kind = (*feature)["properties"].text_or("kind", "");
    const std::string name = (*feature)["properties"].text_or("name", "");
    if (name.empty() || (kind != "road" && kind != "place")) continue;
    places.names_.push_back(name);
    const Json& coordinates = (*feature)["geometry"]["coordinates"];
    auto& known = kind == "road" ? places.roads_ : places.landmarks_;
    const auto take = [&](const Json& position) {
      if (const auto point = point_of(position)) known.push_back({*point, places.names_.size() - 1});
    };
    if (kind == "place") take(coordinates);
    if (kind == "road" && coordinates.is_array())
      for (const Json& position : coordinates.items()) take(position);
  }
  return places;
}

std::string DemoPlaces::nearest(const std::vector<Named>& among, geo::Point point) const {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  const std::string* found = nullptr;
  for (const Named& one : among) {
    const std::int64_t across = std::int64_t{one.point.x} - point.x;
    const std::int64_t up = std::int64_t{one.point.y} - point.y;
    const std::int64_t distance = across * across + up * up;
    if (distance >= least) continue;
    least = distance;
    found = &names_[one.name];
  }
  return found == nullptr ? "" : *found;
}

DemoPlaces::Near DemoPlaces::near(geo::Point point) const {
  return {nearest(roads_, point), nearest(landmarks_, point)};
}

std::string demo_wording(const std::string& what, const DemoPlaces::Near& near, std::uint64_t number) {
  static const std::array<const char*, 6> behind = {
      "", "，已经两天了", "，今早发现的", "，行人只能绕着走", "，请尽快处理", "，晚上更严重"};
  const std::array<std::string, 5> before = {
      "", near.road.empty() ? "" : near.road + "上，", near.landmark.empty() ? "" : near.landmark + "门口，",
      near.road.empty() || near.landmark.empty() ? "" : near.road + "近" + near.landmark + "，",
      near.landmark.empty() ? "" : near.landmark + "斜对面，"};
  return before[number % before.size()] + what + behind[number / before.size() % behind.size()];
}

}  // namespace qipan::cmd
