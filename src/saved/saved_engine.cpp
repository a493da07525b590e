#include "saved/saved_engine.hpp"

#include "board/directory.hpp"
#include "saved/queries.hpp"

namespace qipan::saved {

namespace {

using board::Decision;

constexpr std::size_t content_bytes_max = 8'192;

/// Everybody for themselves; for others who may share where they are.
Result<void> may_share(const Decision& decision, const board::Directory& directory, UnitId unit) {
  if (!unit) return {};
  return directory.permit(decision.actor(), "share", "saved", unit);
}

Result<void> may_change(const Decision& decision, const board::Directory& directory, const Saved& saved) {
  const PersonId person = directory.person_of(decision.actor());
  if (person && saved.owner == person) return {};
  if (saved.unit && may_share(decision, directory, saved.unit)) return {};
  // What one may not change is not told to be there.
  return refuse({Problem::Kind::not_found, "saved-unknown", "id", std::to_string(saved.id),
                 "the number of a list that is yours", "look it up among your lists"});
}

Result<Saved> saved_of(Decision& decision) {
  const std::int64_t id = decision.body().integer_or("id", 0);
  Saved unknown;
  unknown.id = id;
  const auto found = find(decision.database(), id);
  QIPAN_CHECK(may_change(decision, decision.directory(), found.value_or(unknown)));
  return *found;
}

Result<UnitId> unit_of(Decision& decision) {
  const std::string code = decision.body().text_or("unit", "");
  if (code.empty()) return UnitId{};
  const board::Unit* unit = decision.directory().unit_by_code(code);
  if (unit == nullptr || unit->retired)
    return invalid("unit-unknown", "unit", code, "the code of a unit that is not retired");
  return unit->id;
}

Result<void> decide_keep(Decision& decision) {
  const Json& body = decision.body();
  const bool is_new = !body.has("id");
  Saved saved;
  if (!is_new) {
    QIPAN_TRY(found, saved_of(decision));
    saved = std::move(found);
  }
  const PersonId person = decision.directory().person_of(decision.actor());
  QIPAN_TRY(unit, unit_of(decision));
  if (is_new && !person && !unit)
    return refuse({Problem::Kind::forbidden, "person-needed", "", "", "a person who is logged in, or a unit",
                   "log in, or say whose it is to be"});
  QIPAN_CHECK(may_share(decision, decision.directory(), unit));
  const std::string form = body.text_or("form", "");
  const std::string about = body.text_or("about", "");
  if (!body["content"].is_object() || body["content"].dump().size() > content_bytes_max)
    return invalid("saved-content", "content", "", "an object of at most 8 KB");
  if (!is_new && (saved.form != form || saved.about != about))
    return invalid("saved-other", "about", about, "what it was kept of", "keep it under another title");
  if (form == "board" && !unit) return invalid("saved-board", "unit", "", "the unit whose board is arranged");
  if (form == "board") {
    // A unit's board is arranged in one way: who arranges it anew changes that.
    const auto known = arrangement(decision.database(), unit, about);
    if (known && known->id != saved.id)
      return refuse({Problem::Kind::conflict, "saved-twice", "id", std::to_string(known->id),
                     "the number of what arranges this board already", "change that one"});
  }
  if (is_new && count_of(decision.database(), person) >= of_person_max)
    return refuse({Problem::Kind::conflict, "saved-many", "", "", "at most 200 of one person",
                   "drop what you no longer use"});
  const std::int64_t id =
      is_new ? decision.database().integer("SELECT coalesce(max(id), 0) + 1 FROM saved_items") : saved.id;
  decision.record("saved.kept", board::subject_of("saved", id),
                  Json::object()
                      .set("form", form)
                      .set("about", about)
                      .set("title", body["title"])
                      .set("content", body["content"])
                      .set("owner", is_new ? person.value : saved.owner.value)
                      .set("unit", unit.value));
  decision.answer(Json::object().set("saved", id));
  return {};
}

Result<void> decide_drop(Decision& decision) {
  QIPAN_TRY(saved, saved_of(decision));
  decision.record("saved.dropped", board::subject_of("saved", saved.id),
                  Json::object().set("title", saved.title));
  return {};
}

}  // namespace

void SavedEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE saved_items(id INTEGER PRIMARY KEY, form TEXT NOT NULL, about TEXT NOT NULL, "
      "title TEXT NOT NULL, content TEXT NOT NULL, owner INTEGER NOT NULL, unit INTEGER NOT NULL, "
      "dropped INTEGER NOT NULL) STRICT");
  database.execute("CREATE INDEX saved_items_by_owner ON saved_items(owner)");
  database.execute("CREATE INDEX saved_items_by_unit ON saved_items(unit)");
}

const std::vector<board::CommandType>& SavedEngine::commands() const {
  using fields::Make;
  namespace types = fields::types;
  static const std::vector<board::CommandType> all = {
      {.kind = "saved.keep",
       .summary = "keep a list with its filters and columns, or how a board is arranged",
       .body = {Make("id", types::integer()).means("of what is changed; without it a new one"),
                Make("form", types::choice()).options({"list", "board"}).required(),
                Make("about", types::text()).between(1, 100).required().means("the collection, or the page"),
                Make("title", types::text()).between(1, 60).required(),
                Make("content", types::any()).required().means("an object of the pages’ own, 8 KB at most"),
                Make("unit", types::text()).means("code of a unit: shared with who works there or below")},
       .answer = {Make("saved", types::integer()).required()},
       .run = decide_keep},
      {.kind = "saved.drop",
       .summary = "keep a list no more",
       .body = {Make("id", types::integer()).required()},
       .run = decide_drop}};
  return all;
}

const std::vector<board::FactType>& SavedEngine::facts() const {
  static const std::vector<board::FactType> all = {{.kind = "saved.kept"}, {.kind = "saved.dropped"}};
  return all;
}

void SavedEngine::fold(const board::Fact& fact, board::View& view) {
  const std::int64_t id = fact.subject_id();
  if (fact.kind == "saved.dropped") {
    // Its number is given to nothing else.
    view.database()
        .prepare("UPDATE saved_items SET dropped=1, title='', content='{}' WHERE id=?")
        .bind(id)
        .run();
    return;
  }
  view.database()
      .prepare(
          "INSERT OR REPLACE INTO saved_items(id, form, about, title, content, owner, unit, dropped) "
          "VALUES(?,?,?,?,?,?,?,0)")
      .bind(id)
      .bind(fact.body.text_or("form", ""))
      .bind(fact.body.text_or("about", ""))
      .bind(fact.body.text_or("title", ""))
      .bind(fact.body["content"].dump())
      .bind(fact.body.integer_or("owner", 0))
      .bind(fact.body.integer_or("unit", 0))
      .run();
}

}  // namespace qipan::saved
