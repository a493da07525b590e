#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/instant.hpp"

namespace qipan::test {

using Model = std::map<std::pair<std::int64_t, Instant>, std::int64_t>;
using Said = std::tuple<std::int64_t, Instant, std::int64_t>;

/// What one command's values become beside what is known, and how many of them are late, repeated and
/// corrected.
inline std::string becomes(std::vector<Said> said, Model& model) {
  std::stable_sort(said.begin(), said.end(), [](const Said& a, const Said& b) {
    return std::pair(std::get<0>(a), std::get<1>(a)) < std::pair(std::get<0>(b), std::get<1>(b));
  });
  std::array<int, 3> counts{};
  const auto newest_of = [&](std::int64_t stream) {
    const auto behind = model.lower_bound({stream + 1, instant_min});
    const bool any = behind != model.begin() && std::prev(behind)->first.first == stream;
    return any ? std::prev(behind)->first.second : instant_min;
  };
  std::map<std::int64_t, Instant> newest;
  for (const auto& [stream, time, value] : said) newest.try_emplace(stream, newest_of(stream));
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto& [stream, time, value] = said[i];
    const bool again =
        i + 1 < said.size() && std::get<0>(said[i + 1]) == stream && std::get<1>(said[i + 1]) == time;
    if (again) {
      ++counts[value == std::get<2>(said[i + 1]) ? 1 : 2];
      continue;
    }
    const auto known = model.find({stream, time});
    if (known != model.end()) ++counts[known->second == value ? 1 : 2];
    if (known == model.end() && time < newest[stream]) ++counts[0];
    model[{stream, time}] = value;
  }
  return std::to_string(counts[0]) + " " + std::to_string(counts[1]) + " " + std::to_string(counts[2]);
}

}  // namespace qipan::test
