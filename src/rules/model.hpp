#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "expr/node.hpp"
#include "expr/scope.hpp"

namespace qipan::rules {

class Table;

/// A node of the decision requirements graph (DMN 1.5, chapter 6).
struct Element {
  enum class Kind { input, decision, knowledge, service };
  Kind kind = Kind::input;
  std::string name;
  std::string id;
  std::string name_space;
  std::string description;
  std::string place;                      // file:line
  expr::TypePtr type;                     // of its variable; for knowledge and services of what they give
  expr::Code logic;                       // of a decision
  std::shared_ptr<const Table> table;     // where the logic is a decision table
  expr::FunctionPtr function;             // of knowledge and services
  std::vector<std::size_t> requirements;  // other elements that it names
  std::vector<std::size_t> outputs;       // of a service
  std::vector<std::size_t> encapsulated;  // of a service
  std::vector<std::size_t> input_decisions;
  std::vector<std::size_t> input_data;
};

struct Source {
  std::string path;
  std::string bytes;
};

/// DMN files that import each other, compiled: texts are parsed and typed once. Immutable; any thread may
/// evaluate. A text that does not compile is null when evaluated, whoever asks, and stands in `problems`.
class Model {
 public:
  /// The first source is the model; others are found by their namespace when it imports them. Refuses what is
  /// no DMN 1.1 to 1.5, names that do not resolve, and requirements that go round in a circle.
  [[nodiscard]] static Result<std::shared_ptr<const Model>> load(const std::vector<Source>& sources);

  [[nodiscard]] const std::vector<Element>& elements() const { return elements_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& name_space() const { return name_space_; }
  /// Hex SHA-256 of the model's own file and, if it imports any, of theirs.
  [[nodiscard]] const std::string& hash() const { return hash_; }
  /// What is no FEEL or no DMN: whoever evaluates it gets null, and no pack may have it.
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
  /// What can only be null when it is evaluated (1 = "1", a name that nothing has): the standard takes it.
  [[nodiscard]] const std::vector<Problem>& complaints() const { return complaints_; }
  /// By name, of the model itself before those that it imports; an empty namespace is any.
  [[nodiscard]] const Element* find(Element::Kind kind, std::string_view name,
                                    std::string_view name_space = {}) const;
  [[nodiscard]] std::size_t index_of(const Element& element) const {
    return static_cast<std::size_t>(&element - elements_.data());
  }
  /// Inputs that a decision needs, directly or through others, in the order of the file.
  [[nodiscard]] std::vector<std::size_t> inputs_of(const Element& decision) const;

 private:
  friend class Builder;
  std::vector<Element> elements_;
  std::string name_;
  std::string name_space_;
  std::string hash_;
  std::vector<Problem> problems_;
  std::vector<Problem> complaints_;
};

}  // namespace qipan::rules
