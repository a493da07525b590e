#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "rules/boxed.hpp"

namespace qipan::rules {

namespace {

using expr::NodePtr;
using expr::TypePtr;

constexpr std::size_t rules_max = 10'000;

constexpr std::array<Word<Aggregation>, 4> aggregations = {{{"SUM", Aggregation::sum},
                                                            {"COUNT", Aggregation::count},
                                                            {"MIN", Aggregation::least},
                                                            {"MAX", Aggregation::greatest}}};

template <class T, std::size_t size>
const T* meaning(const std::array<Word<T>, size>& words, std::string_view text) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word<T>& word) { return word.text == text; });
  return found == words.end() ? nullptr : &found->meaning;
}

std::string entry_text(const pugi::xml_node& entry) {
  return trimmed(text_of(child(entry, "text")));
}

bool is_scalar(expr::Type::Kind kind) {
  return kind >= expr::Type::Kind::boolean && kind <= expr::Type::Kind::days_time;
}

bool is_irrelevant(const std::string& text) {
  return text.empty() || text == "-";
}

}  // namespace

NodePtr BoxedReader::decision_table(const pugi::xml_node& node) {
  auto table = std::make_shared<Table>();
  table->name = node.attribute("outputLabel").as_string();
  if (table->name.empty()) table->name = name_;
  table->place = document_.file->place(node);
  read_policy(node, *table);
  for (const auto& input : children(node, "input")) read_input(input, *table);
  for (const auto& output : children(node, "output")) read_output(output, *table);
  for (const auto& annotation : children(node, "annotation"))
    table->annotation_names.emplace_back(annotation.attribute("name").as_string());
  if (table->outputs.empty()) return missing(node, "at least one output");
  table->tests.resize(table->inputs.size());
  read_rules(node, *table);
  check_table(node, *table);
  table->slots = scope_.slots();
  table->finish();
  last_table_ = table;
  return table;
}

void BoxedReader::read_policy(const pugi::xml_node& node, Table& table) {
  const std::string policy = node.attribute("hitPolicy").as_string("UNIQUE");
  const std::string aggregation = node.attribute("aggregation").as_string();
  if (const HitPolicy* known = meaning(hit_policies, policy); known != nullptr) {
    table.policy = *known;
  } else {
    problem(node, "dmn-hit-policy", policy, "a hit policy of DMN");
  }
  if (aggregation.empty()) return;
  if (const Aggregation* known = meaning(aggregations, aggregation); known != nullptr) {
    table.aggregation = *known;
  } else {
    problem(node, "dmn-aggregation", aggregation, "SUM, COUNT, MIN or MAX");
  }
}

NodePtr BoxedReader::tests(const pugi::xml_node& at, std::size_t slot, const TypePtr& type) {
  const std::string text = entry_text(at);
  return is_irrelevant(text) ? nullptr
                             : compiled(child(at, "text"), compile_unary_tests(scope_, text, slot, type));
}

void BoxedReader::read_input(const pugi::xml_node& node, Table& table) {
  InputClause input;
  const pugi::xml_node expression = child(node, "inputExpression");
  input.text = entry_text(expression);
  input.label = node.attribute("label").as_string();
  const TypePtr declared = type_of(expression);
  expr::NodePtr value = text_expression(expression);
  if (!conforms(*value->type, *declared) && value->type->kind != expr::Type::Kind::any &&
      value->type->kind != expr::Type::Kind::list)
    problem(expression, "dmn-type", input.text + " is a " + text_of(*value->type),
            "an input that is a " + text_of(*declared));
  // What has the type already need not be asked for it again.
  const bool certain =
      value->type->kind == declared->kind && declared->constraint == nullptr && is_scalar(declared->kind);
  input.expression = certain ? std::move(value) : coerced_node(std::move(value), declared);
  const bool any = declared->kind == expr::Type::Kind::any;
  scope_.open();
  input.slot = scope_.declare("?", any ? input.expression->type : declared);
  const pugi::xml_node values = child(node, "inputValues");
  input.allowed_text = entry_text(values);
  input.allowed = tests(values, input.slot, any ? input.expression->type : declared);
  scope_.close();
  table.inputs.push_back(std::move(input));
}

/// The values that a list of tests names, if it names values.
std::vector<expr::Value> BoxedReader::values_in(const std::string& text) {
  expr::Scope scope({}, nullptr);
  const expr::Compiled list = compile_expression(scope, "[" + text + "]");
  if (!list.flaws.empty() || list.node->constant() == nullptr) return {};
  return *list.node->constant()->list();
}

