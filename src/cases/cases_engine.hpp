#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "board/engine.hpp"
#include "cases/catalogue.hpp"
#include "cases/limits.hpp"
#include "geo/polygons.hpp"

namespace qipan::cases {

/// What a command may look up while it is decided.
struct Lookups {
  std::shared_ptr<const Catalogue> catalogue;
  Calendars calendars;
  std::optional<geo::PolygonIndex> grids;

  /// The unit grid at a point, or 0.
  [[nodiscard]] UnitId grid_at(Database& database, geo::Point point);
};

/// What readers find of a type, by all of its versions that are in use, the newest one last.
using Versions = std::vector<const CaseType*>;
[[nodiscard]] query::Collection collection_of(const Versions& versions);
/// Cases of all types, each with its versions that are still in use.
[[nodiscard]] query::Collection collection_of_all(const std::vector<Versions>& all_types);

/// What is recorded of cases.
[[nodiscard]] const std::vector<board::FactType>& case_facts();

/// Anything handled through states, people and deadlines.
class CasesEngine final : public board::Engine {
 public:
  explicit CasesEngine(expr::ModelLoader loader);
  [[nodiscard]] std::string_view name() const override { return "case"; }
  [[nodiscard]] int fold_version() const override { return 10; }
  void create_tables(Database& database) const override;
  void name_beside(Database& database, board::Beside& beside) const override;
  [[nodiscard]] bool folds(std::string_view kind) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override { return commands_; }
  [[nodiscard]] const std::vector<board::FactType>& facts() const override { return case_facts(); }
  void fold(const board::Fact& fact, board::View& view) override;
  void check_pack(board::PackCheck& check) override;
  void react(const board::Fact& fact, Database& database, std::vector<board::Command>& reactions) override;
  [[nodiscard]] std::vector<std::string> own_kinds() const override { return {"case", "class"}; }
  [[nodiscard]] std::vector<std::string> referred_kinds(const Json& steps) const override;
  [[nodiscard]] std::vector<std::string> declared_kinds(Database& database, const Json& steps) const override;
  void named(const board::Command& command, Database& database,
             std::vector<std::string>& subjects) const override;
  [[nodiscard]] const log::FieldShares* shares_of(std::string_view subject_kind) const override;
  [[nodiscard]] std::vector<query::Collection> collections(Database& reader) const override;
  void reload(Database& database) override;

 private:
  std::vector<board::CommandType> declare();

  expr::ModelLoader loader_;
  // What readers are shown types by: they ask from their own threads.
  mutable std::mutex shown_mutex_;
  mutable std::shared_ptr<const Catalogue> shown_;
  Lookups lookups_;
  std::vector<board::CommandType> commands_;
};

}  // namespace qipan::cases
