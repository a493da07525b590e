#include "rules/explanation.hpp"

#include <algorithm>

#include "expr/json_values.hpp"
#include "expr/operators.hpp"
#include "rules/witnesses.hpp"

namespace qipan::rules {

namespace {

using expr::Value;

constexpr std::size_t alternatives_max = 5;

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

std::string_view policy_name(HitPolicy policy) {
  return std::find_if(hit_policies.begin(), hit_policies.end(),
                      [&](const auto& word) { return word.meaning == policy; })
      ->text;
}

Json rule_json(const Rule& rule) {
  Json json = Json::object();
  json.set("id", rule.id).set("tests", texts_json(rule.texts)).set("outputs", texts_json(rule.output_texts));
  return json.set("annotations", texts_json(rule.annotations));
}

Json table_json(const TableRun& run) {
  const Table& table = *run.table;
  Json inputs = Json::array();
  for (std::size_t i = 0; i < table.inputs.size() && i < run.inputs.size(); ++i) {
    Json input = Json::object();
    input.set("text", table.inputs[i].text).set("label", table.inputs[i].label);
    inputs.push(std::move(input.set("value", expr::json_of(run.inputs[i]))));
  }
  Json outputs = Json::array();
  for (const OutputClause& clause : table.outputs)
    outputs.push(clause.name.empty() ? clause.label : clause.name);
  Json rules = Json::array();
  for (const std::size_t rule : run.matched) rules.push(rule_json(table.rules[rule]));
  Json json = Json::object();
  json.set("name", table.name).set("policy", policy_name(table.policy)).set("inputs", std::move(inputs));
  json.set("outputs", std::move(outputs)).set("annotations", texts_json(table.annotation_names));
  return json.set("rules", std::move(rules)).set("value", expr::json_of(run.output));
}

/// How far two values are apart, to prefer the nearer of two changes; what has no distance is far.
Decimal distance(const Value& from, const Value& to) {
  const Decimal far = *Decimal::parse("1E100");
  if (from.number() != nullptr && to.number() != nullptr) {
    const auto difference = from.number()->minus(*to.number());
    return difference ? difference->absolute() : far;
  }
  if (from.date() != nullptr && to.date() != nullptr)
    return Decimal(from.date()->days - to.date()->days).absolute();
  return far;
}

/// The column's value nearest to what was given that the test takes.
std::optional<Value> nearest(expr::Machine& machine, const Table& table, std::size_t column, std::size_t test,
                             const std::vector<Value>& witnesses, const Value& given) {
  std::optional<Value> best;
  for (const Value& witness : witnesses) {
    if (witness.text() != nullptr && *witness.text() == "…") continue;
    machine.set_local(table.inputs[column].slot, witness);
    if (!run(*table.tests[column][test], machine).is_true()) continue;
    if (!best || distance(given, witness) < distance(given, *best)) best = witness;
  }
  return best;
}

/// The changes that make one rule hold; nothing where some test of it cannot be met so.
std::optional<Alternative> towards(expr::Machine& machine, const Table& table, std::size_t rule,
                                   const std::vector<Value>& inputs,
                                   const std::vector<std::optional<std::vector<Value>>>& witnesses) {
  Alternative alternative;
  alternative.rule = rule;
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    const std::size_t test = table.rules[rule].tests[c];
    if (test == irrelevant) continue;
    machine.set_local(table.inputs[c].slot, inputs[c]);
    if (run(*table.tests[c][test], machine).is_true()) continue;
    if (!witnesses[c]) return std::nullopt;
    const auto value = nearest(machine, table, c, test, *witnesses[c], inputs[c]);
    if (!value) return std::nullopt;
    alternative.changes.push_back({c, *value, table.rules[rule].texts[c]});
  }
  return alternative;
}

bool leads_elsewhere(expr::Machine& machine, const Table& table, const Alternative& alternative,
                     std::vector<Value> inputs, const std::vector<std::size_t>& matched) {
  for (const auto& change : alternative.changes) inputs[change.column] = change.to;
  const std::vector<std::size_t> now = table.matching(machine, inputs);
  if (now.empty() || now.front() != alternative.rule) return false;
  return matched.empty() ||
         table.rules[now.front()].output_texts != table.rules[matched.front()].output_texts;
}

Decimal total_distance(const Alternative& alternative, const std::vector<Value>& inputs) {
  Decimal total;
  for (const auto& change : alternative.changes)
    total = total.plus(distance(inputs[change.column], change.to)).value_or(total);
  return total;
}

}  // namespace