void BoxedReader::read_output(const pugi::xml_node& node, Table& table) {
  OutputClause output;
  output.name = node.attribute("name").as_string();
  output.label = node.attribute("label").as_string();
  output.type = type_of(node);
  if (const auto fallback = child(node, "defaultOutputEntry"); fallback && !entry_text(fallback).empty())
    output.otherwise = text_expression(fallback);
  const pugi::xml_node values = child(node, "outputValues");
  std::string text = entry_text(values);
  scope_.open();
  output.slot = scope_.declare("?", output.type);
  output.allowed = tests(values, output.slot, output.type);
  scope_.close();
  if (text.empty() && output.type->constraint != nullptr) text = output.type->constraint->text();
  output.priorities = values_in(text);
  table.outputs.push_back(std::move(output));
}

void BoxedReader::read_rules(const pugi::xml_node& node, Table& table) {
  std::vector<std::map<std::string, std::size_t>> known(table.inputs.size());
  for (const auto& box : children(node, "rule")) {
    if (table.rules.size() >= rules_max) {
      problem(box, "dmn-rules", "", "at most 10,000 rules a table");
      return;
    }
    Rule rule;
    rule.id = box.attribute("id").as_string();
    if (rule.id.empty()) rule.id = std::to_string(table.rules.size() + 1);
    rule.place = document_.file->place(box);
    cell_ = "rule " + rule.id;
    const auto entries = children(box, "inputEntry");
    const auto outputs = children(box, "outputEntry");
    if (entries.size() != table.inputs.size() || outputs.size() != table.outputs.size()) {
      problem(box, "dmn-rule", rule.id, "an entry for each input and output");
      continue;
    }
    for (std::size_t c = 0; c < entries.size(); ++c) {
      std::string text = entry_text(entries[c]);
      cell_ = "rule " + rule.id + ", input " + table.inputs[c].text;
      rule.texts.push_back(text);
      if (is_irrelevant(text)) {
        rule.tests.push_back(irrelevant);
        continue;
      }
      const auto [at, added] = known[c].emplace(text, table.tests[c].size());
      if (added) {
        const InputClause& input = table.inputs[c];
        scope_.open();
        scope_.bind("?", input.slot, input.expression->type);
        table.tests[c].push_back(
            compiled(child(entries[c], "text"),
                     compile_unary_tests(scope_, text, input.slot, input.expression->type)));
        scope_.close();
      }
      rule.tests.push_back(at->second);
    }
    for (const auto& cell : outputs) {
      const std::string text = entry_text(cell);
      cell_ = "rule " + rule.id + ", output " + table.outputs[rule.outputs.size()].name;
      rule.output_texts.push_back(text);
      rule.outputs.push_back(is_irrelevant(text) ? expr::constant_node(expr::Value())
                                                 : text_expression(cell));
    }
    for (const auto& note : children(box, "annotationEntry")) rule.annotations.push_back(entry_text(note));
    if (rule.annotations.empty()) rule.annotations.push_back(trimmed(text_of(child(box, "description"))));
    table.rules.push_back(std::move(rule));
  }
  cell_.clear();
}

/// What would otherwise be taken in silence: outputs and rules that are called the same, priorities of
/// nothing.
void BoxedReader::check_table(const pugi::xml_node& node, const Table& table) {
  std::set<std::string> seen;
  for (const OutputClause& output : table.outputs) {
    if (table.outputs.size() > 1 && output.name.empty())
      problem(node, "dmn-output", "", "a name for each of several outputs");
    if (!output.name.empty() && !seen.insert(output.name).second)
      problem(node, "dmn-duplicate", output.name, "each output once");
  }
  seen.clear();
  for (const Rule& rule : table.rules)
    if (!seen.insert(rule.id).second) problem(node, "dmn-duplicate", rule.id, "each rule's id once");
  const bool ranks = table.policy == HitPolicy::priority || table.policy == HitPolicy::output_order;
  const bool ranked = std::any_of(table.outputs.begin(), table.outputs.end(),
                                  [](const OutputClause& output) { return !output.priorities.empty(); });
  if (ranks && !ranked)
    problem(node, "dmn-priority", "", "outputValues, in whose order PRIORITY and OUTPUT ORDER rank");
  if (table.aggregation != Aggregation::none && table.aggregation != Aggregation::count &&
      table.outputs.size() > 1)
    problem(node, "dmn-aggregation", "", "one output where outputs are aggregated");
}

}  // namespace qipan::rules
