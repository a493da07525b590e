#include "fields/conditions.hpp"

#include <algorithm>

#include "expr/json_values.hpp"
#include "fields/types/all.hpp"

namespace qipan::fields {

namespace {

constexpr std::string_view today_name = "today";

/// Values in the order of condition_names().
std::vector<expr::Value> values_of(const std::vector<Field>& fields, const Json& held, Instant at) {
  Field day;
  day.type = types::date();
  std::vector<expr::Value> values = {
      day.type->expression_value(day, format_instant(at + china_offset).substr(0, 10))};
  for (const Field& field : fields) {
    if (!field.personal()) values.push_back(expression_value_of(field, held[field.name]));
  }
  return values;
}

void compile(Condition& condition, const Field& field, std::string_view attribute,
             const std::vector<expr::Name>& names, expr::Type::Kind expected,
             std::vector<ConditionFault>& faults) {
  if (condition.text.empty()) return;
  auto read = expr::Expression::parse(condition.text, names, expected);
  if (read) {
    condition.compiled = std::make_shared<const expr::Expression>(std::move(*read));
  } else {
    faults.push_back({field.name, attribute, condition.text, read.error().field + ": " + read.error().rule});
  }
}

/// Whether a condition holds: one that says nothing does, one that cannot be read does not.
bool holds(const Condition& condition, const std::vector<expr::Value>& values, bool otherwise) {
  if (condition.text.empty() || !condition.compiled) return otherwise;
  return condition.compiled->evaluate(values).is_true();
}

/// What stands there without a word; null where the expression comes to nothing.
Result<Json> default_of(const Field& field, const std::vector<expr::Value>& values, const std::string& path) {
  if (!field.otherwise.compiled) return Json();
  Json value = expr::json_of(field.otherwise.compiled->evaluate(values));
  if (value.is_null()) return value;
  return field.type->read(field, value, path);
}

std::string below(const std::string& path, const Field& field) {
  return path.empty() ? field.name : path + "/" + field.name;
}

class Holding {
 public:
  Holding(const std::vector<Field>& all, const Json& before, const std::string& path, Instant at)
      : all_(all), path_(path), at_(at), whole_(before.is_object() ? before : Json::object()) {}

  Result<Json> hold(const Form& form, Json values, Absent absent) {
    for (const auto& [name, value] : values.members()) whole_.set(name, value);
    if (absent == Absent::refused) QIPAN_CHECK(set_defaults(form, values));
    const auto known = values_of(all_, whole_, at_);
    for (const Asked& asked : form) QIPAN_CHECK(hold_one(asked, values, known));
    return values;
  }

 private:
  /// In the order of the form: one may use what another came to before.
  Result<void> set_defaults(const Form& form, Json& values) {
    for (const Asked& asked : form) {
      const Field& field = *asked.field;
      if (field.otherwise.text.empty() || !whole_[field.name].is_null()) continue;
      const auto known = values_of(all_, whole_, at_);
      if (!holds(field.visible, known, true)) continue;
      QIPAN_TRY(value, default_of(field, known, below(path_, field)));
      if (value.is_null()) continue;
      whole_.set(field.name, value);
      values.set(field.name, std::move(value));
    }
    return {};
  }

  Result<void> hold_one(const Asked& asked, const Json& values, const std::vector<expr::Value>& known) {
    const Field& field = *asked.field;
    if (!field.is_conditional()) return {};
    const std::string place = below(path_, field);
    if (!holds(field.visible, known, true)) {
      if (!values.has(field.name) || values[field.name].is_null()) return {};
      return invalid("field-hidden", place, "", field.visible.text,
                     "leave it out, or change what the condition names");
    }
    const bool needed = asked.needed || !field.required_when.text.empty();
    if (needed && whole_[field.name].is_null() && (asked.needed || holds(field.required_when, known, true)))
      return invalid("field-required", place, "", "须填写 / a value", "fill it in");
    for (const Check& check : field.checks) {
      const auto& compiled = check.rule.compiled;
      const expr::Value result = compiled ? compiled->evaluate(known) : expr::Value(false);
      if (result.is_true() || result.is_null()) continue;
      return invalid("field-check", place, field.personal() ? "" : shortened(whole_[field.name].dump()),
                     check.title.zh + " / " + check.title.en, "see the condition " + check.rule.text);
    }
    return {};
  }

  const std::vector<Field>& all_;
  const std::string& path_;
  Instant at_;
  Json whole_;
};

}  // namespace

std::vector<expr::Name> condition_names(const std::vector<Field>& fields) {
  Field day;
  day.type = types::date();
  std::vector<expr::Name> names = {{std::string(today_name), day.type->expression_type(day)}};
  for (const Field& field : fields) {
    if (!field.personal()) names.push_back({field.name, field.type->expression_type(field)});
  }
  return expr::numbered(std::move(names));
}

std::vector<ConditionFault> compile_conditions(std::vector<Field>& fields) {
  std::vector<ConditionFault> faults;
  using Kind = expr::Type::Kind;
  const auto names = condition_names(fields);
  const auto nothing = values_of(fields, Json::object(), 0);
  for (Field& field : fields) {
    if (!field.is_conditional()) continue;
    compile(field.visible, field, "visible", names, Kind::boolean, faults);
    compile(field.required_when, field, "required", names, Kind::boolean, faults);
    compile(field.otherwise, field, "default", names, Kind::any, faults);
    for (Check& check : field.checks) compile(check.rule, field, "checks", names, Kind::boolean, faults);
    if (const auto value = default_of(field, nothing, field.name); !value)
      faults.push_back({field.name, "default", field.otherwise.text, value.error().rule});
  }
  return faults;
}

Result<Json> hold_conditions(const std::vector<Field>& all, const Form& form, const Json& before, Json values,
                             const std::string& path, Absent absent, Instant at) {
  const auto conditional = [](const Asked& asked) { return asked.field->is_conditional(); };
  if (std::none_of(form.begin(), form.end(), conditional)) return values;
  return Holding(all, before, path, at).hold(form, std::move(values), absent);
}

}  // namespace qipan::fields
