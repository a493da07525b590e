#include "cases/consequences.hpp"

#include <algorithm>

#include "expr/json_values.hpp"
#include "fields/conditions.hpp"
#include "fields/types/all.hpp"

namespace qipan::cases {

namespace {

constexpr std::string_view effect_actor = "system:case/effect";

expr::Value text_or_null(const std::string& value) {
  return value.empty() ? expr::Value() : expr::Value(value);
}

}  // namespace

Seen::Seen(board::Decision& decision, const CaseType& type, const CaseRow& row, const std::string& state,
           const std::string& comment)
    : follow_([&decision](std::string_view subject) { return decision.referred(subject); }) {
  Field day;
  day.type = fields::types::date();
  all_ = {row.subject(),
          day.type->expression_value(day, format_day(china_day_of(decision.at()))),
          state,
          text_or_null(row.case_class),
          text_or_null(row.source),
          row.x.has_value(),
          static_cast<bool>(row.responsible),
          Decimal(row.rework),
          text_or_null(comment),
          row.late};
  told_ = all_;
  for (const Field& field : type.fields) {
    const expr::Value value = fields::expression_value_of(field, row.fields[field.name]);
    if (is_named(field, true)) all_.push_back(value);
    if (is_named(field, false)) told_.push_back(value);
  }
}

namespace {

Json values_of(const Seen& seen, const std::vector<Setting>& settings) {
  Json values = Json::object();
  for (const Setting& setting : settings)
    values.set(setting.field, expr::json_of(seen.effect(setting.value)));
  return values;
}

/// Without what the entry says already.
Json other_than(const expr::Value& entry, const Json& values) {
  Json other = Json::object();
  const expr::Context* now = entry.context();
  for (const auto& [name, value] : values.members()) {
    const expr::Value* known = now == nullptr ? nullptr : now->find(name);
    if (known != nullptr && expr::json_of(*known) == value) continue;
    other.set(name, value);
  }
  return other;
}

Json command_json(std::string_view kind, Json body) {
  return Json::object().set("command", kind).set("body", std::move(body));
}

}  // namespace

Result<Json> consequences_of(board::Decision& decision, const Seen& seen, const CaseRow& row,
                             const Transition& transition) {
  Json effects = Json::array();
  for (const EntryChange& change : transition.changes) {
    const Json& reference = row.fields[change.of];
    // Nobody is named, so nothing follows.
    if (!reference.is_text()) continue;
    const board::Subject subject = board::Subject::of(reference.text());
    Json values = other_than(decision.referred(reference.text()), values_of(seen, change.sets));
    if (values.members().empty()) continue;
    effects.push(command_json("register.change", Json::object()
                                                     .set("register", subject.kind)
                                                     .set("id", subject.id())
                                                     .set("values", std::move(values))
                                                     .set("reason", row.subject() + " " + transition.name)));
  }
  for (const FollowUp& follow_up : transition.opens) {
    Json values = values_of(seen, follow_up.sets);
    Json fields = Json::object();
    for (auto& [name, value] : values.take_members())
      if (!value.is_null()) fields.set(name, std::move(value));
    Json body = Json::object().set("type", follow_up.type).set("fields", std::move(fields));
    body.set("source", row.type);
    if (follow_up.here && row.x) body.set("x", *row.x).set("y", *row.y);
    if (follow_up.here && !row.place.empty()) body.set("place", row.place);
    if (const board::Unit* unit = decision.directory().unit(row.unit); unit != nullptr && !unit->retired)
      body.set("unit", unit->code);
    effects.push(command_json("case.create", std::move(body)));
  }
  if (effects.items().empty()) return Json();
  if (!is_within(effects, fields_limits) || effects.dump().size() > fields_limits.bytes_max)
    return invalid("effect-unfit", "transition", transition.name, "less to say to others in one step",
                   "shorten what the fields say");
  return effects;
}

void follow_consequences(const board::Fact& fact, std::vector<board::Command>& reactions) {
  const Json* effects = fact.body.find("effects");
  // A substitute of what was redacted need not be a list.
  if (effects == nullptr || !effects->is_array()) return;
  for (const Json& effect : effects->items()) {
    board::Command command;
    command.kind = effect.text_or("command", "");
    command.actor = effect_actor;
    command.body = effect["body"];
    reactions.push_back(std::move(command));
  }
}

namespace {

class ConsequenceCheck {
 public:
  ConsequenceCheck(const CaseType& type, const std::vector<std::shared_ptr<const CaseType>>& of_pack,
                   const Catalogue& catalogue, board::PackCheck& check)
      : type_(type), of_pack_(of_pack), catalogue_(catalogue), check_(check) {}

