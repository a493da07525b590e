#include "face/app/collections.hpp"

#include <algorithm>

#include "board/pages.hpp"
#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/sight.hpp"

namespace qipan::face {

namespace {

query::UnitSet units_of(const board::Scope& scope) {
  query::UnitSet units{.all = scope.all};
  for (const UnitId unit : scope.units) units.ids.push_back(unit.value);
  return units;
}

/// The code of the unit at which the reader has the first of their own posts; of who only stands in for
/// others, the first of these.
std::string own_unit(const Reading& at) {
  const std::vector<board::Post> posts = at.snapshot.directory.posts_of(at.caller.actor);
  const auto own = std::find_if(posts.begin(), posts.end(),
                                [](const board::Post& post) { return post.held_for.value == 0; });
  const auto post = own != posts.end() ? own : posts.begin();
  const board::Unit* unit = post == posts.end() ? nullptr : at.snapshot.directory.unit(post->unit);
  return unit == nullptr ? "" : unit->code;
}

}  // namespace

Opened::Opened(const Reading& at, const query::Collection& collection)
    : at_(at), collection_(collection), units_(at.snapshot.directory) {
  sight_.units = &units_;
  sight_.targets = this;
  const board::Directory& directory = at.snapshot.directory;
  const std::string& actor = at.caller.actor;
  if (collection.right.empty()) {
    sight_.finds.all = sight_.sees.all = actor != "anonymous";
  } else if (collection.kind_sql.empty()) {
    sight_.finds = units_of(directory.scope(actor, "read", collection.right));
    sight_.sees = units_of(directory.scope(actor, "read_sensitive", collection.right));
  } else {
    const board::Reach reach = directory.reach(actor, "read", collection.right);
    sight_.finds = units_of(reach.every);
    for (const auto& [kind, scope] : reach.kinds) sight_.kinds.emplace(kind, units_of(scope));
    // What several kinds have in common is sensitive in none.
    sight_.sees = units_of(directory.reach(actor, "read_sensitive", collection.right).every);
  }
}

bool Opened::shows_nothing() const {
  return sight_.finds.empty() && std::all_of(sight_.kinds.begin(), sight_.kinds.end(),
                                             [](const auto& kind) { return kind.second.empty(); });
}

std::unique_ptr<const Opened> Opened::named(const Reading& at, const query::Collection& collection) {
  std::unique_ptr<const Opened> opened(new Opened(at, collection));
  if (opened->shows_nothing()) return nullptr;
  return opened;
}

Result<std::unique_ptr<const Opened>> Opened::of(const Reading& at) {
  for (const query::Collection& collection : *at.snapshot.collections) {
    if (collection.name != at.parts[0]) continue;
    if (auto opened = named(at, collection)) return opened;
    const std::string& right = collection.right;
    QIPAN_CHECK(at.snapshot.directory.permit(at.caller.actor, "read", right, {}));
    break;
  }
  if (at.caller.actor == "anonymous")
    return refuse({Problem::Kind::unauthenticated, "login-needed", "", "", "a person or token that is known",
                   "log in"});
  return refuse({Problem::Kind::not_found, "collection-unknown", "collection", shortened(at.parts[0]),
                 "a collection that you may read", "see /api/v1/collections"});
}

std::optional<query::Target> Opened::target(std::string_view kind) const {
  auto known = targets_.find(kind);
  if (known == targets_.end()) {
    known = targets_.emplace(kind, nullptr).first;
    for (const query::Collection& collection : *at_.snapshot.collections) {
      if (collection.name == kind && collection.kind_sql.empty()) known->second = named(at_, collection);
    }
  }
  if (known->second == nullptr) return std::nullopt;
  return query::Target{&known->second->collection(), &known->second->sight()};
}

Result<query::Question> Opened::question(const Reading& at) const {
  const std::string language(at.request.parameter("filter-lang"));
  if (!language.empty() && language != "cql2-text" && language != "cql2-json")
    return invalid("parameter-unreadable", "filter-lang", language, "cql2-text or cql2-json");
  std::string filter(at.request.parameter("filter"));
  if (language != "cql2-json" && filter.find('{') != std::string::npos)
    filter = board::filled_filter(filter, at.app.district().clock().now(), own_unit(at));
  return query::Question::ask(collection_, sight_,
                              {.filter = std::move(filter),
                               .filter_is_json = language == "cql2-json",
                               .sort = std::string(at.request.parameter("sort")),
                               .properties = std::string(at.request.parameter("properties"))});
}

Result<Found> found(const Reading& at) {
  QIPAN_TRY(opened, Opened::of(at));
  QIPAN_TRY(question, query::Question::ask(opened->collection(), opened->sight(), {}));
  auto row = question.one(at.reader, number_of(at.parts[1]).value_or(0));
  if (!row)
    return refuse({Problem::Kind::not_found, "item-unknown", "id", shortened(at.parts[1]),
                   "the number of one that you may read", "look it up in the list"});
  return Found{std::move(opened), std::move(*row), std::move(question)};
}

Result<void> may_tell_facts(const Reading& at, const query::Collection& collection) {
  if (!collection.right.empty()) return {};
  return at.snapshot.directory.permit(at.caller.actor, "read", "log", {});
}

bool finds(const Reading& at, const board::Subject& subject) {
  for (const query::Collection& collection : *at.snapshot.collections) {
    if (collection.name != subject.kind || !collection.kind_sql.empty()) continue;
    const auto opened = Opened::named(at, collection);
    if (opened == nullptr || !may_tell_facts(at, collection)) return false;
    const auto question = query::Question::ask(collection, opened->sight(), {.properties = "none"});
    return question && question->one(at.reader, subject.id()).has_value();
  }
  return false;
}

Json shown_value(const Reading& at, const query::Property& property, const query::Row& row,
                 const Json& value) {
  if (value.is_null()) return {};
  if (property.of_unit) return unit_json(at.snapshot.directory, {value.integer()});
  if (property.field.sensitivity == fields::Sensitivity::sensitive && !row.sees)
    return Json::object().set("masked", true);
  return masked(value, {});
}

Json shown_values(const Reading& at, const query::Question& question, const query::Row& row) {
  Json values = Json::object();
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    const query::Property& property = *question.properties()[i];
    Json value = shown_value(at, property, row, row.values[i]);
    if (!value.is_null()) values.set(property.field.name, std::move(value));
  }
  return values;
}

}  // namespace qipan::face
