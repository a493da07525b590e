#include <algorithm>

#include "units/reach.hpp"
#include "units/steps.hpp"

// Who is away, and who stands in for whom: by the moment of each command, not by a timer.

namespace qipan::units {

using board::Decision;

namespace {

constexpr std::int64_t absence_days_max = 400;
constexpr Instant day = 86'400 * microseconds_per_second;

/// Who is to stand in; 0 for nobody.
Result<Person> deputy_named(Decision& decision) {
  const std::string login = decision.body().text_or("deputy", "");
  if (login.empty()) return Person{};
  auto statement = decision.database().prepare("SELECT id, unit FROM unit_people WHERE login=? AND active=1");
  statement.bind(login);
  if (!statement.step()) return missing("deputy", login, "the login of an active person");
  return Person{statement.integer(0), {statement.integer(1)}};
}

std::int64_t present_deputy(Decision& decision, const Person& person, const std::string& role, UnitId unit) {
  auto statement =
      decision.database().prepare("SELECT deputy FROM unit_deputies WHERE person=? AND role=? AND unit=?");
  statement.bind(person.id).bind(role).bind(unit.value);
  return statement.step() ? statement.integer(0) : 0;
}

/// From when until when a body says; both in the time that absences may be told for.
Result<std::pair<Instant, Instant>> span_of(Decision& decision) {
  const Json& body = decision.body();
  const Instant from = parse_instant(body.text_or("from", "")).value_or(0);
  const Instant until = parse_instant(body.text_or("until", "")).value_or(0);
  if (until <= from || until <= decision.at() || until - from > absence_days_max * day)
    return invalid(
        "absence-span", "until", body.text_or("until", ""),
        "later than from and than now, and at most " + std::to_string(absence_days_max) + " days of absence");
  return std::pair(from, until);
}

/// Posts that nobody stands in for.
Json without_deputy(Decision& decision, const Person& person) {
  Json posts = Json::array();
  for (const board::Post& post : decision.directory().posts_of(board::subject_of("person", person.id))) {
    const board::Unit* unit = decision.directory().unit(post.unit);
    if (post.held_for || unit == nullptr || present_deputy(decision, person, post.role, post.unit) != 0)
      continue;
    posts.push(Json::object().set("role", post.role).set("unit", unit->code));
  }
  return posts;
}

}  // namespace

/// Whoever gives posts says who stands in for them, and names not themselves.
Result<void> set_deputy(Decision& decision) {
  QIPAN_TRY(person, person_named(decision, "post"));
  QIPAN_TRY(unit, unit_named(decision, "unit"));
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "manage", "post", unit.id));
  const std::string role = decision.body().text_or("role", "");
  const auto posts = decision.directory().posts_of(board::subject_of("person", person.id));
  const bool held = std::any_of(posts.begin(), posts.end(), [&](const board::Post& post) {
    return !post.held_for && post.role == role && post.unit == unit.id;
  });
  if (!held)
    return refuse(
        {Problem::Kind::conflict, "post-not-held", "role", role, "a post that the person holds", ""});
  QIPAN_TRY(deputy, deputy_named(decision));
  if (deputy.id == person.id)
    return invalid("deputy-unfit", "deputy", decision.body().text_or("deputy", ""), "another person");
  if (deputy.id != 0) {
    if (is_oneself(decision, deputy))
      return refuse({Problem::Kind::forbidden, "own-post", "deputy", "", "another person than oneself",
                     "ask who else gives posts here, or the operator"});
    QIPAN_CHECK(stays_apart(decision, deputy, role));
  }
  const std::int64_t was = present_deputy(decision, person, role, unit.id);
  if (was == deputy.id)
    return refuse({Problem::Kind::conflict, "nothing-changes", "deputy", "",
                   "another deputy than the present one", ""});
  decision.record(
      "unit.deputy_set", board::subject_of("person", person.id),
      Json::object().set("role", role).set("unit", unit.id.value).set("was", was).set("now", deputy.id));
  return {};
}

Result<void> set_absence(Decision& decision) {
  QIPAN_TRY(person, person_named(decision));
  if (!is_oneself(decision, person)) QIPAN_CHECK(may_manage(decision, person, "person"));
  QIPAN_TRY(span, span_of(decision));
  Database& database = decision.database();
  auto others =
      database.prepare("SELECT id FROM unit_absences WHERE person=? AND from_at<? AND until_at>? LIMIT 1");
  others.bind(person.id).bind(span.second).bind(span.first);
  if (others.step())
    return refuse({Problem::Kind::conflict, "absence-known", "from", std::to_string(others.integer(0)),
                   "a time in which the person is not away already", "end the other absence first"});
  const std::int64_t id = database.integer("SELECT coalesce(max(id),0)+1 FROM unit_absences", 1);
  decision.record("unit.absence_set", board::subject_of("person", person.id),
                  Json::object()
                      .set("absence", id)
                      .set("from", span.first)
                      .set("until", span.second)
                      .set("reason", decision.body()["reason"]));
  decision.answer(Json::object().set("absence", id).set("without_deputy", without_deputy(decision, person)));
  return {};
}

Result<void> end_absence(Decision& decision) {
  QIPAN_TRY(person, person_named(decision));
  if (!is_oneself(decision, person)) QIPAN_CHECK(may_manage(decision, person, "person"));
  const std::int64_t id = decision.body().integer_or("absence", 0);
  auto statement =
      decision.database().prepare("SELECT from_at, until_at FROM unit_absences WHERE id=? AND person=?");
  statement.bind(id).bind(person.id);
  if (!statement.step() || statement.integer(1) <= decision.at())
    return missing("absence", std::to_string(id), "an absence of this person that is not over");
  // One that has not begun is as if it were never told.
  const Instant until = std::max(decision.at(), statement.integer(0));
  decision.record("unit.absence_ended", board::subject_of("person", person.id),
                  Json::object().set("absence", id).set("was", statement.integer(1)).set("now", until));
  return {};
}

}  // namespace qipan::units
