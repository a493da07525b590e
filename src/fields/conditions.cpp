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
             const std::vector<expr::Name>& names, const std::vector<Field>& fields,
             expr::Type::Kind expected, std::vector<ConditionFault>& faults) {
  if (condition.text.empty()) return;
  auto feel = std::make_shared<Feel>(condition.text);
  if (const auto read = feel->compile(names, fields, expected)) {
    condition.compiled = std::move(feel);
  } else {
    faults.push_back({field.name, attribute, condition.text, read.error().field + ": " + read.error().rule});
  }
}

/// A computed field names what stands before it, and neither what others say nor what day it is: it changes
/// by the fact that changes these, and by nothing else.
void compile_computed(std::vector<Field>& fields, std::size_t at, std::vector<ConditionFault>& faults) {
  Field& field = fields[at];
  // Under a name that no text has; values stand in the order of all names.
  constexpr const char* nobody = "\x01";
  std::vector<expr::Name> names = {{nobody, types::text()->expression_type(field)}};
  for (std::size_t place = 0; place < fields.size(); ++place) {
    const Field& one = fields[place];
    // Nor what fewer may read than it.
    const bool hidden = (one.is_computed() && place >= at) || one.sensitivity > field.sensitivity;
    if (!one.personal()) names.push_back({hidden ? nobody : one.name, one.type->expression_type(one)});
  }
  compile(field.computed, field, "computed", expr::numbered(std::move(names)), fields, expr::Type::Kind::any,
          faults);
  if (field.computed.compiled == nullptr) return;
  if (!field.computed.compiled->followed().empty())
    faults.push_back({field.name, "computed", field.computed.text,
                      "fields beside it alone: what references lead to changes without it"});
  if (field.computed.compiled->names_clock())
    faults.push_back({field.name, "computed", field.computed.text,
                      "neither now() nor today(): it would change without a fact"});
}

/// What conditions are asked with.
struct Known {
  std::vector<expr::Value> values;
  const Follow& follow;
};

/// Whether a condition holds: one that says nothing does, one that cannot be read does not.
bool holds(const Condition& condition, const Known& known, bool otherwise) {
  if (condition.text.empty() || !condition.compiled) return otherwise;
  return condition.compiled->evaluate(known.values, known.follow).is_true();
}

/// What an expression comes to as a value of the field; null where it comes to nothing.
Result<Json> value_of(const Condition& condition, const Field& field, const Known& known,
                      const std::string& path) {
  if (!condition.compiled) return Json();
  Json value = expr::json_of(condition.compiled->evaluate(known.values, known.follow));
  if (value.is_null()) return value;
  return field.type->read(field, value, path);
}

std::string below(const std::string& path, const Field& field) {
  return path.empty() ? field.name : path + "/" + field.name;
}

class Holding {
 public:
  Holding(const std::vector<Field>& all, const Json& before, const std::string& path, Instant at,
          const Follow& follow)
      : all_(all),
        path_(path),
        at_(at),
        follow_(follow),
        whole_(before.is_object() ? before : Json::object()) {}

  Result<Json> hold(const Form& form, Json values, Moment moment) {
    said_ = values;
    for (const auto& [name, value] : values.members()) whole_.set(name, value);
    if (moment == Moment::beginning) QIPAN_CHECK(set_defaults(form, values));
    for (const Field& field : all_) {
      if (field.is_computed()) QIPAN_CHECK(compute(field, values));
    }
    const Known known = this->known();
    for (const Asked& asked : form) QIPAN_CHECK(hold_asked(asked, known, moment));
    for (const Field& field : all_) QIPAN_CHECK(hold_checks(field, known));
    return values;
  }

 private:
  [[nodiscard]] Known known() const { return {values_of(all_, whole_, at_), follow_}; }

  /// Until nothing more comes of it, as one may use what another comes to. What is hidden in the end has
  /// none.
  Result<void> set_defaults(const Form& form, Json& values) {
    bool more = true;
    for (std::size_t round = 0; more && round <= form.size(); ++round) {
      more = false;
      for (const Asked& asked : form) {
        QIPAN_TRY(set, set_default(*asked.field));
        more = more || set;
      }
    }
    const Known known = this->known();
    for (const Asked& asked : form) {
      const std::string& name = asked.field->name;
      if (said_.has(name) || whole_[name].is_null()) continue;
      if (holds(asked.field->visible, known, true)) {
        values.set(name, whole_[name]);
      } else {
        whole_.set(name, Json());
      }
    }
    return {};
  }

