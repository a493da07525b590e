#pragma once

#include "board/engine.hpp"
#include "notices/declaration.hpp"

namespace qipan::notices {

/// Attempts to send one notice, and how long to wait after each that failed.
inline constexpr std::int64_t attempts_max = 6;

/// What a webhook's subscriber is told about: notices of cases whose place or responsible unit lies at or
/// below `unit`.
struct Webhook {
  std::int64_t id = 0;
  UnitId unit;
};

/// What the engine needs to decide whom to tell, in memory.
struct Settings {
  std::vector<Notice> notices;
  bool mail = false;  // a mail server is configured
  std::vector<Webhook> webhooks;
  [[nodiscard]] bool silent() const { return notices.empty() || (!mail && webhooks.empty()); }
};

/// The outbox: who is told what. Sending is the courier's work (src/outbox), which reports back by commands,
/// so that what became of each notice stands in the log.
class NoticesEngine final : public board::Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "notice"; }
  [[nodiscard]] int fold_version() const override { return 3; }
  void create_tables(Database& database) const override;
  void name_beside(Database& database, board::Beside& beside) const override;
  [[nodiscard]] bool folds(std::string_view kind) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override;
  [[nodiscard]] const std::vector<board::FactType>& facts() const override;
  void fold(const board::Fact& fact, board::View& view) override;
  void check_pack(board::PackCheck& check) override;
  [[nodiscard]] bool asks_names() const override { return true; }
  [[nodiscard]] std::vector<std::string> own_kinds() const override;
  [[nodiscard]] std::vector<query::Collection> collections(Database& reader) const override;
  void react(const board::Fact& fact, Database& database, std::vector<board::Command>& reactions) override;
  void reload(Database& database) override;

 private:
  Settings settings_;
};

}  // namespace qipan::notices