Json explained_inputs(const Model& model, const Element& decision, Evaluation& evaluation,
                      expr::Machine& machine) {
  Json inputs = Json::array();
  for (const std::size_t index : model.inputs_of(decision)) {
    const Element& element = model.elements()[index];
    Json one = Json::object();
    one.set("name", element.name).set("description", element.description);
    inputs.push(std::move(one.set("value", expr::json_of(evaluation.at(index, machine)))));
  }
  return inputs;
}

Json explained_steps(const Trace& trace) {
  Json steps = Json::array();
  for (const DecisionRun& run : trace.runs()) {
    Json tables = Json::array();
    for (const TableRun& table : run.tables) tables.push(table_json(table));
    Json step = Json::object();
    step.set("decision", run.decision->name).set("description", run.decision->description);
    steps.push(std::move(step.set("value", expr::json_of(run.value)).set("tables", std::move(tables))));
  }
  return steps;
}

std::vector<Alternative> alternatives_of(expr::Machine& machine, const Table& table,
                                         const std::vector<Value>& inputs,
                                         const std::vector<std::size_t>& matched,
                                         const std::vector<Value>& known) {
  std::vector<Alternative> found;
  const bool one =
      table.policy == HitPolicy::unique || table.policy == HitPolicy::any || table.policy == HitPolicy::first;
  if (!one || inputs.size() != table.inputs.size()) return found;
  std::vector<std::optional<std::vector<Value>>> witnesses;
  for (std::size_t c = 0; c < inputs.size(); ++c) witnesses.push_back(witnesses_of(table, c, known));
  const expr::Machine::Frame frame(machine, table.slots);
  for (std::size_t rule = 0; rule < table.rules.size(); ++rule) {
    auto alternative = towards(machine, table, rule, inputs, witnesses);
    if (alternative && !alternative->changes.empty() &&
        leads_elsewhere(machine, table, *alternative, inputs, matched))
      found.push_back(std::move(*alternative));
  }
  std::stable_sort(found.begin(), found.end(), [&](const Alternative& a, const Alternative& b) {
    if (a.changes.size() != b.changes.size()) return a.changes.size() < b.changes.size();
    return total_distance(a, inputs) < total_distance(b, inputs);
  });
  if (found.size() > alternatives_max) found.resize(alternatives_max);
  return found;
}

Json explained_alternatives(const Model& model, const Element& decision, const Trace& trace,
                            Evaluation& evaluation, expr::Machine& machine) {
  Json list = Json::array();
  if (decision.table == nullptr || trace.runs().empty()) return list;
  // Tests may compare with inputs and parameters, at whose values they turn.
  std::vector<Value> known;
  for (const std::size_t index : model.inputs_of(decision)) {
    const Value& value = evaluation.at(index, machine);
    if (compare(value, value)) known.push_back(value);
  }
  const TableRun* own = nullptr;
  for (const TableRun& run : trace.runs().back().tables) own = run.table == decision.table.get() ? &run : own;
  if (own == nullptr) return list;
  const TableRun& run = *own;
  for (const Alternative& alternative :
       alternatives_of(machine, *run.table, run.inputs, run.matched, known)) {
    Json changes = Json::array();
    for (const auto& change : alternative.changes) {
      const InputClause& input = run.table->inputs[change.column];
      Json one = Json::object();
      one.set("input", input.text)
          .set("label", input.label)
          .set("from", expr::json_of(run.inputs[change.column]));
      changes.push(std::move(one.set("to", expr::json_of(change.to)).set("test", change.test)));
    }
    Json one = rule_json(run.table->rules[alternative.rule]);
    list.push(std::move(one.set("changes", std::move(changes))));
  }
  return list;
}

}  // namespace qipan::rules
