#pragma once

#include "board/engine.hpp"

namespace qipan::test {

/// Faults that are planted in it.
struct ToyFaults {
  bool fold_reads_clock = false;
  bool decide_reads_clock = false;
};

/// Accounts with amounts: small enough to reason about, yet with refusals, reactions, timers and ids of its
/// own. Also the example that docs/architecture.md walks through.
class ToyEngine final : public board::Engine {
 public:
  /// `version` of what it says of a changed account: 1, 2 or 3, as a program that is replaced by newer ones.
  explicit ToyEngine(ToyFaults planted = {}, std::size_t version = 1)
      : planted_(planted), version_(version) {}

  [[nodiscard]] std::string_view name() const override { return "toy"; }
  [[nodiscard]] int fold_version() const override { return 1; }
  void create_tables(Database& database) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override { return commands_; }
  [[nodiscard]] const std::vector<board::FactType>& facts() const override { return facts_; }
  void fold(const board::Fact& fact, board::View& view) override;
  [[nodiscard]] std::vector<query::Collection> collections(Database& reader) const override;
  void named(const board::Command& command, Database& database,
             std::vector<std::string>& subjects) const override;
  void react(const board::Fact& fact, Database& database, std::vector<board::Command>& reactions) override;

  /// What it recorded as a program of that version.
  [[nodiscard]] static std::vector<board::FactType> facts_until(std::size_t version);

 private:
  [[nodiscard]] std::vector<board::CommandType> declare() const;

  ToyFaults planted_;
  std::size_t version_;
  std::vector<board::FactType> facts_ = facts_until(version_);
  std::vector<board::CommandType> commands_ = declare();
};

}  // namespace qipan::test
