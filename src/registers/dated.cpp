#include "base/assert.hpp"
#include "board/difference.hpp"
#include "board/references.hpp"
#include "registers/steps.hpp"

// Values with a day from which they hold (design §4b.11): one to come waits and takes effect by a fact of
// that day; one of a day gone by corrects what is known of the past, and what stands there now only where it
// covers now.

namespace qipan::registers {

using board::Decision;

namespace {

/// What holds from another day than today may not have these: one in the vault or the content store would be
/// kept twice, and who else had a value that stands once, on days gone by, only histories say.
enum class When { past, to_come };
Result<void> check_datable(const Decision& decision, const Register& declared, const Json& given, When when) {
  for (const std::string_view place : {"x", "y", "geometry"}) {
    if (decision.body().has(place))
      return invalid("change-dated", std::string(place), "", "values without a place, where a day is said",
                     "change the place without a day");
  }
  for (const auto& [name, value] : given.members()) {
    const Field& field = *declared.field(name);
    const bool was_once = when == When::past && is_unique(declared, field);
    if (was_once || field.personal() || field.type->attributes().contents)
      return invalid("change-dated", "values/" + name, "",
                     "where a day is said, no files or personal values, and of a day gone by none that stand "
                     "once",
                     "change it without a day");
  }
  return {};
}

std::string reason_of(const Decision& decision) {
  return decision.body().text_or("reason", "");
}

}  // namespace

Result<void> plan_change(Decision& decision, const Register& declared, const Entry& entry, Day from) {
  constexpr std::size_t plans_max = 50;
  QIPAN_TRY(values, read_entry(decision, declared, entry.values, fields::Absent::unchanged));
  // What is computed comes on its day from what stands there then.
  Json said = Json::object();
  for (auto& [name, value] : values.take_members()) {
    if (declared.field(name)->is_said()) said.set(name, std::move(value));
  }
  values = std::move(said);
  QIPAN_CHECK(check_datable(decision, declared, values, When::to_come));
  QIPAN_CHECK(check_by_cases(decision, declared, values));
  QIPAN_CHECK(check_unique_from(decision, declared, values, entry.id, from));
  if (values.members().empty()) return invalid("nothing-to-change", "values", "", "at least one value");
  if (plans_of(decision.database(), declared.name, entry.id).size() >= plans_max)
    return refuse({Problem::Kind::too_large, "plans-too-many", "from", format_day(from),
                   "at most " + std::to_string(plans_max) + " changes to come of one entry",
                   "withdraw some of them"});
  Json fact = Json::object().set("from", format_day(from)).set("values", std::move(values));
  if (!reason_of(decision).empty()) fact.set("reason", reason_of(decision));
  const Position plan =
      decision.record("register.planned", board::subject_of(declared.name, entry.id), std::move(fact));
  decision.answer(Json::object().set("plan", plan));
  return {};
}

Result<void> correct_change(Decision& decision, const Register& declared, const Entry& entry, Day from) {
  if (reason_of(decision).empty())
    return invalid("field-required", "reason", "", "why what was known of the past was wrong");
  const fields::Form form = fields::whole_form(declared.fields);
  QIPAN_CHECK(board::check_sealed(declared.fields, decision.body()["values"], "values", decision.command()));
  QIPAN_TRY(given, fields::read_values(form, decision.body()["values"], "values", fields::Absent::unchanged));
  QIPAN_CHECK(check_datable(decision, declared, given, When::past));
  QIPAN_CHECK(check_by_cases(decision, declared, given));
  QIPAN_CHECK(board::check_references(decision.database(), form, given, "values"));
  Json covering = Json::object();
  Json past = Json::object();
  for (auto& [name, value] : given.take_members()) {
    const bool covers = holds_since(decision.database(), declared.name, entry.id, name) <= from;
    (covers ? covering : past).set(name, std::move(value));
  }
  QIPAN_TRY(now, hold_values(decision, declared, entry.values, std::move(covering), fields::Moment::change));
  QIPAN_CHECK(check_unique(decision, declared, now, entry.id));
  board::Difference changed;
  changed.add_all(entry.values, now);
  if (changed.empty() && past.members().empty())
    return refuse({Problem::Kind::conflict, "nothing-changes", "values", shortened(now.dump()),
                   "a value that is another than before", "the entry says this already"});
  Json fact = Json::object().set("from", format_day(from));
  tell_party(declared, changed.now, fact);
  if (!changed.empty())
    fact.set("was", Json::object().set("values", std::move(changed.was)))
        .set("now", Json::object().set("values", std::move(changed.now)));
  if (!past.members().empty()) fact.set("past", Json::object().set("values", std::move(past)));
  fact.set("reason", reason_of(decision));
  decision.record("register.corrected", board::subject_of(declared.name, entry.id), std::move(fact));
  return {};
}

Result<void> withdraw_plan(Decision& decision, const Register& declared) {
  QIPAN_TRY(entry, entry_to_write(decision, declared));
  const auto position = static_cast<Position>(decision.body().integer_or("plan", -1));
  for (const Plan& plan : plans_of(decision.database(), declared.name, entry.id)) {
    if (plan.position != position) continue;
    decision.record("register.plan_withdrawn", board::subject_of(declared.name, entry.id),
                    Json::object().set("plan", position).set("reason", decision.body()["reason"]));
    return {};
  }
  return refuse({Problem::Kind::not_found, "plan-unknown", "plan", decision.body()["plan"].dump(),
                 "a change to come of this entry", "see its history"});
}

namespace {

/// What a plan comes to on its day: by the declaration and the checks of that day, whatever it was planned
/// by.
Result<Json> due_values(Decision& decision, const Register& declared, const Entry& entry, Json values) {
  const fields::Form form = fields::whole_form(declared.fields);
  QIPAN_TRY(read, fields::read_values(form, values, "values", fields::Absent::unchanged));
  for (const auto& [name, value] : read.members()) {
    if (declared.field(name)->by_cases)
      return invalid("field-by-cases", "values/" + name, "", "a field that is not changed by cases alone");
  }
  QIPAN_CHECK(check_datable(decision, declared, read, When::to_come));
  QIPAN_TRY(held, hold_values(decision, declared, entry.values, std::move(read), fields::Moment::change));
  QIPAN_CHECK(check_unique(decision, declared, held, entry.id));
  return held;
}

/// In its place: why the plan was not carried out, without any value.
std::string told_without_value(const Problem& problem) {
  return problem.code + " " + problem.field + ": " + problem.rule;
}

/// What entries that give way carry out before another does, at most, as it all goes into one batch.
constexpr int giving_way_max = 8;

Result<void> carry_out(Decision& decision, const Register& declared, std::int64_t id, int& giving_way) {
  const std::string subject = board::subject_of(declared.name, id);
  const Day today = china_day_of(decision.at());
  const auto plans = plans_of(decision.database(), declared.name, id);
  if (plans.empty() || plans.front().from > today)
    return invalid("nothing-due", "id", std::to_string(id), "an entry with a change that is due");
  // One at a time: all together may be more than a batch takes. The timer fires again for the next.
  const Plan& plan = plans.front();
  // Who is to give a value up by today does so first, whichever timer fires first.
  while (giving_way > 0) {
    const std::int64_t holder = who_gives_way(decision.database(), declared, plan.values, id, today);
    if (holder == 0) break;
    --giving_way;
    QIPAN_CHECK(carry_out(decision, declared, holder, giving_way));
  }
  // Of entries that wait for each other, the others' way led here again.
  const auto left = plans_of(decision.database(), declared.name, id);
  if (left.empty() || left.front().position != plan.position) return {};
  const auto entry = find_entry(decision.database(), declared, id);
  QIPAN_ASSERT(entry.has_value());  // of which there are plans
  // What was changed of a later day, while nobody fired the timer, stays.
  Json covering = Json::object();
  Json past = Json::object();
  for (const auto& [name, value] : plan.values.members())
    (holds_since(decision.database(), declared.name, id, name) > plan.from ? past : covering)
        .set(name, value);
  const auto held = due_values(decision, declared, *entry, std::move(covering));
  if (!held) {
    decision.record(
        "register.plan_withdrawn", subject,
        Json::object().set("plan", plan.position).set("reason", told_without_value(held.error())));
    return {};
  }
  board::Difference changed;
  changed.add_all(entry->values, *held);
  Json fact = Json::object().set("plan", plan.position).set("from", format_day(plan.from));
  tell_party(declared, changed.now, fact);
  fact.set("was", Json::object().set("values", std::move(changed.was)))
      .set("now", Json::object().set("values", std::move(changed.now)));
  if (!past.members().empty()) fact.set("past", Json::object().set("values", std::move(past)));
  decision.record("register.took_effect", subject, std::move(fact));
  return {};
}

}  // namespace

Result<void> take_effect(Decision& decision, const Register& declared) {
  int giving_way = giving_way_max;
  return carry_out(decision, declared, decision.body().integer_or("id", 0), giving_way);
}

}  // namespace qipan::registers