  void run() {
    const std::string place = "cases, " + type_.name;
    check_.check_followed(fields::followed_by_conditions(type_.fields), type_.fields, place);
    for (const NamedRule& named : type_.decisions)
      check_.check_followed(named.followed(type_), type_.fields, place + " " + named.name);
    for (const Transition& transition : type_.transitions) {
      place_ = place + " " + transition.name;
      check_.check_followed(transition.guard.followed(), type_.fields, place_);
      for (const EntryChange& change : transition.changes) check_change(change);
      for (const FollowUp& follow_up : transition.opens) check_follow_up(follow_up);
    }
  }

 private:
  void fault(const std::string& value, std::string rule) {
    check_.problems.push_back({Problem::Kind::invalid, "pack-fault", place_, value, std::move(rule),
                               "mend it, or name the other pack in needs"});
  }
  void check_settings(const std::vector<Setting>& settings) {
    for (const Setting& setting : settings)
      check_.check_followed(setting.value.followed(), type_.fields, place_);
  }
  void check_change(const EntryChange& change) {
    check_settings(change.sets);
    const Field* reference = type_.field(change.of);
    if (reference == nullptr) return;  // told by the reader
    for (const std::string& kind : reference->to) {
      if (!check_.knows("register", kind)) {
        fault(change.of, "a reference to entries of registers alone: " + kind + " is none");
        continue;
      }
      for (const Setting& setting : change.sets)
        if (!check_.knows("field of " + kind, setting.field))
          fault(setting.field, "a field of " + kind + " that is not personal");
    }
  }
  void check_follow_up(const FollowUp& follow_up) {
    check_settings(follow_up.sets);
    const CaseType* opened = catalogue_.newest(follow_up.type);
    for (const auto& one : of_pack_)
      if (one->name == follow_up.type) opened = one.get();
    if (opened == nullptr) return fault(follow_up.type, "a case type of this pack or of one that it needs");
    const auto set = [&](const std::string& name) {
      return std::any_of(follow_up.sets.begin(), follow_up.sets.end(),
                         [&](const Setting& one) { return one.field == name; });
    };
    for (const Setting& setting : follow_up.sets) {
      const auto& asked = opened->create_fields;
      const Field* field = opened->field(setting.field);
      if (std::find(asked.begin(), asked.end(), setting.field) == asked.end() || field == nullptr ||
          field->personal())
        fault(setting.field, "a field, not personal, that opening " + follow_up.type + " asks for");
    }
    for (const fields::Asked& asked : create_form(*opened))
      if (asked.required && !set(asked.field->name))
        fault(follow_up.type,
              "a value for " + asked.field->name + ", without which no " + follow_up.type + " opens");
  }

  const CaseType& type_;
  const std::vector<std::shared_ptr<const CaseType>>& of_pack_;
  const Catalogue& catalogue_;
  board::PackCheck& check_;
  std::string place_;
};

}  // namespace

void check_consequences(const CaseType& type, const std::vector<std::shared_ptr<const CaseType>>& of_pack,
                        const Catalogue& catalogue, board::PackCheck& check) {
  ConsequenceCheck(type, of_pack, catalogue, check).run();
}

}  // namespace qipan::cases
