#include "geo/vector_tiles.hpp"

#include <gtest/gtest.h>

#include <protozero/pbf_reader.hpp>

namespace qipan::geo {

namespace {

// Read by another program's reader: what a map sees of a tile.
struct SeenFeature {
  std::map<std::string, std::string> properties;
  std::uint32_t type = 0;
  std::vector<std::vector<std::pair<int, int>>> parts;
};
using Seen = std::map<std::string, std::vector<SeenFeature>>;

std::string value_of(protozero::pbf_reader value) {
  std::string text;
  while (value.next()) {
    if (value.tag() == 1) {
      text = value.get_string();
    } else if (value.tag() == 6) {
      text = std::to_string(value.get_sint64());
    } else if (value.tag() == 7) {
      text = value.get_bool() ? "true" : "false";
    } else {
      value.skip();
    }
  }
  return text;
}

std::vector<std::vector<std::pair<int, int>>> parts_of(const std::vector<std::uint32_t>& numbers) {
  std::vector<std::vector<std::pair<int, int>>> parts;
  int x = 0;
  int y = 0;
  for (std::size_t i = 0; i < numbers.size();) {
    const std::uint32_t command = numbers[i] & 7U;
    const std::uint32_t count = numbers[i] >> 3U;
    ++i;
    for (std::uint32_t n = 0; n < count && command != 7; ++n) {
      x += protozero::decode_zigzag32(numbers[i]);
      y += protozero::decode_zigzag32(numbers[i + 1]);
      i += 2;
      if (command == 1) parts.emplace_back();
      parts.back().emplace_back(x, y);
    }
  }
  return parts;
}

Seen seen(const std::string& tile) {
  Seen layers;
  protozero::pbf_reader reader(tile);
  while (reader.next(3)) {
    protozero::pbf_reader layer = reader.get_message();
    std::string name;
    std::vector<std::string> keys;
    std::vector<std::string> values;
    std::vector<std::vector<std::uint32_t>> tags;
    std::vector<SeenFeature> features;
    while (layer.next()) {
      if (layer.tag() == 1) {
        name = layer.get_string();
      } else if (layer.tag() == 3) {
        keys.push_back(layer.get_string());
      } else if (layer.tag() == 4) {
        values.push_back(value_of(layer.get_message()));
      } else if (layer.tag() == 2) {
        protozero::pbf_reader feature = layer.get_message();
        SeenFeature one;
        tags.emplace_back();
        while (feature.next()) {
          if (feature.tag() == 3) {
            one.type = static_cast<std::uint32_t>(feature.get_enum());
            continue;
          }
          const auto tag = feature.tag();
          std::vector<std::uint32_t> numbers;
          for (const std::uint32_t number : feature.get_packed_uint32()) numbers.push_back(number);
          if (tag == 2) tags.back() = numbers;
          if (tag == 4) one.parts = parts_of(numbers);
        }
        features.push_back(std::move(one));
      } else {
        layer.skip();
      }
    }
    for (std::size_t f = 0; f < features.size(); ++f) {
      for (std::size_t at = 0; at + 1 < tags[f].size(); at += 2)
        features[f].properties[keys.at(tags[f][at])] = values.at(tags[f][at + 1]);
    }
    layers[name] = std::move(features);
  }
  return layers;
}

std::int64_t twice_area(const std::vector<std::pair<int, int>>& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& to = ring[(i + 1) % ring.size()];
    sum += std::int64_t{ring[i].first} * to.second - std::int64_t{to.first} * ring[i].second;
  }
  return sum;
}

constexpr std::string_view town =
    R"({"type":"Feature","properties":{"kind":"water","name":"河"},"geometry":{"type":"Polygon","coordinates":[[[-10,-10],[10,-10],[10,10],[-10,10],[-10,-10]],[[-1,-1],[-1,1],[1,1],[1,-1],[-1,-1]]]}}
{"type":"Feature","properties":{"kind":"road","name":"路","lanes":4,"bridge":true},"geometry":{"type":"LineString","coordinates":[[-90,1],[90,1]]}}

{"type":"Feature","properties":{"kind":"road","name":"路"},"geometry":{"type":"LineString","coordinates":[[0,0],[0.0001,0.0001]]}}
{"type":"Feature","properties":{"kind":"place","name":"小学"},"geometry":{"type":"Point","coordinates":[5,5]}}
)";

}  // namespace