  Result<bool> set_default(const Field& field) {
    if (field.otherwise.text.empty() || !whole_[field.name].is_null()) return false;
    const Known known = this->known();
    if (!holds(field.visible, known, true)) return false;
    QIPAN_TRY(value, value_of(field.otherwise, field, known, below(path_, field)));
    if (value.is_null()) return false;
    whole_.set(field.name, std::move(value));
    return true;
  }

  Result<void> compute(const Field& field, Json& values) {
    auto computed = value_of(field.computed, field, known(), below(path_, field));
    if (!computed) {
      // Who may change what it is of need not see it.
      if (field.sensitivity == Sensitivity::sensitive) computed.error().value.clear();
      return refuse(std::move(computed).error());
    }
    Json value = std::move(*computed);
    if (value == whole_[field.name]) return {};
    values.set(field.name, value);
    whole_.set(field.name, std::move(value));
    return {};
  }

  Result<void> hold_asked(const Asked& asked, const Known& known, Moment moment) {
    const Field& field = *asked.field;
    if (!field.is_conditional()) return {};
    const std::string place = below(path_, field);
    const bool there = !whole_[field.name].is_null();
    if (!holds(field.visible, known, true)) {
      const bool left = moment == Moment::change && there;
      const bool said = said_.has(field.name) && !said_[field.name].is_null();
      if (!left && !said) return {};
      return invalid("field-hidden", place, "", field.visible.text,
                     "leave it out or empty it, or change what the condition names");
    }
    const bool needed = asked.needed || !field.required_when.text.empty();
    if (needed && !there && (asked.needed || holds(field.required_when, known, true)))
      return invalid("field-required", place, "", "须填写 / a value", "fill it in");
    return {};
  }

  Result<void> hold_checks(const Field& field, const Known& known) {
    for (const Check& check : field.checks) {
      const auto& compiled = check.rule.compiled;
      const expr::Value result =
          compiled ? compiled->evaluate(known.values, known.follow) : expr::Value(false);
      if (result.is_true() || result.is_null()) continue;
      // What stood there may not be the sender's to see.
      const bool told =
          said_.has(field.name) && field.sensitivity != Sensitivity::sensitive && !field.personal();
      return invalid("field-check", below(path_, field), told ? shortened(said_[field.name].dump()) : "",
                     check.title.zh + " / " + check.title.en, "see the condition " + check.rule.text);
    }
    return {};
  }

  const std::vector<Field>& all_;
  const std::string& path_;
  Instant at_;
  const Follow& follow_;
  Json whole_;
  Json said_;
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
  const Follow nowhere;
  const Known nothing{values_of(fields, Json::object(), 0), nowhere};
  for (std::size_t at = 0; at < fields.size(); ++at) {
    Field& field = fields[at];
    if (!field.is_conditional()) continue;
    if (field.is_computed()) compile_computed(fields, at, faults);
    compile(field.visible, field, "visible", names, fields, Kind::boolean, faults);
    compile(field.required_when, field, "required", names, fields, Kind::boolean, faults);
    compile(field.otherwise, field, "default", names, fields, Kind::any, faults);
    for (Check& check : field.checks)
      compile(check.rule, field, "checks", names, fields, Kind::boolean, faults);
    if (const auto value = value_of(field.otherwise, field, nothing, field.name); !value)
      faults.push_back({field.name, "default", field.otherwise.text, value.error().rule});
  }
  return faults;
}

std::vector<Followed> followed_by_conditions(const std::vector<Field>& fields) {
  std::vector<Followed> all;
  const auto add = [&](const Condition& condition) {
    if (condition.compiled == nullptr) return;
    all.insert(all.end(), condition.compiled->followed().begin(), condition.compiled->followed().end());
  };
  for (const Field& field : fields) {
    for (const Condition* one : {&field.visible, &field.required_when, &field.otherwise}) add(*one);
    for (const Check& check : field.checks) add(check.rule);
  }
  return all;
}

Json computed_from(const std::vector<Field>& all, Json values) {
  const Follow nowhere;
  for (const Field& field : all) {
    if (!field.is_computed()) continue;
    const Known known{values_of(all, values, 0), nowhere};
    values.set(field.name, value_of(field.computed, field, known, field.name).value_or(Json()));
  }
  return values;
}

Result<Json> hold_conditions(const std::vector<Field>& all, const Form& form, const Json& before, Json values,
                             const std::string& path, Moment moment, Instant at, const Follow& follow) {
  if (std::none_of(all.begin(), all.end(), [](const Field& field) { return field.is_conditional(); }))
    return values;
  return Holding(all, before, path, at, follow).hold(form, std::move(values), moment);
}

}  // namespace qipan::fields
