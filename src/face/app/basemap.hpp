#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/web_client.hpp"
#include "face/http/message.hpp"

namespace qipan::face {

/// Tiles of the national map service (天地图, WMTS 1.0.0 in Web Mercator), fetched for the pages: the key
/// stays here, and browsers ask nobody but this server. Without a key there is no base map, and nothing
/// leaves.
class Basemap {
 public:
  /// `server`: the service's address, "https://t0.tianditu.gov.cn".
  Basemap(std::string server, std::string key) : server_(std::move(server)), key_(std::move(key)) {}

  [[nodiscard]] bool is_set() const { return !key_.empty(); }
  [[nodiscard]] static bool knows_layer(std::string_view layer);
  /// PNG or JPEG, kept for the next who asks. May take as long as the service; any thread.
  [[nodiscard]] Response tile(const std::string& layer, int z, int x, int y);
  /// Lets nothing more begin, and ends what is under way.
  void interrupt();

 private:
  struct Kept {
    std::string name;
    std::string type;
    std::string body;
  };
  std::shared_ptr<WebClient> borrow();
  void give_back(std::shared_ptr<WebClient> client);
  [[nodiscard]] bool find(const std::string& name, Response& response);
  void keep(Kept tile);

  std::string server_;
  std::string key_;
  std::mutex mutex_;
  bool interrupted_ = false;
  std::vector<std::shared_ptr<WebClient>> idle_;
  std::vector<std::weak_ptr<WebClient>> all_;
  std::list<Kept> tiles_;  // newest first
  std::map<std::string, std::list<Kept>::iterator> by_name_;
};

}  // namespace qipan::face
