#pragma once

#include "board/engine.hpp"

namespace qipan::saved {

/// At most so many of one person's.
inline constexpr std::int64_t of_person_max = 200;

/// What people keep of the pages, for themselves or for who works at a unit: lists with their filters and
/// columns, and how boards are arranged. What is in it is the pages' own; nothing is decided by it.
class SavedEngine final : public board::Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "saved"; }
  [[nodiscard]] int fold_version() const override { return 1; }
  void create_tables(Database& database) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override;
  [[nodiscard]] const std::vector<board::FactType>& facts() const override;
  void fold(const board::Fact& fact, board::View& view) override;
};

}  // namespace qipan::saved
