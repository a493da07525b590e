#include <algorithm>

#include "board/difference.hpp"
#include "board/directory.hpp"
#include "cases/consequences.hpp"
#include "cases/steps.hpp"

namespace qipan::cases {

using board::Decision;

std::int64_t case_named(const Json& body, Database& database) {
  const std::int64_t id = body.integer_or("id", 0);
  if (id != 0 || !body.has("external")) return id;
  auto statement =
      database.prepare("SELECT id FROM case_cases WHERE source=? AND external=? AND external<>''");
  statement.bind(body.text_or("source", "")).bind(body.text_or("external", ""));
  return statement.step() ? statement.integer(0) : 0;
}

namespace {

/// What a step may change besides state, fields and clocks.
struct Columns {
  std::string case_class;
  std::optional<std::int64_t> x, y;
  std::int64_t grid, unit, responsible, assignee, rework, parent;
};

Columns columns_of(const CaseRow& row) {
  return {row.case_class,     row.x,          row.y,
          row.grid.value,     row.unit.value, row.responsible.value,
          row.assignee.value, row.rework,     row.parent.value};
}

/// Of columns, those that are other than before.
board::Difference difference_of(const Columns& before, const Columns& after) {
  board::Difference changed;
  const auto add = [&](std::string_view name, const auto& was, const auto& now) {
    if (was != now) changed.add(name, was, now);
  };
  const auto add_number = [&](std::string_view name, const auto& was, const auto& now) {
    if (was != now) changed.add(name, was ? Json(*was) : Json(), now ? Json(*now) : Json());
  };
  add("class", before.case_class, after.case_class);
  add_number("x", before.x, after.x);
  add_number("y", before.y, after.y);
  add("grid", before.grid, after.grid);
  add("unit", before.unit, after.unit);
  add("responsible", before.responsible, after.responsible);
  add("assignee", before.assignee, after.assignee);
  add("rework", before.rework, after.rework);
  add("parent", before.parent, after.parent);
  return changed;
}

struct Step {
  CaseRow row;
  const CaseType* type = nullptr;
  const Transition* transition = nullptr;
  std::string comment;
};

/// To who acts for an organisation there are no other cases than its own.
Result<CaseRow> case_of(Decision& decision) {
  const std::int64_t id = case_named(decision.body(), decision.database());
  auto row = find_case(decision.database(), {id});
  const board::Mandate* mandate = decision.directory().mandate(decision.actor());
  if (!row || (mandate != nullptr && !is_of_mandate(decision.database(), *row, *mandate)))
    return refuse({Problem::Kind::not_found, "case-unknown", "id", std::to_string(id), "the number of a case",
                   "look it up in the list"});
  // Said beside the number, its name at the source is held against it: nothing that is said is dropped.
  for (const auto& [member, own] :
       {std::pair("source", &row->source), std::pair("external", &row->external)}) {
    const Json& said = decision.body()[member];
    if (said.is_text() && said.text() != *own)
      return refuse({Problem::Kind::conflict, "case-named-twice", member, shortened(said.text()),
                     "the number of a case, or what it is called at its source, or both of the same case",
                     "leave one of them out"});
  }
  return std::move(*row);
}

Result<void> may_step(Decision& decision, const Step& step) {
  const UnitId at = step.transition->at_responsible ? step.row.responsible : step.row.unit;
  if (decision.directory().holds_role(decision.actor(), step.transition->roles, at)) return {};
  const bool acts_for_party = decision.directory().mandate(decision.actor()) != nullptr;
  if (acts_for_party && opens_to_party(step.transition->roles)) return {};
  if (!acts_for_party && !decision.directory().person_of(decision.actor())) {
    return refuse({Problem::Kind::unauthenticated, "login-needed", "", step.transition->name,
                   "a person or token that is known", "log in"});
  }
  std::string roles;
  for (const auto& role : step.transition->roles) roles += (roles.empty() ? "" : ", ") + role;
  return refuse({Problem::Kind::forbidden, "not-permitted", "transition", step.transition->name,
                 "one of the roles " + roles + " here", "ask who holds it"});
}

Result<Step> read_step(Decision& decision, const Lookups& lookups) {
  Step step;
  QIPAN_TRY(row, case_of(decision));
  step.row = std::move(row);
  step.type = lookups.catalogue->in_set(step.row.type, step.row.set);
  const std::string name = decision.body().text_or("transition", "");
  step.transition = step.type == nullptr ? nullptr : step.type->transition(name);
  if (step.transition == nullptr)
    return invalid("transition-unknown", "transition", name, "a transition of " + step.row.type);
  // Rights first: whoever may not take the step is not told where the case stands.
  QIPAN_CHECK(may_step(decision, step));
  const auto& from = step.transition->from;
  if (std::find(from.begin(), from.end(), step.row.state) == from.end()) {
    std::string list;
    for (const auto& state : from) list += (list.empty() ? "" : ", ") + state;
    return refuse({Problem::Kind::conflict, "transition-not-now", "transition", name,
                   "a case in " + list + "; this one is " + step.row.state,
                   "read the case again: somebody may have been first"});
  }
  step.comment = decision.body().text_or("comment", "");
  if (step.transition->comment_required && step.comment.empty())
    return invalid("comment-required", "comment", "", "a reason", "say why");
  return step;
}

Result<void> check_guard(Decision& decision, const Step& step, const Json& fields) {
  const Transition& transition = *step.transition;
  if (transition.guard.text().empty()) return {};
  CaseRow row = step.row;
  for (const auto& [name, value] : fields.members()) row.fields.set(name, value);
  // One that this program cannot read lets nobody through.
  const Seen seen(decision, *step.type, row, row.state, step.comment);
  if (seen.guard(transition.guard).is_true()) return {};
  return refuse({Problem::Kind::conflict, "guard-not-met", "transition", transition.name,
                 transition.guard_title.zh + " / " + transition.guard_title.en,
                 "see the condition " + transition.guard.text()});
}

/// Decisions that the step asks by name: each kept with why, and what they say taken into fields.
Result<void> ask_decisions(Decision& decision, Step& step, Json& fields, Json& fact) {
  Json explanations = fact["decisions"].is_object() ? fact["decisions"] : Json::object();
  for (const std::string& name : step.transition->asks) {
    QIPAN_TRY(answered, ask(decision, *step.type, *step.type->decision(name), step.row));
    explanations.set(name, std::move(answered.explanation));
    for (const auto& [field, value] : answered.values.members()) {
      step.row.fields.set(field, value);
      fields.set(field, value);
    }
  }
  if (step.transition->asks.empty()) return {};
  fact.set("decisions", std::move(explanations));
  // What was decided stands beside what was said: all of it together is held against the checks.
  const auto held = fields::hold_conditions(
      step.type->fields, {}, step.row.fields, Json::object(), "fields", fields::Moment::step, decision.at(),
      [&](std::string_view subject) { return decision.referred(subject); });
  if (held) {
    // And what is computed from it.
    for (const auto& [field, value] : held->members()) {
      step.row.fields.set(field, value);
      fields.set(field, value);
    }
    return {};
  }
  return refuse({Problem::Kind::conflict, "decision-unfit", held.error().field, "", held.error().rule,
                 "tell who keeps the rules"});
}

/// What a transition does nothing with is refused, never dropped.
Result<void> check_effects(const Decision& decision, const Transition& transition) {
  const std::pair<std::string_view, bool> effects[] = {
      {"class", transition.classifies},  {"x", transition.locates},     {"y", transition.locates},
      {"extension", transition.extends}, {"parent", transition.merges}, {"responsible", transition.assigns}};
  for (const auto& [member, taken] : effects) {
    if (taken || !decision.body().has(member)) continue;
    return invalid(member == "responsible" ? "responsible-not-here" : "change-not-here", std::string(member),
                   "", "a transition that has this effect", "leave it out of this one");
  }
  return {};
}

/// A class or a place set on the way changes who answers for the case, so these are read before dispatching.
Result<void> read_changes(Decision& decision, Step& step, Lookups& lookups) {
  const Json& body = decision.body();
  if (body.has("class")) {
    const std::string code = body.text_or("class", "");
    auto statement = decision.database().prepare("SELECT retired FROM case_classes WHERE type=? AND code=?");
    statement.bind(step.row.type).bind(code);
    if (!statement.step() || statement.integer(0) != 0)
      return invalid("class-unknown", "class", code, "the code of a class of " + step.row.type);
    step.row.case_class = code;
  }
  if (!body.has("x") && !body.has("y")) return {};
  QIPAN_TRY(point, geo::make_point(body.integer_or("x", INT64_MAX), body.integer_or("y", INT64_MAX)));
  step.row.x = point.x;
  step.row.y = point.y;
  step.row.grid = lookups.grid_at(decision.database(), point);
  // Out of every grid the district answers for it, as it does for a case that is opened there.
  step.row.unit = step.row.grid ? step.row.grid : decision.directory().root();
  return {};
}

Result<std::optional<calendar::Amount>> choose_responsible(Decision& decision, Step& step, Json& fact) {
  std::optional<calendar::Amount> standard;
  const std::string named = decision.body().text_or("responsible", "");
  if (step.transition->dispatches) {
    QIPAN_TRY(made, dispatch(*step.type, step.row, decision.directory()));
    if (made.responsible) step.row.responsible = made.responsible;
    standard = made.standard;
    fact.set("decisions", std::move(made.explanation));
  }
  if (!named.empty()) {
    const board::Unit* unit = decision.directory().unit_by_code(named);
    if (unit == nullptr || unit->retired)
      return invalid("unit-unknown", "responsible", named, "the code of a unit that is not retired");
    step.row.responsible = unit->id;
  }
  if (step.transition->dispatches || step.transition->assigns) {
    if (!step.row.responsible) {
      return refuse({Problem::Kind::conflict, "nobody-answers", "responsible", "",
                     "a unit that answers for this case", "no rule names one here: name the unit yourself"});
    }
  }
  return standard;
}

Result<void> extend_main(Decision& decision, const Step& step, Clocks& clocks, const Calendars& calendars) {
  if (!step.transition->extends) return {};
  const Json& extension = decision.body()["extension"];
  for (LimitState& limit : clocks.limits) {
    if (!limit.main) continue;
    const std::string amount =
        extension.is_number() ? extension.number_text() : (extension.is_text() ? extension.text() : "");
    auto more = calendar::parse_amount(calendar::name_of(limit.amount.kind), amount);
    if (!more) {
      more.error().field = "extension";
      return refuse(more.error());
    }
    QIPAN_CHECK(
        extend(limit, calendars.version(limit.calendar, limit.calendar_version), *more, decision.at()));
    clocks.touch(limit.name);
    return {};
  }
  return refuse(
      {Problem::Kind::conflict, "no-main-limit", "extension", "", "a case whose main limit has begun", ""});
}

Result<void> merge(Decision& decision, Step& step, Json& fact) {
  if (!step.transition->merges) return {};
  const std::int64_t parent = decision.body().integer_or("parent", 0);
  // Archives say that a report was a duplicate, not of which.
  const auto other = find_case(decision.database(), {parent});
  const bool trusted = decision.actor().starts_with("import:");
  if (!other && trusted) return {};
  if (!other || other->id == step.row.id || other->parent || other->type != step.row.type) {
    return invalid("parent-unknown", "parent", std::to_string(parent),
                   "another case of this type that is itself no duplicate");
  }
  // Nobody will ever act on what is void: its reporter would read "merged" and hear no more.
  const State* state = step.type->state(other->state);
  if (state != nullptr && state->is_void && !trusted) {
    return refuse({Problem::Kind::conflict, "parent-void", "parent", std::to_string(parent),
                   "a case that is not void", "name another one, or leave this case as it is"});
  }
  step.row.parent = {parent};
  // Its own duplicates become duplicates of the same case: no chains.
  Json adopted = Json::array();
  auto children = decision.database().prepare("SELECT id FROM case_cases WHERE parent=? ORDER BY id");
  children.bind(step.row.id.value);
  while (children.step()) adopted.push(children.integer(0));
  if (!adopted.items().empty()) fact.set("adopted", std::move(adopted));
  return {};
}

}  // namespace

namespace {

/// What is other than before, of columns and fields.
void tell_changes(const Step& step, const Columns& before, board::Difference values, Json& fact) {
  board::Difference changed = difference_of(before, columns_of(step.row));
  if (!values.empty()) {
    tell_party(*step.type, values.now, fact);
    changed.was.set("fields", std::move(values.was));
    changed.now.set("fields", std::move(values.now));
  }
  if (changed.empty()) return;
  fact.set("was", std::move(changed.was)).set("now", std::move(changed.now));
}

}  // namespace

Result<void> decide_transition(Decision& decision, Lookups& lookups) {
  QIPAN_TRY(step, read_step(decision, lookups));
  QIPAN_TRY(fields, read_case_fields(decision, *step.type, transition_form(*step.type, *step.transition),
                                     step.row, fields::Moment::step));
  const Columns before = columns_of(step.row);
  Json fact = Json::object();
  const std::string target = step.transition->to.empty() ? step.row.state : step.transition->to;
  const bool final = step.type->state(target)->final;
  fact.set("transition", step.transition->name)
      .set("from", step.row.state)
      .set("state", target)
      .set("open", !final);
  QIPAN_CHECK(check_effects(decision, *step.transition));
  QIPAN_CHECK(read_changes(decision, step, lookups));
  QIPAN_CHECK(check_guard(decision, step, fields));
  if (!step.comment.empty()) fact.set("comment", step.comment);
  const Json fields_before = step.row.fields;
  for (const auto& [name, value] : fields.members()) step.row.fields.set(name, value);
  QIPAN_TRY(standard, choose_responsible(decision, step, fact));
  QIPAN_CHECK(ask_decisions(decision, step, fields, fact));
  board::Difference values;
  values.add_all(fields_before, fields);
  QIPAN_CHECK(merge(decision, step, fact));
  if (step.transition->reworks) ++step.row.rework;
  if (step.transition->takes) step.row.assignee = decision.directory().person_of(decision.actor());
  tell_changes(step, before, std::move(values), fact);
  const Seen seen(decision, *step.type, step.row, target, step.comment);
  QIPAN_TRY(effects, consequences_of(decision, seen, step.row, *step.transition));
  if (!effects.is_null()) fact.set("effects", std::move(effects));

  Clocks clocks{limits_of(decision.database(), step.row.id), {}};
  const std::string calendar =
      decision.directory().calendar_of(step.row.responsible ? step.row.responsible : step.row.unit);
  QIPAN_CHECK(move_clocks(clocks, *step.type, target, decision.at(), standard, std::nullopt, calendar,
                          lookups.calendars));
  QIPAN_CHECK(extend_main(decision, step, clocks, lookups.calendars));
  clocks.write_to(fact);
  decision.record("case.moved", step.row.subject(), std::move(fact));
  decision.answer(Json::object().set("case", step.row.id.value).set("state", target));
  return {};
}

Result<void> decide_comment(Decision& decision) {
  QIPAN_TRY(row, case_of(decision));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "comment", board::resource_of("case", row.type),
                                          row.unit));
  decision.record("case.commented", row.subject(), Json::object().set("text", decision.body()["text"]));
  return {};
}

