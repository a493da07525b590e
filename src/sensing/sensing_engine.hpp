#pragma once

#include "board/engine.hpp"
#include "sensing/streams.hpp"

namespace qipan::sensing {

/// Things, streams, observations and alarms. What there is (things, sensors, observed properties,
/// datastreams) are entries of registers, which this engine follows; what they say comes as blocks of
/// observations.
class SensingEngine final : public board::Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "sensing"; }
  [[nodiscard]] int fold_version() const override { return 5; }
  void create_tables(Database& database) const override;
  [[nodiscard]] bool folds(std::string_view kind) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override { return commands_; }
  [[nodiscard]] const std::vector<board::FactType>& facts() const override;
  void fold(const board::Fact& fact, board::View& view) override;
  void check_pack(board::PackCheck& check) override;
  [[nodiscard]] bool asks_names() const override { return true; }
  [[nodiscard]] std::vector<query::Collection> collections(Database& reader) const override;
  [[nodiscard]] std::vector<std::string> own_kinds() const override;
  void named(const board::Command& command, Database& database,
             std::vector<std::string>& subjects) const override;
  void react(const board::Fact& fact, Database& database, std::vector<board::Command>& reactions) override;
  void reload(Database& database) override;

 private:
  std::vector<board::CommandType> declare();

  Streams streams_;
  std::vector<board::CommandType> commands_ = declare();
};

}  // namespace qipan::sensing
