#pragma once

#include "board/pack_drafts.hpp"
#include "expr/decision.hpp"
#include "face/app/routes.hpp"

namespace qipan::face {

/// A pack's rules as a request means them: those in force, or with changes laid over them.
struct RuleFiles {
  std::string pack;
  std::int64_t version = 0;  // in force
  expr::PackFiles in_force;  // all of the pack's declarations
  expr::PackFiles files;     // with the changes
  std::optional<board::PackDraft> draft;
};

/// Of an installed pack.
[[nodiscard]] Result<RuleFiles> rules_in_force(Database& reader, const std::string& pack);
/// Of a draft, laid over what is in force now.
[[nodiscard]] Result<RuleFiles> rules_of_draft(Database& reader, std::int64_t id);

/// "file: what" of each, as a list.
/// The codes of these files' rules that the district does not have, of the case types that ask them.
[[nodiscard]] pack::Problems unknown_codes(Database& reader, const board::Directory& directory,
                                           const expr::ModelLoader& loader, const RuleFiles& rules);
[[nodiscard]] Json problems_json(const pack::Problems& problems);

}  // namespace qipan::face
