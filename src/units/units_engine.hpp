#pragma once

#include "board/engine.hpp"

namespace qipan::units {

/// Organisation and territory: units, people, posts, roles, calendars, tokens. Commands: unit.create,
/// unit.change, unit.retire, unit.add_person, unit.retire_person, unit.set_password, unit.give_post,
/// unit.take_post, unit.issue_token, unit.revoke_token, unit.install_calendar, unit.reveal_person.
class UnitsEngine final : public board::Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "unit"; }
  [[nodiscard]] int fold_version() const override { return 5; }
  void create_tables(Database& database) const override;
  void name_beside(Database& database, board::Beside& beside) const override;
  [[nodiscard]] bool folds(std::string_view kind) const override;
  Result<void> decide(board::Decision& decision) override;
  void fold(const board::Fact& fact, board::View& view) override;
  void check_pack(const pack::Pack& pack, Database& database, pack::Problems& problems, Json& steps) override;
  [[nodiscard]] std::vector<std::string> own_kinds() const override;
  [[nodiscard]] bool configures(std::string_view kind) const override;
};

}  // namespace qipan::units
