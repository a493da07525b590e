#include "rules/decision_tests.hpp"

#include <algorithm>

#include "pack/node_json.hpp"
#include "rules/decision_model.hpp"

namespace qipan::rules {

namespace {

class Tester {
 public:
  Tester(const expr::PackFiles& files, const std::string& path, pack::Problems& problems)
      : files_(files), path_(path), problems_(problems) {}

  void run(const pack::Node& document, std::vector<DecisionTest>& results) {
    pack::Fields fields(document, path_, problems_);
    const std::string model = fields.text("model");
    const auto tests = fields.tables("tests");
    const auto loaded = load_decisions(files_, model);
    if (!loaded) {
      fields.fault("model", model, loaded.error().line());
      return;
    }
    for (const pack::Node* test : tests) {
      const std::size_t known = problems_.size();
      DecisionTest& result = results.emplace_back();
      one(**loaded, *test, result);
      result.passed = problems_.size() == known;
    }
  }

 private:
  void one(const expr::DecisionModel& model, const pack::Node& node, DecisionTest& result) {
    pack::Fields fields(node, path_, problems_);
    const std::string decision = fields.text("decision");
    result.place = fields.place(node);
    result.decision = decision;
    result.about = fields.text("about", false);
    const std::string day_text = fields.text("day", false, "2026-01-01");
    const pack::Node* given = fields.table("given");
    const pack::Node* expected = fields.table("expect", true);
    const std::vector<std::string> rules = fields.texts("rules");
    const auto day = parse_day(day_text);
    if (!day) fields.fault("day", day_text, "a day as YYYY-MM-DD");
    if (!day || expected == nullptr) return;
    const Json inputs = given == nullptr ? Json::object() : json_of(*given);
    const auto known = model.inputs(decision);
    for (const auto& member : inputs.members()) {
      if (std::find(known.begin(), known.end(), member.key) == known.end())
        fields.fault("given", member.key, "an input of " + decision);
    }
    const auto decided = model.decide(decision, inputs, *day);
    if (!decided) {
      fields.fault("decision", decision, decided.error().line());
      return;
    }
    for (const auto& member : expected->members) {
      const Json wanted = json_of(member.value);
      const Json& found = decided->outputs[member.key];
      if (found != wanted) fields.fault(member.value, member.key, found.dump(), wanted.dump());
    }
    if (!rules.empty() && decided->rules != rules) {
      std::string found;
      for (const std::string& rule : decided->rules) found += (found.empty() ? "" : ", ") + rule;
      fields.fault("rules", found, "the rules that are expected");
    }
  }

  const expr::PackFiles& files_;
  const std::string& path_;
  pack::Problems& problems_;
};

}  // namespace

bool is_decision_test(std::string_view path) {
  return path.starts_with("rules/") && path.ends_with(".tests.toml");
}

std::vector<DecisionTest> run_decision_tests(const expr::PackFiles& files, pack::Problems& problems) {
  std::vector<DecisionTest> results;
  for (const auto& [path, bytes] : files) {
    if (!is_decision_test(path)) continue;
    const auto document = pack::parse_toml(path, bytes);
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    Tester(files, path, problems).run(*document, results);
  }
  return results;
}

}  // namespace qipan::rules
