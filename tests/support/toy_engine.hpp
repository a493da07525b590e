#pragma once

#include "board/engine.hpp"

namespace qipan::test {

/// Accounts with amounts: small enough to reason about, yet with refusals, reactions, timers and ids of its
/// own. Also the example that docs/architecture.md walks through.
class ToyEngine final : public board::Engine {
 public:
  /// Planted fault: a fold that reads the clock.
  explicit ToyEngine(bool fold_reads_clock = false) : fold_reads_clock_(fold_reads_clock) {}

  [[nodiscard]] std::string_view name() const override { return "toy"; }
  [[nodiscard]] int fold_version() const override { return 1; }
  void create_tables(Database& database) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override;
  void fold(const board::Fact& fact, board::View& view) override;
  void named(const board::Command& command, Database& database,
             std::vector<std::string>& subjects) const override;
  void react(const board::Fact& fact, Database& database, std::vector<board::Command>& reactions) override;

 private:
  bool fold_reads_clock_;
};

}  // namespace qipan::test
