// Runs a folder laid out like the DMN TCK: compliance-level-N/NNNN-name/*.dmn beside *.xml with test cases.
//   tck DIR [--csv FILE] [--misses]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "base/file.hpp"
#include "conformance/tck_cases.hpp"
#include "rules/evaluation.hpp"

namespace {

namespace fs = std::filesystem;
using namespace qipan;
using namespace qipan::conformance;

struct Count {
  int passed = 0;
  int all = 0;
  int valued_passed = 0;
  int valued = 0;

  void add(const Count& other) {
    passed += other.passed;
    all += other.all;
    valued_passed += other.valued_passed;
    valued += other.valued;
  }
};

struct Outcome {
  bool passed = true;
  std::string detail;
};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c == '\n' ? ' ' : c);
  return out + "\"";
}

expr::DateTime now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
  return {nanoseconds / expr::nanoseconds_per_day, nanoseconds % expr::nanoseconds_per_day,
          *expr::Zone::of_offset(0)};
}

class Runner {
 public:
  Runner(std::ostream* csv, bool misses) : csv_(csv), misses_(misses) {}

  Count folder(const fs::path& root, const fs::path& folder) {
    std::vector<fs::path> tests;
    std::vector<fs::path> models;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".xml") tests.push_back(entry.path());
      if (entry.path().extension() == ".dmn") models.push_back(entry.path());
    }
    std::sort(tests.begin(), tests.end());
    std::sort(models.begin(), models.end());
    Count count;
    for (const fs::path& path : tests)
      count.add(file(fs::relative(folder, root).generic_string(), path, models));
    return count;
  }

 private:
  Count file(const std::string& folder, const fs::path& path, std::vector<fs::path> models) {
    std::string problem;
    const auto tests = read_test_file(path, problem);
    if (!tests) {
      std::cout << folder << ": " << problem << "\n";
      return {};
    }
    const auto main = std::find_if(models.begin(), models.end(),
                                   [&](const fs::path& model) { return model.filename() == tests->model; });
    if (main != models.end()) std::rotate(models.begin(), main, main + 1);
    std::vector<rules::Source> sources;
    for (const fs::path& model : models)
      sources.push_back({model.string(), read_file(model.string()).value_or("")});
    const auto model = rules::Model::load(sources);
    if (!model) problem = model.error().line();
    Count count;
    for (const TestCase& test : tests->cases) {
      const Outcome outcome = model ? run(**model, test) : Outcome{false, problem};
      const bool valued = std::any_of(test.results.begin(), test.results.end(),
                                      [](const NamedValue& result) { return has_value(result.value); });
      count.add({outcome.passed ? 1 : 0, 1, outcome.passed && valued ? 1 : 0, valued ? 1 : 0});
      if (csv_ != nullptr)
        *csv_ << quoted(folder) << ',' << quoted(path.stem().string()) << ',' << quoted(test.id) << ','
              << quoted(outcome.passed ? "SUCCESS" : "ERROR") << ',' << quoted(outcome.detail) << '\n';
      if (!outcome.passed && misses_) std::cout << folder << " " << test.id << ": " << outcome.detail << "\n";
    }
    return count;
  }

  static Outcome run(const rules::Model& model, const TestCase& test) {
    rules::Evaluation evaluation(model);
    for (const NamedValue& input : test.inputs) {
      const auto* element = model.find(rules::Element::Kind::input, input.name, input.name_space);
      if (element == nullptr)
        element = model.find(rules::Element::Kind::decision, input.name, input.name_space);
      if (element == nullptr) return {false, "no input " + input.name};
      evaluation.set(model.index_of(*element), input.value);
    }
    expr::Machine machine(&evaluation);
    machine.set_now(now());
    const rules::Element* service =
        test.is_service ? model.find(rules::Element::Kind::service, test.service) : nullptr;
    if (test.is_service && service == nullptr) return {false, "no decision service " + test.service};
    expr::Value served;
    if (service != nullptr) {
      evaluation.serve(*service);
      served = coerced(machine, rules::outputs_of(model, *service, evaluation, machine), service->type);
    }
    for (const NamedValue& result : test.results) {
      const auto* decision = model.find(rules::Element::Kind::decision, result.name, result.name_space);
      expr::Value found;
      if (service != nullptr) {
        const expr::Value* part = served.context() == nullptr ? nullptr : served.context()->find(result.name);
        found = service->outputs.size() == 1 ? served : (part == nullptr ? expr::Value() : *part);
      } else if (decision != nullptr) {
        found = evaluation.at(model.index_of(*decision), machine);
      } else {
        return {false, "no decision " + result.name};
      }
      const expr::Value expected = result.error ? expr::Value() : result.value;
      if (!same_result(expected, found)) {
        std::string why = machine.diagnostics().empty() ? "" : " (" + machine.diagnostics()[0].text + ")";
        return {false, result.name + ": expected " + text_of(expected) + ", found " + text_of(found) + why};
      }
    }
    return {};
  }

  std::ostream* csv_;
  bool misses_;
};

int main_of(const std::vector<std::string>& arguments) {
  std::string directory;
  std::string csv;
  bool misses = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == "--csv" && i + 1 < arguments.size()) {
      csv = arguments[++i];
    } else if (arguments[i] == "--misses") {
      misses = true;
    } else {
      directory = arguments[i];
    }
  }
  if (!fs::is_directory(directory)) {
    std::cerr << "tck: " << directory << " is no folder; usage: tck DIR [--csv FILE] [--misses]\n";
    return 2;
  }
  std::ofstream file(csv);
  Runner runner(csv.empty() ? nullptr : &file, misses);
  // Every folder that holds a model and a test file, however deep.
  std::vector<fs::path> folders;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".dmn") folders.push_back(entry.path().parent_path());
  }
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  Count all;
  std::map<std::string, Count> levels;
  for (const fs::path& folder : folders) {
    const Count count = runner.folder(directory, folder);
    all.add(count);
    levels[fs::relative(folder, directory).begin()->string()].add(count);
    std::cout << fmt::format("{:<75} {:>5} of {:>5}{}\n", fs::relative(folder, directory).generic_string(),
                             count.passed, count.all, count.passed == count.all ? "" : "  <--");
  }
  for (const auto& [level, count] : levels)
    std::cout << fmt::format("{:<75} {:>5} of {:>5}\n", level, count.passed, count.all);
  if (csv.empty()) {
    std::cout << "(--csv FILE writes the TCK's result form)\n";
  } else {
    file.close();
    std::cout << "results in " << csv << "\n";
  }
  std::cout << fmt::format("TCK passed {} of {}; non-null {} of {}\n", all.passed, all.all, all.valued_passed,
                           all.valued);
  return all.all == 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return main_of({argv, argv + argc});
}
