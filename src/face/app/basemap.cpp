#include "face/app/basemap.hpp"

#include <algorithm>

#include "face/app/app.hpp"

namespace qipan::face {

namespace {

constexpr std::size_t tiles_max = 2'000;  // some 40 MB
constexpr std::size_t tile_bytes_max = 512U * 1024U;
/// Base maps, pictures from above, and the names on each.
constexpr std::string_view layers[] = {"vec", "cva", "img", "cia"};

Response tile_response(const std::string& type, const std::string& body) {
  Response response = Response::text(200, body, type);
  response.headers.emplace_back("Cache-Control", "private, max-age=86400");
  return response;
}

}  // namespace

bool Basemap::knows_layer(std::string_view layer) {
  return std::find(std::begin(layers), std::end(layers), layer) != std::end(layers);
}

Response Basemap::tile(const std::string& layer, int z, int x, int y) {
  const std::string name =
      layer + "/" + std::to_string(z) + "/" + std::to_string(x) + "/" + std::to_string(y);
  Response response;
  if (find(name, response)) return response;
  auto client = borrow();
  const WebAnswer answer = client->get(
      server_ + "/" + layer + "_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=" + layer +
          "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX=" + std::to_string(z) +
          "&TILEROW=" + std::to_string(y) + "&TILECOL=" + std::to_string(x) + "&tk=" + key_,
      tile_bytes_max);
  give_back(std::move(client));
  // A refusal comes as a text; only pictures are passed on.
  if (answer.status != 200 || (answer.type != "image/png" && answer.type != "image/jpeg")) {
    return problem_response(
        {Problem::Kind::unavailable, "basemap-unavailable", "", name, "a tile from the map service",
         answer.status == 0 ? answer.failure : "it answered " + std::to_string(answer.status)});
  }
  keep({name, answer.type, answer.body});
  return tile_response(answer.type, answer.body);
}

bool Basemap::find(const std::string& name, Response& response) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return false;
  tiles_.splice(tiles_.begin(), tiles_, found->second);
  response = tile_response(found->second->type, found->second->body);
  return true;
}

void Basemap::keep(Kept tile) {
  const std::lock_guard lock(mutex_);
  if (by_name_.contains(tile.name)) return;
  tiles_.push_front(std::move(tile));
  by_name_[tiles_.front().name] = tiles_.begin();
  if (tiles_.size() <= tiles_max) return;
  by_name_.erase(tiles_.back().name);
  tiles_.pop_back();
}

std::shared_ptr<WebClient> Basemap::borrow() {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<WebClient> client;
  if (idle_.empty()) {
    client = std::make_shared<WebClient>();
    all_.push_back(client);
    if (interrupted_) client->interrupt();
  } else {
    client = std::move(idle_.back());
    idle_.pop_back();
  }
  return client;
}

void Basemap::give_back(std::shared_ptr<WebClient> client) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(client));
}

void Basemap::interrupt() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  for (const auto& one : all_) {
    if (const auto client = one.lock()) client->interrupt();
  }
}

}  // namespace qipan::face
