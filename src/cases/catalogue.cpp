#include "cases/catalogue.hpp"

#include "base/fault_log.hpp"
#include "board/pack_engine.hpp"

namespace qipan::cases {

std::shared_ptr<const Catalogue> Catalogue::load(Database& database, const expr::ModelLoader& loader,
                                                 const Catalogue* before) {
  auto catalogue = before == nullptr ? std::make_shared<Catalogue>() : std::make_shared<Catalogue>(*before);
  catalogue->generation_ = board::pack_generation(database);
  catalogue->set_ = board::set_in_force(database).number;
  Packs packs;
  {
    auto statement =
        database.prepare("SELECT name, version, hash, installed_in FROM pack_packs WHERE installed_in>0");
    while (statement.step())
      packs.emplace(std::pair(statement.text(0), statement.integer(1)),
                    Installed{std::string(statement.text(2)), statement.integer(3)});
  }
  const auto same = [&](const std::pair<std::string, std::int64_t>& pack) {
    const auto known = catalogue->packs_.find(pack);
    const auto now = packs.find(pack);
    return known != catalogue->packs_.end() && now != packs.end() && known->second == now->second;
  };
  // An installation may have been undone after it was read, and another one have come in its place.
  for (auto& [name, versions] : catalogue->types_)
    std::erase_if(versions, [&](const auto& one) {
      return one.second == nullptr || !same({one.second->pack, one.second->pack_version});
    });
  std::erase_if(catalogue->types_, [](const auto& one) { return one.second.empty(); });
  for (const auto& [named, installed] : packs) {
    if (same(named)) continue;
    const auto pack = board::load_pack(database, named.first, named.second);
    if (!pack) {
      tell_fault("pack " + named.first, pack.error().line());
      continue;
    }
    pack::Problems problems;
    // What was installed was checked whole, so problems here could only be a newer program's stricter checks:
    // kept as read.
    for (auto& type : read_case_types(*pack, loader, problems))
      catalogue->types_[type->name][installed.set] = type;
  }
  catalogue->packs_ = std::move(packs);
  catalogue->end_types();
  catalogue->shares_.clear();
  catalogue->personal_names_.clear();
  for (const auto& [name, versions] : catalogue->types_) {
    log::FieldShares shares;
    for (const auto& [set, type] : versions) {
      if (type == nullptr) continue;
      shares.merge(board::shares_of_fields(type->fields));
      for (const Field& field : type->fields)
        if (field.personal()) catalogue->personal_names_.insert(field.name);
    }
    if (!shares.empty()) catalogue->shares_.emplace(name, std::move(shares));
  }
  return catalogue;
}

void Catalogue::end_types() {
  for (auto& [name, versions] : types_) {
    if (versions.empty()) continue;
    const std::string pack = versions.begin()->second->pack;
    // A set whose version of the pack no longer has the type ends it, until one has it again.
    for (const auto& [named, installed] : packs_) {
      if (named.first == pack && installed.set > versions.begin()->first) versions.try_emplace(installed.set);
    }
  }
}

std::set<std::string> Catalogue::sensitive_fields() const {
  std::set<std::string> names;
  for (const auto& [type, shares] : shares_)
    for (const std::string& field : shares.sensitive) names.insert(type + "/" + field);
  return names;
}

const CaseType* Catalogue::newest(std::string_view name) const {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : found->second.rbegin()->second.get();
}

const CaseType* Catalogue::in_set(std::string_view name, std::int64_t set) const {
  const auto found = types_.find(name);
  if (found == types_.end()) return nullptr;
  const auto behind = found->second.upper_bound(set);
  return behind == found->second.begin() ? nullptr : std::prev(behind)->second.get();
}

const log::FieldShares* Catalogue::shares_of(std::string_view name) const {
  const auto found = shares_.find(name);
  return found == shares_.end() ? nullptr : &found->second;
}

std::vector<const CaseType*> Catalogue::versions(std::string_view name) const {
  std::vector<const CaseType*> versions;
  if (const auto found = types_.find(name); found != types_.end())
    for (const auto& [set, type] : found->second)
      if (type != nullptr) versions.push_back(type.get());
  return versions;
}

std::vector<const CaseType*> Catalogue::all_newest() const {
  std::vector<const CaseType*> types;
  for (const auto& [name, versions] : types_)
    if (const CaseType* type = versions.rbegin()->second.get()) types.push_back(type);
  return types;
}

}  // namespace qipan::cases
