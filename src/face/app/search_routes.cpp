#include <algorithm>

#include "base/crypto.hpp"
#include "face/app/case_json.hpp"
#include "face/app/collections.hpp"
#include "face/app/parameters.hpp"
#include "face/app/search.hpp"
#include "face/app/shapes.hpp"

// One search over everything that a reader may find.

namespace qipan::face {

namespace {

constexpr std::int64_t items_default = 5;
constexpr std::int64_t items_max = 50;
/// Candidates are looked at so many at a time, and so many of a collection at most: whoever may see few of
/// many goes on behind them.
constexpr std::int64_t looked_step = 100;
constexpr std::int64_t looked_max = 2'000;
/// Of more units than these the index is not asked by unit: then most of what it names is to be seen.
constexpr std::size_t units_max = 200;
constexpr std::int64_t nothing_below = INT64_MAX;

/// What one collection has for the reader.
struct Found {
  Json items = Json::array();
  std::optional<std::int64_t> next;  // the number below which to go on
};

/// The words of a row that its reader sees.
struct Words {
  std::vector<search::Text> texts;
  std::vector<const query::Property*> properties;
};
Words words_of(const query::Question& question, const query::Row& row) {
  Words words;
  for (std::size_t at = 0; at < row.values.size(); ++at) {
    const query::Property& property = *question.properties()[at];
    const bool hidden = property.field.sensitivity == fields::Sensitivity::sensitive && !row.sees;
    if (!property.searchable || hidden || !row.values[at].is_text() || log::is_sealed(row.values[at]))
      continue;
    words.texts.push_back({std::string(row.values[at].text()), search::by_initials(property)});
    words.properties.push_back(&property);
  }
  return words;
}

Json snippet_json(const search::Text& text, const std::vector<search::Wanted::Hit>& hits) {
  Json pieces = Json::array();
  for (search::Piece& piece : search::snippet_of(text.text, hits))
    pieces.push(Json::object().set("text", std::move(piece.text)).set("hit", piece.hit));
  return pieces;
}

Json found_json(const Reading& at, const query::Question& question, const query::Row& row,
                const std::string& called, const Words& words, const std::vector<search::Wanted::Hit>& hits) {
  Json snippets = Json::array();
  for (std::size_t text = 0; text < words.texts.size(); ++text) {
    std::vector<search::Wanted::Hit> own;
    for (const search::Wanted::Hit& hit : hits)
      if (hit.text == text) own.push_back(hit);
    if (own.empty()) continue;
    snippets.push(Json::object()
                      .set("property", words.properties[text]->field.name)
                      .set("title", title_json(words.properties[text]->field.title))
                      .set("pieces", snippet_json(words.texts[text], own)));
  }
  Json item = Json::object().set("id", row.id).set("subject", board::subject_of(row.kind, row.id));
  Json name;
  for (std::size_t value = 0; value < row.values.size(); ++value) {
    if (question.properties()[value]->field.name == called)
      name = shown_value(at, *question.properties()[value], row, row.values[value]);
  }
  return item.set("called", name.is_text() ? std::move(name) : Json()).set("snippets", std::move(snippets));
}

/// A question for the words of a collection and what one is called by.
Result<query::Question> question_of(const Opened& opened) {
  const query::Collection& collection = opened.collection();
  std::string names;
  for (const query::Property& property : collection.properties) {
    if (property.searchable || property.field.name == collection.called)
      names += (names.empty() ? "" : ",") + property.field.name;
  }
  return query::Question::ask(collection, opened.sight(), {.properties = names.empty() ? "none" : names});
}

/// What of the index a reader's candidates come from: never a text that is hidden from them, as how many
/// candidates there are is felt in where a page ends.
std::vector<search::Within> parts_of(const Opened& opened) {
  const query::Collection& collection = opened.collection();
  const query::UnitSet& finds = opened.sight().finds;
  const query::UnitSet& sees = opened.sight().sees;
  const bool hides = std::any_of(collection.properties.begin(), collection.properties.end(),
                                 [](const auto& one) { return one.searchable && search::is_hidden(one); });
  const bool everywhere = finds.all || collection.units.empty() || finds.ids.size() > units_max;
  const std::vector<std::int64_t> found = everywhere ? std::vector<std::int64_t>() : finds.ids;
  const bool sees_all = sees.all || collection.units.empty();
  if (!hides || sees_all) return {{.units = found, .sensitive = hides}};
  std::vector<search::Within> parts = {{.units = found}};
  if (!sees.ids.empty()) parts.push_back({.units = sees.ids, .sensitive = true});
  return parts;
}

class Searching {
 public:
  Searching(Reading& at, Database& index, search::Wanted wanted, std::int64_t limit)
      : at_(at), index_(index), wanted_(std::move(wanted)), limit_(limit) {}

  Found in(const Opened& opened, std::int64_t below) {
    Found found;
    const auto question = question_of(opened);
    if (!question) return found;
    const std::int64_t numbered = below == nothing_below ? add_numbered(opened, *question, found) : number_;
    const auto parts = parts_of(opened);
    const std::string& called = opened.collection().called;
    std::int64_t looked = 0;
    auto count = static_cast<std::int64_t>(found.items.items().size());
    while (looked < looked_max) {
      const Candidates next = candidates(opened.collection().name, parts, below);
      std::int64_t here = below;
      question->each_of(at_.reader, next.ids, [&](const query::Row& row) {
        if (row.id == numbered) return true;
        const Words words = words_of(*question, row);
        const auto hits = wanted_.found_in(words.texts);
        if (!hits) return true;
        if (count == limit_) {
          found.next = here;
          return false;
        }
        here = row.id;
        found.items.push(found_json(at_, *question, row, called, words, *hits));
        ++count;
        return true;
      });
      if (found.next || !next.more) return found;
      below = next.ids.back();
      looked += static_cast<std::int64_t>(next.ids.size());
    }
    found.next = below;
    return found;
  }

