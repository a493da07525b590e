#include <algorithm>

#include "notices/steps.hpp"

namespace qipan::notices {

namespace {

constexpr std::int64_t recipients_max = 20;

/// What a message is about. Read from the cases' own table: the fact that led here is folded already.
struct Subject {
  std::int64_t id = 0;
  std::string type;
  std::string state;
  std::string case_class;
  std::string place;
  UnitId unit;
  UnitId responsible;
  std::optional<Instant> due;
  std::string source;
  Json fields;
  Words words;
};

/// 2026-11-25 18:00 in the district's own time: China has one zone.
std::string civil_text(Instant instant) {
  std::string text = format_instant(instant + china_offset).substr(0, 16);
  text[10] = ' ';
  return text;
}

pack::Title unit_title(Database& database, UnitId unit) {
  auto statement = database.prepare("SELECT title_zh, title_en FROM unit_units WHERE id=?");
  statement.bind(unit.value);
  if (!statement.step()) return {"未定", "not known yet"};
  return {std::string(statement.text(0)), std::string(statement.text(1))};
}

pack::Title class_title(Database& database, const Subject& subject) {
  auto statement = database.prepare("SELECT title_zh, title_en FROM case_classes WHERE type=? AND code=?");
  statement.bind(subject.type).bind(subject.case_class);
  if (!statement.step()) return {"未定类", "not classed yet"};
  return {std::string(statement.text(0)), std::string(statement.text(1))};
}

std::optional<Subject> read_subject(Database& database, std::int64_t id) {
  Subject subject;
  {
    auto statement = database.prepare(
        "SELECT type, state, class, place, unit, responsible, due, source, fields FROM case_cases WHERE "
        "id=?");
    statement.bind(id);
    if (!statement.step()) return std::nullopt;
    subject.id = id;
    subject.type = statement.text(0);
    subject.state = statement.text(1);
    subject.case_class = statement.text(2);
    subject.place = statement.text(3);
    subject.unit = {statement.integer(4)};
    subject.responsible = {statement.integer(5)};
    if (!statement.is_null(6)) subject.due = statement.integer(6);
    subject.source = statement.text(7);
    subject.fields = parse_json(statement.text(8)).value_or(Json::object());
  }
  subject.words.case_number = std::to_string(id);
  subject.words.case_class = class_title(database, subject);
  // What a resident wrote as the place may be anything: into official mail goes the unit's name instead.
  if (subject.source == "resident") subject.place.clear();
  subject.words.place = subject.place.empty() ? unit_title(database, subject.unit).zh : subject.place;
  subject.words.due = subject.due ? civil_text(*subject.due) : "-";
  subject.words.responsible = unit_title(database, subject.responsible);
  return subject;
}

bool is_within(Database& database, UnitId below, UnitId above) {
  auto statement = database.prepare(
      "WITH RECURSIVE above(id) AS (SELECT ?1 UNION ALL SELECT u.parent FROM above JOIN unit_units u ON "
      "u.id=above.id WHERE u.parent IS NOT NULL) SELECT 1 FROM above WHERE id=?2");
  statement.bind(below.value).bind(above.value);
  return statement.step();
}

struct Person {
  std::int64_t id = 0;
  std::string address;  // reference into the vault, or empty
};

/// People with one of the roles at the unit, or at the nearest above it where somebody has one; in the place
/// of who is away, the deputy.
std::vector<Person> people_of(Database& database, UnitId unit, const std::vector<std::string>& roles,
                              Instant at) {
  Json names = Json::array();
  for (const std::string& role : roles) names.push(role);
  auto statement = database.prepare(
      "WITH RECURSIVE above(id, depth) AS (SELECT ?1, 0 UNION ALL SELECT u.parent, depth+1 FROM above JOIN "
      "unit_units u ON u.id=above.id WHERE u.parent IS NOT NULL), "
      "away(person) AS (SELECT person FROM unit_absences WHERE from_at<=?4 AND until_at>?4), "
      "held AS (SELECT a.depth, p.person, p.role, p.unit FROM above a JOIN unit_posts p ON p.unit=a.id AND "
      "p.role IN (SELECT value FROM json_each(?2)) JOIN unit_people o ON o.id=p.person AND o.active=1), "
      "told AS (SELECT depth, person FROM held WHERE person NOT IN away UNION SELECT held.depth, d.deputy "
      "FROM "
      "held JOIN unit_deputies d USING (person, role, unit) WHERE held.person IN away) "
      "SELECT DISTINCT h.id, h.email, t.depth FROM told t JOIN unit_people h ON h.id=t.person AND h.active=1 "
      "ORDER BY t.depth, h.id LIMIT ?3");
  statement.bind(unit.value).bind(names.dump()).bind(recipients_max).bind(at);
  std::vector<Person> people;
  std::int64_t depth = -1;
  while (statement.step()) {
    if (depth >= 0 && statement.integer(2) != depth) break;
    depth = statement.integer(2);
    people.push_back({statement.integer(0), std::string(statement.text(1))});
  }
  return people;
}

Json mail_to(const Notice& notice, const Subject& subject, std::string target, Json address) {
  Json message = Json::object();
  message.set("case", subject.id)
      .set("name", notice.name)
      .set("channel", "mail")
      .set("target", std::move(target));
  message.set("address", std::move(address));
  // Whom the texts name, for who queues it (decide_queue): what they say is read when it is decided.
  Json named = Json::array();
  for (const Named& one : named_in(notice)) {
    const Json& subject_named = subject.fields[one.reference];
    named.push(Json::object()
                   .set("reference", one.reference)
                   .set("member", one.member)
                   .set("subject", subject_named.is_text() ? subject_named : Json("")));
  }
  if (!named.items().empty()) message.set("named", std::move(named));
  message.set("subject", filled(notice.subject.zh, subject.words, true) + " / " +
                             filled(notice.subject.en, subject.words, false));
  return message.set("text", filled(notice.text.zh, subject.words, true) + "\n\n" +
                                 filled(notice.text.en, subject.words, false));
}

/// To who may act for the case's organisation in such cases; told on the case where nobody may, or none of
/// them can be reached.
void add_party(const Notice& notice, const Subject& subject, Instant at, Database& database, Json& messages) {
  const auto party = board::party_of(database, board::subject_of(subject.type, subject.id));
  if (!party) return;
  auto statement = database.prepare(
      "SELECT m.id, p.email FROM unit_mandates m JOIN unit_people p ON p.id=m.person AND p.active=1 WHERE "
      "m.party=?1 AND m.ended=0 AND (m.until_at IS NULL OR m.until_at>?2) AND (m.kinds='[]' OR EXISTS(SELECT "
      "1 FROM json_each(m.kinds) WHERE value=?3)) ORDER BY m.id LIMIT ?4");
  statement.bind(party->subject).bind(at).bind(subject.type).bind(recipients_max);
  bool anybody = false;
  while (statement.step()) {
    messages.push(mail_to(notice, subject, board::subject_of("mandate", statement.integer(0)),
                          parse_json(statement.text(1)).value_or(Json())));
    anybody = true;
  }
  if (!anybody) messages.push(mail_to(notice, subject, party->subject, Json()));
}

void add_mail(const Notice& notice, const Subject& subject, UnitId told, Instant at, Database& database,
              Json& messages) {
  if (notice.to == Notice::To::reporter) {
    const Json& address = subject.fields[notice.field];
    if (address.has("vault")) messages.push(mail_to(notice, subject, "reporter", address));
    return;
  }
  if (notice.to == Notice::To::party) return add_party(notice, subject, at, database, messages);
  const UnitId unit = notice.to == Notice::To::told ? told
                      : subject.responsible         ? subject.responsible
                                                    : subject.unit;
  bool anybody = false;
  for (const Person& person : people_of(database, unit, notice.roles, at)) {
    if (person.address.empty()) continue;
    messages.push(mail_to(notice, subject, "person:" + std::to_string(person.id),
                          parse_json(person.address).value_or(Json())));
    anybody = true;
  }
  // Told on the case, so that somebody sees to it.
  if (!anybody) messages.push(mail_to(notice, subject, "unit:" + std::to_string(unit.value), Json()));
}

void add_webhooks(const Notice& notice, const Subject& subject, const Settings& settings, Database& database,
                  Json& messages) {
  for (const Webhook& webhook : settings.webhooks) {
    if (!is_within(database, subject.unit, webhook.unit) &&
        !(subject.responsible && is_within(database, subject.responsible, webhook.unit)))
      continue;
    Json about = Json::object();
    about.set("id", subject.id)
        .set("type", subject.type)
        .set("state", subject.state)
        .set("class", subject.case_class);
    about.set("place", subject.place).set("source", subject.source);
    about.set("unit", subject.unit.value).set("responsible", subject.responsible.value);
    about.set("due", subject.due ? Json(format_instant(*subject.due)) : Json());
    Json message = Json::object();
    message.set("case", subject.id).set("name", notice.name).set("channel", "webhook");
    message.set("target", "webhook:" + std::to_string(webhook.id)).set("address", Json());
    message.set("subject", notice.title.zh + " / " + notice.title.en);
    messages.push(
        message.set("text", Json::object().set("notice", notice.name).set("case", std::move(about)).dump()));
  }
}

/// What happened, as far as notices ask: a state that was entered, or units that were told at a level.
struct Event {
  std::string state;
  std::vector<std::pair<std::int64_t, UnitId>> told;
};

Event event_of(const board::Fact& fact) {
  Event event;
  if (fact.kind == "case.supervised") {
    for (const Json& one : fact.body["raised"].items())
      event.told.emplace_back(one.integer_or("level", 0), UnitId{one.integer_or("unit", 0)});
  } else if (fact.body["state"] != fact.body["from"] || fact.body["now"].has("responsible")) {
    // Dispatched elsewhere, a case enters its state anew for who answers now.
    event.state = fact.body.text_or("state", "");
  }
  return event;
}

/// The highest level that reaches the notice's, with the unit that is told; 0 for none.
std::pair<std::int64_t, UnitId> reached(const Event& event, const Notice& notice) {
  std::pair<std::int64_t, UnitId> highest{0, {}};
  for (const auto& one : event.told) {
    if (one.first >= notice.level && one.first > highest.first) highest = one;
  }
  return highest;
}

}  // namespace

Json messages_of(const board::Fact& fact, const Settings& settings, Database& database) {
  Json messages = Json::array();
  const Event event = event_of(fact);
  std::optional<Subject> subject;
  for (const Notice& notice : settings.notices) {
    const auto [level, told] = reached(event, notice);
    const bool fits = notice.on == Notice::On::state ? std::find(notice.states.begin(), notice.states.end(),
                                                                 event.state) != notice.states.end()
                                                     : level > 0;
    if (!fits) continue;
    if (!subject) subject = read_subject(database, fact.subject_id());
    if (!subject) return messages;
    if (notice.case_type != "*" && notice.case_type != subject->type) continue;
    subject->words.percent = level >= 3 ? "300" : level == 2 ? "100" : "80";
    if (settings.mail) add_mail(notice, *subject, told, fact.at, database, messages);
    add_webhooks(notice, *subject, settings, database, messages);
  }
  return messages;
}

}  // namespace qipan::notices
