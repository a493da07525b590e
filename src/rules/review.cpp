#include "rules/review.hpp"

#include <set>

#include "pack/pack.hpp"
#include "rules/decision_model.hpp"
#include "rules/description.hpp"
#include "rules/parameters.hpp"

namespace qipan::rules {

Review review(const expr::PackFiles& files) {
  Review result;
  // Asked by themselves, so that every fault of them is told and not only the first that stops a model.
  std::ignore = read_parameters(files, result.problems);
  const bool readable = result.problems.empty();
  for (const auto& [path, bytes] : files) {
    if (!readable || !path.starts_with("rules/") || !path.ends_with(".dmn")) continue;
    const auto model = load_decisions(files, path);
    if (!model) {
      result.problems.push_back(model.error());
      continue;
    }
    for (Problem& problem : (*model)->problems()) result.problems.push_back(std::move(problem));
    for (Problem& note : (*model)->warnings()) result.notes.push_back(std::move(note));
  }
  if (result.problems.empty()) result.tests = run_decision_tests(files, result.problems);
  return result;
}

Json changed_files(const expr::PackFiles& before, const expr::PackFiles& after) {
  std::set<std::string> paths;
  for (const auto* files : {&before, &after}) {
    for (const auto& [path, bytes] : *files) {
      if (pack::is_rule_file(path)) paths.insert(path);
    }
  }
  Json changes = Json::array();
  for (const std::string& path : paths) {
    const auto was = before.find(path);
    const auto is = after.find(path);
    const bool added = was == before.end();
    const bool removed = is == after.end();
    if (!added && !removed && was->second == is->second) continue;
    Json change = Json::object();
    change.set("path", path).set("change", added ? "added" : (removed ? "removed" : "changed"));
    if (path.ends_with(".dmn")) {
      const auto old_one = added ? Result<Json>(Json::object()) : describe(path, was->second);
      const auto new_one = removed ? Result<Json>(Json::object()) : describe(path, is->second);
      if (old_one && new_one) change.set("elements", difference_of(*old_one, *new_one));
    }
    changes.push(std::move(change));
  }
  return changes;
}

}  // namespace qipan::rules
