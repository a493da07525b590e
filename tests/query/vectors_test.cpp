#include <geos_c.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "pack/csv.hpp"
#include "query/filter.hpp"
#include "query/node.hpp"

// The standard's own predicates and examples (OGC 21-065r2), where they lie beside the project.

namespace qipan::query {

namespace {

std::string shared_folder() {
  const char* shared = std::getenv("QIPAN_SHARED");
  return std::string(shared == nullptr ? "" : shared) + "/vectors/cql2";
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string geojson_of(std::string_view blob) {
  constexpr std::size_t header = 8;
  constexpr std::size_t with_bounds = 40;
  const std::size_t begin = (static_cast<unsigned char>(blob[3]) >> 1U & 7U) == 0 ? header : with_bounds;
  const GEOSContextHandle_t geos = GEOS_init_r();
  GEOSGeometry* geometry = GEOSGeomFromWKB_buf_r(
      geos, reinterpret_cast<const unsigned char*>(blob.data() + begin), blob.size() - begin);
  GEOSGeoJSONWriter* writer = GEOSGeoJSONWriter_create_r(geos);
  char* text = GEOSGeoJSONWriter_writeGeometry_r(geos, writer, geometry, -1);
  std::string result = text;
  GEOSFree_r(geos, text);
  GEOSGeoJSONWriter_destroy_r(geos, writer);
  GEOSGeom_destroy_r(geos, geometry);
  GEOS_finish_r(geos);
  return result;
}

/// What the standard says of these cannot be of these data, in which three names begin with “Ch” (Chișinău,
/// Chicago, Chengdu) and one of them with “Chiș”: it says two of each.
const std::map<std::string, std::string> miscounted = {
    {"ACCENTI(name) LIKE accenti('Ch%')", "3"},
    {"ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))", "1"},
    {"ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))", "1"}};

/// One table of the package in a table as ours are.
struct Copied {
  std::vector<Column> columns;
  std::string table;
};

Copied copy(Database& package, Database& database, const std::string& table) {
  Copied made{.table = quoted_name(table)};
  std::string declared;
  auto info = package.prepare_once("SELECT name, type FROM pragma_table_info(?) WHERE name<>'fid'");
  info.bind(table);
  std::string names;
  while (info.step()) {
    const std::string name(info.text(0));
    const std::string type(info.text(1));
    Column column{.name = name, .sql = quoted_name(name)};
    if (type == "DATE") column.kind = Kind::date;
    if (type == "DATETIME") column.kind = Kind::moment, column.stored = Stored::moment;
    if (type == "BOOLEAN") column.kind = Kind::boolean, column.stored = Stored::truth;
    if (type.find("INT") != std::string::npos || type == "REAL")
      column.kind = Kind::number, column.stored = Stored::scaled;
    if (name == "geom") column.kind = Kind::geometry, column.stored = Stored::geojson;
    declared += (declared.empty() ? "" : ", ") + column.sql +
                (column.stored == Stored::text || column.stored == Stored::geojson ? " TEXT" : " INTEGER");
    names += (names.empty() ? "" : ", ") + column.sql;
    made.columns.push_back(std::move(column));
  }
  database.execute("CREATE TABLE " + made.table + "(" + declared + ") STRICT");
  auto rows = package.prepare_once("SELECT " + names + " FROM " + made.table);
  std::string places = "?";
  for (std::size_t at = 1; at < made.columns.size(); ++at) places += ",?";
  while (rows.step()) {
    auto insert = database.prepare_once("INSERT INTO " + made.table + " VALUES(" + places + ")");
    for (std::size_t at = 0; at < made.columns.size(); ++at) {
      const int place = static_cast<int>(at);
      const Column& column = made.columns[at];
      if (rows.is_null(place)) {
        insert.bind(nullptr);
      } else if (column.stored == Stored::geojson) {
        insert.bind(geojson_of(rows.blob(place)));
      } else if (column.stored == Stored::moment) {
        insert.bind(
            *parse_instant(std::string(rows.text(place)) + (rows.text(place).ends_with('Z') ? "" : "Z")));
      } else if (column.stored == Stored::text) {
        insert.bind(rows.text(place));
      } else {
        insert.bind(rows.integer(place));
      }
    }
    insert.run();
  }
  return made;
}

/// Rows of which it holds, counted in memory: each column asked for through the function that statements
/// call.
struct Counts {
  std::int64_t by_sql = 0;
  std::int64_t in_memory = 0;
};

std::vector<Value>* row_into = nullptr;
std::span<const Column> row_columns;
std::optional<bool> take_row(const Arguments& arguments) {
  row_into->clear();
  int at = 0;
  for (const Column& column : row_columns) row_into->push_back(stored_value(column, arguments, at));
  return true;
}

Counts count(Database& database, const Copied& collection, const Filter& filter) {
  Counts counts;
  Filter::prepare(database);
  Where where;
  filter.add_to(where);
  auto statement =
      database.prepare_once("SELECT count(*) FROM " + collection.table + " WHERE " + where.sql());
  where.bind_to(statement);
  if (statement.step()) counts.by_sql = statement.integer(0);
  std::vector<Value> row;
  row_into = &row;
  row_columns = collection.columns;
  database.define("take_row", take_row);
  std::string names;
  for (const Column& column : collection.columns) names += (names.empty() ? "" : ", ") + column.sql;
  auto rows = database.prepare_once("SELECT take_row(" + names + ") FROM " + collection.table);
  while (rows.step()) counts.in_memory += filter.holds(row).value_or(false) ? 1 : 0;
  return counts;
}

}  // namespace

TEST(Cql2, PredicatesSelectWhatTheStandardSays) {
  const auto folder = shared_folder();
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no vectors of CQL2 here";
  Database package(folder + "/ne110m4cql2.gpkg", {.read_only = true, .immutable = true});
  Database database(":memory:");
  std::map<std::string, Copied> collections;
  const auto table = pack::Csv::parse("predicates.csv", content_of(folder + "/predicates.csv"));
  ASSERT_TRUE(table.has_value());
  int passed = 0;
  for (const auto& row : table->rows()) {
    const std::string& name = row.cells[1];
    if (!collections.contains(name)) collections.emplace(name, copy(package, database, name));
    const Copied& collection = collections.at(name);
    const auto read = read_text(row.cells[2]);
    ASSERT_TRUE(read.has_value()) << row.cells[2] << ": " << read.error().line();
    // The JSON form of it is the same filter.
    const auto again = read_json(to_json(*read));
    ASSERT_TRUE(again.has_value()) << row.cells[2] << ": " << again.error().line();
    EXPECT_EQ(*again, *read) << row.cells[2];
    const auto filter = Filter::bind(*read, collection.columns);
    ASSERT_TRUE(filter.has_value()) << row.cells[2] << ": " << filter.error().line();
    const Counts counts = count(database, collection, *filter);
    const auto wrong = miscounted.find(row.cells[2]);
    const std::string told = wrong == miscounted.end() ? row.cells[3] : wrong->second;
    EXPECT_EQ(std::to_string(counts.by_sql), told) << row.cells[2];
    EXPECT_EQ(counts.in_memory, counts.by_sql) << row.cells[2];
    passed += std::to_string(counts.by_sql) == row.cells[3] && counts.in_memory == counts.by_sql ? 1 : 0;
  }
  std::printf("CQL2 vectors: %d of %zu predicates\n", passed, table->rows().size());
  EXPECT_GT(passed, 0);
}

TEST(Cql2, ExamplesMeanTheSameInBothForms) {
  const auto folder = shared_folder();
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no vectors of CQL2 here";
  int read_texts = 0;
  int pairs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/examples/text")) {
    const auto text = read_text(content_of(entry.path()));
    ASSERT_TRUE(text.has_value()) << entry.path() << text.error().line();
    const auto again = read_text(to_text(*text));
    ASSERT_TRUE(again.has_value()) << to_text(*text) << again.error().line();
    EXPECT_EQ(*again, *text) << to_text(*text);
    ++read_texts;
    const auto beside =
        std::filesystem::path(folder) / "examples/json" / (entry.path().stem().string() + ".json");
    if (!std::filesystem::exists(beside)) continue;
    const auto json = parse_json(content_of(beside));
    ASSERT_TRUE(json.has_value()) << beside;
    const auto read = read_json(*json);
    ASSERT_TRUE(read.has_value()) << beside << read.error().line();
    EXPECT_EQ(to_json(*read).dump(), to_json(*text).dump()) << beside;
    ++pairs;
  }
  std::printf("CQL2 vectors: %d texts, %d pairs\n", read_texts, pairs);
  EXPECT_GT(pairs, 0);
}

}  // namespace qipan::query
