#include "units/reach.hpp"

#include "units/steps.hpp"

namespace qipan::units {

using board::Decision;
using board::Directory;

bool is_oneself(Decision& decision, const Person& person) {
  return decision.directory().person_of(decision.actor()).value == person.id;
}

Result<Person> person_named(Decision& decision, std::string_view resource, std::string_view action) {
  const std::string login = decision.body().text_or("login", "");
  const auto scope = decision.directory().scope(decision.actor(), action, resource);
  auto statement = decision.database().prepare("SELECT id, unit FROM unit_people WHERE login=? AND active=1");
  statement.bind(login);
  const bool found = statement.step();
  const Person person = found ? Person{statement.integer(0), {statement.integer(1)}} : Person{};
  if (found && is_oneself(decision, person)) return person;
  if (scope.empty()) QIPAN_CHECK(decision.directory().permit(decision.actor(), action, resource, {}));
  if (found && scope.has(person.unit)) return person;
  return missing("login", login, "the login of an active person of yours");
}

/// Nobody holds two administrations: whoever keeps the system says not who may what, and neither looks
/// after what they did themselves.
Result<void> stays_apart(Decision& decision, const Person& person, const std::string& role) {
  auto held = decision.directory().administrations_of_person({person.id});
  const auto given = decision.directory().administrations_of_role(role);
  const board::Account* account = decision.directory().account({person.id});
  if (!given.empty() && account != nullptr && account->temporary && !Directory::is_trusted(decision.actor()))
    return refuse({Problem::Kind::conflict, "account-shared", "login", "",
                   "a person who has set their own password", "let them log in first"});
  held.insert(given.begin(), given.end());
  if (held.size() < 2) return {};
  return refuse({Problem::Kind::conflict, "administrations-apart", "role", role,
                 "one of the three administrations a person (here: " + names_of(held) + ")",
                 "give it to somebody else"});
}

namespace {

/// Who could set the password of another administrator could act as that one: that is their own, or the
/// operator's, at the machine.
Result<void> not_of_another_administration(Decision& decision, const Person& person) {
  const Directory& directory = decision.directory();
  if (Directory::is_trusted(decision.actor())) return {};
  const PersonId sender = directory.person_of(decision.actor());
  if (sender.value == person.id) return {};
  const auto own = directory.administrations_of_person(sender);
  for (const board::Administration one : directory.administrations_of_person({person.id})) {
    if (!own.contains(one))
      return refuse({Problem::Kind::forbidden, "administrations-apart", "login", std::string(name_of(one)),
                     "a person who holds no other administration than yours",
                     "they do it themselves, or the operator does (qipan password, qipan appoint)"});
  }
  return {};
}

}  // namespace

Result<void> may_manage(Decision& decision, const Person& person, std::string_view resource) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", resource, person.unit));
  for (const auto& post : decision.directory().posts_of(board::subject_of("person", person.id))) {
    QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", resource, post.unit));
  }
  return not_of_another_administration(decision, person);
}

}  // namespace qipan::units
