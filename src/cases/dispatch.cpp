#include <map>

#include "board/directory.hpp"
#include "cases/steps.hpp"
#include "expr/json_values.hpp"

namespace qipan::cases {

namespace {

std::string code_of(const board::Directory& directory, UnitId id) {
  const board::Unit* unit = directory.unit(id);
  return unit == nullptr ? "" : unit->code;
}

Json inputs_of(const CaseRow& row, const board::Directory& directory) {
  Json inputs = row.fields;
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  inputs.set("class", text(row.case_class)).set("source", text(row.source));
  inputs.set("street", text(code_of(directory, directory.ancestor_of_kind(row.unit, "street"))));
  inputs.set("community", text(code_of(directory, directory.ancestor_of_kind(row.unit, "community"))));
  return inputs;
}

/// What is kept of a decision: enough to say later why, and to ask again what another table would have said.
Json explanation_of(const expr::Decided& decided, const expr::DecisionModel& model, const Json& inputs,
                    Day day) {
  Json rules = Json::array();
  for (const auto& rule : decided.rules) rules.push(rule);
  Json asked = Json::object();
  for (const auto& name : model.inputs(decided.decision)) asked.set(name, inputs[name]);
  Json explanation = Json::object();
  explanation.set("decision", decided.decision)
      .set("model", decided.model_hash)
      .set("day", format_day(day))
      .set("inputs", std::move(asked));
  explanation.set("outputs", decided.outputs).set("rules", std::move(rules));
  if (!decided.annotation.empty()) explanation.set("annotation", decided.annotation);
  Json parameters = Json::array();
  for (const expr::UsedParameter& used : decided.parameters) {
    Json one = Json::object();
    one.set("name", used.name).set("from", used.from).set("value", used.value).set("source", used.source);
    parameters.push(std::move(one));
  }
  if (!decided.parameters.empty()) explanation.set("parameters", std::move(parameters));
  Json diagnostics = Json::array();
  for (const std::string& diagnostic : decided.diagnostics) diagnostics.push(diagnostic);
  if (!decided.diagnostics.empty()) explanation.set("diagnostics", std::move(diagnostics));
  return explanation;
}

/// A department output is a unit's code, or @street, @community or @grid for the place's own.
UnitId responsible_of(const std::string& department, const CaseRow& row, const board::Directory& directory) {
  if (department.starts_with('@')) {
    const UnitId at = row.grid ? row.grid : row.unit;
    return directory.ancestor_of_kind(at, std::string_view(department).substr(1));
  }
  const board::Unit* unit = directory.unit_by_code(department);
  return unit == nullptr || unit->retired ? UnitId{} : unit->id;
}

}  // namespace

Result<Dispatched> dispatch(const CaseType& type, const CaseRow& row, const board::Directory& directory) {
  Dispatched result;
  const Json inputs = inputs_of(row, directory);
  // The rules' parameters are those of the day on which the case came in, whenever it is decided.
  const Day day = china_day_of(row.created);
  if (type.dispatch) {
    QIPAN_TRY(decided, type.dispatch->model->decide(type.dispatch->decision, inputs, day));
    result.explanation.set("dispatch", explanation_of(decided, *type.dispatch->model, inputs, day));
    result.responsible = responsible_of(decided.outputs.text_or("department", ""), row, directory);
  }
  if (type.standard) {
    QIPAN_TRY(decided, type.standard->model->decide(type.standard->decision, inputs, day));
    result.explanation.set("standard", explanation_of(decided, *type.standard->model, inputs, day));
    const Json& amount = decided.outputs["limit_amount"];
    if (decided.matched && amount.is_number()) {
      QIPAN_TRY(parsed,
                calendar::parse_amount(decided.outputs.text_or("limit_kind", ""), amount.number_text()));
      result.standard = parsed;
    }
  }
  return result;
}

Result<Answered> ask(board::Decision& decision, const CaseType& type, const NamedRule& named,
                     const CaseRow& row) {
  Json inputs = inputs_of(row, decision.directory());
  // What is kept of the decision tells no more of others than it was given.
  std::map<std::string, Json> followed;
  for (const fields::Followed& one : named.followed(type)) {
    const Json& subject = row.fields[one.reference];
    const expr::Value value = subject.is_text() ? decision.referred(subject.text()) : expr::Value();
    const expr::Value* member = value.context() == nullptr ? nullptr : value.context()->find(one.member);
    Json& context = followed.try_emplace(one.reference, Json::object()).first->second;
    context.set(one.member, member == nullptr ? Json() : expr::json_of(*member));
  }
  for (auto& [reference, context] : followed) inputs.set(reference, std::move(context));
  const Day day = china_day_of(row.created);
  QIPAN_TRY(decided, named.rule.model->decide(named.rule.decision, inputs, day));
  Answered answered;
  answered.explanation = explanation_of(decided, *named.rule.model, inputs, day);
  for (const std::string& name : named.rule.model->outputs(named.rule.decision)) {
    const Field* field = type.field(name);
    if (field == nullptr || !field->is_said() || field->personal() || field->party) continue;
    // What it says nothing of says nothing any more.
    const Json& value = decided.outputs[name];
    if (value.is_null()) {
      if (!row.fields[name].is_null()) answered.values.set(name, Json());
      continue;
    }
    auto read = field->type->read(*field, value, "fields/" + name);
    if (!read) {
      return refuse({Problem::Kind::conflict, "decision-unfit", read.error().field, read.error().value,
                     "what the decision " + named.name + " says to be " + read.error().rule,
                     "tell who keeps the rules"});
    }
    answered.values.set(name, std::move(*read));
  }
  return answered;
}

}  // namespace qipan::cases
