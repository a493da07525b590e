#include <fmt/format.h>

#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"

namespace qipan::face {

namespace {

constexpr int tile_zoom_max = 18;

/// The layer that is the district's own picture (--map), as vector tiles.
constexpr std::string_view own_layer = "district";

/// West, south, east, north of the district's own picture; null without one.
Json own_bounds(const AppOptions& options) {
  if (options.picture == nullptr) return {};
  const auto& bounds = options.picture->bounds();
  const auto degrees = [](double value) { return Json(Json::Decimal{fmt::format("{:.7f}", value)}); };
  return Json::array()
      .push(degrees(bounds.west))
      .push(degrees(bounds.south))
      .push(degrees(bounds.east))
      .push(degrees(bounds.north));
}

Response basemap_description(Reading& at) {
  const bool is_set = at.app.basemap().is_set();
  Json names = Json::array();
  if (is_set) names.push("vec").push("cva").push("img").push("cia");
  return json_response(Json::object()
                           .set("layers", std::move(names))
                           .set("district", own_bounds(at.app.options()))
                           .set("attribution", is_set ? "天地图 © 国家地理信息公共服务平台" : ""));
}

void tile(Commanding& at) {
  const auto z = number_of(at.parts[1]);
  const auto x = number_of(at.parts[2]);
  const auto y = number_of(at.parts[3]);
  const bool fits = z && x && y && *z >= 1 && *z <= tile_zoom_max && *x < (std::int64_t{1} << *z) &&
                    *y < (std::int64_t{1} << *z);
  const geo::VectorTiles* own = at.parts[0] == own_layer ? at.app.options().picture.get() : nullptr;
  const bool national = at.app.basemap().is_set() && Basemap::knows_layer(at.parts[0]);
  if (!fits || (own == nullptr && !national))
    return at.respond(
        problem_response({Problem::Kind::not_found, "tile-unknown", "", shortened(at.request.path),
                          "a tile of a layer that GET /api/v1/basemap names, zoom 1 to 18",
                          "see the operator's page on base maps"}));
  // Everybody may look, but nobody may use up the district's key, or its processors.
  const std::string who = at.caller.actor == "anonymous" ? at.caller.address : at.caller.actor;
  if (const auto taken = at.app.limiter().take("basemap:" + who, {400, 400}); !taken)
    return at.respond(problem_response(taken.error()));
  if (own == nullptr)
    return at.respond(
        at.app.basemap().tile(at.parts[0], static_cast<int>(*z), static_cast<int>(*x), static_cast<int>(*y)));
  Response response =
      Response::text(200, own->tile(static_cast<int>(*z), static_cast<int>(*x), static_cast<int>(*y)),
                     "application/vnd.mapbox-vector-tile");
  response.headers.emplace_back("Cache-Control", "public, max-age=3600");
  at.respond(response);
}

}  // namespace

void add_basemap_routes(RouteTable& table) {
  table.read("/api/v1/basemap", "layers of the base map that is set, if any", basemap_description)
      .answers(shape::object({{"layers", shape::list(shape::any())},
                              {"district", shape::nullable(shape::list(shape::number()))},
                              {"attribution", shape::text()}}));
  table
      .act("GET", "/api/v1/basemap/{layer}/{z}/{x}/{y}",
           "a tile of the base map, fetched by the server, or of the district's own picture (layer "
           "`district`)",
           tile)
      .gives_type("image/*")
      .slowly();
}

}  // namespace qipan::face
