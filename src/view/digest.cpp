#include "view/digest.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <map>

#include "base/crypto.hpp"

namespace qipan::view {

namespace {

/// Chains blocks of encoded rows, so that memory stays small whatever the table's size.
class RowHasher {
 public:
  void add(const Statement& row) {
    for (int column = 0; column < row.columns(); ++column) {
      const int type = row.type(column);
      encoder_.number(static_cast<std::uint64_t>(type));
      if (type == SQLITE_INTEGER) encoder_.signed_number(row.integer(column));
      if (type == SQLITE_TEXT) encoder_.text(row.text(column));
      if (type == SQLITE_BLOB || type == SQLITE_FLOAT) encoder_.text(row.blob(column));
    }
    if (encoder_.bytes().size() > 64 * 1024) fold();
  }
  Hash finish() {
    fold();
    return chain_;
  }

 private:
  void fold() {
    chain_ = sha256(view_of(chain_), encoder_.take());
    encoder_ = Encoder();
  }
  Encoder encoder_;
  Hash chain_{};
};

struct Shape {
  std::string columns;
  std::string order;
};

Shape shape_of(Database& database, const std::string& table) {
  Shape shape;
  std::map<std::int64_t, std::string> key;
  auto statement = database.prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid");
  statement.bind(table);
  while (statement.step()) {
    const std::string name = quoted_name(statement.text(0));
    shape.columns += (shape.columns.empty() ? "" : ",") + name;
    if (statement.integer(1) > 0) key[statement.integer(1)] = name;
  }
  for (const auto& [rank, name] : key) shape.order += (shape.order.empty() ? "" : ",") + name;
  if (shape.order.empty()) shape.order = "rowid";
  return shape;
}

}  // namespace

std::vector<std::string> view_tables(Database& database) {
  std::vector<std::string> names;
  auto statement = database.prepare(
      "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND name NOT LIKE 'log\\_%' "
      "ESCAPE '\\' "
      "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
  while (statement.step()) names.emplace_back(statement.text(0));
  return names;
}

std::vector<TableDigest> digest(Database& database) {
  std::vector<TableDigest> digests;
  for (const std::string& table : view_tables(database)) {
    const Shape shape = shape_of(database, table);
    TableDigest one{table, 0, {}};
    RowHasher hasher;
    auto rows = database.prepare("SELECT " + shape.columns + " FROM " + quoted_name(table) + " ORDER BY " +
                                 shape.order);
    while (rows.step()) {
      hasher.add(rows);
      ++one.rows;
    }
    one.hash = hasher.finish();
    digests.push_back(std::move(one));
  }
  return digests;
}

std::string difference(const std::vector<TableDigest>& left, const std::vector<TableDigest>& right) {
  std::map<std::string, const TableDigest*> others;
  for (const auto& table : right) others[table.table] = &table;
  for (const auto& table : left) {
    const auto found = others.find(table.table);
    if (found == others.end()) return fmt::format("table {} is missing on one side", table.table);
    if (!(*found->second == table)) {
      return fmt::format("table {} differs ({} rows against {})", table.table, table.rows,
                         found->second->rows);
    }
    others.erase(found);
  }
  return others.empty() ? "" : fmt::format("table {} is missing on one side", others.begin()->first);
}

}  // namespace qipan::view
