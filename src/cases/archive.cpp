#include <algorithm>

#include "board/difference.hpp"
#include "board/directory.hpp"
#include "cases/steps.hpp"

namespace qipan::cases {

using board::Decision;

namespace {

/// What the source asserts about one of its reports.
struct Asserted {
  CaseRow row;
  const CaseType* type = nullptr;
  const Transition* ending = nullptr;  // none: still open
  std::optional<Instant> closed;
  Instant as_of = 0;  // until when the source knows
};

std::optional<Instant> asserted_time(const Decision& decision, std::string_view field) {
  const Json& value = decision.body()[field];
  return value.is_null() ? std::nullopt : std::optional(value.integer());
}

Result<void> read_ending(const Decision& decision, Asserted& asserted) {
  const auto closed = asserted_time(decision, "closed");
  const std::string name = decision.body().text_or("transition", "");
  asserted.closed = closed;
  if (name.empty()) {
    if (closed)
      return invalid("transition-unknown", "transition", "", "how it ended, as it has a closing time");
    return {};
  }
  asserted.ending = asserted.type->transition(name);
  const State* state = asserted.ending == nullptr ? nullptr : asserted.type->state(asserted.ending->to);
  if (state == nullptr || !state->final)
    return invalid("transition-unknown", "transition", name,
                   "a transition of " + asserted.type->name + " that ends it");
  if (!closed) return invalid("time-unreadable", "closed", "", "when it ended");
  return {};
}

Result<Asserted> read_report(Decision& decision, Lookups& lookups) {
  const Json& body = decision.body();
  Asserted asserted;
  asserted.type = lookups.catalogue->newest(body.text_or("type", ""));
  asserted.row.set = lookups.catalogue->set();
  if (asserted.type == nullptr)
    return invalid("case-type-unknown", "type", body.text_or("type", ""), "a case type of an installed pack");
  CaseRow& row = asserted.row;
  row.source = body.text_or("source", "");
  row.external = body.text_or("external", "");
  QIPAN_CHECK(read_place(decision, lookups, row));
  QIPAN_CHECK(read_class(decision, asserted.type->name, row));
  QIPAN_TRY(fields, read_case_fields(decision, *asserted.type, create_form(*asserted.type), row,
                                     fields::Moment::step));
  row.fields = std::move(fields);
  row.created = body["created"].integer();
  row.due = asserted_time(decision, "due");
  asserted.as_of = asserted_time(decision, "as_of").value_or(decision.at());
  QIPAN_CHECK(read_ending(decision, asserted));
  return asserted;
}

/// The sender's deadline as it stood when the report ended, or as far as the source knows. No timer: nobody
/// is to be hurried about what another city did.
Clocks clocks_of(const Asserted& asserted) {
  Clocks clocks;
  if (!asserted.row.due) return clocks;
  for (const Limit& declared : asserted.type->limits) {
    if (!declared.asserted) continue;
    LimitState limit = assert_limit(declared.name, declared.main, asserted.row.created, *asserted.row.due);
    mark(limit, asserted.closed.value_or(asserted.as_of));
    // The mark is strictly behind the deadline, as is a closing that is late.
    limit.missed = limit.level >= 2;
    if (asserted.closed) stop(limit, *asserted.closed);
    clocks.limits.push_back(std::move(limit));
    clocks.touch(declared.name);
  }
  return clocks;
}

void add_clocks(const Asserted& asserted, Json& fact) {
  clocks_of(asserted).write_to(fact);
  fact.set("timer", Json());
}

void record_ending(Decision& decision, const Asserted& asserted, CaseId id) {
  const std::string& from = asserted.type->initial;
  Json fact = Json::object();
  fact.set("transition", asserted.ending->name).set("from", from).set("state", asserted.ending->to);
  fact.set("open", false).set("closed", *asserted.closed);
  add_clocks(asserted, fact);
  decision.record("case.moved", board::subject_of(asserted.type->name, id.value), std::move(fact));
}

void told(Decision& decision, const Asserted& asserted, CaseId id, std::string_view outcome) {
  Json answer = Json::object();
  answer.set("case", id.value).set("outcome", outcome);
  if (asserted.row.due && asserted.closed) answer.set("late", *asserted.closed > *asserted.row.due);
  decision.answer(std::move(answer));
}

Result<void> open_report(Decision& decision, Asserted& asserted) {
  CaseRow& row = asserted.row;
  row.state = asserted.type->initial;
  row.open = true;
  Json fact = fact_of(row, *asserted.type);
  fact.set("created", row.created);
  Asserted open = asserted;
  open.closed.reset();
  // A report that is closed below was never looked at while it was open.
  if (asserted.ending != nullptr) open.as_of = row.created;
  add_clocks(open, fact);
  const CaseId id{decision.database().integer("SELECT coalesce(max(id),0)+1 FROM case_cases", 1)};
  decision.record("case.created", board::subject_of(asserted.type->name, id.value), std::move(fact));
  if (asserted.ending != nullptr) record_ending(decision, asserted, id);
  told(decision, asserted, id, "created");
  return {};
}

/// Whether a field is said by who reports at all: what the board gave stays.
bool is_of_source(const CaseType& type, std::string_view name) {
  const Field* field = type.field(name);
  return field == nullptr || field->is_said();
}

/// What a newer export says otherwise.
board::Difference differences(const CaseRow& before, const Asserted& asserted) {
  const CaseRow& row = asserted.row;
  const auto number = [](const auto& value) { return value ? Json(*value) : Json(); };
  board::Difference changed;
  changed.add("created", before.created, row.created);
  if (!before.open) changed.add("closed", number(before.closed), number(asserted.closed));
  changed.add("class", before.case_class, row.case_class);
  changed.add("place", before.place, row.place);
  board::Difference fields;
  fields.add_all(before.fields, row.fields);
  for (const auto& [name, value] : before.fields.members())
    if (!row.fields.has(name) && is_of_source(*asserted.type, name)) fields.add(name, value, Json());
  if (!fields.empty()) changed.add("fields", fields.was, fields.now);
  if (row.x) {
    changed.add("x", number(before.x), *row.x);
    changed.add("y", number(before.y), *row.y);
    changed.add("grid", before.grid.value, row.grid.value);
    changed.add("unit", before.unit.value, row.unit.value);
  }
  return changed;
}

Result<void> update_report(Decision& decision, Asserted& asserted, const CaseRow& before) {
  const CaseRow& row = asserted.row;
  if (asserted.type->name != before.type) {
    return refuse({Problem::Kind::conflict, "report-of-another-type", "type", asserted.type->name,
                   before.type + ", which case " + std::to_string(before.id.value) + " is",
                   "import it as that type, or give the source another name"});
  }
  if (!before.open && asserted.ending == nullptr) {
    return refuse({Problem::Kind::conflict, "report-reopened", "external", row.external,
                   "a report that is closed here to stay closed",
                   "look at case " + std::to_string(before.id.value)});
  }
  const bool ends = before.open && asserted.ending != nullptr;
  board::Difference changed = differences(before, asserted);
  Json clocks = Json::object();
  add_clocks(asserted, clocks);
  const bool lamp = clocks["lamp"] != Json(before.lamp) || clocks.has("late") != before.late;
  const bool due = clocks["due"] != (before.due ? Json(*before.due) : Json());
  if (!changed.empty() || (due && !ends) || (lamp && !ends)) {
    Json fact = std::move(clocks);
    if (changed.now["fields"].is_object()) tell_party(*asserted.type, changed.now["fields"], fact);
    fact.set("was", std::move(changed.was)).set("now", std::move(changed.now));
    decision.record("case.amended", before.subject(), std::move(fact));
  } else if (!ends) {
    return refuse({Problem::Kind::conflict, "report-known", "external", row.external,
                   "a report that says something new", "it is case " + std::to_string(before.id.value)});
  }
  if (ends) record_ending(decision, asserted, before.id);
  told(decision, asserted, before.id, ends ? "closed" : "amended");
  return {};
}

}  // namespace

Result<void> decide_archive(Decision& decision, Lookups& lookups) {
  QIPAN_TRY(asserted, read_report(decision, lookups));
  auto known =
      decision.database().prepare("SELECT id FROM case_cases WHERE source=? AND external=? AND external<>''");
  known.bind(asserted.row.source).bind(asserted.row.external);
  if (!known.step()) return open_report(decision, asserted);
  const auto before = find_case(decision.database(), {known.integer(0)});
  return update_report(decision, asserted, *before);
}

}  // namespace qipan::cases