namespace {

/// The personal field that a body names, if the case has a value there.
Result<const Field*> personal_field(const Decision& decision, const Lookups& lookups, const CaseRow& row) {
  const std::string name = decision.body().text_or("field", "");
  const CaseType* type = lookups.catalogue->in_set(row.type, row.set);
  const Field* field = type == nullptr ? nullptr : type->field(name);
  if (field != nullptr && field->personal() && row.fields[name].has("vault")) return field;
  return invalid("reveal-field", "field", name, "a personal field that this case has");
}

}  // namespace

Result<void> decide_reveal(Decision& decision, const Lookups& lookups) {
  QIPAN_TRY(row, case_of(decision));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "reveal", board::resource_of("case", row.type),
                                          row.unit));
  QIPAN_TRY(field, personal_field(decision, lookups, row));
  decision.record("case.revealed", row.subject(),
                  Json::object().set("field", field->name).set("purpose", decision.body()["purpose"]));
  decision.answer(row.fields[field->name]);
  return {};
}

/// The fact says that the value is to go; the board then takes it out of the vault, salt and all, and the
/// hash in earlier facts says nothing any more.
Result<void> decide_erase(Decision& decision, const Lookups& lookups) {
  QIPAN_TRY(row, case_of(decision));
  QIPAN_CHECK(
      decision.directory().permit(decision.actor(), "erase", board::resource_of("case", row.type), row.unit));
  QIPAN_TRY(field, personal_field(decision, lookups, row));
  Json fact = Json::object();
  // What was there is told by nobody any more.
  fact.set("field", field->name).set("purpose", decision.body()["purpose"]);
  fact.set("now", Json::object().set("fields", Json::object().set(field->name, Json())));
  decision.record("case.erased", row.subject(), std::move(fact));
  return {};
}

}  // namespace qipan::cases
