#pragma once

#include <string>
#include <vector>

#include "query/filter.hpp"

namespace qipan::test {

/// A table with a column of each kind, as collections have them, and the ways to ask it.
class QueryTable {
 public:
  QueryTable() : database(":memory:") {
    using query::Kind;
    using query::Stored;
    columns = {{.name = "id", .kind = Kind::number, .stored = Stored::scaled, .sql = "id"},
               {.name = "name", .sql = "name"},
               {.name = "floors", .kind = Kind::number, .stored = Stored::scaled, .sql = "floors"},
               {.name = "price", .kind = Kind::number, .stored = Stored::scaled, .sql = "price", .digits = 2},
               {.name = "open", .kind = Kind::boolean, .stored = Stored::truth, .sql = "open"},
               {.name = "built", .kind = Kind::date, .sql = "built"},
               {.name = "seen", .kind = Kind::moment, .stored = Stored::moment, .sql = "seen"},
               {.name = "at", .kind = Kind::geometry, .stored = Stored::point, .sql = "x", .sql_north = "y"},
               {.name = "tags", .kind = Kind::list, .stored = Stored::texts, .sql = "tags"},
               {.name = "told", .kind = Kind::moment, .stored = Stored::told, .sql = "told"}};
    database.execute(
        "CREATE TABLE things(id INTEGER PRIMARY KEY, name TEXT, floors INTEGER, price INTEGER, open INTEGER, "
        "built TEXT, seen INTEGER, x INTEGER, y INTEGER, tags TEXT, told TEXT) STRICT");
    query::Filter::prepare(database);
  }

  [[nodiscard]] Result<query::Filter> filter(std::string_view text) const {
    QIPAN_TRY(expression, query::read_text(text));
    return query::Filter::bind(expression, columns);
  }

  /// Ids of the rows of which it holds, asked by SQL.
  std::vector<std::int64_t> by_sql(const query::Filter& filter) {
    query::Where where;
    filter.add_to(where);
    auto statement = database.prepare_once("SELECT id FROM things WHERE " + where.sql() + " ORDER BY id");
    where.bind_to(statement);
    std::vector<std::int64_t> ids;
    while (statement.step()) ids.push_back(statement.integer(0));
    return ids;
  }
  /// The same in memory.
  std::vector<std::int64_t> in_memory(const query::Filter& filter) {
    static std::vector<query::Value>* into = nullptr;
    static const std::vector<query::Column>* of = nullptr;
    std::vector<query::Value> row;
    into = &row;
    of = &columns;
    database.define("take_row", [](const Arguments& arguments) -> std::optional<bool> {
      into->clear();
      int at = 0;
      for (const query::Column& column : *of) into->push_back(query::stored_value(column, arguments, at));
      return true;
    });
    std::string names;
    for (const query::Column& column : columns) {
      names += (names.empty() ? "" : ", ") + column.sql;
      if (!column.sql_north.empty()) names += ", " + column.sql_north;
    }
    auto rows = database.prepare_once("SELECT id, take_row(" + names + ") FROM things ORDER BY id");
    std::vector<std::int64_t> ids;
    while (rows.step()) {
      if (filter.holds(row).value_or(false)) ids.push_back(rows.integer(0));
    }
    return ids;
  }

  Database database;
  std::vector<query::Column> columns;
};

}  // namespace qipan::test
