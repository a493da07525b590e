// What a table looks up of a value is what its tests say when they are asked of it.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "rules/table.hpp"
#include "support/dmn.hpp"

using namespace qipan;

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char sign : text) out += sign == '<' ? "&lt;" : sign == '>' ? "&gt;" : std::string(1, sign);
  return out;
}

/// A table of as many rules as there are cells in each column.
std::string table_of(const std::vector<std::vector<std::string>>& columns, const std::string& type) {
  std::string inputs;
  std::string needed;
  std::string clauses;
  for (std::size_t place = 0; place < columns.size(); ++place) {
    const std::string name = "x" + std::to_string(place);
    inputs += test::input_data(name, type);
    needed += test::needs(name);
    clauses += "<input><inputExpression typeRef=\"" + type + "\"><text>" + name +
               "</text></inputExpression></input>";
  }
  std::string rules;
  for (std::size_t r = 0; r < columns[0].size(); ++r) {
    rules += "<rule id=\"r" + std::to_string(r) + "\">";
    for (const auto& column : columns)
      rules += "<inputEntry><text>" + escaped(column[r]) + "</text></inputEntry>";
    rules += "<outputEntry><text>" + std::to_string(r) + "</text></outputEntry></rule>";
  }
  return test::dmn(inputs + "<decision name=\"d\">" + needed + "<decisionTable hitPolicy=\"COLLECT\">" +
                   clauses + "<output name=\"y\"/>" + rules + "</decisionTable></decision>");
}

/// Each column's different tests once at most, rule by rule, as a reader would.
std::vector<std::size_t> asked(const rules::Table& table, const std::vector<expr::Value>& given,
                               expr::Machine& machine) {
  std::vector<std::size_t> matched;
  std::map<std::pair<std::size_t, std::size_t>, bool> answers;
  for (std::size_t place = 0; place < given.size(); ++place)
    machine.set_local(table.inputs[place].slot, given[place]);
  for (std::size_t r = 0; r < table.rules.size(); ++r) {
    bool holds = true;
    for (std::size_t place = 0; holds && place < given.size(); ++place) {
      const std::size_t test = table.rules[r].tests[place];
      if (test == rules::irrelevant) continue;
      const auto known = answers.find({place, test});
      holds = known != answers.end() ? known->second : table.tests[place][test]->holds(machine);
      answers[{place, test}] = holds;
    }
    if (holds) matched.push_back(r);
  }
  return matched;
}

std::string told(const expr::Machine& machine) {
  std::string all;
  for (const expr::Diagnostic& one : machine.diagnostics()) all += one.code + " " + one.text + "\n";
  return all;
}

const std::vector<std::string> tests_of_cells = {"-",
                                                 "< 10",
                                                 "<= 10",
                                                 "> 2.5",
                                                 ">= 7",
                                                 "10",
                                                 "10.0",
                                                 "= 3",
                                                 "!= 3",
                                                 "[2..8]",
                                                 "]2..8[",
                                                 "(2..10)",
                                                 "1, 4, > 20",
                                                 "[1, 3, 10]",
                                                 "not(3, [5..9])",
                                                 "null",
                                                 "\"a\"",
                                                 "\"b\", \"c\"",
                                                 "not(\"a\")",
                                                 "> \"a\"",
                                                 "[\"a\"..\"c\"]",
                                                 "true",
                                                 "false",
                                                 "? > 3 and ? < 9",
                                                 "date(?) < date(\"2026-01-01\")",
                                                 "string length(\"abc\")",
                                                 "-3",
                                                 "10000000000000000000000000000000001",
                                                 "[0..0.00000000000000000000000000000001]",
                                                 "date(\"2026-01-01\")",
                                                 "< date(\"2026-01-02\")"};

std::vector<expr::Value> kinds_of_values() {
  std::vector<expr::Value> all = {{},
                                  true,
                                  false,
                                  "a",
                                  "b",
                                  "c",
                                  "aa",
                                  "",
                                  "\x01",
                                  expr::Date{20'454},
                                  expr::Date{20'455},
                                  expr::List{3, 10}};
  for (const char* number : {"-4",
                             "-3",
                             "-2.5",
                             "0",
                             "1",
                             "2",
                             "2.0001",
                             "2.5",
                             "3",
                             "3.00",
                             "4",
                             "5",
                             "7",
                             "8",
                             "9",
                             "9.999",
                             "10",
                             "10.1",
                             "20",
                             "21",
                             "1e33",
                             "10000000000000000000000000000000001",
                             "0.00000000000000000000000000000000001"})
    all.emplace_back(*Decimal::parse(number));
  return all;
}

}  // namespace

TEST(TableIndex, SaysWhatTheTestsSay) {
  std::mt19937_64 random(17);
  const auto known = kinds_of_values();
  std::size_t compared = 0;
  std::size_t with_words = 0;
  for (int round = 0; round < 150; ++round) {
    // Some columns of one kind of test, as most are, and some of all; more rules than a word has bits, too.
    const std::size_t first = round % 3 == 0 ? 0 : round % 3 == 1 ? 1 : 16;
    const std::size_t count = round % 3 == 0 ? tests_of_cells.size() : round % 3 == 1 ? 14 : 3;
    std::vector<std::vector<std::string>> columns(2);
    const std::size_t rules = 1 + random() % (round % 10 == 0 ? 150 : 20);
    for (auto& column : columns)
      for (std::size_t r = 0; r < rules; ++r)
        column.push_back(random() % 4 == 0 ? "-" : tests_of_cells[first + random() % count]);
    const auto model = rules::Model::load({{"m.dmn", table_of(columns, "Any")}});
    ASSERT_TRUE(model) << model.error().line();
    const auto& table = *(*model)->find(rules::Element::Kind::decision, "d")->table;
    for (const expr::Value& one : known) {
      for (const expr::Value& two : known) {
        if (random() % 4 != 0) continue;
        expr::Machine machine;
        const expr::Machine::Frame frame(machine, table.slots);
        expr::Machine other;
        const expr::Machine::Frame its(other, table.slots);
        const auto looked_up = table.matching(machine, {one, two});
        EXPECT_EQ(looked_up, asked(table, {one, two}, other))
            << text_of(one) << " and " << text_of(two) << " in " << table_of(columns, "Any");
        EXPECT_EQ(told(machine), told(other));
        with_words += told(other).empty() ? 0 : 1;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 15'000U);
  EXPECT_GT(with_words, 1'000U);
}
