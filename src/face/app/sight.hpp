#pragma once

#include "cases/catalogue.hpp"
#include "cases/queries.hpp"
#include "log/fact.hpp"

namespace qipan::face {

struct Reading;
struct Snapshot;

/// {"masked": true} in the place of the fields that the names call, wherever fields stand; of everything else
/// the same. {"personal": true} in the place of references into the vault.
[[nodiscard]] Json masked(Json json, const std::set<std::string, std::less<>>& hidden);
/// The same of values by the names of their fields.
[[nodiscard]] Json masked_values(Json values, const std::set<std::string, std::less<>>& hidden);

/// Which values of cases and entries a reader may see besides finding them: sensitive fields ask for
/// `read_sensitive` on the kind, where the case lies or who answers for it. One for each answer.
class Sight {
 public:
  explicit Sight(const Reading& at);
  Sight(const Snapshot& snapshot, std::string_view actor);

  /// Names that are hidden from the reader in this case; empty for most.
  [[nodiscard]] const std::set<std::string, std::less<>>& hidden(const cases::CaseRow& row) const;
  /// A case's values as the reader may see them.
  [[nodiscard]] Json fields(const cases::CaseRow& row) const;

 private:
  board::Reach reach_;
  const cases::Catalogue& catalogue_;
};

}  // namespace qipan::face