 private:
  struct Candidates {
    std::vector<std::int64_t> ids;  // greatest first
    bool more = false;
  };
  /// Of all parts together, as far down as each of them was asked.
  Candidates candidates(const std::string& kind, const std::vector<search::Within>& parts,
                        std::int64_t below) {
    Candidates all;
    std::int64_t down_to = 0;
    for (const search::Within& part : parts) {
      const auto ids = search::Index::candidates(index_, kind, wanted_, part, below, looked_step);
      if (static_cast<std::int64_t>(ids.size()) == looked_step) {
        all.more = true;
        down_to = std::max(down_to, ids.back());
      }
      all.ids.insert(all.ids.end(), ids.begin(), ids.end());
    }
    std::sort(all.ids.begin(), all.ids.end(), std::greater<>());
    all.ids.erase(std::unique(all.ids.begin(), all.ids.end()), all.ids.end());
    std::erase_if(all.ids, [&](std::int64_t id) { return id < down_to; });
    return all;
  }

  /// What has the very number that was typed comes first, whatever it says.
  std::int64_t add_numbered(const Opened& opened, const query::Question& question, Found& found) {
    if (number_ == 0) return 0;
    question.each_of(at_.reader, {number_}, [&](const query::Row& row) {
      found.items.push(found_json(at_, question, row, opened.collection().called, {}, {}));
      return true;
    });
    return number_;
  }

  Reading& at_;
  Database& index_;
  search::Wanted wanted_;
  std::int64_t limit_;
  std::int64_t number_ = number_of(at_.request.parameter("q")).value_or(0);
};

/// Who may go on, and with what.
std::string bound_to(const Reading& at, const std::string& collection) {
  Json parts = Json::array();
  parts.push(at.caller.actor).push("search").push(collection).push(at.request.parameter("q"));
  return parts.dump();
}

Result<std::int64_t> below_of(const Reading& at) {
  const std::string_view text = at.request.parameter("after");
  if (text.empty()) return nothing_below;
  const auto sealed = from_hex(text);
  const std::string collection(at.request.parameter("collection"));
  const auto plain = sealed ? unseal(at.app.cursor_key(), *sealed, bound_to(at, collection)) : std::nullopt;
  if (const auto number = plain ? number_of(*plain) : std::nullopt) return *number;
  return invalid("cursor-unreadable", "after", shortened(text),
                 "the cursor `next` of a group, with its collection, the same words and reader",
                 "start again without it");
}

Response search_everything(Reading& at) {
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  auto wanted = search::Wanted::read(at.request.parameter("q"), *at.snapshot.synonyms);
  if (!wanted) return problem_response(wanted.error());
  const auto limit = limit_parameter(at, items_default, items_max);
  if (!limit) return problem_response(limit.error());
  const auto below = below_of(at);
  if (!below) return problem_response(below.error());
  const std::string_view only = at.request.parameter("collection");
  const bool whole = at.app.search().catch_up(at.reader, at.snapshot.collections);
  auto index = at.app.search().borrow();
  Searching searching(at, *index.database, std::move(*wanted), *limit);
  Json groups = Json::array();
  bool known = only.empty();
  for (const query::Collection& collection : *at.snapshot.collections) {
    if (search::searched(collection).empty() || (!only.empty() && collection.name != only)) continue;
    const auto opened = Opened::named(at, collection);
    if (opened == nullptr) continue;
    known = true;
    Found found = searching.in(*opened, *below);
    if (found.items.items().empty() && !found.next) continue;
    Json next;
    if (found.next)
      next = to_hex(seal(at.app.cursor_key(), std::to_string(*found.next), bound_to(at, collection.name)));
    groups.push(Json::object()
                    .set("collection", collection.name)
                    .set("title", title_json(collection.title))
                    .set("items", std::move(found.items))
                    .set("next", std::move(next)));
  }
  if (!known)
    return problem_response({Problem::Kind::not_found, "collection-unknown", "collection", shortened(only),
                             "a collection with words that you may read", "see /api/v1/collections"});
  return json_response(Json::object().set("groups", std::move(groups)).set("whole", whole));
}

}  // namespace

void add_search_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  const Json piece = shape::object({{"text", shape::text()}, {"hit", shape::boolean()}});
  const Json snippet =
      shape::object({{"property", shape::text()}, {"title", shape::title()}, {"pieces", shape::list(piece)}});
  const Json item = shape::object({{"id", shape::integer()},
                                   {"subject", shape::text()},
                                   {"called", shape::nullable(shape::text())},
                                   {"snippets", shape::list(snippet)}});
  table
      .read("/api/v1/search", "everything that has these words, newest first, by collection",
            search_everything)
      .answers(
          shape::object({{"groups", shape::list(shape::object({{"collection", shape::text()},
                                                               {"title", shape::title()},
                                                               {"items", shape::list(item)},
                                                               {"next", shape::nullable(shape::text())}}))},
                         {"whole", shape::boolean()}}))
      .parameters({Make("q", types::text())
                       .most(search::Wanted::characters_max)
                       .required()
                       .means("words, parts of names and numbers, or first letters of readings"),
                   Make("collection", types::text()).most(100).means("in this one alone"),
                   Make("after", types::text()).most(500).means("`next` of a group, with its collection"),
                   Make("limit", types::integer()).means("of each collection; 5 without")});
}

}  // namespace qipan::face
