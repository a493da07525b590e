#pragma once

#include <span>

#include "board/engine.hpp"

namespace qipan::board {

/// Stages packs and puts them in force, any number together, as the next set; and keeps drafts of their rules
/// until they are published, which puts the pack with them in force. The declarations go into the log, so
/// that the log alone is the whole district. Cases keep the set in which they began.
class PackEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "pack"; }
  [[nodiscard]] int fold_version() const override { return 3; }
  void create_tables(Database& database) const override;
  [[nodiscard]] const std::vector<CommandType>& commands() const override;
  [[nodiscard]] const std::vector<FactType>& facts() const override;
  void fold(const Fact& fact, View& view) override;
  [[nodiscard]] std::vector<std::string> own_kinds() const override { return {"pack", "pack_set", "draft"}; }
  [[nodiscard]] std::vector<query::Collection> collections(Database& reader) const override;
};

class Board;

/// The commands that stage packs and put them in force together, as they were checked against the set that is
/// in force now.
[[nodiscard]] std::vector<Command> install_commands(std::span<const pack::Pack> packs, Database& database);
/// Decides them; ends at the first that is refused.
[[nodiscard]] Outcome install_packs(Board& board, std::span<const pack::Pack> packs);

/// Which version of each pack is in force. Sets are numbered from 1; 0 has none.
struct PackSet {
  std::int64_t number = 0;
  std::map<std::string, std::int64_t, std::less<>> packs;
  /// 0 where the set has none of the name.
  [[nodiscard]] std::int64_t version_of(std::string_view name) const;
};
[[nodiscard]] PackSet set_in_force(Database& database);

/// The command that puts a draft in force as the next version of its pack, as it was at `revision` and as it
/// was checked against the packs that are installed now.
[[nodiscard]] Command publish_command(std::int64_t draft, std::int64_t revision, const std::string& comment,
                                      Database& database);

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

struct PackVersion {
  std::int64_t version = 0;
  Instant at = 0;
  std::string by;
  std::int64_t draft = 0;  // that it was published from; 0 where the pack was installed
  std::string comment;
};
/// Newest first.
[[nodiscard]] std::vector<PackVersion> pack_versions(Database& database, const std::string& name);

/// Words that mean one thing, group by group, by all packs in force.
[[nodiscard]] std::vector<std::vector<std::string>> synonyms_in_force(Database& database);

/// Position of the newest installation: whoever keeps compiled declarations compares it.
[[nodiscard]] std::int64_t pack_generation(Database& database);
/// The same of all that says who is who and what there is: units, people, posts, packs.
[[nodiscard]] std::int64_t configuration_generation(Database& database);

/// Every engine's complaints about a pack, and the steps that installing it would take.
[[nodiscard]] Json check_pack(const pack::Pack& pack, const std::vector<std::unique_ptr<Engine>>& engines,
                              Database& database, pack::Problems& problems);

}  // namespace qipan::board
