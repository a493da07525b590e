// Every type of fields: what it takes and how that is kept, told as a table; and what holds for all of them.
#include <cstdlib>
#include <fstream>

#include "expr/expression.hpp"
#include "expr/json_values.hpp"
#include "fields/declaration.hpp"
#include "fields/field_table.hpp"
#include "fields/values.hpp"

using namespace qipan;
using fields::Field;

namespace {

Json json_of(const std::string& text) {
  const auto read = parse_json(text);
  EXPECT_TRUE(read) << text;
  return read.value_or(Json());
}

/// A column of the field in memory, with the value in it, read back.
Json through_column(const Field& field, const Json& value) {
  Database database(":memory:");
  database.execute(std::string("CREATE TABLE t(x ") + (field.type->integer_column() ? "INTEGER" : "TEXT") +
                   ") STRICT");
  auto insert = database.prepare("INSERT INTO t VALUES(?)");
  field.type->bind(field, insert, value);
  insert.run();
  auto select = database.prepare("SELECT x FROM t");
  EXPECT_TRUE(select.step());
  return field.type->stored(field, select, 0);
}

/// What is true of every value as read() gave it.
void hold_value(const Field& field, const Json& kept) {
  const fields::Type& type = *field.type;
  EXPECT_EQ(type.read(field, kept, "x").value_or(Json()).dump(), kept.dump())
      << "what is kept is not kept again";
  EXPECT_EQ(through_column(field, kept).dump(), kept.dump());
  const auto cell = type.from_cell(field, type.cell(field, kept), "x");
  ASSERT_TRUE(cell) << cell.error().line();
  const auto back = type.read(field, *cell, "x");
  ASSERT_TRUE(back) << type.cell(field, kept);
  EXPECT_EQ(back->dump(), kept.dump());
  EXPECT_EQ(type.compare(field, kept, kept), std::strong_ordering::equal);
  EXPECT_TRUE(expr::instance_of(type.expression_value(field, kept), *type.expression_type(field)));
}

}  // namespace

TEST(Fields, TakeAndKeepValues) {
  int held = 0;
  for (const auto& line : test::lines_of(test::field_values)) {
    SCOPED_TRACE(line[0] + " | " + line[1]);
    const Field field = test::declared(line[0]);
    ASSERT_NE(field.type, nullptr);
    const Json value = json_of(line[1]);
    const auto read = field.type->read(field, value, "values/x");
    ++held;
    if (line[2].starts_with('!')) {
      ASSERT_FALSE(read) << read->dump();
      EXPECT_EQ(read.error().code, line[2] == "!" ? "field-unfit" : line[2].substr(2));
      EXPECT_TRUE(read.error().field.starts_with("values/x")) << read.error().field;
      continue;
    }
    ASSERT_TRUE(read) << read.error().line();
    EXPECT_EQ(read->dump(), json_of(line[2] == "=" ? line[1] : line[2]).dump());
    // An empty text is no value: lists and forms take it for none.
    if (*read != Json("")) hold_value(field, *read);
  }
  EXPECT_GT(held, 100);
}

TEST(Fields, EveryTypeIsInTheTable) {
  std::set<std::string> seen;
  for (const auto& line : test::lines_of(test::field_values))
    seen.insert(line[0].substr(0, line[0].find(';')));
  for (const fields::Type* type : fields::all_types())
    EXPECT_TRUE(seen.contains(std::string(type->name()))) << type->name();
}

TEST(Fields, DeclarationsComeBackFromFacts) {
  for (const auto& line : test::lines_of(test::field_values)) {
    const Json json = fields::to_json(test::declared(line[0]));
    EXPECT_EQ(fields::to_json(fields::from_json(json)).dump(), json.dump()) << line[0];
  }
}

TEST(Fields, FaultsOfDeclarationsNameTheirPlace) {
  for (const auto& line : test::lines_of(test::field_faults)) {
    pack::Problems problems;
    std::ignore = test::declared(line[0], problems);
    ASSERT_FALSE(problems.empty()) << line[0];
    EXPECT_TRUE(problems.front().field.ends_with(" " + line[1]))
        << line[0] << ": " << problems.front().line();
  }
}

TEST(Fields, PlacesWithoutAVaultOrContentsTakeNeither) {
  for (const char* words : {"citizen_number", "text; sensitivity = \"personal\"", "photos", "files",
                            "text; unique = true", "text; indexed = true"}) {
    pack::Problems problems;
    std::ignore = test::declared(words, problems, {});
    EXPECT_FALSE(problems.empty()) << words;
  }
}

TEST(Fields, SortByWhatTheyMean) {
  for (const auto& line : test::lines_of(test::field_orders)) {
    const Field field = test::declared(line[0]);
    const Json values = json_of(line[1]);
    for (std::size_t i = 0; i < values.items().size(); ++i) {
      for (std::size_t j = 0; j < values.items().size(); ++j)
        EXPECT_EQ(field.type->compare(field, values.items()[i], values.items()[j]), i <=> j)
            << line[0] << " " << i << " " << j;
    }
  }
}

