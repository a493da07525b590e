#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/database.hpp"
#include "cases/declaration.hpp"

namespace qipan::cases {

/// Case types of the installed packs, every version: an open case keeps its own. Compiled from the log's pack
/// files; made by the writer for deciding and by readers for showing.
class Catalogue {
 public:
  /// Versions never change, so those that `before` has are taken over as they are.
  [[nodiscard]] static std::shared_ptr<const Catalogue> load(Database& database,
                                                             const expr::ModelLoader& loader,
                                                             const Catalogue* before = nullptr);

  /// The newest of that name, or nullptr.
  [[nodiscard]] const CaseType* newest(std::string_view name) const;
  [[nodiscard]] const CaseType* version(std::string_view name, std::int64_t pack_version) const;
  [[nodiscard]] std::vector<const CaseType*> all_newest() const;
  [[nodiscard]] std::int64_t generation() const { return generation_; }

 private:
  std::map<std::string, std::map<std::int64_t, std::shared_ptr<const CaseType>>, std::less<>> types_;
  std::map<std::pair<std::string, std::int64_t>, std::string> packs_;  // name and version → hash of its files
  std::int64_t generation_ = -1;
};

}  // namespace qipan::cases
