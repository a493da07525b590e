#pragma once

#include <memory>
#include <span>
#include <variant>

#include "query/column.hpp"
#include "query/expression.hpp"

namespace qipan::query {

struct Node;

/// A WHERE clause with its parameters, built together so that values never become SQL.
class Where {
 public:
  void add(std::string_view sql) { sql_ += sql; }
  void bind(std::int64_t value) { values_.emplace_back(value); }
  void bind(std::string value) { values_.emplace_back(std::move(value)); }
  void bind(const Node* node) { values_.emplace_back(node); }
  /// Numbers for json_each().
  void bind(const std::vector<std::int64_t>& numbers);
  [[nodiscard]] const std::string& sql() const { return sql_; }
  void bind_to(Statement& statement) const;

 private:
  std::string sql_;
  std::vector<std::variant<std::int64_t, std::string, const Node*>> values_;
};

/// A filter over the columns of a collection: every name in it is one of them and every value of a kind that
/// fits where it stands. It is true, false or neither of a row, as in SQL: what is asked of nothing is
/// neither. Used by one thread at a time.
class Filter {
 public:
  /// `filter-unfit` where the filter asks for what there is not. `columns` outlive it.
  [[nodiscard]] static Result<Filter> bind(const Expression& expression, std::span<const Column> columns);

  /// Places of the columns whose values it asks for, in order.
  [[nodiscard]] const std::vector<std::size_t>& reads() const { return reads_; }
  /// Of a row: the value of each column.
  [[nodiscard]] std::optional<bool> holds(std::span<const Value> row) const;
  /// Adds what is true where it holds. Comparisons of columns with values become SQL that indexes serve;
  /// what SQL cannot say, SQL asks of the filter row by row. The filter outlives the statement, which is of a
  /// connection that prepare() knows.
  void add_to(Where& where) const;

  /// Makes a connection know what statements of filters call.
  static void prepare(Database& database);

 private:
  std::shared_ptr<const Node> root_;
  std::vector<std::size_t> reads_;
};

}  // namespace qipan::query
