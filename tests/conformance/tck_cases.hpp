#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/value.hpp"

namespace qipan::conformance {

/// The public TCK's test files (testCases.xsd): inputs and expected results by name.
struct NamedValue {
  std::string name;
  std::string name_space;
  expr::Value value;
  bool error = false;  // of a result: nothing but null is right
};

struct TestCase {
  std::string id;
  bool is_service = false;
  std::string service;
  std::vector<NamedValue> inputs;
  std::vector<NamedValue> results;
};

struct TestFile {
  std::string path;
  std::string model;
  std::vector<TestCase> cases;
};

/// Nothing, with a reason in `problem`, where the file cannot be read.
[[nodiscard]] std::optional<TestFile> read_test_file(const std::string& path, std::string& problem);

/// As the TCK's runners compare: numbers within 1e-8, the rest exactly, contexts in any order.
[[nodiscard]] bool same_result(const expr::Value& expected, const expr::Value& found);
/// Whether there is any value in it that is not nil.
[[nodiscard]] bool has_value(const expr::Value& value);

}  // namespace qipan::conformance
