#pragma once

#include "board/engine.hpp"

namespace qipan::units {

/// Organisation and territory: units, people, posts, roles, calendars, tokens.
class UnitsEngine final : public board::Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "unit"; }
  [[nodiscard]] int fold_version() const override { return 8; }
  void create_tables(Database& database) const override;
  void name_beside(Database& database, board::Beside& beside) const override;
  [[nodiscard]] bool folds(std::string_view kind) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override;
  [[nodiscard]] const std::vector<board::FactType>& facts() const override;
  void fold(const board::Fact& fact, board::View& view) override;
  void check_pack(board::PackCheck& check) override;
  [[nodiscard]] std::vector<query::Collection> collections(Database& reader) const override;
  [[nodiscard]] std::vector<std::string> own_kinds() const override;
};

}  // namespace qipan::units
