#include <algorithm>

#include "board/directory.hpp"
#include "units/reach.hpp"
#include "units/steps.hpp"

// Who may act for an organisation. A mandate opens nothing of the office's, and no post opens what a mandate
// does.

namespace qipan::units {

using board::Decision;

namespace {

constexpr std::size_t kinds_max = 100;

/// Case types and registers, each once.
Result<Json> kinds_of(const Decision& decision) {
  const Json& asked = decision.body()["kinds"];
  if (asked.is_null()) return Json();
  std::set<std::string> seen;
  for (const Json& kind : asked.items()) {
    const bool plain = kind.is_text() && !kind.text().empty() && kind.text().size() <= 100;
    if (!plain || !seen.insert(kind.text()).second || seen.size() > kinds_max)
      return invalid("mandate-kinds", "kinds", shortened(kind.dump()),
                     "1 to 100 names of case types and registers, each once");
  }
  if (seen.empty())
    return invalid("mandate-kinds", "kinds", "[]", "names of case types and registers, or none at all");
  return asked;
}

/// An organisation is an entry that is a party to itself; one that was retired is nobody's any more.
bool is_organisation(Decision& decision, const std::string& subject) {
  const auto party = board::party_of(decision.database(), subject);
  return party && party->subject == subject;
}

/// One at a time: what it covers is changed by ending it and giving another.
Result<void> has_none(Decision& decision, const Person& person, const std::string& party) {
  for (const board::Mandate* held : decision.directory().mandates_of({person.id})) {
    if (held->party == party)
      return refuse({Problem::Kind::conflict, "mandate-held", "login", std::to_string(held->id),
                     "a person who does not act for this organisation yet",
                     "end mandate " + std::to_string(held->id) + " first"});
  }
  return {};
}

}  // namespace

Result<void> give_mandate(Decision& decision) {
  QIPAN_TRY(person, person_named(decision, "mandate"));
  QIPAN_CHECK(may_manage(decision, person, "mandate"));
  // Nobody lets themselves in.
  if (is_oneself(decision, person))
    return refuse({Problem::Kind::forbidden, "own-mandate", "login", "", "another person than oneself",
                   "ask who else gives mandates here, or the operator"});
  const std::string party = decision.body().text_or("party", "");
  if (!is_organisation(decision, party))
    return missing("party", shortened(party), "an entry of a register of organisations that is not retired");
  QIPAN_CHECK(has_none(decision, person, party));
  QIPAN_TRY(kinds, kinds_of(decision));
  Json fact = Json::object().set("person", person.id).set("party", party);
  // Null is said too: a member that was taken out of the log later opens nothing.
  fact.set("kinds", std::move(kinds)).set("until", Json());
  if (decision.body().has("until")) {
    QIPAN_TRY(until, parse_instant(decision.body().text_or("until", "")));
    if (until <= decision.at())
      return invalid("mandate-over", "until", decision.body().text_or("until", ""), "a time that is to come");
    fact.set("until", until);
  }
  fact.set("reason", decision.body()["reason"]);
  const std::int64_t id = decision.database().integer("SELECT coalesce(max(id),0)+1 FROM unit_mandates", 1);
  decision.record("unit.mandate_given", board::subject_of("mandate", id), std::move(fact));
  decision.answer(Json::object().set("mandate", id));
  return {};
}

Result<void> end_mandate(Decision& decision) {
  const auto scope = decision.directory().scope(decision.actor(), "manage", "mandate");
  const std::int64_t id = decision.body().integer_or("mandate", 0);
  auto statement = decision.database().prepare(
      "SELECT p.unit FROM unit_mandates m JOIN unit_people p ON p.id=m.person WHERE m.id=? AND m.ended=0");
  statement.bind(id);
  if (!statement.step() || !scope.has({statement.integer(0)}))
    return missing("mandate", std::to_string(id), "a mandate that has not been ended, of a person of yours");
  decision.record("unit.mandate_ended", board::subject_of("mandate", id),
                  Json::object().set("reason", decision.body()["reason"]));
  return {};
}

}  // namespace qipan::units
