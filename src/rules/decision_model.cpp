#include "rules/decision_model.hpp"

#include <algorithm>

#include "expr/json_values.hpp"
#include "rules/analysis.hpp"
#include "rules/evaluation.hpp"
#include "rules/explanation.hpp"
#include "rules/table.hpp"
#include "rules/trace.hpp"
#include "rules/xml.hpp"

namespace qipan::rules {

namespace {

/// Columns of a table, entries of a context, or the decision itself.
std::vector<std::string> output_names(const Element& decision) {
  std::vector<std::string> names;
  if (decision.table != nullptr) {
    for (const OutputClause& output : decision.table->outputs) {
      if (!output.name.empty()) names.push_back(output.name);
    }
  } else if (decision.type->kind == expr::Type::Kind::context || decision.logic.root != nullptr) {
    const expr::Type& type =
        decision.type->kind == expr::Type::Kind::context ? *decision.type : *decision.logic.root->type;
    for (const auto& field : type.fields) names.push_back(field.name);
  }
  if (names.empty()) names.push_back(decision.name);
  return names;
}

Json outputs_of(const Element& decision, const expr::Value& value) {
  if (value.context() != nullptr) return expr::json_of(value);
  const std::vector<std::string> names = output_names(decision);
  Json outputs = Json::object();
  if (names.size() == 1) return outputs.set(names[0], expr::json_of(value));
  // Several rules of a table with several outputs: a list of contexts (8.2.8).
  if (value.list() != nullptr) return expr::json_of(value);
  if (!value.is_null()) return outputs.set(decision.name, expr::json_of(value));
  for (const std::string& name : names) outputs.set(name, Json());
  return outputs;
}

}  // namespace

/// One decision with everything that it looked at.
struct DmnDecisions::Run {
  explicit Run(const DmnDecisions& decisions) : evaluation(decisions.model()), machine(&evaluation) {
    machine.trace_to(&trace);
  }
  Evaluation evaluation;
  expr::Machine machine;
  Trace trace;
  std::vector<expr::UsedParameter> parameters;
  expr::Value value;

