#include "face/app/rule_files.hpp"

#include "cases/answers.hpp"

#include "board/pack_engine.hpp"

namespace qipan::face {

Result<RuleFiles> rules_in_force(Database& reader, const std::string& pack) {
  for (const auto& installed : board::installed_packs(reader)) {
    if (installed.name != pack) continue;
    QIPAN_TRY(loaded, board::load_pack(reader, pack, installed.version));
    return RuleFiles{pack, installed.version, loaded.files, loaded.files, {}};
  }
  return refuse({Problem::Kind::not_found, "pack-unknown", "pack", pack, "an installed pack", ""});
}

Result<RuleFiles> rules_of_draft(Database& reader, std::int64_t id) {
  auto draft = board::find_draft(reader, id);
  if (!draft)
    return refuse({Problem::Kind::not_found, "draft-unknown", "draft", std::to_string(id), "a draft", ""});
  QIPAN_TRY(rules, rules_in_force(reader, draft->pack));
  rules.files = board::laid_over(rules.in_force, board::draft_files(reader, id));
  rules.draft = std::move(draft);
  return rules;
}

Json problems_json(const pack::Problems& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems) {
    Json one = Json::object();
    one.set("code", problem.code).set("place", problem.field).set("value", problem.value);
    list.push(std::move(one.set("expected", problem.rule).set("remedy", problem.remedy)));
  }
  return list;
}

pack::Problems unknown_codes(Database& reader, const board::Directory& directory,
                             const expr::ModelLoader& loader, const RuleFiles& rules) {
  pack::Problems found;
  pack::Pack pack;
  pack.name = rules.pack;
  pack.version = rules.version;
  pack.files = rules.files;
  pack::Problems ignored;  // the engines say what is wrong with the declarations themselves
  for (const auto& type : cases::read_case_types(pack, loader, ignored))
    for (Problem& problem : cases::unknown_codes(*type, reader, directory))
      found.push_back(std::move(problem));
  return found;
}

}  // namespace qipan::face
