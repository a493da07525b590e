#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/database.hpp"

namespace qipan::view {

struct TableDigest {
  std::string table;
  std::int64_t rows = 0;
  Hash hash{};
  bool operator==(const TableDigest&) const = default;
};

/// Digest of every view table (all but the log's own, SQLite's and shadow tables of indexes): declared
/// columns, all rows in key order, types included. Equal views have equal digests on every machine.
[[nodiscard]] std::vector<TableDigest> digest(Database& database);

/// Tables of the file that are folds of the log, in name order.
[[nodiscard]] std::vector<std::string> view_tables(Database& database);

/// First difference of two digests in words, or empty.
[[nodiscard]] std::string difference(const std::vector<TableDigest>& left,
                                     const std::vector<TableDigest>& right);

}  // namespace qipan::view
