#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/node.hpp"
#include "rules/table_index.hpp"

namespace qipan::rules {

enum class HitPolicy { unique, any, priority, first, rule_order, output_order, collect };
enum class Aggregation { none, sum, count, least, greatest };

/// A word of DMN files and what it means here.
template <class T>
struct Word {
  std::string_view text;
  T meaning;
};
inline constexpr std::array<Word<HitPolicy>, 7> hit_policies = {{{"UNIQUE", HitPolicy::unique},
                                                                 {"ANY", HitPolicy::any},
                                                                 {"PRIORITY", HitPolicy::priority},
                                                                 {"FIRST", HitPolicy::first},
                                                                 {"RULE ORDER", HitPolicy::rule_order},
                                                                 {"OUTPUT ORDER", HitPolicy::output_order},
                                                                 {"COLLECT", HitPolicy::collect}}};
/// Whether at most one output comes out.
[[nodiscard]] constexpr bool is_single(HitPolicy policy) {
  return policy == HitPolicy::unique || policy == HitPolicy::any || policy == HitPolicy::priority ||
         policy == HitPolicy::first;
}

struct InputClause {
  std::string label;
  std::string text;
  expr::NodePtr expression;
  std::size_t slot = 0;
  expr::NodePtr allowed;  // tests of the input values; null for any
  std::string allowed_text;
};

struct OutputClause {
  std::string name;
  std::string label;
  expr::TypePtr type;
  expr::NodePtr otherwise;              // default output entry; may be null
  std::vector<expr::Value> priorities;  // the output values in their order, the first highest
  expr::NodePtr allowed;                // tests of the output values
  std::size_t slot = 0;                 // for those
};

struct Rule {
  std::string id;
  std::string place;
  std::vector<std::string> texts;  // of the input entries
  std::vector<std::size_t> tests;  // numbers of the column's different tests; `irrelevant` for -
  std::vector<expr::NodePtr> outputs;
  std::vector<std::string> output_texts;
  std::vector<std::string> annotations;
  std::optional<expr::Value> constant;  // the whole output, where all of its cells are constants
};

inline constexpr std::size_t irrelevant = ~std::size_t{0};

/// A decision table (DMN 1.5, chapter 8). Each column's different tests are asked at most once an evaluation.
class Table final : public expr::Node {
 public:
  std::string name;
  std::string place;
  HitPolicy policy = HitPolicy::unique;
  Aggregation aggregation = Aggregation::none;
  std::vector<InputClause> inputs;
  std::vector<OutputClause> outputs;
  std::vector<std::string> annotation_names;
  std::vector<Rule> rules;
  /// Of each column, in the order in which rules first have them.
  std::vector<std::vector<expr::NodePtr>> tests;
  /// Local slots that its cells use.
  std::size_t slots = 0;

  /// Once all of the above stands.
  void finish();
  [[nodiscard]] expr::Value evaluate(expr::Machine& machine) const override;
  /// The rules that hold for inputs that are given rather than computed; used by searches over the table.
  [[nodiscard]] std::vector<std::size_t> matching(expr::Machine& machine,
                                                  const std::vector<expr::Value>& given) const;

 private:
  using Matched = boost::container::small_vector<std::size_t, 16>;
  /// Of each input the value where it lies; null where it was computed, into its slot.
  using Inputs = boost::container::small_vector<const expr::Value*, 16>;

  [[nodiscard]] bool bind(expr::Machine& machine, Inputs& given) const;
  [[nodiscard]] const expr::Value& input(const expr::Machine& machine, const Inputs& given,
                                         std::size_t column) const;
  void match(expr::Machine& machine, const Inputs& given, Matched& matched) const;
  [[nodiscard]] expr::Value output(expr::Machine& machine, const Rule& rule) const;
  [[nodiscard]] expr::Value composed(expr::Machine& machine, std::vector<expr::Value> cells) const;
  [[nodiscard]] expr::Value otherwise(expr::Machine& machine) const;
  [[nodiscard]] expr::Value result(expr::Machine& machine, const Matched& matched) const;
  [[nodiscard]] expr::Value single(expr::Machine& machine, const Matched& matched) const;
  [[nodiscard]] expr::Value several(expr::Machine& machine, const Matched& matched) const;
  [[nodiscard]] expr::Value aggregated(expr::Machine& machine, const expr::List& values) const;
  /// Rank of a composed output by the output values: the lower the earlier.
  [[nodiscard]] std::vector<std::size_t> rank(const expr::Value& value) const;

  std::vector<ColumnIndex> columns_;
  std::vector<std::size_t> first_test_;  // of each column in the memory of answers
  std::size_t test_count_ = 0;
  expr::Context::Keys keys_;
};

}  // namespace qipan::rules
