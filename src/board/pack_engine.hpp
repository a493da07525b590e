#pragma once

#include "board/engine.hpp"

namespace qipan::board {

/// Installs packs. The declarations go into the log with the install command, so that the log alone is the
/// whole district.
class PackEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "pack"; }
  [[nodiscard]] int fold_version() const override { return 1; }
  void create_tables(Database& database) const override;
  Result<void> decide(Decision& decision) override;
  void fold(const Fact& fact, View& view) override;
  [[nodiscard]] bool configures(std::string_view kind) const override { return kind == "pack.installed"; }
};

/// The command that installs a pack as it was checked against the packs that are installed now.
[[nodiscard]] Command install_command(const pack::Pack& pack, Database& database);

struct InstalledPack {
  std::string name;
  std::int64_t version = 0;
  pack::Title title;
  std::string hash;
  Instant at = 0;
};
[[nodiscard]] std::vector<InstalledPack> installed_packs(Database& database);

/// The declarations of an installed pack, as they were when it was installed.
[[nodiscard]] Result<pack::Pack> load_pack(Database& database, const std::string& name, std::int64_t version);

/// Position of the newest installation: whoever keeps compiled declarations compares it.
[[nodiscard]] std::int64_t pack_generation(Database& database);

/// Every engine's complaints about a pack, and the steps that installing it would take.
[[nodiscard]] Json check_pack(const pack::Pack& pack, const std::vector<std::unique_ptr<Engine>>& engines,
                              Database& database, pack::Problems& problems);

}  // namespace qipan::board
