#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/database.hpp"
#include "cases/declaration.hpp"
#include "log/fact.hpp"

namespace qipan::cases {

/// Case types of every set of packs: a case keeps those of the set in which it began. Compiled from the log's
/// pack files; made by the writer for deciding and by readers for showing.
class Catalogue {
 public:
  /// Versions never change, so those that `before` has are taken over as they are.
  [[nodiscard]] static std::shared_ptr<const Catalogue> load(Database& database,
                                                             const expr::ModelLoader& loader,
                                                             const Catalogue* before = nullptr);

  /// The one in force of that name, or nullptr.
  [[nodiscard]] const CaseType* newest(std::string_view name) const;
  /// Fields of a type that have an audience of their own, in any version; null for none.
  [[nodiscard]] const log::FieldShares* shares_of(std::string_view name) const;
  /// Names that some version of some type calls personal.
  [[nodiscard]] const std::set<std::string, std::less<>>& personal_names() const { return personal_names_; }
  /// All that are sensitive, as "type/field".
  [[nodiscard]] std::set<std::string> sensitive_fields() const;
  /// In every version, the first one first.
  [[nodiscard]] std::vector<const CaseType*> versions(std::string_view name) const;
  /// As a set of packs has it, or nullptr.
  [[nodiscard]] const CaseType* in_set(std::string_view name, std::int64_t set) const;
  /// The number of the set that is in force.
  [[nodiscard]] std::int64_t set() const { return set_; }
  [[nodiscard]] std::vector<const CaseType*> all_newest() const;
  [[nodiscard]] std::int64_t generation() const { return generation_; }

 private:
  struct Installed {
    std::string hash;  // of its files
    std::int64_t set = 0;
    bool operator==(const Installed&) const = default;
  };
  using Packs = std::map<std::pair<std::string, std::int64_t>, Installed>;  // by name and version

  void end_types();

  /// By name, then by the first set that has them so; null where a set has them no more.
  std::map<std::string, std::map<std::int64_t, std::shared_ptr<const CaseType>>, std::less<>> types_;
  Packs packs_;
  std::map<std::string, log::FieldShares, std::less<>> shares_;
  std::set<std::string, std::less<>> personal_names_;
  std::int64_t set_ = 0;
  std::int64_t generation_ = -1;
};

}  // namespace qipan::cases
