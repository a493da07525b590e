#include "board/collections.hpp"

#include <algorithm>

namespace qipan::board {

std::vector<query::Collection> collections_of(const std::vector<std::unique_ptr<Engine>>& engines,
                                              Database& reader) {
  std::vector<query::Collection> all;
  for (const auto& engine : engines) {
    for (query::Collection& collection : engine->collections(reader)) all.push_back(std::move(collection));
  }
  std::sort(all.begin(), all.end(),
            [](const auto& left, const auto& right) { return left.name < right.name; });
  return all;
}

std::string UnitCodes::code_of(std::int64_t unit) const {
  const Unit* found = directory_.unit({unit});
  return found == nullptr ? "" : found->code;
}

std::int64_t UnitCodes::unit_of(std::string_view code) const {
  const Unit* found = directory_.unit_by_code(code);
  return found == nullptr ? 0 : found->id.value;
}

bool UnitCodes::is_under(std::int64_t unit, std::int64_t top) const {
  return unit != 0 && directory_.is_within({unit}, {top});
}

std::vector<std::int64_t> UnitCodes::under(std::int64_t top) const {
  std::vector<std::int64_t> below;
  for (const auto& [id, unit] : directory_.units()) {
    if (directory_.is_within(id, {top})) below.push_back(id.value);
  }
  return below;
}

std::optional<query::Target> AllSeen::target(std::string_view kind) const {
  for (const query::Collection& collection : collections_) {
    if (collection.name == kind) return query::Target{&collection, &sight_};
  }
  return std::nullopt;
}

}  // namespace qipan::board
