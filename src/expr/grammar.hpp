#pragma once

#include "expr/parser.hpp"

namespace qipan::expr {

/// Recursive descent over the lexemes of one text; throws Fault. Nodes come out compiled and typed.
class Grammar {
 public:
  Grammar(Scope& scope, std::string_view text);

  [[nodiscard]] NodePtr whole_expression();
  [[nodiscard]] NodePtr whole_unary_tests(std::size_t input_slot, const TypePtr& input_type);
  [[nodiscard]] TypePtr whole_type();
  [[nodiscard]] std::vector<Flaw> take_flaws() { return std::move(flaws_); }

 private:
  // expressions.cpp, loosest first
  NodePtr expression();
  [[nodiscard]] bool at_textual() const;
  NodePtr choice();
  NodePtr iteration();
  NodePtr quantified();
  std::vector<Iterator> iterators();
  NodePtr disjunction();
  NodePtr conjunction();
  NodePtr comparison();
  NodePtr membership(NodePtr value);
  NodePtr additive();
  NodePtr multiplicative();
  NodePtr exponentiation();
  NodePtr negation();
  NodePtr instance();
  NodePtr postfix();
  NodePtr with_member(NodePtr source);
  NodePtr with_filter(NodePtr source);
  NodePtr with_call(NodePtr callee);

  // primaries.cpp
  NodePtr primary();
  NodePtr name();
  NodePtr built_in_name();
  NodePtr bracket();
  NodePtr list_rest(NodePtr first);
  NodePtr parenthesis();
  NodePtr context();
  std::string context_key();
  NodePtr function();
  NodePtr moment();
  NodePtr range_from(NodePtr low, bool low_included);
  NodePtr endpoint();
  TypePtr type();
  TypePtr parametric_type(std::string_view head);
  std::string name_until(std::initializer_list<std::string_view> stops);
  std::string greedy_name();

  // unary_tests.cpp
  NodePtr tests(const NodePtr& value, std::string_view closing);
  NodePtr test(const NodePtr& value);
  NodePtr comparator_test(const NodePtr& value);
  [[nodiscard]] bool at_comparator() const;

  [[nodiscard]] const Lexeme& now() const { return lexemes_[at_]; }
  [[nodiscard]] const Lexeme& next(std::size_t by = 1) const {
    return lexemes_[std::min(at_ + by, lexemes_.size() - 1)];
  }
  Lexeme take() { return lexemes_[at_ == lexemes_.size() - 1 ? at_ : at_++]; }
  /// Chains of operators make deep trees, so they are bounded too.
  void count_operator();
  bool accept(std::string_view text);
  void expect(std::string_view text);
  [[nodiscard]] bool bracket_closes_range() const;
  void flaw(std::size_t at, std::string expected, std::string found);
  /// Notes operands that can never go together.
  void check_operands(std::size_t at, std::string_view operation, const NodePtr& left, const NodePtr& right);

  void check_logic(const NodePtr& left, const NodePtr& right);
  void check_call(std::size_t at, const NodePtr& callee, const std::vector<NodePtr>& arguments,
                  const std::vector<std::string>& names);

  /// Depth of the text's own nesting and work done on it, both bounded.
  class Nesting {
   public:
    explicit Nesting(Grammar& grammar);
    ~Nesting() { --grammar_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Grammar& grammar_;
  };

  Scope& scope_;
  std::vector<Lexeme> lexemes_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int work_ = 0;
  int chain_ = 0;
  bool in_endpoint_ = false;
  bool asked_ = false;  // ? was named since this was last cleared
  NodePtr input_;       // what the tests of a cell are about
  std::size_t input_slot_ = 0;
  std::vector<Flaw> flaws_;
};

}  // namespace qipan::expr