TEST(Fields, AreWhatTheyAreInExpressions) {
  for (const auto& line : test::lines_of(test::field_expressions)) {
    SCOPED_TRACE(line[0] + " | " + line[2]);
    const Field field = test::declared(line[0]);
    const auto kept = field.type->read(field, json_of(line[1]), "x");
    ASSERT_TRUE(kept);
    const auto expression =
        expr::Expression::parse(line[2], expr::numbered({{"x", field.type->expression_type(field)}}));
    ASSERT_TRUE(expression) << expression.error().line();
    const std::vector<expr::Value> values = {fields::expression_value_of(field, *kept)};
    EXPECT_EQ(expr::json_of(expression->evaluate(values)).dump(), line[3]);
  }
}

TEST(Fields, ASubstituteOfWhatWasRedactedIsNullInExpressions) {
  for (const char* words : {"date", "integer", "boolean", "duration", "choices; options = [\"a\"]"})
    EXPECT_TRUE(fields::expression_value_of(test::declared(words), "[removed]").is_null()) << words;
}

TEST(Fields, AnAreaIsBoundedByAllItsPoints) {
  const Field field = test::declared("area; max = 5");
  EXPECT_TRUE(field.type->read(field, json_of("[[[0,0],[9,0],[9,9],[0,9],[0,0]]]"), "x"));
  EXPECT_FALSE(field.type->read(field, json_of("[[[0,0],[9,0],[9,9]],[[1,1],[2,1],[2,2]]]"), "x"));
}

TEST(Fields, FormsAskForWhatTheySay) {
  std::vector<Field> declared = {test::declared("text; required = true"), test::declared("integer")};
  declared[1].name = "many";
  const fields::Form form = fields::whole_form(declared);
  const auto result = [&](const char* values, fields::Absent absent) {
    const auto read = fields::read_values(form, json_of(values), "values", absent);
    return read ? read->dump() : read.error().code + " " + read.error().field;
  };
  using fields::Absent;
  EXPECT_EQ(result(R"({"many":2,"x":"a"})", Absent::refused), R"({"x":"a","many":2})");
  EXPECT_EQ(result(R"({"x":"a","many":null})", Absent::refused), R"({"x":"a"})");
  EXPECT_EQ(result(R"({"many":2})", Absent::refused), "field-required values/x");
  EXPECT_EQ(result(R"({"x":""})", Absent::refused), "field-required values/x");
  EXPECT_EQ(result(R"({"x":"a","more":1})", Absent::refused), "field-unknown values/more");
  EXPECT_EQ(result(R"([1])", Absent::refused), "fields-unreadable values");
  EXPECT_EQ(result(R"({"many":2})", Absent::unchanged), R"({"many":2})");
  EXPECT_EQ(result(R"({"many":null})", Absent::unchanged), R"({"many":null})");
  EXPECT_EQ(result(R"({"x":null})", Absent::unchanged), "field-required values/x");
  EXPECT_EQ(result(R"({"many":"two"})", Absent::unchanged), "field-unfit values/many");
}

TEST(Fields, PersonalValuesStandInNoProblem) {
  const auto read = [](const char* words) {
    const Field field = test::declared(words);
    return field.type->read(field, "11010519491231002", "x").error();
  };
  EXPECT_EQ(read("citizen_number").value, "");
  EXPECT_EQ(read("telephone; sensitivity = \"personal\"").value, "");
  EXPECT_NE(read("credit_code").value, "");
}

/// Published and made vectors of identifiers, where they lie beside the project.
TEST(Fields, IdentifierVectors) {
  const char* shared = std::getenv("QIPAN_SHARED");
  std::ifstream file(std::string(shared == nullptr ? "" : shared) + "/vectors/identifiers/id_vectors.csv");
  if (shared == nullptr || !file) GTEST_SKIP() << "no vectors of identifiers here";
  const std::map<std::string, std::string> names = {
      {"scc", "credit_code"}, {"org", "organisation_code"}, {"id", "citizen_number"}};
  int passed = 0;
  int total = 0;
  std::string line;
  for (std::getline(file, line); std::getline(file, line);) {
    std::istringstream cells(line);
    std::string kind, code, valid;
    std::getline(cells, kind, ',');
    std::getline(cells, code, ',');
    std::getline(cells, valid, ',');
    const Field field = test::declared(names.at(kind));
    const bool fits = field.type->read(field, code, "x").has_value();
    EXPECT_EQ(fits, valid == "1") << line;
    passed += fits == (valid == "1") ? 1 : 0;
    ++total;
  }
  std::printf("identifier vectors: %d of %d\n", passed, total);
  EXPECT_GT(total, 0);
}
