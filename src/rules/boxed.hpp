#pragma once

#include <string>

#include "expr/parser.hpp"
#include "rules/builder.hpp"
#include "rules/table.hpp"

namespace qipan::rules {

/// Boxed expressions of one element (DMN 1.5, chapter 10.2), compiled in the element's scope.
class BoxedReader {
 public:
  BoxedReader(Builder& builder, Document& document, expr::Scope& scope, std::string name)
      : builder_(builder), document_(document), scope_(scope), name_(std::move(name)) {}

  /// The expression below `parent`, of whatever kind; null if there is none.
  [[nodiscard]] expr::NodePtr below(const pugi::xml_node& parent);
  [[nodiscard]] expr::NodePtr expression(const pugi::xml_node& node);
  /// A function definition's parameters and body in a scope of their own.
  [[nodiscard]] expr::Lambda lambda(const pugi::xml_node& definition, expr::Scope& scope, bool whole_scope);
  /// The table that was read last, if the element's logic is one.
  [[nodiscard]] std::shared_ptr<const Table> table() const { return last_table_; }

 private:
  // boxed.cpp
  expr::NodePtr dispatched(const pugi::xml_node& node);
  expr::NodePtr literal(const pugi::xml_node& node);
  expr::NodePtr context(const pugi::xml_node& node);
  expr::NodePtr invocation(const pugi::xml_node& node);
  expr::NodePtr function(const pugi::xml_node& node);
  expr::NodePtr relation(const pugi::xml_node& node);
  expr::NodePtr list(const pugi::xml_node& node);
  expr::NodePtr conditional(const pugi::xml_node& node);
  expr::NodePtr filter(const pugi::xml_node& node);
  expr::NodePtr iteration(const pugi::xml_node& node);
  expr::TypePtr type_of(const pugi::xml_node& node);
  expr::NodePtr missing(const pugi::xml_node& node, std::string_view what);
  /// Says in which decision and cell.
  void problem(const pugi::xml_node& at, std::string code, std::string value, std::string rule);
  expr::NodePtr compiled(const pugi::xml_node& text, expr::Compiled result);
  expr::NodePtr text_expression(const pugi::xml_node& parent);

  // table_reader.cpp
  expr::NodePtr decision_table(const pugi::xml_node& node);
  void read_input(const pugi::xml_node& node, Table& table);
  void read_output(const pugi::xml_node& node, Table& table);
  void read_rules(const pugi::xml_node& node, Table& table);
  void read_policy(const pugi::xml_node& node, Table& table);
  void check_table(const pugi::xml_node& node, const Table& table);
  std::vector<expr::Value> values_in(const std::string& text);
  expr::NodePtr tests(const pugi::xml_node& at, std::size_t slot, const expr::TypePtr& type);

  Builder& builder_;
  Document& document_;
  expr::Scope& scope_;
  std::string name_;
  std::string cell_;  // of a table, while it is read
  std::shared_ptr<const Table> last_table_;
  int depth_ = 0;
};

}  // namespace qipan::rules