TEST(VectorTiles, ATileHoldsWhatLiesInItByLayer) {
  const auto tiles = VectorTiles::read(town);
  ASSERT_TRUE(tiles) << tiles.error().line();
  EXPECT_EQ(tiles->size(), 4U);
  EXPECT_EQ(tiles->bounds().west, -90);
  EXPECT_EQ(tiles->bounds().north, 10);
  const Seen whole = seen(tiles->tile(0, 0, 0));
  ASSERT_EQ(whole.at("road").size(), 1U) << "what is smaller than a dot is left out";
  EXPECT_EQ(whole.at("road")[0].properties,
            (std::map<std::string, std::string>{{"name", "路"}, {"lanes", "4"}, {"bridge", "true"}}));
  EXPECT_EQ(whole.at("road")[0].type, 2U);
  ASSERT_EQ(whole.at("water").size(), 1U);
  const auto& rings = whole.at("water")[0].parts;
  ASSERT_EQ(rings.size(), 2U);
  EXPECT_GT(twice_area(rings[0]), 0) << "outer rings turn as a clock";
  EXPECT_LT(twice_area(rings[1]), 0) << "and holes against it";
  const Seen near = seen(tiles->tile(16, 32768, 32767));
  EXPECT_EQ(near.at("road").size(), 1U) << "from near it is there";
  EXPECT_EQ(near.count("place"), 0U);
}

TEST(VectorTiles, WhatReachesBeyondATileIsCutBesideIt) {
  const auto tiles = VectorTiles::read(town);
  ASSERT_TRUE(tiles);
  for (const auto& [name, features] : seen(tiles->tile(4, 8, 7))) {
    for (const auto& feature : features) {
      for (const auto& part : feature.parts) {
        for (const auto& [x, y] : part) {
          EXPECT_TRUE(x >= -64 && x <= 4160 && y >= -64 && y <= 4160) << name << " " << x << " " << y;
        }
      }
    }
  }
  EXPECT_EQ(tiles->tile(4, 0, 0), "") << "nothing lies there";
}

TEST(VectorTiles, ACollectionIsReadHoweverItIsBroken) {
  const std::string feature =
      R"({"type":"Feature","properties":{"kind":"road"},"geometry":{"type":"LineString","coordinates":[[0,0],[9,9]]}})";
  for (const std::string& text :
       {R"({"type":"FeatureCollection","features":[)" + feature + "," + feature + "]}\n",
        "{\"type\":\"FeatureCollection\",\n\"features\":[\n" + feature + ",\n" + feature + "\n]}",
        feature + "\r\n" + feature}) {
    const auto tiles = VectorTiles::read(text);
    ASSERT_TRUE(tiles) << tiles.error().line();
    EXPECT_EQ(tiles->size(), 2U) << text;
  }
  const auto none = VectorTiles::read("");
  EXPECT_FALSE(none);
}

TEST(VectorTiles, WhatIsNoPictureIsRefusedWithItsPlace) {
  const std::pair<const char*, const char*> refused[] = {
      {"[]", "features/0/properties/kind"},
      {R"({"type":"Feature","properties":{},"geometry":null})", "features/0/properties/kind"},
      {R"({"type":"Feature","properties":{"kind":"road","a":[1]},"geometry":null})",
       "features/0/properties/a"},
      {R"({"type":"Feature","properties":{"kind":"road"},"geometry":null})", "features/0/geometry"},
      {R"({"type":"Feature","properties":{"kind":"road"},"geometry":{"type":"Polygon","coordinates":"x"}})",
       "features/0/geometry"},
      {R"({"type":"Feature","properties":{"kind":"road"},"geometry":{"type":"Point","coordinates":[200,1]}})",
       "features/0/geometry"},
      {R"({"type":"Feature","properties":{"kind":"road"},"geometry":{"type":"Point","coordinates":[1,89]}})",
       "features/0/geometry"},
  };
  for (const auto& [text, field] : refused) {
    const auto tiles = VectorTiles::read(text);
    ASSERT_FALSE(tiles) << text;
    EXPECT_EQ(tiles.error().field, field) << text;
  }
}

}  // namespace qipan::geo
