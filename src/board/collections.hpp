#pragma once

#include <memory>
#include <vector>

#include "board/directory.hpp"
#include "board/engine.hpp"
#include "query/collection.hpp"

namespace qipan::board {

/// What all engines declare, by name.
[[nodiscard]] std::vector<query::Collection> collections_of(
    const std::vector<std::unique_ptr<Engine>>& engines, Database& reader);

/// Units by their codes, for what asks collections. The directory outlives it.
class UnitCodes final : public query::UnitNames {
 public:
  explicit UnitCodes(const Directory& directory) : directory_(directory) {}
  [[nodiscard]] std::string code_of(std::int64_t unit) const override;
  [[nodiscard]] std::int64_t unit_of(std::string_view code) const override;
  [[nodiscard]] bool is_under(std::int64_t unit, std::int64_t top) const override;
  [[nodiscard]] std::vector<std::int64_t> under(std::int64_t top) const override;

 private:
  const Directory& directory_;
};

/// What the operator sees: all of everything. Collections outlive it.
class AllSeen final : public query::Targets {
 public:
  AllSeen(const std::vector<query::Collection>& collections, const query::UnitNames& units)
      : collections_(collections),
        sight_{.finds = {.all = true}, .sees = {.all = true}, .units = &units, .targets = this} {}
  AllSeen(const AllSeen&) = delete;
  AllSeen& operator=(const AllSeen&) = delete;
  [[nodiscard]] const query::Sight& sight() const { return sight_; }
  [[nodiscard]] std::optional<query::Target> target(std::string_view kind) const override;

 private:
  const std::vector<query::Collection>& collections_;
  query::Sight sight_;
};

}  // namespace qipan::board