  void go(const DmnDecisions& decisions, const Element& decision, const Json& inputs, Day day) {
    const Model& model = decisions.model();
    for (const std::size_t index : model.inputs_of(decision)) {
      const Element& input = model.elements()[index];
      if (const Json* given = inputs.find(input.name); given != nullptr) {
        evaluation.set(index, typed_value(expr::value_of(*given), *input.type));
        continue;
      }
      const auto parameter = decisions.parameters().find(input.name);
      if (parameter == decisions.parameters().end()) continue;
      const Parameter::Dated* dated = parameter->second.on(day);
      if (dated == nullptr) continue;
      evaluation.set(index, dated->value);
      parameters.push_back({input.name, format_day(dated->from), expr::json_of(dated->value), dated->source});
    }
    machine.set_now(midnight_of(expr::Date{day}, *expr::Zone::of_offset(0)));
    value = evaluation.at(model.index_of(decision), machine);
  }
};

Result<const Element*> DmnDecisions::element(std::string_view decision) const {
  const Element* found = model_->find(Element::Kind::decision, decision, model_->name_space());
  if (found == nullptr) return invalid("decision-unknown", "decision", decision, "a decision of this model");
  return found;
}

std::vector<std::string> DmnDecisions::decisions() const {
  std::vector<std::string> names;
  for (const Element& one : model_->elements()) {
    if (one.kind == Element::Kind::decision && one.name_space == model_->name_space())
      names.push_back(one.name);
  }
  return names;
}

std::vector<std::string> DmnDecisions::inputs(std::string_view decision) const {
  std::vector<std::string> names;
  const auto found = element(decision);
  if (!found) return names;
  for (const std::size_t index : model_->inputs_of(**found)) {
    const std::string& name = model_->elements()[index].name;
    if (!parameters_.contains(name)) names.push_back(name);
  }
  return names;
}

std::vector<std::string> DmnDecisions::outputs(std::string_view decision) const {
  const auto found = element(decision);
  return found ? output_names(**found) : std::vector<std::string>();
}

Result<expr::Decided> DmnDecisions::decide(std::string_view decision, const Json& inputs, Day day) const {
  QIPAN_TRY(found, element(decision));
  Run run(*this);
  run.go(*this, *found, inputs, day);
  expr::Decided decided;
  decided.decision = decision;
  decided.model_hash = model_->hash();
  decided.outputs = outputs_of(*found, run.value);
  decided.parameters = std::move(run.parameters);
  decided.matched = !run.value.is_null();
  for (const expr::Diagnostic& diagnostic : run.machine.diagnostics()) {
    if (diagnostic.code == "dmn-overlap") {
      return refuse({Problem::Kind::conflict, "rules-overlap", std::string(decision), diagnostic.text,
                     "one rule that matches", "mend the table: two rules answer the same case"});
    }
    decided.diagnostics.push_back(diagnostic.text);
  }
  if (!run.trace.runs().empty() && found->table != nullptr) {
    for (const TableRun& table : run.trace.runs().back().tables) {
      if (table.table != found->table.get()) continue;
      for (const std::size_t rule : table.matched) decided.rules.push_back(table.table->rules[rule].id);
      decided.matched = !table.matched.empty();
      if (decided.matched) decided.annotation = table.table->rules[table.matched[0]].annotations[0];
    }
  }
  return decided;
}

Result<Json> DmnDecisions::explain(std::string_view decision, const Json& inputs, Day day) const {
  QIPAN_TRY(found, element(decision));
  Run run(*this);
  run.go(*this, *found, inputs, day);
  Json explanation = Json::object();
  explanation.set("decision", decision).set("model", model_->name()).set("hash", model_->hash());
  explanation.set("day", format_day(day)).set("outputs", outputs_of(*found, run.value));
  explanation.set("inputs", explained_inputs(*model_, *found, run.evaluation, run.machine));
  Json parameters = Json::array();
  for (const expr::UsedParameter& used : run.parameters) {
    const Parameter& parameter = parameters_.find(used.name)->second;
    Json one = Json::object();
    one.set("name", used.name).set("title_zh", parameter.title.zh).set("title_en", parameter.title.en);
    one.set("value", used.value)
        .set("unit", parameter.unit)
        .set("from", used.from)
        .set("source", used.source);
    parameters.push(std::move(one));
  }
  explanation.set("parameters", std::move(parameters)).set("steps", explained_steps(run.trace));
  // Before the search for alternatives, which meets many a null of its own.
  Json diagnostics = Json::array();
  for (const expr::Diagnostic& diagnostic : run.machine.diagnostics()) {
    Json one = Json::object();
    diagnostics.push(std::move(one.set("code", diagnostic.code).set("text", diagnostic.text)));
  }
  explanation.set("diagnostics", std::move(diagnostics));
  explanation.set("alternatives",
                  explained_alternatives(*model_, *found, run.trace, run.evaluation, run.machine));
  return explanation;
}

std::vector<Problem> DmnDecisions::problems() const {
  std::vector<Problem> all = model_->problems();
  if (strict_) all.insert(all.end(), model_->complaints().begin(), model_->complaints().end());
  return all;
}

std::vector<expr::NamedCode> DmnDecisions::answers(std::string_view decision) const {
  std::vector<expr::NamedCode> codes;
  const auto found = element(decision);
  if (!found || (*found)->table == nullptr) return codes;
  const Table& table = *(*found)->table;
  const auto add = [&](std::size_t column, const expr::NodePtr& cell, const std::string& place) {
    const expr::Value* value = cell == nullptr ? nullptr : cell->constant();
    const std::string& name = table.outputs[column].name;
    if (value != nullptr && value->text() != nullptr)
      codes.push_back({name.empty() ? (*found)->name : name, *value->text(), place});
  };
  for (const Rule& rule : table.rules)
    for (std::size_t i = 0; i < rule.outputs.size(); ++i) add(i, rule.outputs[i], rule.place);
  for (std::size_t i = 0; i < table.outputs.size(); ++i) add(i, table.outputs[i].otherwise, table.place);
  return codes;
}

std::vector<expr::NamedCode> DmnDecisions::asked(std::string_view decision) const {
  std::vector<expr::NamedCode> codes;
  const auto found = element(decision);
  if (!found || (*found)->table == nullptr) return codes;
  const Table& table = *(*found)->table;
  for (const Rule& rule : table.rules) {
    for (std::size_t i = 0; i < rule.texts.size(); ++i) {
      // A cell that lists texts is a JSON list but for its brackets.
      std::string_view text = rule.texts[i];
      if (text.starts_with("not(") && text.ends_with(")")) text = text.substr(4, text.size() - 5);
      const auto list = parse_json("[" + std::string(text) + "]");
      if (!list) continue;
      for (const Json& one : list->items())
        if (one.is_text()) codes.push_back({table.inputs[i].text, one.text(), rule.place});
    }
  }
  return codes;
}

Result<void> DmnDecisions::check_inputs(const Json& inputs) const {
  for (const auto& member : inputs.members()) {
    const bool known =
        parameters_.contains(member.key) || model_->find(Element::Kind::input, member.key) != nullptr;
    if (known) continue;
    std::string names;
    for (const Element& one : model_->elements())
      if (one.kind == Element::Kind::input) names += (names.empty() ? "" : ", ") + one.name;
    return invalid("decide-input", "input/" + member.key, member.key,
                   names.empty() ? "no input: this model has none" : "an input of this model: " + names,
                   "leave it out, or write it as the model does");
  }
  return {};
}

std::vector<Problem> DmnDecisions::warnings() const {
  std::vector<Problem> all;
  if (!strict_) all = model_->complaints();
  for (const Element& one : model_->elements()) {
    if (one.table == nullptr) continue;
    for (Problem& problem : findings_of(*one.table)) all.push_back(std::move(problem));
  }
  return all;
}

std::vector<Source> sources_of(const expr::PackFiles& files, const std::string& path) {
  std::vector<Source> sources;
  const auto main = files.find(path);
  if (main == files.end()) return sources;
  sources.push_back({path, main->second});
  if (main->second.find("<import") == std::string::npos && main->second.find(":import") == std::string::npos)
    return sources;
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  for (const auto& [other, bytes] : files) {
    const bool beside = other.starts_with(folder) && other.ends_with(".dmn") && other != path;
    if (beside) sources.push_back({other, bytes});
  }
  return sources;
}

/// `rule_types = "strict"` in pack.toml: complaints about types are faults.
static bool asks_for_types(const expr::PackFiles& files) {
  const auto manifest = files.find("pack.toml");
  if (manifest == files.end()) return false;
  const auto document = pack::parse_toml("pack.toml", manifest->second);
  const pack::Node* asked = document ? document->find("rule_types") : nullptr;
  return asked != nullptr && asked->text == "strict";
}

Result<std::shared_ptr<const expr::DecisionModel>> load_decisions(const expr::PackFiles& files,
                                                                  const std::string& path) {
  const std::vector<Source> sources = sources_of(files, path);
  if (sources.empty()) return invalid("dmn-missing", path, path, "a file of this pack");
  QIPAN_TRY(model, Model::load(sources));
  pack::Problems problems;
  Parameters parameters = read_parameters(files, problems);
  if (!problems.empty()) return refuse(problems[0]);
  const bool empty =
      std::none_of(model->elements().begin(), model->elements().end(),
                   [](const Element& element) { return element.kind == Element::Kind::decision; });
  if (empty) return invalid("dmn-empty", path, "", "at least one decision");
  return std::make_shared<const DmnDecisions>(std::move(model), std::move(parameters), asks_for_types(files));
}

}  // namespace qipan::rules
